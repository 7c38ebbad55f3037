/* SPDX-License-Identifier: Apache-2.0 */
#include "base/recent_table.h"

#include "tests/unit/unit.h"

#include <CUnit/CUnit.h>
#include <errno.h>
#include <string.h>

static uint32_t *
put(struct recent_table *t, uint64_t key, uint32_t value)
{
	bool made;
	uint32_t *entry = recent_table_get(t, &key, &made);

	*entry = value;
	return entry;
}

static const uint32_t *
look(struct recent_table *t, uint64_t key)
{
	return recent_table_find(t, &key);
}

static void
keeps_what_was_put(void)
{
	struct recent_table *t = recent_table_create(100, sizeof(uint64_t), sizeof(uint32_t), NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	for (uint64_t key = 0; key < 100; key++)
		put(t, key, (uint32_t)key * 3);
	for (uint64_t key = 0; key < 100; key++) {
		const uint32_t *entry = look(t, key);
		CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
		CU_ASSERT_EQUAL(*entry, key * 3);
	}
	CU_ASSERT_PTR_NULL(look(t, 100));
	CU_ASSERT_EQUAL(recent_table_evicted(t), 0);
	recent_table_destroy(t);
}

static void
the_entry_used_longest_ago_goes_first(void)
{
	struct recent_table *t = recent_table_create(3, sizeof(uint64_t), sizeof(uint32_t), NULL);

	for (uint64_t key = 1; key <= 3; key++)
		put(t, key, (uint32_t)key);
	CU_ASSERT_PTR_NOT_NULL(look(t, 1)); /* now 2 is the oldest */
	put(t, 4, 4);
	CU_ASSERT_PTR_NULL(look(t, 2));
	CU_ASSERT_PTR_NOT_NULL(look(t, 1));
	CU_ASSERT_PTR_NOT_NULL(look(t, 3));
	CU_ASSERT_PTR_NOT_NULL(look(t, 4));
	CU_ASSERT_EQUAL(recent_table_evicted(t), 1);
	recent_table_destroy(t);
}

static void
a_new_entry_is_zero_even_in_a_used_place(void)
{
	struct recent_table *t = recent_table_create(1, sizeof(uint64_t), sizeof(uint32_t), NULL);
	uint64_t key = 2;
	bool made;

	put(t, 1, 77);
	const uint32_t *entry = recent_table_get(t, &key, &made);
	CU_ASSERT_TRUE(made);
	CU_ASSERT_EQUAL(*entry, 0);
	(void)recent_table_get(t, &key, &made);
	CU_ASSERT_FALSE(made);
	recent_table_destroy(t);
}

static void
removed_entries_make_room(void)
{
	struct recent_table *t = recent_table_create(2, sizeof(uint64_t), sizeof(uint32_t), NULL);
	uint64_t key = 1, absent = 9;

	put(t, 1, 1);
	put(t, 2, 2);
	recent_table_remove(t, &key);
	recent_table_remove(t, &absent);
	CU_ASSERT_PTR_NULL(look(t, 1));
	put(t, 3, 3);
	CU_ASSERT_PTR_NOT_NULL(look(t, 2));
	CU_ASSERT_EQUAL(recent_table_evicted(t), 0);
	recent_table_destroy(t);
}

static void
clearing_forgets_all(void)
{
	struct recent_table *t = recent_table_create(4, sizeof(uint64_t), sizeof(uint32_t), NULL);

	for (uint64_t key = 0; key < 9; key++)
		put(t, key, 1);
	recent_table_clear(t);
	CU_ASSERT_EQUAL(recent_table_evicted(t), 0);
	for (uint64_t key = 0; key < 9; key++)
		CU_ASSERT_PTR_NULL(look(t, key));
	put(t, 5, 5);
	CU_ASSERT_EQUAL(*look(t, 5), 5);
	recent_table_destroy(t);
}

/* Against a plain list, over many rounds: the same entries remain. */
static void
agrees_with_a_plain_list(void)
{
	enum { ROOM = 17, ROUNDS = 20000 };
	struct recent_table *t =
		recent_table_create(ROOM, sizeof(uint64_t), sizeof(uint32_t), NULL);
	uint64_t list[ROOM + 1], random = 1;
	size_t count = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		uint64_t key = random >> 59;
		size_t at = 0;
		while (at < count && list[at] != key)
			at++;
		CU_ASSERT_EQUAL_FATAL(look(t, key) != NULL, at < count);
		put(t, key, round);
		if (at == count)
			count++;
		memmove(&list[1], &list[0], at * sizeof(list[0]));
		list[0] = key;
		if (count > ROOM)
			count = ROOM;
	}
	recent_table_destroy(t);
}

/* More than the buckets that there are at first, also where places are used again. */
static void
of_many_the_latest_are_found(void)
{
	enum { ROOM = 5000, PUT = 12000 };
	struct recent_table *t =
		recent_table_create(ROOM, sizeof(uint64_t), sizeof(uint32_t), NULL);
	unsigned wrong = 0;

	for (unsigned cleared = 0; cleared < 2; cleared++) {
		for (uint32_t i = 0; i < PUT; i++)
			put(t, i, i);
		CU_ASSERT_EQUAL(recent_table_evicted(t), PUT - ROOM);
		for (uint32_t i = 0; i < PUT; i++) {
			uint64_t key = i;
			recent_table_prefetch(t, &key);
			const uint32_t *entry = look(t, key);
			wrong += i < PUT - ROOM ? entry != NULL : entry == NULL || *entry != i;
		}
		recent_table_clear(t);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	recent_table_destroy(t);
}

/* Entries that own one number each of those given out. */
static uint32_t owned;

static void
release_number(void *entry)
{
	owned -= *(uint32_t *)entry;
}

static void
entries_that_go_are_released_once(void)
{
	struct recent_table *t =
		recent_table_create(2, sizeof(uint64_t), sizeof(uint32_t), release_number);
	uint64_t key = 3;

	owned = 0;
	for (uint32_t i = 1; i <= 3; i++)
		owned += *put(t, i, i);
	CU_ASSERT_EQUAL(owned, 2 + 3); /* 1 was evicted */
	recent_table_remove(t, &key);
	CU_ASSERT_EQUAL(owned, 2);
	owned += *put(t, 4, 4);
	recent_table_clear(t);
	CU_ASSERT_EQUAL(owned, 0);
	owned += *put(t, 5, 5);
	recent_table_destroy(t);
	CU_ASSERT_EQUAL(owned, 0);
}

static void
odd_sizes_are_refused(void)
{
	CU_ASSERT_PTR_NULL(recent_table_create(0, 8, 8, NULL));
	CU_ASSERT_EQUAL(errno, EINVAL);
	CU_ASSERT_PTR_NULL(recent_table_create((1u << 24) + 1, 8, 8, NULL));
	CU_ASSERT_PTR_NULL(recent_table_create(1, 0, 8, NULL));
	recent_table_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"keeps_what_was_put", keeps_what_was_put},
		{"the_entry_used_longest_ago_goes_first", the_entry_used_longest_ago_goes_first},
		{"a_new_entry_is_zero_even_in_a_used_place",
		 a_new_entry_is_zero_even_in_a_used_place},
		{"removed_entries_make_room", removed_entries_make_room},
		{"clearing_forgets_all", clearing_forgets_all},
		{"agrees_with_a_plain_list", agrees_with_a_plain_list},
		{"of_many_the_latest_are_found", of_many_the_latest_are_found},
		{"entries_that_go_are_released_once", entries_that_go_are_released_once},
		{"odd_sizes_are_refused", odd_sizes_are_refused},
	};

	return unit_run("recent_table", cases, sizeof(cases) / sizeof(*cases));
}
