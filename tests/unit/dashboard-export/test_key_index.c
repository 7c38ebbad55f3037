/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/key_index.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

static void
keys_get_numbers_in_order_of_arrival(void)
{
	struct key_index *index = key_index_create(10);

	CU_ASSERT_PTR_NOT_NULL_FATAL(index);
	CU_ASSERT_EQUAL(key_index_add(index, "one", 3), 0);
	CU_ASSERT_EQUAL(key_index_add(index, "two", 3), 1);
	CU_ASSERT_EQUAL(key_index_add(index, "one", 3), 0);
	CU_ASSERT_EQUAL(key_index_count(index), 2);
	CU_ASSERT_EQUAL(memcmp(key_index_key(index, 1), "two", 3), 0);
	key_index_destroy(index);
}

static void
keys_are_bytes_with_a_length(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} keys[] = {{"", 0},           {"\0", 1},        {"\0\0", 2},
		    {"ab", 2},         {"ab\0", 3},      {"abcdefgh", 8},
		    {"abcdefgh\0", 9}, {"abcdefghi", 9}, {"abcdefghij", 10}};
	struct key_index *index = key_index_create(64);

	CU_ASSERT_PTR_NOT_NULL_FATAL(index);
	for (unsigned round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			CU_ASSERT_EQUAL(key_index_add(index, keys[i].bytes, keys[i].len), i);
	}
	key_index_destroy(index);
}

static void
a_full_index_refuses_new_keys_and_knows_the_old(void)
{
	const unsigned max = 65536;
	struct key_index *index = key_index_create(max);
	unsigned wrong = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(index);
	for (unsigned i = 0; i < max + 1000; i++) {
		size_t expected = i < max ? i : KEY_INDEX_FULL;
		wrong += key_index_add(index, &i, sizeof(i)) != expected;
	}
	for (unsigned i = 0; i < max; i++) {
		wrong += key_index_add(index, &i, sizeof(i)) != i;
		wrong += memcmp(key_index_key(index, i), &i, sizeof(i)) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(key_index_count(index), max);
	key_index_destroy(index);
}

static void
impossible_sizes_are_refused(void)
{
	errno = 0;
	CU_ASSERT_PTR_NULL(key_index_create(0));
	CU_ASSERT_EQUAL(errno, EINVAL);
	CU_ASSERT_PTR_NULL(key_index_create(SIZE_MAX));
	key_index_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"keys_get_numbers_in_order_of_arrival", keys_get_numbers_in_order_of_arrival},
		{"keys_are_bytes_with_a_length", keys_are_bytes_with_a_length},
		{"a_full_index_refuses_new_keys_and_knows_the_old",
		 a_full_index_refuses_new_keys_and_knows_the_old},
		{"impossible_sizes_are_refused", impossible_sizes_are_refused},
	};
	return unit_run("key_index", cases, sizeof(cases) / sizeof(*cases));
}
