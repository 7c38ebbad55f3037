/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes in a JA4: the first digits of SHA-256 over a sorted list of two-byte values and over
 * what stands behind it in its own order, as text. Only ja4.c uses it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define JA4_VALUES 65536u
#define JA4_WORD_BITS 64u
#define JA4_WORDS (JA4_VALUES / JA4_WORD_BITS)

/** Hexadecimal digits of a hash. */
#define JA4_HASH_LEN 12

/** Room to sort in, for any number of values; all zero at first. */
struct ja4_sorter {
	uint64_t words_used[JA4_WORDS / JA4_WORD_BITS]; /**< a bit for each word that is not 0 */
	uint64_t words[JA4_WORDS];                      /**< a bit for each value of the list */
	bool has_repeats;
	uint16_t repeats[JA4_VALUES]; /**< how often a value came beyond the first time */
};

/** Adds a value to the list. */
void ja4_sorter_add(struct ja4_sorter *sorter, uint16_t value);

/** Writes the hash of the list and of the signature algorithms behind it, which may be none. The
 * list is empty then. */
void ja4_sorter_hash(struct ja4_sorter *sorter, struct slice algorithms, char out[JA4_HASH_LEN]);
