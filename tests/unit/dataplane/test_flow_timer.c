/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_timer.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define FLOWS 64u

static struct flow_table *flows;
static struct flow_timer timer;

static void
begin(uint32_t now)
{
	flow_table_destroy(flows);
	flows = flow_table_create(FLOWS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(flows);
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct flow_key key = {.low_port = (uint16_t)i};
		CU_ASSERT_EQUAL(flow_table_add(flows, &key, i), i);
	}
	flow_timer_init(&timer, flows);
	timer.now = now;
}

static void
a_flow_is_due_at_its_tick_and_not_before(void)
{
	static const struct {
		uint32_t now, due, comes;
	} rows[] = {
		{0, 1, 1},
		{100, 130, 130},
		{100, 100, 101}, /* at the earliest the next tick */
		{100, 7, 101},
		{100, 0, 101},
		{100, 100 + FLOW_TIMER_SLOTS - 1, 100 + FLOW_TIMER_SLOTS - 1},
		{100, 100 + FLOW_TIMER_SLOTS, 100 + FLOW_TIMER_SLOTS - 1},
		{100, UINT32_MAX, 100 + FLOW_TIMER_SLOTS - 1},
		{500, 520, 520}, /* over the wheel's end */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		begin(rows[i].now);
		flow_timer_add(&timer, 3, rows[i].due);
		CU_ASSERT_EQUAL(flow_table_get(flows, 3)->due_tick, rows[i].comes);
		while (++timer.now < rows[i].comes)
			CU_ASSERT_EQUAL(flow_timer_first_due(&timer), FLOW_NONE);
		CU_ASSERT_EQUAL(flow_timer_first_due(&timer), 3);
		flow_timer_remove(&timer, 3);
		CU_ASSERT_EQUAL(flow_timer_first_due(&timer), FLOW_NONE);
	}
}

static void
flows_of_one_tick_are_taken_one_after_the_other(void)
{
	begin(10);
	for (uint32_t i = 0; i < 5; i++)
		flow_timer_add(&timer, i, 20);
	CU_ASSERT_EQUAL(timer.waiting, 5);
	flow_timer_remove(&timer, 2); /* middle */
	flow_timer_remove(&timer, 4);
	flow_timer_remove(&timer, 0);
	timer.now = 20;
	unsigned seen = 0;
	uint32_t index;
	while ((index = flow_timer_first_due(&timer)) != FLOW_NONE) {
		seen |= 1u << index;
		flow_timer_remove(&timer, index);
	}
	CU_ASSERT_EQUAL(seen, 1u << 1 | 1u << 3);
	CU_ASSERT_EQUAL(timer.waiting, 0);
}

static void
random_adding_and_removing_agrees_with_an_array(void)
{
	uint32_t due[FLOWS];
	unsigned seed = 5;

	begin(1);
	memset(due, 0, sizeof(due));
	for (unsigned step = 0; step < 20000; step++) {
		uint32_t i = (uint32_t)rand_r(&seed) % FLOWS;
		if (due[i] != 0) {
			flow_timer_remove(&timer, i);
			due[i] = 0;
		} else {
			due[i] = timer.now + 1 + (uint32_t)rand_r(&seed) % 100;
			flow_timer_add(&timer, i, due[i]);
		}
		if (step % 8 != 0)
			continue;
		timer.now++;
		uint32_t index;
		while ((index = flow_timer_first_due(&timer)) != FLOW_NONE) {
			CU_ASSERT_EQUAL(due[index], timer.now);
			flow_timer_remove(&timer, index);
			due[index] = 0;
		}
		for (uint32_t k = 0; k < FLOWS; k++)
			CU_ASSERT(due[k] == 0 || due[k] > timer.now);
	}
}

static const struct unit_case cases[] = {
	{"a_flow_is_due_at_its_tick_and_not_before", a_flow_is_due_at_its_tick_and_not_before},
	{"flows_of_one_tick_are_taken_one_after_the_other",
	 flows_of_one_tick_are_taken_one_after_the_other},
	{"random_adding_and_removing_agrees_with_an_array",
	 random_adding_and_removing_agrees_with_an_array},
};

int
main(void)
{
	int status = unit_run("flow_timer", cases, COUNT(cases));
	flow_table_destroy(flows);
	return status;
}
