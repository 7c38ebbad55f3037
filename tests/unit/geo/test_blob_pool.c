/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "geo/blob_pool.h"
#include "tests/unit/geo/given.h"

static uint32_t
intern(struct blob_pool *pool, const char *text)
{
	uint32_t offset = UINT32_MAX;
	CU_ASSERT_EQUAL(blob_pool_intern(pool, text, strlen(text) + 1, &offset), 0);
	return offset;
}

static void
equal_pieces_are_kept_once(void)
{
	struct blob_pool pool = {0};
	CU_ASSERT_EQUAL(intern(&pool, ""), 0);
	CU_ASSERT_EQUAL(intern(&pool, "abc"), 1);
	CU_ASSERT_EQUAL(intern(&pool, "ab"), 5);
	CU_ASSERT_EQUAL(intern(&pool, "abc"), 1);
	CU_ASSERT_EQUAL(intern(&pool, ""), 0);
	CU_ASSERT_EQUAL(pool.len, 8);
	CU_ASSERT_EQUAL(memcmp(pool.bytes, "\0abc\0ab", 8), 0);
	blob_pool_fini(&pool);
}

static void
pieces_are_found_again_after_the_pool_has_grown(void)
{
	struct blob_pool pool = {0};
	static uint32_t offsets[5000];
	unsigned moved = 0;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			char text[32];
			snprintf(text, sizeof(text), "piece %d", i);
			uint32_t offset = intern(&pool, text);
			moved += round == 1 && offset != offsets[i];
			offsets[i] = offset;
		}
	CU_ASSERT_EQUAL(moved, 0);
	blob_pool_fini(&pool);
}

static void
records_of_one_size_are_numbered_from_zero(void)
{
	struct blob_pool pool = {0};
	for (uint64_t i = 0; i < 100; i++) {
		uint32_t offset;
		CU_ASSERT_EQUAL(blob_pool_intern(&pool, &i, sizeof(i), &offset), 0);
		CU_ASSERT_EQUAL(offset, i * sizeof(i));
	}
	blob_pool_fini(&pool);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"equal_pieces_are_kept_once", equal_pieces_are_kept_once},
		{"pieces_are_found_again_after_the_pool_has_grown",
		 pieces_are_found_again_after_the_pool_has_grown},
		{"records_of_one_size_are_numbered_from_zero",
		 records_of_one_size_are_numbered_from_zero},
	};
	return unit_run("blob_pool", cases, sizeof(cases) / sizeof(*cases));
}
