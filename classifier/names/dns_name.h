/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names as DNS messages carry them (RFC 1035 3.1, 4.1.4): read out of a message into a form that
 * can be compared, and from there to the text the rest of the program knows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest name with its length bytes (RFC 1035 2.3.4). */
#define DNS_NAME_WIRE_MAX 255

/** A name without compression, ASCII letters in lower case: two are equal when their bytes are. */
struct dns_name {
	size_t len;
	uint8_t bytes[DNS_NAME_WIRE_MAX];
};

/**
 * Reads the name at `offset` of `message`, following pointers. False when it is cut, too long, or
 * has a pointer that does not go back, or more of them than a name can need.
 */
bool dns_name_read(struct slice message, size_t offset, struct dns_name *out);

/** Passes over a name where it lies without following pointers; fails the cursor where it is cut.
 */
void dns_name_skip(struct cursor *c);

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

/**
 * Writes the canonical text of base/domain_name.h; `out` holds DOMAIN_NAME_MAX. Returns its length,
 * or 0 for what is no host name, as the root and labels with a space, a dot or a colon in them.
 */
size_t dns_name_canonical(const struct dns_name *name, char *out);
