/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char folder[64];
static char read_names[256]; /* last parts of the files handed over, a space behind each */

static void
take(void *context, const char *name, struct config_tree *tree)
{
	CU_ASSERT_PTR_EQUAL(context, folder);
	CU_ASSERT_PTR_NOT_NULL(tree);
	strcat(strcat(read_names, strrchr(name, '/') + 1), " ");
	config_tree_destroy(tree);
}

static void
put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void
drop(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

static void
begin(void)
{
	strcpy(folder, "/tmp/vigie-folder-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
}

/* Loads `name` of the folder ("": all of it) and gives the number of faults. */
static size_t
load(const char *name, size_t most)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char path[128];

	read_names[0] = '\0';
	snprintf(path, sizeof(path), "%s%s%s", folder, *name != '\0' ? "/" : "", name);
	config_folder_load(path, most, take, folder, &faults);
	size_t count = faults.count;
	fault_list_fini(&faults);
	return count;
}

static void
files_are_read_in_the_order_of_their_names(void)
{
	begin();
	put("b.yaml", "a: 1\n");
	put("B.yaml", "a: 1\n");
	put("a.yaml", "a: 1\n");
	put(".hidden.yaml", "a: 1\n");
	put("README.md", "no yaml: [\n");
	CU_ASSERT_EQUAL(load("", 9), 0);
	CU_ASSERT_STRING_EQUAL(read_names, "B.yaml a.yaml b.yaml ");
	CU_ASSERT_EQUAL(load("README.md", 9), 1);
	CU_ASSERT_EQUAL(load("a.yaml", 9), 0);
	CU_ASSERT_STRING_EQUAL(read_names, "a.yaml ");
	CU_ASSERT_EQUAL(load("", 2), 1);
	CU_ASSERT_STRING_EQUAL(read_names, "B.yaml a.yaml ");
	put("B.yaml", "a: [\n");
	CU_ASSERT_TRUE(load("", 9) > 0);
	CU_ASSERT_STRING_EQUAL(read_names, "a.yaml b.yaml ");
	static const char *const names[] = {"a.yaml", "b.yaml", "B.yaml", ".hidden.yaml",
					    "README.md"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		drop(names[i]);
	rmdir(folder);
}

static void
nothing_to_read_is_a_fault(void)
{
	begin();
	CU_ASSERT_EQUAL(load("", 9), 1);
	CU_ASSERT_EQUAL(load("missing.yaml", 9), 1);
	CU_ASSERT_STRING_EQUAL(read_names, "");
	rmdir(folder);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"files_are_read_in_the_order_of_their_names",
		 files_are_read_in_the_order_of_their_names},
		{"nothing_to_read_is_a_fault", nothing_to_read_is_a_fault},
	};

	return unit_run("config_folder", cases, sizeof(cases) / sizeof(*cases));
}
