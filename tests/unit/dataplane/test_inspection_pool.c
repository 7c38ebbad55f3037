/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspection_pool.h"

#include "tests/unit/unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SMALL_COUNT 5
#define LARGE_COUNT 2

static struct inspection_pool *pool;

static void
begin(void)
{
	inspection_pool_destroy(pool);
	pool = inspection_pool_create(SMALL_COUNT, LARGE_COUNT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
}

static void
a_fresh_inspection_is_empty_and_knows_its_flow(void)
{
	begin();
	uint32_t index = inspection_pool_take(pool, 77);
	struct inspection *i = inspection_pool_get(pool, index);
	CU_ASSERT_EQUAL(i->flow, 77);
	CU_ASSERT_EQUAL(i->stream.size, INSPECTION_SMALL);
	CU_ASSERT_EQUAL(first_bytes_contiguous(&i->stream).len, 0);
	CU_ASSERT_FALSE(i->began);

	/* Nothing of the one before is left. */
	i->began = true;
	i->parse_at = 9;
	i->attempts = 9;
	(void)first_bytes_add(&i->stream, 0, slice_of("x", 1));
	inspection_pool_release(pool, index);
	CU_ASSERT_EQUAL(inspection_pool_take(pool, 78), index);
	CU_ASSERT_EQUAL(i->flow, 78);
	CU_ASSERT_EQUAL(first_bytes_contiguous(&i->stream).len, 0);
	CU_ASSERT_FALSE(i->began);
	CU_ASSERT_EQUAL(i->parse_at, 0);
	CU_ASSERT_EQUAL(i->attempts, 0);
}

static void
buffers_do_not_overlap(void)
{
	begin();
	for (uint32_t flow = 0; flow < SMALL_COUNT; flow++) {
		struct inspection *i = inspection_pool_get(pool, inspection_pool_take(pool, flow));
		memset(i->stream.buffer, (int)flow, INSPECTION_SMALL);
	}
	for (uint32_t flow = 0; flow < SMALL_COUNT; flow++) {
		const uint8_t *at = inspection_pool_get(pool, flow)->stream.buffer;
		CU_ASSERT_EQUAL(at[0], flow);
		CU_ASSERT_EQUAL(at[INSPECTION_SMALL - 1], flow);
	}
	CU_ASSERT_EQUAL(inspection_pool_take(pool, 9), UINT32_MAX);
}

static void
the_oldest_is_the_one_taken_longest_ago(void)
{
	uint32_t index[SMALL_COUNT];

	begin();
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), UINT32_MAX);
	for (uint32_t i = 0; i < SMALL_COUNT; i++)
		index[i] = inspection_pool_take(pool, i);
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), index[0]);
	inspection_pool_release(pool, index[2]); /* from the middle */
	inspection_pool_release(pool, index[0]); /* from the old end */
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), index[1]);
	inspection_pool_release(pool, index[4]); /* from the young end */
	uint32_t again = inspection_pool_take(pool, 10);
	inspection_pool_release(pool, index[1]);
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), index[3]);
	inspection_pool_release(pool, index[3]);
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), again);
	inspection_pool_release(pool, again);
	CU_ASSERT_EQUAL(inspection_pool_oldest(pool), UINT32_MAX);
}

static void
a_large_buffer_keeps_what_was_there_and_takes_more(void)
{
	static uint8_t block[3000];

	begin();
	uint32_t index = inspection_pool_take(pool, 1);
	struct inspection *i = inspection_pool_get(pool, index);
	memset(block, 'a', sizeof(block));
	(void)first_bytes_add(&i->stream, 0, slice_of(block, sizeof(block)));
	CU_ASSERT_TRUE(inspection_pool_enlarge(pool, inspection_pool_get(pool, index)));
	CU_ASSERT_FALSE(inspection_pool_enlarge(pool, inspection_pool_get(pool, index)));
	CU_ASSERT_EQUAL(i->stream.size, INSPECTION_LARGE);
	memset(block, 'b', sizeof(block));
	CU_ASSERT_EQUAL(first_bytes_add(&i->stream, 3000, slice_of(block, sizeof(block))),
			FIRST_BYTES_TAKEN);
	struct slice bytes = first_bytes_contiguous(&i->stream);
	CU_ASSERT_EQUAL_FATAL(bytes.len, 6000);
	CU_ASSERT_EQUAL(bytes.data[0], 'a');
	CU_ASSERT_EQUAL(bytes.data[2999], 'a');
	CU_ASSERT_EQUAL(bytes.data[3000], 'b');
	CU_ASSERT_EQUAL(bytes.data[5999], 'b');
}

static void
large_buffers_come_back_with_their_inspection(void)
{
	begin();
	for (unsigned round = 0; round < 10; round++) {
		uint32_t index[3];
		for (unsigned i = 0; i < 3; i++)
			index[i] = inspection_pool_take(pool, i);
		CU_ASSERT_TRUE(inspection_pool_enlarge(pool, inspection_pool_get(pool, index[0])));
		CU_ASSERT_TRUE(inspection_pool_enlarge(pool, inspection_pool_get(pool, index[1])));
		CU_ASSERT_FALSE(inspection_pool_enlarge(pool, inspection_pool_get(pool, index[2])));
		CU_ASSERT_PTR_NOT_EQUAL(inspection_pool_get(pool, index[0])->stream.buffer,
					inspection_pool_get(pool, index[1])->stream.buffer);
		for (unsigned i = 0; i < 3; i++)
			inspection_pool_release(pool, index[i]);
	}
}

static const struct unit_case cases[] = {
	{"a_fresh_inspection_is_empty_and_knows_its_flow",
	 a_fresh_inspection_is_empty_and_knows_its_flow},
	{"buffers_do_not_overlap", buffers_do_not_overlap},
	{"the_oldest_is_the_one_taken_longest_ago", the_oldest_is_the_one_taken_longest_ago},
	{"a_large_buffer_keeps_what_was_there_and_takes_more",
	 a_large_buffer_keeps_what_was_there_and_takes_more},
	{"large_buffers_come_back_with_their_inspection",
	 large_buffers_come_back_with_their_inspection},
};

int
main(void)
{
	int status = unit_run("inspection_pool", cases, COUNT(cases));
	inspection_pool_destroy(pool);
	return status;
}
