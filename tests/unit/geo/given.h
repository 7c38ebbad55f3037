/* SPDX-License-Identifier: Apache-2.0 */
/* Short ways to write down what a case is given: addresses, prefixes, texts, and the same chance
 * every time. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip_address.h"
#include "geo/mapped_file.h"

#include "tests/unit/unit.h"

/** Addresses of both families as one number, IPv4 in the low 32 bits. */
__extension__ typedef unsigned __int128 number;

static inline struct ip_address
given_address(const char *text)
{
	struct ip_address a = {0};
	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &a), 0);
	return a;
}

static inline struct ip_prefix
given_prefix(const char *text)
{
	struct ip_prefix p = {0};
	CU_ASSERT_EQUAL_FATAL(ip_prefix_parse(text, &p), 0);
	return p;
}

/** A text as the bytes of a file that is called "input". */
static inline struct named_bytes
given_text(const char *text)
{
	return (struct named_bytes){.name = "input", .bytes = slice_of(text, strlen(text))};
}

static inline struct ip_address
address_of(number n, uint8_t version)
{
	struct ip_address a = {.version = version};
	for (int i = version == 4 ? 3 : 15; i >= 0; i--, n >>= 8)
		a.bytes[i] = (uint8_t)n;
	return a;
}

static inline number
number_of(const struct ip_address *a)
{
	number n = 0;
	for (int i = 0; i < (a->version == 4 ? 4 : 16); i++)
		n = n << 8 | a->bytes[i];
	return n;
}

/** xorshift64: start with any number but 0, get the same sequence every time. */
static inline uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/** Whether two texts, either of which may be NULL, are the same. */
static inline bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}
