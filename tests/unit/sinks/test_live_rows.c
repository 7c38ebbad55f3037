/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/live_rows.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct live_sums one = {.up = 10, .down = 1, .flows = 1};

static struct live_sums
total(const struct live_rows *rows)
{
	struct live_sums sums = {0};

	for (size_t i = 0; i < rows->count; i++) {
		sums.up += rows->rows[i].sums.up;
		sums.down += rows->rows[i].sums.down;
		sums.flows += rows->rows[i].sums.flows;
	}
	return sums;
}

static void
rows_are_told_apart_by_every_part(void)
{
	static const struct live_key keys[] = {
		{1, "a", "b", "c"},   {2, "a", "b", "c"},    {1, "x", "b", "c"},
		{1, "a", "x", "c"},   {1, "a", "b", "x"},    {1, "ab", NULL, "c"},
		{1, NULL, "ab", "c"}, {1, NULL, NULL, NULL}, {1, "a", "", "bc"},
	};
	const size_t count = sizeof(keys) / sizeof(*keys);
	struct live_rows *rows = live_rows_create();

	CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
	for (unsigned round = 0; round < 3; round++) {
		for (size_t i = 0; i < count; i++)
			live_rows_add(rows, &keys[i], &one);
	}
	live_rows_add_others(rows, 1, &one);
	CU_ASSERT_EQUAL(rows->count, count + 1);
	CU_ASSERT_EQUAL(rows->rows[0].sums.up, 30);
	CU_ASSERT_EQUAL(rows->rows[0].sums.flows, 3);
	CU_ASSERT_TRUE(rows->rows[0].changed);
	/* NULL is "". */
	live_rows_add(rows, &(const struct live_key){1, "", "", ""}, &one);
	CU_ASSERT_EQUAL(rows->count, count + 1);
	CU_ASSERT_TRUE(rows->rows[count].others);
	live_rows_clear(rows);
	CU_ASSERT_EQUAL(rows->count, 0);
	live_rows_add(rows, &keys[0], &one);
	CU_ASSERT_EQUAL(rows->rows[0].sums.up, 10);
	free(rows);
}

static void
what_finds_no_row_is_summed_by_minute(void)
{
	struct live_rows *rows = live_rows_create();
	char zone[32];

	CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
	for (unsigned i = 0; i < 3 * LIVE_ROWS_MAX; i++) {
		snprintf(zone, sizeof(zone), "zone-%u", i);
		live_rows_add(rows, &(const struct live_key){1 + i % 2, zone, "o", "e"}, &one);
	}
	CU_ASSERT_EQUAL(rows->count, LIVE_ROWS_MAX - LIVE_ROWS_KEPT + 2);
	CU_ASSERT_EQUAL(total(rows).flows, 3 * LIVE_ROWS_MAX);
	CU_ASSERT_EQUAL(rows->lost, 0);
	for (unsigned minute = 10; minute < 40; minute++)
		live_rows_add(rows, &(const struct live_key){minute, "z", "o", "e"}, &one);
	CU_ASSERT_EQUAL(rows->count, LIVE_ROWS_MAX);
	CU_ASSERT_EQUAL(rows->lost, 30 - (LIVE_ROWS_KEPT - 2));
	free(rows);
}

static void
long_texts_are_cut(void)
{
	struct live_rows *rows = live_rows_create();
	char text[300];

	CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
	memset(text, 'x', sizeof(text));
	text[299] = '\0';
	live_rows_add(rows, &(const struct live_key){1, text, text, text}, &one);
	text[200] = '\0';
	live_rows_add(rows, &(const struct live_key){1, text, text, text}, &one);
	CU_ASSERT_EQUAL(rows->count, 1);
	CU_ASSERT_EQUAL(strlen(rows->rows[0].zone), LIVE_TEXT_MAX);
	free(rows);
}

static const struct unit_case cases[] = {
	{"rows_are_told_apart_by_every_part", rows_are_told_apart_by_every_part},
	{"what_finds_no_row_is_summed_by_minute", what_finds_no_row_is_summed_by_minute},
	{"long_texts_are_cut", long_texts_are_cut},
};

int
main(void)
{
	return unit_run("live_rows", cases, sizeof(cases) / sizeof(*cases));
}
