/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/flow_progress.h"

#include "tests/unit/unit.h"

#include <CUnit/CUnit.h>

static struct flow_fresh
take(struct flow_progress *p, uint64_t id, uint64_t payload, bool final)
{
	struct flow_record record = {
		.flow_id = id,
		.final = final,
		.from_source = {.packets = payload / 10, .bytes = payload * 2, .payload = payload},
		.from_destination = {.payload = payload / 2},
	};
	struct flow_fresh fresh;

	flow_progress_take(p, &record, &fresh);
	return fresh;
}

static void
a_lone_record_is_all_new(void)
{
	struct flow_progress *p = flow_progress_create(4);
	struct flow_fresh fresh = take(p, 1, 100, true);

	CU_ASSERT_TRUE(fresh.first);
	CU_ASSERT_EQUAL(fresh.from_source.payload, 100);
	CU_ASSERT_EQUAL(fresh.from_destination.payload, 50);
	flow_progress_destroy(p);
}

static void
later_records_tell_the_difference(void)
{
	struct flow_progress *p = flow_progress_create(4);

	(void)take(p, 1, 100, false);
	struct flow_fresh second = take(p, 1, 250, false);
	CU_ASSERT_FALSE(second.first);
	CU_ASSERT_EQUAL(second.from_source.payload, 150);
	CU_ASSERT_EQUAL(second.from_source.packets, 15);
	CU_ASSERT_EQUAL(second.from_source.bytes, 300);
	struct flow_fresh last = take(p, 1, 260, true);
	CU_ASSERT_EQUAL(last.from_source.payload, 10);
	/* Nothing of it remains: the same id is another flow now. */
	CU_ASSERT_TRUE(take(p, 1, 5, true).first);
	flow_progress_destroy(p);
}

static void
a_record_that_shrinks_adds_nothing(void)
{
	struct flow_progress *p = flow_progress_create(4);

	(void)take(p, 1, 100, false);
	CU_ASSERT_EQUAL(take(p, 1, 90, false).from_source.payload, 0);
	flow_progress_destroy(p);
}

static void
what_is_forgotten_is_counted(void)
{
	struct flow_progress *p = flow_progress_create(2);

	for (uint64_t id = 1; id <= 3; id++)
		(void)take(p, id, 100, false);
	CU_ASSERT_EQUAL(flow_progress_evicted(p), 1);
	CU_ASSERT_TRUE(take(p, 1, 110, false).first);
	flow_progress_clear(p);
	CU_ASSERT_TRUE(take(p, 3, 100, false).first);
	flow_progress_destroy(p);
	flow_progress_destroy(NULL);
	CU_ASSERT_PTR_NULL(flow_progress_create(0));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_lone_record_is_all_new", a_lone_record_is_all_new},
		{"later_records_tell_the_difference", later_records_tell_the_difference},
		{"a_record_that_shrinks_adds_nothing", a_record_that_shrinks_adds_nothing},
		{"what_is_forgotten_is_counted", what_is_forgotten_is_counted},
	};

	return unit_run("flow_progress", cases, sizeof(cases) / sizeof(*cases));
}
