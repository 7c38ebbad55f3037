/* SPDX-License-Identifier: Apache-2.0 */
#include "app/outputs.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static struct ruleset ruleset;

/* A policy without settings, which is all that is asked of the ruleset. */
static void
load_ruleset(void)
{
	static const struct policy_file no_policy;
	struct fault_list faults = FAULT_LIST_INIT;

	ruleset.catalogue =
		catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"), &faults);
	ruleset.rules = rule_book_load(unit_source_path("configs/policy"), &faults);
	ruleset.policy = policy_create(&no_policy, ruleset.catalogue, ruleset.rules, &faults);
	CU_ASSERT_EQUAL_FATAL(faults.count, 0);
}

static bool
groups_alerts(const struct outputs_wanted *wanted)
{
	struct outputs outputs;

	CU_ASSERT_EQUAL_FATAL(outputs_open(&outputs, &ruleset, wanted), 0);
	bool groups = outputs_for_judge(&outputs).alerts != NULL;
	CU_ASSERT_EQUAL(outputs_close(&outputs), 0);
	return groups;
}

static void
alerts_are_grouped_where_somebody_is_told_of_them(void)
{
	struct outputs_wanted wanted = {0};
	char path[] = "/tmp/vigie-outputs-XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	close(fd);
	load_ruleset();
	CU_ASSERT_FALSE(groups_alerts(&wanted));
	wanted.flows = path;
	CU_ASSERT_FALSE(groups_alerts(&wanted));
	wanted.alerts = path;
	CU_ASSERT_TRUE(groups_alerts(&wanted));
	wanted = (struct outputs_wanted){.summary = summary_create()};
	CU_ASSERT_TRUE(groups_alerts(&wanted));
	summary_destroy(wanted.summary);
	ruleset_fini(&ruleset);
	unlink(path);
}

static void
looking_for_blindness_needs_nobody_to_tell(void)
{
	struct outputs_wanted nothing = {0};
	struct outputs outputs;

	load_ruleset();
	CU_ASSERT_EQUAL_FATAL(outputs_open(&outputs, &ruleset, &nothing), 0);
	outputs_look_for_blindness(&outputs, 1000, 900);
	CU_ASSERT_EQUAL(outputs_close(&outputs), 0);
	ruleset_fini(&ruleset);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"alerts_are_grouped_where_somebody_is_told_of_them",
		 alerts_are_grouped_where_somebody_is_told_of_them},
		{"looking_for_blindness_needs_nobody_to_tell",
		 looking_for_blindness_needs_nobody_to_tell},
	};
	return unit_run("outputs", cases, sizeof(cases) / sizeof(*cases));
}
