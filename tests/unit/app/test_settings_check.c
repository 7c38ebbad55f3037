/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What both checks say of a text, one line each. */
static void
expect(const char *text, const char *told)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;
	char lines[1024] = "";

	CU_ASSERT_EQUAL_FATAL(settings_parse("s.yaml", text, strlen(text), &settings, &faults), 0);
	settings_check_key(&settings, &faults);
	settings_check_outputs(&settings, &faults);
	for (size_t i = 0; i < faults.count; i++)
		snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s\n",
			 faults.faults[i].text);
	CU_ASSERT_STRING_EQUAL(lines, told);
	if (strcmp(lines, told) != 0)
		printf("# told %s# expected %s", lines, told);
	fault_list_fini(&faults);
	settings_fini(&settings);
}

static void
outputs_of_their_own_are_in_order(void)
{
	expect("run: {flows: a, alerts: b}\n", "");
	expect("run: {flows: '-', alerts: b}\n", "");
	expect("run: {flows: a}\n", "");
	expect("privacy: {key_file: no/such/folder/yet/site.key}\n", "");
	expect("", "");
}

static void
outputs_that_would_spoil_something_have_a_line(void)
{
	expect("run: {flows: a, alerts: ./a}\n",
	       "s.yaml:1:25: `alerts` goes where `flows` goes, ./a: two streams of lines in one "
	       "cannot be told apart\n");
	expect("privacy: {key_file: new.key}\nrun: {alerts: new.key}\n",
	       "s.yaml:2:15: `alerts` is the site's key: new.key; name another file\n");
}

static void
a_key_that_will_not_do_has_a_line(void)
{
	char key[] = "/tmp/test_settings_check.XXXXXX", text[128], told[256];
	int fd = mkstemp(key);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	snprintf(text, sizeof(text), "privacy: {key_file: %s}\n", key);
	snprintf(told, sizeof(told),
		 "s.yaml:1:21: %s: is no key (64 hexadecimal digits): restore it; a new one "
		 "changes all ids\n",
		 key);
	expect(text, told);
	CU_ASSERT_EQUAL(chmod(key, 0644), 0);
	snprintf(told, sizeof(told),
		 "s.yaml:1:21: %s: others may open it (mode 0644): `chmod 600` it\n", key);
	expect(text, told);
	unlink(key);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"outputs_of_their_own_are_in_order", outputs_of_their_own_are_in_order},
		{"outputs_that_would_spoil_something_have_a_line",
		 outputs_that_would_spoil_something_have_a_line},
		{"a_key_that_will_not_do_has_a_line", a_key_that_will_not_do_has_a_line},
	};

	setenv("VIGIE_STATE", "/tmp", 1);
	return unit_run("settings_check", cases, COUNT(cases));
}
