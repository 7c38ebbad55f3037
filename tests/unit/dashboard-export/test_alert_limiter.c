/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_limiter.h"

#include "tests/unit/unit.h"

#include <stdio.h>

#define MINUTE UINT64_C(60000000000)

static unsigned
admit(struct alert_limiter *l, const char *rule, enum severity severity, uint64_t now, unsigned n)
{
	unsigned admitted = 0;

	for (unsigned i = 0; i < n; i++)
		admitted += alert_limiter_admit(l, rule, severity, now + i);
	return admitted;
}

static void
a_rule_has_so_many_a_minute(void)
{
	struct alert_limiter *l = alert_limiter_create(10, 0);
	struct alert_flood flood;

	CU_ASSERT_EQUAL(admit(l, "INT-USA", SEVERITY_LOW, MINUTE, 25), 10);
	CU_ASSERT_EQUAL(admit(l, "INT-UNK", SEVERITY_LOW, MINUTE, 5), 5);
	CU_ASSERT_FALSE(alert_limiter_take(l, MINUTE + 50, &flood)); /* not over yet */
	CU_ASSERT_EQUAL(admit(l, "INT-USA", SEVERITY_LOW, 2 * MINUTE, 5), 5);
	CU_ASSERT_TRUE(alert_limiter_take(l, 2 * MINUTE, &flood));
	CU_ASSERT_STRING_EQUAL(flood.rule, "INT-USA");
	CU_ASSERT_EQUAL(flood.count, 15);
	CU_ASSERT_EQUAL(flood.from_ns, MINUTE + 10);
	CU_ASSERT_EQUAL(flood.to_ns, MINUTE + 24);
	CU_ASSERT_FALSE(alert_limiter_take(l, 2 * MINUTE, &flood));
	alert_limiter_destroy(l);
}

static void
all_rules_share_a_limit_that_severe_ones_pass(void)
{
	struct alert_limiter *l = alert_limiter_create(0, 10);
	struct alert_flood flood;

	CU_ASSERT_EQUAL(admit(l, "INT-USA", SEVERITY_LOW, 0, 8), 8);
	CU_ASSERT_EQUAL(admit(l, "PER-USA", SEVERITY_MEDIUM, 0, 8), 2);
	CU_ASSERT_EQUAL(admit(l, "ECO-USA", SEVERITY_HIGH, 0, 8), 8);
	CU_ASSERT_EQUAL(admit(l, "DRE-USA", SEVERITY_CRITICAL, 0, 8), 8);
	CU_ASSERT_TRUE(alert_limiter_take(l, UINT64_MAX, &flood));
	CU_ASSERT_STRING_EQUAL(flood.rule, "PER-USA");
	CU_ASSERT_EQUAL(flood.count, 6);
	CU_ASSERT_EQUAL(flood.highest, SEVERITY_MEDIUM);
	alert_limiter_destroy(l);
}

static void
the_most_severe_of_those_held_back_is_told(void)
{
	struct alert_limiter *l = alert_limiter_create(1, 0);
	struct alert_flood flood;

	CU_ASSERT_EQUAL(admit(l, "ECO-USA", SEVERITY_LOW, 0, 2), 1);
	CU_ASSERT_EQUAL(admit(l, "ECO-USA", SEVERITY_HIGH, 0, 1), 0);
	CU_ASSERT_EQUAL(admit(l, "ECO-USA", SEVERITY_MEDIUM, 0, 1), 0);
	CU_ASSERT_TRUE(alert_limiter_take(l, UINT64_MAX, &flood));
	CU_ASSERT_EQUAL(flood.count, 3);
	CU_ASSERT_EQUAL(flood.highest, SEVERITY_HIGH);
	alert_limiter_destroy(l);
}

static void
without_limits_all_are_told(void)
{
	struct alert_limiter *l = alert_limiter_create(0, 0);

	CU_ASSERT_EQUAL(admit(l, "INT-USA", SEVERITY_LOW, 0, 100000), 100000);
	alert_limiter_destroy(l);
}

static void
more_rules_than_places_lose_no_count(void)
{
	struct alert_limiter *l = alert_limiter_create(1, 0);
	struct alert_flood flood;
	uint64_t held = 0, told = 0;
	char rule[32];

	for (unsigned i = 0; i < 2 * ALERT_LIMITER_RULES; i++) {
		(void)snprintf(rule, sizeof(rule), "RULE-%u", i);
		told += admit(l, rule, SEVERITY_LOW, 0, 3);
	}
	while (alert_limiter_take(l, UINT64_MAX, &flood))
		held += flood.count;
	CU_ASSERT_EQUAL(held + told, 6 * ALERT_LIMITER_RULES);
	alert_limiter_destroy(l);
}

static const struct unit_case cases[] = {
	{"a_rule_has_so_many_a_minute", a_rule_has_so_many_a_minute},
	{"all_rules_share_a_limit_that_severe_ones_pass",
	 all_rules_share_a_limit_that_severe_ones_pass},
	{"the_most_severe_of_those_held_back_is_told", the_most_severe_of_those_held_back_is_told},
	{"without_limits_all_are_told", without_limits_all_are_told},
	{"more_rules_than_places_lose_no_count", more_rules_than_places_lose_no_count},
};

int
main(void)
{
	return unit_run("alert_limiter", cases, sizeof(cases) / sizeof(*cases));
}
