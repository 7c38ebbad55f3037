/* SPDX-License-Identifier: Apache-2.0 */
#include "app/output_guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CAPTURE "tests/captures/http/mercury-http_auth.pcap"

static char folder[] = "/tmp/test_output_guard.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
}

static void
one_place_has_many_names(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"-", "-", true},
		{"-", "/dev/stdout", true},
		{"new", "new", true},
		{"new", "./new", true},
		{"new", "sub/../new", true},
		{"sub/new", "link/new", true},
		{"old", "hard", true},
		{"old", "symbolic", true},
		{"/dev/full", "/dev/full", true},
		{"no/such/x", "no/such/x", true},
		{"new", "newer", false},
		{"new", "sub/new", false},
		{"old", "new", false},
		{"old", "-", false},
		{"no/such/x", "no/such/y", false},
		{"/dev/full", "/dev/zero", false},
		{"/dev/null", "/dev/null", false},
		{"sub", "sub/new", false},
	};

	write_file("old", "");
	CU_ASSERT_EQUAL(link("old", "hard") + symlink("old", "symbolic") + mkdir("sub", 0700) +
				symlink("sub", "link"),
			0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_EQUAL(output_guard_is_same_place(rows[i].a, rows[i].b), rows[i].same);
		CU_ASSERT_EQUAL(output_guard_is_same_place(rows[i].b, rows[i].a), rows[i].same);
	}
	unlink("old");
	unlink("hard");
	unlink("symbolic");
	unlink("link");
	rmdir("sub");
}

static void
what_the_program_needs_would_be_lost(void)
{
	static const struct {
		const char *path, *loss;
	} rows[] = {
		{"s.yaml", "a settings file"},
		{"link", "a settings file"},
		{"zones.yaml", "a settings file"},
		{"site.key", "the site's key"},
		{"catalogue/a.yaml", "a file of the catalogue"},
		{"rules.yaml", "a file of the rules"},
		{"as.mmdb", "the database of AS numbers"},
		{"flows.jsonl", NULL},
		{"catalogue/b.yaml", NULL},
		{"no/such/folder/x", NULL},
		{"/dev/null", NULL},
		{"-", NULL},
	};
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	CU_ASSERT_EQUAL(mkdir("catalogue", 0700), 0);
	write_file("s.yaml", "include: zones.yaml\ncatalogue: catalogue\nrules: rules.yaml\n"
			     "databases: {asn: as.mmdb}\nprivacy: {key_file: site.key}\n");
	write_file("zones.yaml", "zones: []\n");
	write_file("catalogue/a.yaml", "");
	write_file("rules.yaml", "");
	write_file("as.mmdb", "");
	CU_ASSERT_EQUAL(symlink("s.yaml", "link"), 0);
	CU_ASSERT_EQUAL(settings_load("s.yaml", &settings, &faults), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *loss = output_guard_find_loss(&settings, rows[i].path);
		CU_ASSERT_TRUE(loss == rows[i].loss || (loss != NULL && rows[i].loss != NULL &&
							strcmp(loss, rows[i].loss) == 0));
	}
	settings_fini(&settings);
	for (size_t i = 0; i < 7; i++)
		unlink(rows[i].path);
	rmdir("catalogue");
}

static void
a_capture_would_be_lost_whatever_it_is_called(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	CU_ASSERT_EQUAL(settings_load(NULL, &settings, &faults), 0);
	const char *loss = output_guard_find_loss(&settings, unit_source_path(CAPTURE));
	CU_ASSERT_PTR_NOT_NULL_FATAL(loss);
	CU_ASSERT_STRING_EQUAL(loss, "a capture");
	CU_ASSERT_PTR_NULL(output_guard_find_loss(&settings, unit_source_path("LICENSE")));
	settings_fini(&settings);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"one_place_has_many_names", one_place_has_many_names},
		{"what_the_program_needs_would_be_lost", what_the_program_needs_would_be_lost},
		{"a_capture_would_be_lost_whatever_it_is_called",
		 a_capture_would_be_lost_whatever_it_is_called},
	};
	char *source = realpath(unit_source_path("."), NULL);

	if (source == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	setenv("VIGIE_SOURCE_ROOT", source, 1);
	free(source);
	int status = unit_run("output_guard", cases, COUNT(cases));
	rmdir(folder);
	return status;
}
