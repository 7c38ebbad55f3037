/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/file_rotation.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOON 1796126400 /* 2026-12-01T12:00:00Z */

static const char *folder;

static bool
exists(const char *name)
{
	return access(sink_sample_path(folder, name), F_OK) == 0;
}

/* Puts a file of that content aside. */
static int
put_aside(const char *content, int64_t time_s, uint32_t keep)
{
	const char *path = sink_sample_path(folder, "a.log");

	sink_sample_write(path, content);
	return file_rotation_put_aside(path, time_s, keep);
}

static bool
holds(const char *name, const char *content)
{
	char *text = sink_sample_read(sink_sample_path(folder, name), NULL);
	bool same = text != NULL && strcmp(text, content) == 0;

	free(text);
	return same;
}

static void
files_are_named_by_the_time(void)
{
	folder = sink_sample_folder();
	CU_ASSERT_EQUAL(put_aside("1", NOON, 10), 0);
	CU_ASSERT_EQUAL(put_aside("2", NOON, 10), 0);
	CU_ASSERT_EQUAL(put_aside("3", NOON, 10), 0);
	CU_ASSERT_EQUAL(put_aside("4", NOON + 86399, 10), 0);
	CU_ASSERT_FALSE(exists("a.log"));
	CU_ASSERT_TRUE(holds("a.log.20261201T120000Z", "1"));
	CU_ASSERT_TRUE(holds("a.log.20261201T120000Z-1", "2"));
	CU_ASSERT_TRUE(holds("a.log.20261201T120000Z-2", "3"));
	CU_ASSERT_TRUE(holds("a.log.20261202T115959Z", "4"));
}

static void
the_newest_are_kept(void)
{
	folder = sink_sample_folder();
	for (unsigned i = 0; i < 12; i++)
		CU_ASSERT_EQUAL(put_aside("x", NOON, 100), 0);
	CU_ASSERT_EQUAL(put_aside("y", NOON - 1, 100), 0);
	CU_ASSERT_EQUAL(put_aside("z", NOON + 1, 3), 0);
	CU_ASSERT_TRUE(exists("a.log.20261201T120001Z"));
	CU_ASSERT_TRUE(exists("a.log.20261201T120000Z-11"));
	CU_ASSERT_TRUE(exists("a.log.20261201T120000Z-10"));
	CU_ASSERT_FALSE(exists("a.log.20261201T120000Z-9"));
	CU_ASSERT_FALSE(exists("a.log.20261201T120000Z"));
	CU_ASSERT_FALSE(exists("a.log.20261201T115959Z"));
	CU_ASSERT_EQUAL(put_aside("z", NOON + 2, 0), 0);
	CU_ASSERT_FALSE(exists("a.log.20261201T120002Z"));
}

static void
files_of_others_stay(void)
{
	static const char *const others[] = {
		"a.log.1",
		"a.log.20200101T000000Z.gz",
		"a.log.20200101T000000",
		"a.log.20200101T000000Z-",
		"a.log.20200101T000000Z-01",
		"a.log.20200101T000000Z-x",
		"a.log.20200101T000000Z-1.gz",
		"a.log.2020",
		"a.log.",
		"a.logx20200101T000000Z",
		"b.log.20200101T000000Z",
		"a.log.20200101T000000Z-99999",
	};

	folder = sink_sample_folder();
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		sink_sample_write(sink_sample_path(folder, others[i]), "");
	sink_sample_write(sink_sample_path(folder, "a.log.20200101T000000Z"), "");
	CU_ASSERT_EQUAL(put_aside("x", NOON, 1), 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		CU_ASSERT_TRUE(exists(others[i]));
	CU_ASSERT_FALSE(exists("a.log.20200101T000000Z"));
}

/* Nothing is overwritten: a link to another file neither. */
static void
names_that_are_taken_are_left_alone(void)
{
	folder = sink_sample_folder();
	CU_ASSERT_EQUAL_FATAL(
		symlink("/nowhere", sink_sample_path(folder, "a.log.20261201T120000Z")), 0);
	CU_ASSERT_EQUAL(put_aside("1", NOON, 10), 0);
	CU_ASSERT_TRUE(holds("a.log.20261201T120000Z-1", "1"));
}

static void
what_cannot_be_renamed_is_an_error(void)
{
	char longest[5000];

	folder = sink_sample_folder();
	CU_ASSERT_EQUAL(file_rotation_put_aside(sink_sample_path(folder, "none"), NOON, 1),
			-ENOENT);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CU_ASSERT_EQUAL(file_rotation_put_aside(longest, NOON, 1), -ENAMETOOLONG);
	CU_ASSERT_EQUAL(file_rotation_sync_folder(sink_sample_path(folder, "none")), 0);
	CU_ASSERT_EQUAL(file_rotation_sync_folder("none"), 0);
	CU_ASSERT_EQUAL(file_rotation_sync_folder("/none"), 0);
	CU_ASSERT_EQUAL(file_rotation_sync_folder("/none/none"), -ENOENT);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"files_are_named_by_the_time", files_are_named_by_the_time},
		{"the_newest_are_kept", the_newest_are_kept},
		{"files_of_others_stay", files_of_others_stay},
		{"names_that_are_taken_are_left_alone", names_that_are_taken_are_left_alone},
		{"what_cannot_be_renamed_is_an_error", what_cannot_be_renamed_is_an_error},
	};
	return unit_run("file_rotation", cases, sizeof(cases) / sizeof(*cases));
}
