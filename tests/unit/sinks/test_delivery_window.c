/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_window.h"

#include "tests/unit/unit.h"

#define WAIT 5

static struct delivery_window window;

static void
nothing_has_arrived_before_the_wait(void)
{
	window = (struct delivery_window){0};
	delivery_window_add(&window, 10, 100, 1);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 5), 0);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 6), 10);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 100), 0);
}

static void
what_the_receivers_machine_has_not_taken_has_not_arrived(void)
{
	window = (struct delivery_window){0};
	delivery_window_add(&window, 10, 100, 1);
	delivery_window_add(&window, 20, 100, 2);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 150, WAIT, 100), 0);
	/* 100 pending bytes are those of the second batch. */
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 100, WAIT, 100), 10);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 1, WAIT, 100), 0);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 100), 20);
}

static void
a_full_window_joins_batches_and_loses_none(void)
{
	window = (struct delivery_window){0};
	for (uint64_t i = 1; i <= 3 * DELIVERY_WINDOW_BATCHES; i++)
		delivery_window_add(&window, i, 10, i);
	CU_ASSERT_EQUAL(window.count, DELIVERY_WINDOW_BATCHES);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, UINT64_MAX),
			3 * DELIVERY_WINDOW_BATCHES);
	CU_ASSERT_EQUAL(window.count, 0);
}

static void
a_break_leaves_nothing_in_doubt(void)
{
	window = (struct delivery_window){0};
	delivery_window_add(&window, 10, 100, 1);
	delivery_window_clear(&window);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 100), 0);
	delivery_window_add(&window, 10, 100, 200);
	CU_ASSERT_EQUAL(delivery_window_settle(&window, 0, WAIT, 300), 10);
}

static const struct unit_case cases[] = {
	{"nothing_has_arrived_before_the_wait", nothing_has_arrived_before_the_wait},
	{"what_the_receivers_machine_has_not_taken_has_not_arrived",
	 what_the_receivers_machine_has_not_taken_has_not_arrived},
	{"a_full_window_joins_batches_and_loses_none", a_full_window_joins_batches_and_loses_none},
	{"a_break_leaves_nothing_in_doubt", a_break_leaves_nothing_in_doubt},
};

int
main(void)
{
	return unit_run("delivery_window", cases, sizeof(cases) / sizeof(*cases));
}
