/* SPDX-License-Identifier: Apache-2.0 */
#include "app/last_rows.h"

#include <stdio.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct journal_row rows[] = {
	{.sequence = 1, .id = "a", .severity = SEVERITY_LOW},
	{.sequence = 2, .id = "b", .severity = SEVERITY_HIGH},
	{.sequence = 3, .id = "a", .severity = SEVERITY_CRITICAL},
	{.sequence = 5, .id = NULL, .severity = SEVERITY_MEDIUM},
	{.sequence = 6, .id = "b", .severity = SEVERITY_LOW},
	{.sequence = 7, .id = NULL, .severity = SEVERITY_INFORMATIONAL},
};

static void
of_each_alert_the_last_row_counts(void)
{
	static const bool last[] = {false, false, true, true, true, true};
	struct last_rows *known = last_rows_create();

	CU_ASSERT_PTR_NOT_NULL_FATAL(known);
	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(last_rows_add(known, &rows[i]), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(last_rows_is_last(known, &rows[i]), last[i]);
	CU_ASSERT_EQUAL(last_rows_count(known, SEVERITY_INFORMATIONAL), 4);
	CU_ASSERT_EQUAL(last_rows_count(known, SEVERITY_LOW), 3);
	CU_ASSERT_EQUAL(last_rows_count(known, SEVERITY_HIGH), 1);
	last_rows_destroy(known);
	last_rows_destroy(NULL);
}

static void
a_row_that_came_later_is_the_last(void)
{
	const struct journal_row later = {.sequence = 9, .id = "a"};
	const struct journal_row unknown = {.sequence = 10, .id = "c"};
	struct last_rows *known = last_rows_create();

	CU_ASSERT_EQUAL(last_rows_add(known, &rows[0]), 0);
	CU_ASSERT_TRUE(last_rows_is_last(known, &later));
	CU_ASSERT_TRUE(last_rows_is_last(known, &unknown));
	last_rows_destroy(known);
}

static void
many_alerts_are_told_apart(void)
{
	struct last_rows *known = last_rows_create();
	char id[33];

	for (unsigned i = 1; i <= 20000; i++) {
		struct journal_row row = {.sequence = i, .id = id, .severity = SEVERITY_LOW};
		snprintf(id, sizeof(id), "%032x", i % 5000);
		CU_ASSERT_EQUAL_FATAL(last_rows_add(known, &row), 0);
	}
	CU_ASSERT_EQUAL(last_rows_count(known, SEVERITY_INFORMATIONAL), 5000);
	for (unsigned i = 1; i <= 20000; i += 777) {
		struct journal_row row = {.sequence = i, .id = id};
		snprintf(id, sizeof(id), "%032x", i % 5000);
		CU_ASSERT_EQUAL(last_rows_is_last(known, &row), i > 15000);
	}
	last_rows_destroy(known);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"of_each_alert_the_last_row_counts", of_each_alert_the_last_row_counts},
		{"a_row_that_came_later_is_the_last", a_row_that_came_later_is_the_last},
		{"many_alerts_are_told_apart", many_alerts_are_told_apart},
	};
	return unit_run("last_rows", cases, COUNT(cases));
}
