/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host names that an X.509 certificate was issued for (RFC 5280 4.2.1.6, RFC 6125). Key and
 * signature are passed over unread: whether anybody trusts the certificate is not judged. What is
 * passed over may be nonsense. A certificate of 8 KiB costs some microseconds, whatever is in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/domain_name.h"

/** Names kept of one certificate; further ones are counted. */
#define CERTIFICATE_NAMES_MAX 64

struct certificate_names {
	size_t count;
	unsigned dropped; /**< names beyond the limit or the 256th, or no names of hosts */
	char names[CERTIFICATE_NAMES_MAX][DOMAIN_NAME_MAX]; /**< canonical, NUL-terminated */
};

/**
 * Reads the DNS names of subjectAltName, each once, wildcards kept as "*.example.org"; without any
 * such name the subject's last common name, where it is a host name. FOUND also when there are none
 * (`count` 0); MALFORMED (then 0 too) when `der` is no certificate (RFC 5280 4.1, in DER), or has
 * that extension twice. Any thread.
 */
enum parse_result certificate_names_parse(struct slice der, struct certificate_names *out);

/**
 * Whether a name of a certificate stands for `name` (both canonical; RFC 6125 6.4.3): equal, or
 * with
 * "*" as its whole left-most label in place of exactly one label.
 */
bool certificate_name_matches(const char *pattern, const char *name);
