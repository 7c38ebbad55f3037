/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_sinks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard-export/sinks/sink_config.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Settings of a text without mistakes; free with settings_fini. */
static struct settings
given(const char *text)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	int error = settings_parse("settings.yaml", text, strlen(text), &settings, &faults);
	for (size_t i = 0; i < faults.count && i < FAULT_LIST_MAX; i++)
		printf("# %s\n", faults.faults[i].text);
	CU_ASSERT_EQUAL_FATAL(error, 0);
	fault_list_fini(&faults);
	return settings;
}

static void
expect_text(const char *text, const char *expected)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void
the_journal_is_beside_the_usual_key(void)
{
	setenv("VIGIE_STATE", "/tmp/state", 1);
	struct settings s = given("privacy: {key_file: /elsewhere/key}\n");
	expect_text(s.journal_path, "/tmp/state/journal.db");
	settings_fini(&s);
	unsetenv("VIGIE_STATE");
}

static void
sinks_know_the_sensor_and_the_policy(void)
{
	struct settings s =
		given("policy: {name: phares, version: 7}\n"
		      "sensor: {name: vigie-1}\n"
		      "sinks:\n"
		      "  - {name: a, type: syslog-tls, address: siem.example}\n"
		      "  - {name: b, type: file, path: /f, records: [alerts, flows]}\n");

	CU_ASSERT_EQUAL_FATAL(s.sink_count, 2);
	expect_text(s.sinks[0].name, "a");
	expect_text(s.sinks[0].port, "6514");
	expect_text(s.sinks[0].context.sensor, "vigie-1");
	expect_text(s.sinks[0].context.policy, "phares");
	CU_ASSERT_EQUAL(s.sinks[0].context.policy_version, 7);
	CU_ASSERT_PTR_NOT_NULL(s.sinks[0].context.version);
	CU_ASSERT_EQUAL(s.sinks[0].context.process_id, (uint64_t)getpid());
	CU_ASSERT_TRUE(s.sinks[1].flows);
	settings_fini(&s);
}

/* Others than who sends need neither the service's environment nor its rights. */
static void
secrets_are_read_when_somebody_is_about_to_send(void)
{
	static const char text[] = "sinks:\n  - {name: a, type: hec, url: \"https://s\",\n"
				   "     token_env: VIGIE_TEST_TOKEN}\n";
	struct fault_list faults = FAULT_LIST_INIT;

	unsetenv("VIGIE_TEST_TOKEN");
	struct settings s = given(text);
	CU_ASSERT_EQUAL_FATAL(s.sink_count, 1);
	settings_read_secrets(&s, &faults);
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text,
			       "settings.yaml:3:17: `VIGIE_TEST_TOKEN` is not set in the "
			       "environment");
	setenv("VIGIE_TEST_TOKEN", "s3cret", 1);
	settings_read_secrets(&s, &faults);
	CU_ASSERT_EQUAL(faults.count, 1);
	expect_text(s.sinks[0].token, "s3cret");
	unsetenv("VIGIE_TEST_TOKEN");
	settings_fini(&s);
	fault_list_fini(&faults);
}

/* The sinks that the example shows in remarks are in order as they stand. */
static void
the_shipped_examples_of_sinks_are_in_order(void)
{
	FILE *file = fopen(unit_source_path("configs/vigie.yaml"), "r");
	char line[512], text[16384] = "";
	bool within = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strcmp(line, "#sinks:\n") == 0)
			within = true;
		else if (within && *line != '#')
			break;
		if (within)
			strcat(text, line + 1);
	}
	fclose(file);
	struct settings s = given(text);
	CU_ASSERT_EQUAL(s.sink_count, 10);
	settings_fini(&s);
}

static void
every_mistake_has_its_place_and_its_words(void)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{"sensor: {name: a b}\n",
		 "s.yaml:1:16: `a b` is no name of a host: printable ASCII "
		 "without a space, at most 255 characters"},
		{"sensor: {enterprise_number: 0}\n",
		 "s.yaml:1:29: `enterprise_number` is `0`, expected a whole number from 1 to "
		 "4294967295"},
		{"journal: {flow_retention_days: 366}\n",
		 "s.yaml:1:32: `flow_retention_days` is `366`, expected a whole number from 1 to "
		 "365"},
		{"sinks: {name: a}\n", "s.yaml:1:8: `sinks` is a mapping, expected a list"},
		{"sinks: [{name: a, type: file}]\n", "s.yaml:1:9: type file needs `path`"},
		{"sensor: {name: \"\\xe9\"}\n",
		 "s.yaml:1:16: `\xc3\xa9` is no name of a host: printable "
		 "ASCII without a space, at most 255 characters"},
		{"sinks: [{name: a, type: unix, path: /a, batch: 0}]\n",
		 "s.yaml:1:48: `batch` is `0`, expected a whole number from 1 to 16384"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct settings s;
		CU_ASSERT_EQUAL(
			settings_parse("s.yaml", rows[i].text, strlen(rows[i].text), &s, &faults),
			-EINVAL);
		CU_ASSERT_EQUAL(faults.count, 1);
		expect_text(faults.count != 0 ? faults.faults[0].text : "", rows[i].fault);
		CU_ASSERT_EQUAL(s.sink_count, 0);
		fault_list_fini(&faults);
		settings_fini(&s);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"the_journal_is_beside_the_usual_key", the_journal_is_beside_the_usual_key},
		{"sinks_know_the_sensor_and_the_policy", sinks_know_the_sensor_and_the_policy},
		{"secrets_are_read_when_somebody_is_about_to_send",
		 secrets_are_read_when_somebody_is_about_to_send},
		{"the_shipped_examples_of_sinks_are_in_order",
		 the_shipped_examples_of_sinks_are_in_order},
		{"every_mistake_has_its_place_and_its_words",
		 every_mistake_has_its_place_and_its_words},
	};
	return unit_run("settings_sinks", cases, COUNT(cases));
}
