/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_choice.h"

#include <stdlib.h>
#include <string.h>

#include "dashboard-export/sinks/sink_config.h"
#include "tests/unit/unit.h"

static const char text[] =
	"sinks:\n"
	"  - {name: soc, type: unix, path: /dev/log}\n"
	"  - {name: hook, type: hec, url: \"https://h\", token_env: VIGIE_TEST_A}\n"
	"  - {name: other, type: hec, url: \"https://h\", token_env: VIGIE_TEST_B}\n";

static struct settings
given(const char *yaml)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	CU_ASSERT_EQUAL_FATAL(settings_parse("s.yaml", yaml, strlen(yaml), &settings, &faults), 0);
	fault_list_fini(&faults);
	return settings;
}

static void
one_is_meant_or_all(void)
{
	struct settings settings = given(text);
	struct sink_choice choice;

	CU_ASSERT_TRUE(sink_choice_find(&settings, NULL, &choice));
	CU_ASSERT_TRUE(choice.first == 0 && choice.end == 3);
	CU_ASSERT_TRUE(sink_choice_find(&settings, "hook", &choice));
	CU_ASSERT_TRUE(choice.first == 1 && choice.end == 2);
	CU_ASSERT_FALSE(sink_choice_find(&settings, "Hook", &choice));
	CU_ASSERT_FALSE(sink_choice_find(&settings, "", &choice));
	settings_fini(&settings);
	settings = given("");
	CU_ASSERT_FALSE(sink_choice_find(&settings, NULL, &choice));
	settings_fini(&settings);
}

static void
only_the_chosen_ones_secrets_are_needed(void)
{
	struct settings settings = given(text);
	struct sink_choice choice;

	setenv("VIGIE_TEST_A", "s3cret", 1);
	unsetenv("VIGIE_TEST_B");
	CU_ASSERT_TRUE_FATAL(sink_choice_find(&settings, "hook", &choice));
	CU_ASSERT_TRUE(sink_choice_read_secrets(&settings, &choice));
	CU_ASSERT_STRING_EQUAL(settings.sinks[1].token, "s3cret");
	CU_ASSERT_TRUE_FATAL(sink_choice_find(&settings, NULL, &choice));
	CU_ASSERT_FALSE(sink_choice_read_secrets(&settings, &choice));
	settings_fini(&settings);
	unsetenv("VIGIE_TEST_A");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"one_is_meant_or_all", one_is_meant_or_all},
		{"only_the_chosen_ones_secrets_are_needed",
		 only_the_chosen_ones_secrets_are_needed},
	};
	return unit_run("sink_choice", cases, sizeof(cases) / sizeof(*cases));
}
