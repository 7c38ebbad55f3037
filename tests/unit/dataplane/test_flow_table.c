/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_table.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct flow_key
key_of(uint32_t number)
{
	struct flow_key key = {.version = 4, .transport = 6};

	memcpy(key.low_address, &number, sizeof(number));
	return key;
}

/* Spread out like a real hash; the tests that want collisions choose their own. */
static uint32_t
hash_of(uint32_t number)
{
	return number * 2654435761u ^ number >> 7;
}

static uint32_t
add(struct flow_table *table, uint32_t number, uint32_t hash)
{
	struct flow_key key = key_of(number);
	return flow_table_add(table, &key, hash);
}

static uint32_t
find(const struct flow_table *table, uint32_t number, uint32_t hash)
{
	struct flow_key key = key_of(number);
	return flow_table_find(table, &key, hash);
}

static void
a_new_flow_has_key_and_hash_and_is_else_zero(void)
{
	static const struct flow zero;
	struct flow_table *table = flow_table_create(10);

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	uint32_t index = add(table, 5, 0x1234);
	struct flow *flow = flow_table_get(table, index);
	struct flow_key key = key_of(5);
	CU_ASSERT_EQUAL(memcmp(&flow->key, &key, sizeof(key)), 0);
	CU_ASSERT_EQUAL(flow->hash, 0x1234);
	CU_ASSERT_EQUAL(flow->packets[0] + flow->last_ns + flow->seq, 0);
	CU_ASSERT_EQUAL(flow_table_count(table), 1);
	CU_ASSERT_EQUAL(flow_table_max(table), 10);

	/* One that was used before is as clean. */
	memset(&flow->packets, 0xff, sizeof(flow->packets));
	flow->timer_next = flow->seq = 7;
	flow_table_remove(table, index);
	CU_ASSERT_EQUAL(find(table, 5, 0x1234), FLOW_NONE);
	CU_ASSERT_EQUAL(add(table, 6, 0), index);
	flow->key = zero.key;
	CU_ASSERT_EQUAL(memcmp(flow, &zero, sizeof(zero)), 0);
	flow_table_destroy(table);
}

static void
a_full_table_refuses_until_one_is_removed(void)
{
	struct flow_table *table = flow_table_create(3);

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	for (uint32_t i = 0; i < 3; i++)
		CU_ASSERT_NOT_EQUAL(add(table, i, hash_of(i)), FLOW_NONE);
	CU_ASSERT_EQUAL(add(table, 3, hash_of(3)), FLOW_NONE);
	CU_ASSERT_EQUAL(flow_table_count(table), 3);
	flow_table_remove(table, find(table, 1, hash_of(1)));
	CU_ASSERT_NOT_EQUAL(add(table, 3, hash_of(3)), FLOW_NONE);
	CU_ASSERT_EQUAL(find(table, 1, hash_of(1)), FLOW_NONE);
	CU_ASSERT_EQUAL(flow_table_end(table), 3);
	flow_table_destroy(table);
}

/* All keys in one bucket, and the last bucket, from which the search goes on at the first one. */
static void
keys_of_one_bucket_go_on_to_the_next_ones(void)
{
	static const uint32_t hashes[] = {0, 5, UINT32_MAX};
	enum { KEYS = 100 };

	for (size_t h = 0; h < COUNT(hashes); h++) {
		struct flow_table *table = flow_table_create(KEYS);
		CU_ASSERT_PTR_NOT_NULL_FATAL(table);
		for (uint32_t i = 0; i < KEYS; i++)
			CU_ASSERT_NOT_EQUAL(add(table, i, hashes[h]), FLOW_NONE);
		for (uint32_t i = 0; i < KEYS; i += 2)
			flow_table_remove(table, find(table, i, hashes[h]));
		for (uint32_t i = 0; i < KEYS; i++)
			CU_ASSERT_EQUAL(find(table, i, hashes[h]) != FLOW_NONE, i % 2 == 1);
		CU_ASSERT_EQUAL(find(table, KEYS, hashes[h]), FLOW_NONE);
		flow_table_destroy(table);
	}
}

static void
the_candidate_has_the_hash_that_was_asked_for(void)
{
	struct flow_table *table = flow_table_create(10);

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	uint32_t index = add(table, 1, 42);
	flow_table_prefetch(table, 42);
	CU_ASSERT_EQUAL(flow_table_candidate(table, 42), index);
	CU_ASSERT_EQUAL(flow_table_candidate(table, 43), FLOW_NONE);
	/* The same bucket, another hash. */
	CU_ASSERT_EQUAL(flow_table_candidate(table, 42 + (1u << 20)), FLOW_NONE);
	flow_table_destroy(table);
}

static void
every_flow_is_found_after_the_table_has_grown(void)
{
	enum { FLOWS = 200000 };
	struct flow_table *table = flow_table_create(FLOWS);
	unsigned missing = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	for (uint32_t i = 0; i < FLOWS; i++)
		missing += add(table, i, hash_of(i)) != i;
	for (uint32_t i = 0; i < FLOWS; i++)
		missing += find(table, i, hash_of(i)) != i;
	CU_ASSERT_EQUAL(missing, 0);
	CU_ASSERT_EQUAL(find(table, FLOWS, hash_of(FLOWS)), FLOW_NONE);
	flow_table_destroy(table);
}

/* Against a plain array: what was added and not removed is there, under few hashes and under many.
 */
static void
random_adding_and_removing_agrees_with_an_array(void)
{
	enum { KEYS = 300, MAX = 200 };
	static const uint32_t masks[] = {0, 3, 0xfff, UINT32_MAX};

	for (size_t m = 0; m < COUNT(masks); m++) {
		struct flow_table *table = flow_table_create(MAX);
		uint32_t model[KEYS], count = 0;
		unsigned seed = 11;
		CU_ASSERT_PTR_NOT_NULL_FATAL(table);
		memset(model, 0xff, sizeof(model));
		for (unsigned step = 0; step < 20000; step++) {
			uint32_t key = (uint32_t)rand_r(&seed) % KEYS;
			uint32_t hash = hash_of(key) & masks[m];
			uint32_t found = find(table, key, hash);
			CU_ASSERT_EQUAL(found, model[key]);
			if (found != FLOW_NONE) {
				flow_table_remove(table, found);
				model[key] = FLOW_NONE;
				count--;
				continue;
			}
			model[key] = add(table, key, hash);
			CU_ASSERT_EQUAL(model[key] == FLOW_NONE, count == MAX);
			count += model[key] != FLOW_NONE;
			CU_ASSERT_EQUAL(flow_table_count(table), count);
		}
		flow_table_destroy(table);
	}
}

static void
walking_to_the_end_meets_every_flow_once(void)
{
	struct flow_table *table = flow_table_create(50);
	unsigned met = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	for (uint32_t i = 0; i < 40; i++)
		flow_table_get(table, add(table, i, hash_of(i)))->packets[i % 2] = 1;
	for (uint32_t i = 0; i < 40; i += 4)
		flow_table_remove(table, find(table, i, hash_of(i)));
	for (uint32_t i = 0; i < flow_table_end(table); i++) {
		const struct flow *flow = flow_table_get(table, i);
		met += flow->packets[0] + flow->packets[1] != 0;
	}
	CU_ASSERT_EQUAL(met, 30);
	flow_table_destroy(table);
	flow_table_destroy(NULL);
}

static const struct unit_case cases[] = {
	{"a_new_flow_has_key_and_hash_and_is_else_zero",
	 a_new_flow_has_key_and_hash_and_is_else_zero},
	{"a_full_table_refuses_until_one_is_removed", a_full_table_refuses_until_one_is_removed},
	{"keys_of_one_bucket_go_on_to_the_next_ones", keys_of_one_bucket_go_on_to_the_next_ones},
	{"the_candidate_has_the_hash_that_was_asked_for",
	 the_candidate_has_the_hash_that_was_asked_for},
	{"every_flow_is_found_after_the_table_has_grown",
	 every_flow_is_found_after_the_table_has_grown},
	{"random_adding_and_removing_agrees_with_an_array",
	 random_adding_and_removing_agrees_with_an_array},
	{"walking_to_the_end_meets_every_flow_once", walking_to_the_end_meets_every_flow_once},
};

int
main(void)
{
	return unit_run("flow_table", cases, COUNT(cases));
}
