/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_list.h"

#include "tests/unit/unit.h"

static void
a_fault_tells_the_place_as_far_as_it_is_known(void)
{
	struct fault_list list = FAULT_LIST_INIT;
	fault_list_add(&list, "a.yaml", 3, 7, "%s is not %d", "port", 5);
	fault_list_add(&list, "b.tsv", 9, 0, "cut");
	fault_list_add(&list, "c.mmdb", 0, 0, "missing");
	CU_ASSERT_EQUAL_FATAL(list.count, 3);
	CU_ASSERT_STRING_EQUAL(list.faults[0].text, "a.yaml:3:7: port is not 5");
	CU_ASSERT_STRING_EQUAL(list.faults[1].text, "b.tsv:9: cut");
	CU_ASSERT_STRING_EQUAL(list.faults[2].text, "c.mmdb: missing");
	fault_list_fini(&list);
}

static void
the_parts_of_a_fault_are_kept(void)
{
	struct fault_list list = FAULT_LIST_INIT;
	char file[] = "a.yaml";
	fault_list_add(&list, file, 3, 7, "%s is not %d", "port", 5);
	fault_list_add(&list, "c.mmdb", 0, 0, "missing");
	file[0] = 'x';
	CU_ASSERT_STRING_EQUAL(list.faults[0].file, "a.yaml");
	CU_ASSERT_STRING_EQUAL(list.faults[0].what, "port is not 5");
	CU_ASSERT_EQUAL(list.faults[0].line, 3);
	CU_ASSERT_EQUAL(list.faults[0].column, 7);
	CU_ASSERT_STRING_EQUAL(list.faults[1].what, "missing");
	CU_ASSERT_EQUAL(list.faults[1].line, 0);
	CU_ASSERT_EQUAL(list.faults[1].column, 0);
	fault_list_fini(&list);
	CU_ASSERT_PTR_NULL(list.faults[0].file);
}

static void
faults_behind_the_limit_are_counted_only(void)
{
	struct fault_list list = FAULT_LIST_INIT;
	for (unsigned i = 1; i <= FAULT_LIST_MAX + 5; i++)
		fault_list_add(&list, "f", i, 1, "wrong");
	CU_ASSERT_EQUAL(list.count, FAULT_LIST_MAX + 5);
	CU_ASSERT_STRING_EQUAL(list.faults[FAULT_LIST_MAX - 1].text, "f:100:1: wrong");
	fault_list_fini(&list);
}

static void
sorted_faults_follow_their_files(void)
{
	static const char *const order[] = {
		"b.yaml: whole",   "b.yaml:2:1: second", "b.yaml:2:9: two", "b.yaml:2:9: three",
		"b.yaml:7:1: one", "a.yaml:1:1: a",      "a.yaml:3:1: b",   "c.mmdb: c"};
	struct fault_list list = FAULT_LIST_INIT;

	fault_list_sort(&list);
	fault_list_add(&list, "b.yaml", 7, 1, "one");
	fault_list_add(&list, "a.yaml", 3, 1, "b");
	fault_list_add(&list, "b.yaml", 2, 9, "two");
	fault_list_add(&list, "c.mmdb", 0, 0, "c");
	fault_list_add(&list, "b.yaml", 2, 9, "three");
	fault_list_add(&list, "a.yaml", 1, 1, "a");
	fault_list_add(&list, "b.yaml", 2, 1, "second");
	fault_list_add(&list, "b.yaml", 0, 0, "whole");
	fault_list_sort(&list);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		CU_ASSERT_STRING_EQUAL(list.faults[i].text, order[i]);
	fault_list_fini(&list);
	for (unsigned i = FAULT_LIST_MAX + 5; i > 0; i--)
		fault_list_add(&list, "f", i, 1, "wrong");
	fault_list_sort(&list);
	CU_ASSERT_STRING_EQUAL(list.faults[0].text, "f:6:1: wrong");
	CU_ASSERT_STRING_EQUAL(list.faults[FAULT_LIST_MAX - 1].text, "f:105:1: wrong");
	fault_list_fini(&list);
}

static void
a_finished_list_is_empty_and_can_be_used_again(void)
{
	struct fault_list list = FAULT_LIST_INIT;
	fault_list_add(&list, "f", 1, 1, "one");
	fault_list_fini(&list);
	CU_ASSERT_EQUAL(list.count, 0);
	fault_list_add(&list, "f", 2, 1, "two");
	CU_ASSERT_EQUAL(list.count, 1);
	CU_ASSERT_STRING_EQUAL(list.faults[0].text, "f:2:1: two");
	fault_list_fini(&list);
	fault_list_fini(&list);
	CU_ASSERT_EQUAL(list.count, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_fault_tells_the_place_as_far_as_it_is_known",
		 a_fault_tells_the_place_as_far_as_it_is_known},
		{"the_parts_of_a_fault_are_kept", the_parts_of_a_fault_are_kept},
		{"faults_behind_the_limit_are_counted_only",
		 faults_behind_the_limit_are_counted_only},
		{"sorted_faults_follow_their_files", sorted_faults_follow_their_files},
		{"a_finished_list_is_empty_and_can_be_used_again",
		 a_finished_list_is_empty_and_can_be_used_again},
	};
	return unit_run("fault_list", cases, sizeof(cases) / sizeof(*cases));
}
