/* SPDX-License-Identifier: Apache-2.0 */
#include "app/blindness.h"

#include "app/ruleset.h"
#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <string.h>

static struct ruleset ruleset;

static void
add(struct blindness *b, uint8_t transport, uint64_t there, uint64_t back, unsigned times)
{
	struct flow_record record = {
		.transport = transport,
		.from_source = {.packets = there, .payload = there * 100},
		.from_destination = {.packets = back, .payload = back * 100},
	};

	for (unsigned i = 0; i < times; i++)
		blindness_add(b, &record);
}

static bool
look(struct blindness *b, uint64_t received, uint64_t lost, struct blindness_finding *out)
{
	return blindness_look(b, received, lost, ruleset.policy, 0, out);
}

static void
losses_above_the_limit_are_told(void)
{
	struct blindness b = {0};
	struct blindness_finding f;

	CU_ASSERT_FALSE(look(&b, 999000, 1000, &f)); /* exactly 0.1 % */
	CU_ASSERT_TRUE(look(&b, 1997800, 2200, &f));
	CU_ASSERT_STRING_EQUAL(f.finding.rule->id, "GOV-BLIND");
	CU_ASSERT_PTR_NOT_NULL(strstr(f.message, "0.12 % of packets lost, 0.00 % of flows"));
	/* Each look is about what is new. */
	CU_ASSERT_FALSE(look(&b, 2998000, 2200, &f));
}

static void
one_way_connections_above_the_limit_are_told(void)
{
	struct blindness b = {0};
	struct blindness_finding f;

	add(&b, IPPROTO_TCP, 10, 10, 95);
	add(&b, IPPROTO_TCP, 10, 0, 5);
	CU_ASSERT_FALSE(look(&b, 0, 0, &f));
	add(&b, IPPROTO_TCP, 10, 10, 94);
	add(&b, IPPROTO_TCP, 0, 10, 6);
	CU_ASSERT_TRUE(look(&b, 0, 0, &f));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.message, "6.00 % of flows seen in one direction"));
}

static void
what_is_one_way_by_nature_does_not_count(void)
{
	struct blindness b = {0};
	struct blindness_finding f;

	add(&b, IPPROTO_UDP, 10, 0, 1000);
	CU_ASSERT_FALSE(look(&b, 0, 0, &f));
	b.connections = b.one_way = 99;
	CU_ASSERT_FALSE(look(&b, 500, 499, &f));
}

static const struct unit_case cases[] = {
	{"losses_above_the_limit_are_told", losses_above_the_limit_are_told},
	{"one_way_connections_above_the_limit_are_told",
	 one_way_connections_above_the_limit_are_told},
	{"what_is_one_way_by_nature_does_not_count", what_is_one_way_by_nature_does_not_count},
};

int
main(void)
{
	if (ruleset_load(NULL, &ruleset) != 0)
		return 1;
	int status = unit_run("blindness", cases, sizeof(cases) / sizeof(*cases));
	ruleset_fini(&ruleset);
	return status;
}
