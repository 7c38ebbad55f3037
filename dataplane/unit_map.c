/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/unit_map.h"

/* The bits of the word with `at` that lie from there to before `last`. */
static uint64_t
word_bits(uint32_t at, uint32_t last)
{
	uint32_t left = last - at / 64 * 64;
	uint64_t bits = UINT64_MAX << at % 64;

	return left < 64 ? bits & ((UINT64_C(1) << left) - 1) : bits;
}

static uint32_t
next_word(uint32_t at)
{
	return (at / 64 + 1) * 64;
}

uint32_t
unit_map_count(const struct unit_map *map, uint32_t first, uint32_t last)
{
	uint32_t count = 0;

	for (uint32_t at = first; at < last; at = next_word(at))
		count += (uint32_t)__builtin_popcountll(map->words[at / 64] & word_bits(at, last));
	return count;
}

void
unit_map_set(struct unit_map *map, uint32_t first, uint32_t last)
{
	for (uint32_t at = first; at < last; at = next_word(at))
		map->words[at / 64] |= word_bits(at, last);
}

uint32_t
unit_map_leading(const struct unit_map *map)
{
	uint32_t word = 0;

	while (word < UNITS_MAX / 64 && map->words[word] == UINT64_MAX)
		word++;
	if (word == UNITS_MAX / 64)
		return UNITS_MAX;
	return word * 64 + (uint32_t)__builtin_ctzll(~map->words[word]);
}
