/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_pace.h"

#include "tests/unit/unit.h"

#define MS UINT64_C(1000000)

/* Batches of a receiver that takes `answer_ns` to answer and `work_ns` for each message. */
static size_t
settle(uint64_t answer_ns, uint64_t work_ns, size_t most)
{
	struct delivery_pace pace;

	delivery_pace_reset(&pace);
	for (unsigned i = 0; i < 100; i++) {
		size_t count = delivery_pace_batch(&pace, most);
		delivery_pace_note(&pace, count, answer_ns + count * work_ns);
	}
	return delivery_pace_batch(&pace, most);
}

static void
a_connection_begins_with_little(void)
{
	struct delivery_pace pace;

	delivery_pace_reset(&pace);
	CU_ASSERT_EQUAL(delivery_pace_batch(&pace, 1024), DELIVERY_PACE_LEAST);
	CU_ASSERT_EQUAL(delivery_pace_batch(&pace, 4), 4);
}

static void
a_fast_receiver_gets_milliseconds_of_work(void)
{
	/* 50,000 messages a second: 8 ms are 400 of them. */
	size_t batch = settle(MS / 10, MS / 50, 1024);

	CU_ASSERT_TRUE(batch >= 128 && batch <= 512);
}

static void
a_slow_one_gets_few(void)
{
	CU_ASSERT_EQUAL(settle(MS / 10, MS, 1024), DELIVERY_PACE_LEAST);
}

static void
a_far_one_gets_as_many_as_a_near_one(void)
{
	CU_ASSERT_TRUE(settle(200 * MS, MS / 1000, 1024) == 1024);
	CU_ASSERT_TRUE(settle(200 * MS, MS / 50, 1024) >= 128);
}

static void
batches_that_were_not_full_do_not_grow_it(void)
{
	struct delivery_pace pace;

	delivery_pace_reset(&pace);
	for (unsigned i = 0; i < 100; i++)
		delivery_pace_note(&pace, 3, MS / 10);
	CU_ASSERT_EQUAL(delivery_pace_batch(&pace, 1024), DELIVERY_PACE_LEAST);
}

static const struct unit_case cases[] = {
	{"a_connection_begins_with_little", a_connection_begins_with_little},
	{"a_fast_receiver_gets_milliseconds_of_work", a_fast_receiver_gets_milliseconds_of_work},
	{"a_slow_one_gets_few", a_slow_one_gets_few},
	{"a_far_one_gets_as_many_as_a_near_one", a_far_one_gets_as_many_as_a_near_one},
	{"batches_that_were_not_full_do_not_grow_it", batches_that_were_not_full_do_not_grow_it},
};

int
main(void)
{
	return unit_run("delivery_pace", cases, sizeof(cases) / sizeof(*cases));
}
