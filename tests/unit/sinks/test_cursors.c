/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/cursors.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOURNAL "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

static char folder[64], journal_path[96], path[112];

static void
make_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/vigie-cursors-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	(void)snprintf(journal_path, sizeof(journal_path), "%s/j.db", folder);
	(void)snprintf(path, sizeof(path), "%s.cursors", journal_path);
}

/* Returns how many files were in it. */
static unsigned
remove_folder(void)
{
	DIR *files = opendir(folder);
	struct dirent *entry;
	unsigned count = 0;

	while ((entry = readdir(files)) != NULL)
		count += unlinkat(dirfd(files), entry->d_name, 0) == 0;
	(void)closedir(files);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	return count;
}

static struct cursors *
open_cursors(bool *damaged)
{
	char why[256];
	struct cursors *c = cursors_open(journal_path, damaged, why);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	return c;
}

static void
a_cursor_is_kept_with_all_its_figures(void)
{
	bool damaged;
	struct stat status;
	struct sink_cursor put = {
		.sink = "soc",
		.journal = JOURNAL,
		.acknowledged = 1,
		.delivered = 2,
		.refused = 3,
		.filtered = 4,
		.flows_delivered = 5,
		.flows_dropped = 6,
		.last_success_ns = 7,
		.failing_since_ns = 8,
		.attempts = 9,
		.updated_ns = 10,
		.rate = 11,
		.last_error = "nobody listens",
		.last_error_ns = 12,
	};
	struct sink_cursor got;

	make_folder();
	struct cursors *c = open_cursors(&damaged);
	CU_ASSERT_FALSE(damaged);
	CU_ASSERT_EQUAL(cursors_get(c, "soc", JOURNAL, &got), 0);
	CU_ASSERT_EQUAL(got.acknowledged, 0);
	CU_ASSERT_EQUAL(cursors_put(c, &put), 0);
	cursors_close(c);
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
	c = open_cursors(&damaged);
	CU_ASSERT_EQUAL(cursors_get(c, "soc", JOURNAL, &got), 1);
	CU_ASSERT_EQUAL(memcmp(&put, &got, sizeof(put)), 0);
	CU_ASSERT_EQUAL(cursors_get(c, "soc", OTHER, &got), 0);
	CU_ASSERT_EQUAL(cursors_get(c, "other", JOURNAL, &got), 0);
	cursors_close(c);
	(void)remove_folder();
}

static void
the_head_is_the_highest_that_anybody_noted(void)
{
	bool damaged;
	char id[JOURNAL_ID_LEN + 1];
	uint64_t sequence;
	struct sink_cursor cursor = {.sink = "soc", .journal = JOURNAL, .acknowledged = 50};

	make_folder();
	struct cursors *c = open_cursors(&damaged);
	CU_ASSERT_EQUAL(cursors_find_head(c, id, &sequence), 0);
	CU_ASSERT_EQUAL(cursors_note_head(c, JOURNAL, 40), 0);
	CU_ASSERT_EQUAL(cursors_find_head(c, id, &sequence), 1);
	CU_ASSERT_EQUAL(sequence, 40);
	CU_ASSERT_STRING_EQUAL(id, JOURNAL);
	CU_ASSERT_EQUAL(cursors_put(c, &cursor), 0);
	CU_ASSERT_EQUAL(cursors_find_head(c, id, &sequence), 1);
	CU_ASSERT_EQUAL(sequence, 50);
	cursors_close(c);
	(void)remove_folder();
}

static void
a_damaged_file_is_set_aside(void)
{
	bool damaged;

	make_folder();
	FILE *out = fopen(path, "w");
	fputs("this is no database, but it is long enough to look like a header of one....."
	      "............................................................",
	      out);
	(void)fclose(out);
	struct cursors *c = open_cursors(&damaged);
	CU_ASSERT_TRUE(damaged);
	cursors_close(c);
	CU_ASSERT_EQUAL(remove_folder(), 2);
}

static void
reading_makes_nothing(void)
{
	char why[256];
	bool damaged;
	struct sink_cursor got;

	make_folder();
	CU_ASSERT_PTR_NULL(cursors_open_read(journal_path, why));
	CU_ASSERT_EQUAL(errno, ENOENT);
	struct cursors *writer = open_cursors(&damaged);
	struct sink_cursor put = {.sink = "soc", .journal = JOURNAL, .acknowledged = 5};
	CU_ASSERT_EQUAL(cursors_put(writer, &put), 0);
	struct cursors *reader = cursors_open_read(journal_path, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_EQUAL(cursors_get(reader, "soc", JOURNAL, &got), 1);
	CU_ASSERT_EQUAL(got.acknowledged, 5);
	cursors_close(reader);
	cursors_close(writer);
	(void)remove_folder();
}

static const struct unit_case cases[] = {
	{"a_cursor_is_kept_with_all_its_figures", a_cursor_is_kept_with_all_its_figures},
	{"the_head_is_the_highest_that_anybody_noted", the_head_is_the_highest_that_anybody_noted},
	{"a_damaged_file_is_set_aside", a_damaged_file_is_set_aside},
	{"reading_makes_nothing", reading_makes_nothing},
};

int
main(void)
{
	return unit_run("cursors", cases, sizeof(cases) / sizeof(*cases));
}
