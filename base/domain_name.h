/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host names as they are compared everywhere in the program: lower case, no final dot, no port.
 * Knows spelling only; whose name it is, is the catalogue's business.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/** Longest name kept: 253 characters of a full host name (RFC 1035 2.3.4) and the NUL. */
#define DOMAIN_NAME_MAX 254

/**
 * Makes the comparable form of a name from the wire: ASCII letters lowered, one final dot removed.
 * Refuses empty names, empty labels, labels over 63 and names over 253 characters, and every byte
 * that is not a letter, digit, '-', '_', '.' or '*' (RFC 1123 2.1 and what is seen in practice;
 * IDN arrives as punycode). An IPv4 literal passes; an IPv6 literal has to come without brackets.
 * `out` holds DOMAIN_NAME_MAX bytes. Returns the length, or 0 when the name is refused.
 */
size_t domain_name_canonical(struct slice wire, char *out);

/**
 * The same for "host[:port]" as in an HTTP Host field or a CONNECT target (RFC 9110 7.2): the port
 * and the brackets of an IPv6 literal are cut first.
 */
size_t domain_name_from_host(struct slice host, char *out);

/**
 * Whether the last label of a canonical name is a number, also as 0x: such a name is an IPv4
 * address in another spelling ("134744072", "0x8.8.2056", "008.8.8.8"), as inet_aton and the URL
 * standard read it. No top-level domain is one.
 */
bool domain_name_ends_in_number(const char *name);

/** Whether a canonical name is an IP address literal: shown, but it says nothing of an operator. */
bool domain_name_is_address(const char *name);
