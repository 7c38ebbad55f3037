/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of files is tested through test_flow_writer.c; here are lines and the way to add
 * them. */
#include "dashboard-export/line_writer.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_line_writer.XXXXXX";
static char path[128];

/* All that is in the file; to be freed. */
static char *
read_file(size_t *len)
{
	FILE *in = fopen(path, "r");
	size_t room = 4u << 20;
	char *text = malloc(room);

	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	*len = fread(text, 1, room, in);
	fclose(in);
	return text;
}

static bool
file_is(const char *expected)
{
	size_t len;
	char *text = read_file(&len);
	bool same = len == strlen(expected) && memcmp(text, expected, len) == 0;

	free(text);
	return same;
}

static struct line_writer *
open_writer(struct line_writer *(*open)(const char *, int *))
{
	int error = 1;
	struct line_writer *w = open(path, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(error, 0);
	return w;
}

static void
both_ways_to_add_keep_the_order(void)
{
	struct line_writer *w = open_writer(line_writer_open);

	CU_ASSERT_EQUAL(line_writer_add(w, "one\n", 4), 0);
	memcpy(line_writer_reserve(w, 100), "two\n", 4);
	CU_ASSERT_EQUAL(line_writer_commit(w, 4), 0);
	(void)line_writer_reserve(w, LINE_WRITER_LINE_MAX); /* nothing comes of it */
	CU_ASSERT_EQUAL(line_writer_add(w, "three\n", 6), 0);
	CU_ASSERT_EQUAL(line_writer_close(w), 0);
	CU_ASSERT(file_is("one\ntwo\nthree\n"));
	unlink(path);
}

/* More than the buffer holds, in lines as long as they may be. */
static void
the_longest_lines_arrive_whole(void)
{
	struct line_writer *w = open_writer(line_writer_open);
	char *line = malloc(LINE_WRITER_LINE_MAX);
	size_t len, wrong = 0;

	for (unsigned i = 0; i < 20; i++) {
		memset(line, 'a' + (int)i, LINE_WRITER_LINE_MAX);
		CU_ASSERT_EQUAL(line_writer_add(w, line, LINE_WRITER_LINE_MAX), 0);
	}
	CU_ASSERT_EQUAL(line_writer_close(w), 0);
	char *text = read_file(&len);
	CU_ASSERT_EQUAL_FATAL(len, 20 * (size_t)LINE_WRITER_LINE_MAX);
	for (size_t i = 0; i < len; i++)
		wrong += text[i] != 'a' + (int)(i / LINE_WRITER_LINE_MAX);
	CU_ASSERT_EQUAL(wrong, 0);
	free(text);
	free(line);
	unlink(path);
}

static void
appended_lines_can_be_followed(void)
{
	struct line_writer *w = open_writer(line_writer_open_append);

	CU_ASSERT_EQUAL(line_writer_add(w, "one\n", 4), 0);
	CU_ASSERT_EQUAL(line_writer_flush(w), 0);
	CU_ASSERT(file_is("one\n"));
	CU_ASSERT_EQUAL(line_writer_close(w), 0);
	w = open_writer(line_writer_open_append);
	CU_ASSERT_EQUAL(line_writer_add(w, "two\n", 4), 0);
	CU_ASSERT_EQUAL(line_writer_close(w), 0);
	CU_ASSERT(file_is("one\ntwo\n"));
	unlink(path);
}

/* A crash has left half a line: what follows must not become a part of it. */
static void
behind_a_torn_line_a_new_one_is_begun(void)
{
	FILE *torn = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(torn);
	fputs("one\ntw", torn);
	fclose(torn);
	struct line_writer *w = open_writer(line_writer_open_append);
	CU_ASSERT_EQUAL(line_writer_add(w, "three\n", 6), 0);
	CU_ASSERT_EQUAL(line_writer_close(w), 0);
	CU_ASSERT(file_is("one\ntw\nthree\n"));
	unlink(path);
}

static void
after_an_error_nothing_more_is_written(void)
{
	int error = 0;
	struct line_writer *w = line_writer_open("/dev/full", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(line_writer_add(w, "x\n", 2), 0);
	CU_ASSERT_EQUAL(line_writer_flush(w), -ENOSPC);
	CU_ASSERT_EQUAL(line_writer_add(w, "x\n", 2), -ENOSPC);
	(void)line_writer_reserve(w, 2);
	CU_ASSERT_EQUAL(line_writer_commit(w, 2), -ENOSPC);
	CU_ASSERT_EQUAL(line_writer_close(w), -ENOSPC);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"both_ways_to_add_keep_the_order", both_ways_to_add_keep_the_order},
		{"the_longest_lines_arrive_whole", the_longest_lines_arrive_whole},
		{"appended_lines_can_be_followed", appended_lines_can_be_followed},
		{"behind_a_torn_line_a_new_one_is_begun", behind_a_torn_line_a_new_one_is_begun},
		{"after_an_error_nothing_more_is_written", after_an_error_nothing_more_is_written},
	};

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/lines", folder);
	int status = unit_run("line_writer", cases, sizeof(cases) / sizeof(*cases));
	rmdir(folder);
	return status;
}
