/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What the checks say of a text, one line each. */
static void
expect(const char *text, const char *told)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;
	char lines[1024] = "";

	CU_ASSERT_EQUAL_FATAL(settings_parse("s.yaml", text, strlen(text), &settings, &faults), 0);
	settings_check_key(&settings, &faults);
	settings_check_outputs(&settings, &faults);
	settings_check_journal(&settings, &faults);
	settings_check_sinks(&settings, &faults);
	settings_check_secrets(&settings, &faults);
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

#define SINK_OF(path) "sinks: [{name: a, type: file, path: " path "}"

static void
the_journal_needs_a_folder_and_a_place_of_its_own(void)
{
	expect("journal: {path: new.db}\n", "");
	expect("journal: {flow_retention_days: 3}\n", "");
	expect("journal: {path: /no/such/j.db}\n",
	       "s.yaml:1:17: /no/such/j.db: its folder is not there\n");
	expect("journal: {path: /dev/null}\n",
	       "s.yaml:1:17: /dev/null: is no regular file, expected a database or nothing yet\n");
	expect("journal: {path: new.db}\nrun: {flows: ./new.db, alerts: new.db-wal}\n",
	       "s.yaml:2:14: `flows` is the journal: ./new.db; name another file\n"
	       "s.yaml:2:32: `alerts` is the journal: new.db-wal; name another file\n");
	expect("journal: {path: x}\nprivacy: {key_file: x}\n",
	       "s.yaml:1:17: `path` is the site's key: x; name another file\n");
}

static void
a_sinks_file_is_its_own(void)
{
	expect(SINK_OF("new") "]\n", "");
	expect("run: {flows: new}\n" SINK_OF("./new") "]\n",
	       "s.yaml:2:37: `path` is where `run.flows` goes: ./new; name another file\n");
	expect("run: {alerts: new}\n" SINK_OF("new") "]\n",
	       "s.yaml:2:37: `path` is where `run.alerts` goes: new; name another file\n");
	expect("journal: {path: new.db}\n" SINK_OF("new.db.cursors") "]\n",
	       "s.yaml:2:37: `path` is the journal: new.db.cursors; name another file\n");
	expect(SINK_OF("new") ", {name: b, type: file, path: new}]\n",
	       "s.yaml:1:71: `path` is another sink's file: new; name another file\n");
	expect("sinks: [{name: a, type: unix, path: /dev/log}, {name: b, type: unix, path: "
	       "/dev/log}]\n",
	       "");
}

static void
secrets_have_to_be_readable_and_variables_to_be_told(void)
{
	static const char text[] = "sinks: [{name: a, type: hec, url: \"https://s\", token_env: "
				   "VIGIE_TEST_TOKEN}]\n";
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;
	char *told;
	size_t len;

	expect("sinks: [{name: a, type: hec, url: \"https://s\", token_file: /no/such}]\n",
	       "s.yaml:1:60: /no/such: No such file or directory\n");
	unsetenv("VIGIE_TEST_TOKEN");
	expect(text, "");
	CU_ASSERT_EQUAL_FATAL(settings_parse("s.yaml", text, sizeof(text) - 1, &settings, &faults),
			      0);
	FILE *out = open_memstream(&told, &len);
	settings_check_tell_unset(&settings, out);
	setenv("VIGIE_TEST_TOKEN", "x", 1);
	settings_check_tell_unset(&settings, out);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(told, "The variable VIGIE_TEST_TOKEN of sink a is not set here: "
				     "`vigie run` will need it.\n");
	free(told);
	unsetenv("VIGIE_TEST_TOKEN");
	settings_fini(&settings);
}

/* Their number has been told; each with each would take long. */
static void
too_many_sinks_are_not_looked_at(void)
{
	struct fault_list faults = FAULT_LIST_INIT, found = FAULT_LIST_INIT;
	struct settings settings;
	char *text;
	size_t len;

	FILE *out = open_memstream(&text, &len);
	fputs("sinks:\n", out);
	for (unsigned i = 0; i < 3000; i++)
		fprintf(out, "- {name: s%u, type: file, path: /tmp/same}\n", i);
	fclose(out);
	(void)settings_parse("s.yaml", text, len, &settings, &faults);
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text, "s.yaml:66:3: more than 64 sinks");
	settings_check_sinks(&settings, &found);
	CU_ASSERT_EQUAL(found.count, 0);
	fault_list_fini(&found);
	fault_list_fini(&faults);
	settings_fini(&settings);
	free(text);
}

/* What is told of the risks of a text without faults. */
static void
expect_risks(const char *text, const char *expected)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;
	char *told;
	size_t len;

	CU_ASSERT_EQUAL_FATAL(settings_parse("s.yaml", text, strlen(text), &settings, &faults), 0);
	FILE *out = open_memstream(&told, &len);
	settings_check_tell_risks(&settings, out);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(told, expected);
	free(told);
	settings_fini(&settings);
}

#define HEC(url) "sinks: [{name: a, type: hec, token_env: T, url: \"" url "\"}]\n"
#define REDIS(address) \
	"sinks: [{name: a, type: redis, password_env: T, address: \"" address "\"}]\n"
#define KAFKA(rest) "sinks: [{name: a, type: kafka, user: u, password_env: T, brokers: " rest "}]\n"

static void
secrets_without_tls_have_a_line(void)
{
	expect_risks(HEC("https://splunk.example"), "");
	expect_risks(HEC("http://localhost:8088/x"), "");
	expect_risks(HEC("http://[::1]:8088"), "");
	expect_risks(HEC("http://127.0.0.2"), "");
	expect_risks(HEC("http://127.0.0.1.example"),
		     "The token of sink a goes over the network in the clear: write https://.\n");
	expect_risks(REDIS("127.0.0.1"), "");
	expect_risks(REDIS("r.example"), "The password of sink a goes over the network in the "
					 "clear: redis has no TLS here, use a tunnel "
					 "(docs/redis.md).\n");
	expect_risks("sinks: [{name: a, type: redis, address: r.example}]\n", "");
	expect_risks(KAFKA("[localhost, k.example]"), "The password of sink a goes over the "
						      "network in the clear: write `tls: {}`.\n");
	expect_risks(KAFKA("k.example, tls: {}"), "");
}

static void
a_folder_of_others_has_a_line(void)
{
	char folder[] = "/tmp/vigie-risks-XXXXXX", text[128];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(text, sizeof(text), "sinks: [{name: a, type: file, path: %s/a}]\n", folder);
	expect_risks(text, "");
	chmod(folder, 0777);
	expect_risks(text, "The file of sink a is in a folder that others may write to: they can "
			   "put another in its place.\n");
	chmod(folder, 01777);
	expect_risks(text, "");
	rmdir(folder);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"outputs_of_their_own_are_in_order", outputs_of_their_own_are_in_order},
		{"outputs_that_would_spoil_something_have_a_line",
		 outputs_that_would_spoil_something_have_a_line},
		{"a_key_that_will_not_do_has_a_line", a_key_that_will_not_do_has_a_line},
		{"the_journal_needs_a_folder_and_a_place_of_its_own",
		 the_journal_needs_a_folder_and_a_place_of_its_own},
		{"a_sinks_file_is_its_own", a_sinks_file_is_its_own},
		{"secrets_have_to_be_readable_and_variables_to_be_told",
		 secrets_have_to_be_readable_and_variables_to_be_told},
		{"too_many_sinks_are_not_looked_at", too_many_sinks_are_not_looked_at},
		{"secrets_without_tls_have_a_line", secrets_without_tls_have_a_line},
		{"a_folder_of_others_has_a_line", a_folder_of_others_has_a_line},
	};

	setenv("VIGIE_STATE", "/tmp", 1);
	return unit_run("settings_check", cases, COUNT(cases));
}
