/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/rollup_table.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct zone zone = {.id = "rh"};
static struct catalogue_operator owner = {.id = "aws"};
static struct attribution attribution;

static struct judged_flow
flow_of(const char *host)
{
	attribution = (struct attribution){.owner = &owner, .exposure = EXPOSURE_US_DIRECT};
	(void)snprintf(attribution.region, sizeof(attribution.region), "eu-west-3");
	return (struct judged_flow){.zone = &zone, .host = host, .attribution = &attribution};
}

static void
flows_of_one_key_are_one_sum(void)
{
	struct rollup_table *t = rollup_table_create();
	struct judged_flow a = flow_of("h-1"), b = flow_of("h-2");
	struct rollup *rows;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_TRUE(rollup_table_add(t, &a, "2026-12-01", 10, 1, true));
	CU_ASSERT_TRUE(rollup_table_add(t, &a, "2026-12-01", 5, 2, false));
	CU_ASSERT_TRUE(rollup_table_add(t, &b, "2026-12-01", 7, 0, true));
	CU_ASSERT_TRUE(rollup_table_add(t, &a, "2026-12-02", 1, 0, true));
	CU_ASSERT_EQUAL_FATAL(rollup_table_take(t, &rows), 3);
	CU_ASSERT_STRING_EQUAL(rows[0].day, "2026-12-01");
	CU_ASSERT_STRING_EQUAL(rows[0].zone, "rh");
	CU_ASSERT_STRING_EQUAL(rows[0].host, "h-1");
	CU_ASSERT_STRING_EQUAL(rows[0].operator_id, "aws");
	CU_ASSERT_STRING_EQUAL(rows[0].service, "");
	CU_ASSERT_STRING_EQUAL(rows[0].region, "eu-west-3");
	CU_ASSERT_STRING_EQUAL(rows[0].exposure, "us-direct");
	CU_ASSERT_EQUAL(rows[0].up, 15);
	CU_ASSERT_EQUAL(rows[0].down, 3);
	CU_ASSERT_EQUAL(rows[0].flows, 1);
	free(rows);
	CU_ASSERT_EQUAL(rollup_table_take(t, &rows), 0);
	CU_ASSERT_PTR_NULL(rows);
	rollup_table_destroy(t);
}

static void
of_excluded_zones_operators_alone_are_kept(void)
{
	struct rollup_table *t = rollup_table_create();
	struct judged_flow flow = flow_of("h-1");
	struct rollup *rows;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	flow.excluded = true;
	CU_ASSERT_TRUE(rollup_table_add(t, &flow, "2026-12-01", 10, 1, true));
	CU_ASSERT_EQUAL_FATAL(rollup_table_take(t, &rows), 1);
	CU_ASSERT_STRING_EQUAL(rows[0].zone, "");
	CU_ASSERT_STRING_EQUAL(rows[0].host, "");
	CU_ASSERT_STRING_EQUAL(rows[0].operator_id, "aws");
	free(rows);
	rollup_table_destroy(t);
}

static void
a_full_table_says_so_and_takes_known_keys(void)
{
	struct rollup_table *t = rollup_table_create();
	struct rollup *rows;
	char host[32];
	unsigned added = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	while (!rollup_table_is_full(t) && added < 1000000) {
		(void)snprintf(host, sizeof(host), "h-%u", added++);
		struct judged_flow flow = flow_of(host);
		CU_ASSERT_TRUE(rollup_table_add(t, &flow, "2026-12-01", 1, 0, true));
	}
	struct judged_flow known = flow_of("h-0"), new = flow_of("h-new");
	CU_ASSERT_TRUE(rollup_table_add(t, &known, "2026-12-01", 1, 0, true));
	CU_ASSERT_FALSE(rollup_table_add(t, &new, "2026-12-01", 1, 0, true));
	CU_ASSERT_EQUAL(rollup_table_take(t, &rows), added);
	CU_ASSERT_EQUAL(rows[0].up, 2);
	free(rows);
	CU_ASSERT_FALSE(rollup_table_is_full(t));
	CU_ASSERT_TRUE(rollup_table_add(t, &new, "2026-12-01", 1, 0, true));
	rollup_table_destroy(t);
}

static const struct unit_case cases[] = {
	{"flows_of_one_key_are_one_sum", flows_of_one_key_are_one_sum},
	{"of_excluded_zones_operators_alone_are_kept", of_excluded_zones_operators_alone_are_kept},
	{"a_full_table_says_so_and_takes_known_keys", a_full_table_says_so_and_takes_known_keys},
};

int
main(void)
{
	return unit_run("rollup_table", cases, sizeof(cases) / sizeof(*cases));
}
