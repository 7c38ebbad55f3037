/* SPDX-License-Identifier: Apache-2.0 */
#include "app/paths.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char folder[64];

static void
make_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
}

static void
remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

static void
data_is_looked_for_where_the_environment_says(void)
{
	char expected[128];

	setenv("VIGIE_DATA", folder, 1);
	CU_ASSERT_STRING_EQUAL(paths_data_directory(), folder);
	make_file("origin.table");
	snprintf(expected, sizeof(expected), "%s/origin.table", folder);
	const char *table = paths_default_table();
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	CU_ASSERT_STRING_EQUAL(table, expected);
	CU_ASSERT_PTR_NULL(paths_default_country());
	make_file("dbip-country.mmdb");
	/* Each has its own place: the one does not overwrite the other. */
	const char *country = paths_default_country();
	CU_ASSERT_PTR_NOT_NULL_FATAL(country);
	CU_ASSERT_STRING_EQUAL(table, expected);
	remove_file("origin.table");
	remove_file("dbip-country.mmdb");
	CU_ASSERT_PTR_NULL(paths_default_table());
	CU_ASSERT_PTR_NULL(paths_default_country());
}

static void
an_empty_variable_is_none(void)
{
	unsetenv("VIGIE_DATA");
	unsetenv("VIGIE_CATALOGUE");
	char data[4096], catalogue[4096];
	snprintf(data, sizeof(data), "%s", paths_data_directory());
	snprintf(catalogue, sizeof(catalogue), "%s", paths_default_catalogue());
	CU_ASSERT_TRUE(*data != '\0' && *catalogue != '\0');
	setenv("VIGIE_DATA", "", 1);
	setenv("VIGIE_CATALOGUE", "", 1);
	CU_ASSERT_STRING_EQUAL(paths_data_directory(), data);
	CU_ASSERT_STRING_EQUAL(paths_default_catalogue(), catalogue);
}

static void
the_catalogue_is_given_whether_it_exists_or_not(void)
{
	setenv("VIGIE_CATALOGUE", "/no/such/catalogue", 1);
	CU_ASSERT_STRING_EQUAL(paths_default_catalogue(), "/no/such/catalogue");
}

static void
the_rules_are_given_whether_they_exist_or_not(void)
{
	setenv("VIGIE_RULES", "/no/such/rules", 1);
	CU_ASSERT_STRING_EQUAL(paths_default_rules(), "/no/such/rules");
	setenv("VIGIE_RULES", "", 1);
	CU_ASSERT_STRING_NOT_EQUAL(paths_default_rules(), "");
	unsetenv("VIGIE_RULES");
}

static void
the_key_lies_where_the_state_lies(void)
{
	setenv("VIGIE_STATE", "/srv/state", 1);
	CU_ASSERT_STRING_EQUAL(paths_default_key_file(), "/srv/state/site.key");
	unsetenv("VIGIE_STATE");
	setenv("XDG_STATE_HOME", "/home/me/state", 1);
	bool root = geteuid() == 0;
	CU_ASSERT_STRING_EQUAL(paths_default_key_file(),
			       root ? "/var/lib/vigie/site.key" : "/home/me/state/vigie/site.key");
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/home/me", 1);
	CU_ASSERT_STRING_EQUAL(paths_default_key_file(),
			       root ? "/var/lib/vigie/site.key"
				    : "/home/me/.local/state/vigie/site.key");
	unsetenv("HOME");
	CU_ASSERT_STRING_EQUAL(paths_default_key_file(), "/var/lib/vigie/site.key");
}

static void
a_name_too_long_for_a_path_is_no_file(void)
{
	static char name[8192];

	memset(name, 'a', sizeof(name) - 1);
	setenv("VIGIE_DATA", name, 1);
	CU_ASSERT_PTR_NULL(paths_default_table());
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(data_is_looked_for_where_the_environment_says),
		CASE(an_empty_variable_is_none),
		CASE(the_catalogue_is_given_whether_it_exists_or_not),
		CASE(the_rules_are_given_whether_they_exist_or_not),
		CASE(the_key_lies_where_the_state_lies),
		CASE(a_name_too_long_for_a_path_is_no_file),
	};
	strcpy(folder, "/tmp/vigie-paths-XXXXXX");
	if (mkdtemp(folder) == NULL) {
		printf("Bail out! no folder of our own\n");
		return 1;
	}
	int status = unit_run("paths", cases, sizeof(cases) / sizeof(*cases));
	rmdir(folder);
	return status;
}
