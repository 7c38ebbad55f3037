/* SPDX-License-Identifier: Apache-2.0 */
#include "base/byte_hash.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SEED UINT64_C(0x0123456789abcdef)

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static bool
all_differ(uint64_t *hashes, size_t count)
{
	qsort(hashes, count, sizeof(*hashes), compare);
	for (size_t i = 1; i < count; i++) {
		if (hashes[i] == hashes[i - 1])
			return false;
	}
	return true;
}

static void
every_bit_every_length_and_the_seed_count(void)
{
	static uint64_t hashes[8 * 100 + 100 + 64];
	uint8_t bytes[100] = {0};
	size_t count = 0;

	for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		hashes[count++] = byte_hash(slice_of(bytes, sizeof(bytes)), SEED);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t len = 0; len < sizeof(bytes); len++) /* all zero */
		hashes[count++] = byte_hash(slice_of(bytes, len), SEED);
	for (unsigned bit = 0; bit < 64; bit++)
		hashes[count++] =
			byte_hash(slice_of(bytes, sizeof(bytes)), SEED ^ UINT64_C(1) << bit);
	CU_ASSERT_EQUAL(count, COUNT(hashes));
	CU_ASSERT(all_differ(hashes, count));
}

static void
seeds_are_drawn_by_chance(void)
{
	uint64_t first = byte_hash_seed();

	CU_ASSERT_NOT_EQUAL(byte_hash_seed(), first);
}

/* A changed bit of the input changes about half of the bits of the hash. */
static void
a_bit_spreads(void)
{
	uint8_t bytes[64];
	unsigned changed = 0, rounds = 0;

	memset(bytes, 0x5a, sizeof(bytes));
	uint64_t before = byte_hash(slice_of(bytes, sizeof(bytes)), SEED);
	for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++, rounds++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		uint64_t after = byte_hash(slice_of(bytes, sizeof(bytes)), SEED);
		changed += (unsigned)__builtin_popcountll(before ^ after);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	CU_ASSERT(changed > 30 * rounds && changed < 34 * rounds);
}

/* A change would be noticed: ids stand in records of several workers and runs. */
static void
the_hash_is_fixed(void)
{
	CU_ASSERT_EQUAL(byte_hash(slice_of(NULL, 0), 0), byte_hash(slice_of("", 0), 0));
	CU_ASSERT_EQUAL(byte_hash(slice_of("certificate", 11), SEED), UINT64_C(0x673aef91f34b4a6e));
}

static const struct unit_case cases[] = {
	{"seeds_are_drawn_by_chance", seeds_are_drawn_by_chance},
	{"every_bit_every_length_and_the_seed_count", every_bit_every_length_and_the_seed_count},
	{"a_bit_spreads", a_bit_spreads},
	{"the_hash_is_fixed", the_hash_is_fixed},
};

int
main(void)
{
	return unit_run("byte_hash", cases, COUNT(cases));
}
