/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/seeded_hash.h"

#include "tests/unit/unit.h"

static struct seeded_hash
create(void)
{
	struct seeded_hash hash;

	CU_ASSERT_EQUAL_FATAL(seeded_hash_init(&hash), 0);
	return hash;
}

static void
seeds_differ(void)
{
	struct seeded_hash a = create(), b = create();

	CU_ASSERT_NOT_EQUAL(seeded_hash_bytes(&a, "key", 3), seeded_hash_bytes(&b, "key", 3));
}

/* The length counts as well as the bytes; what lies behind them does not. */
static void
keys_are_bytes_with_a_length(void)
{
	struct seeded_hash hash = create();
	static const char zeros[16];

	CU_ASSERT_EQUAL(seeded_hash_bytes(&hash, "abcdefghXX", 8),
			seeded_hash_bytes(&hash, "abcdefghYY", 8));
	for (size_t i = 0; i < sizeof(zeros); i++)
		CU_ASSERT_NOT_EQUAL(seeded_hash_bytes(&hash, zeros, i),
				    seeded_hash_bytes(&hash, zeros, i + 1));
}

/* 4,096 keys into 4,096 buckets: of a good hash, about 63% of the buckets are hit. */
static void
neighbours_are_spread(void)
{
	struct seeded_hash hash = create();
	static uint8_t hit[4096];
	size_t buckets = 0;

	for (uint32_t i = 0; i < 4096; i++)
		hit[seeded_hash_bytes(&hash, &i, sizeof(i)) & 4095] = 1;
	for (size_t i = 0; i < 4096; i++)
		buckets += hit[i];
	CU_ASSERT(buckets > 2400 && buckets < 2800);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"seeds_differ", seeds_differ},
		{"keys_are_bytes_with_a_length", keys_are_bytes_with_a_length},
		{"neighbours_are_spread", neighbours_are_spread},
	};
	return unit_run("seeded_hash", cases, sizeof(cases) / sizeof(*cases));
}
