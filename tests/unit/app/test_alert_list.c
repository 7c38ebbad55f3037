/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert_list.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/app/alert_rows.h"
#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ID(digit) "0000000000000000000000000000000" digit

static struct journal_fixture fixture;
static volatile sig_atomic_t stop;

/* One alert that rose and fell, one that stayed, one of another zone. */
static const struct alert_row rows[] = {
	{ID("1"), SEVERITY_LOW, "ECO-USA", "licences", "a", "m"},
	{ID("2"), SEVERITY_HIGH, "ECO-USA", "licences", "b", "m"},
	{ID("1"), SEVERITY_CRITICAL, "ECO-USA", "licences", "a", "m"},
	{ID("3"), SEVERITY_MEDIUM, "INT-USA", "rh", "c", "m"},
	{ID("1"), SEVERITY_MEDIUM, "ECO-USA", "licences", "a", "m"},
};

static struct journal *
open_journal(void)
{
	struct journal_opening opening;

	return journal_fixture_open(&fixture, &opening);
}

/* A new folder with a journal of the rows. */
static void
begin(void)
{
	journal_fixture_init(&fixture);
	struct journal *journal = open_journal();
	for (size_t i = 0; i < COUNT(rows); i++)
		alert_row_append(journal, &rows[i]);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
}

static struct journal_reader *
open_reader(void)
{
	char why[256];
	struct journal_reader *reader = journal_reader_open(fixture.path, why);

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	return reader;
}

/* Numbers of the rows that are shown, in their order: "3 4 5". */
static struct alert_list_result
list(struct alert_list_query query, char numbers[64])
{
	struct alert_list_result result;
	struct journal_reader *reader = open_reader();
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct alert_output output = {.format = &alert_output_json, .out = out};

	query.path = fixture.path;
	CU_ASSERT_EQUAL_FATAL(alert_list_show(reader, &query, &output, &stop, &result), 0);
	fclose(out);
	journal_reader_close(reader);
	*numbers = '\0';
	for (char *at = text; (at = strstr(at, "\"sequence\":")) != NULL;) {
		at += strlen("\"sequence\":");
		snprintf(numbers + strlen(numbers), 64 - strlen(numbers), "%s%lu",
			 *numbers != '\0' ? " " : "", strtoul(at, NULL, 10));
	}
	free(text);
	return result;
}

static void
rows_are_chosen_by_what_is_asked(void)
{
	static const struct {
		struct alert_list_query query;
		const char *numbers;
	} cases[] = {
		{{0}, "2 4 5"},
		{{.all = true}, "1 2 3 4 5"},
		/* What was critical is medium by now. */
		{{.minimum = SEVERITY_HIGH}, "2"},
		{{.minimum = SEVERITY_HIGH, .all = true}, "2 3"},
		{{.rule = "INT-USA"}, "4"},
		{{.rule = "INT"}, ""},
		{{.zone = "licences"}, "2 5"},
		{{.id_prefix = "00000000"}, "2 4 5"},
		{{.id_prefix = ID("2")}, "2"},
		{{.id_prefix = "1"}, ""},
		{{.limit = 2}, "4 5"},
		{{.limit = 2, .all = true}, "4 5"},
		{{.limit = 1, .minimum = SEVERITY_HIGH, .all = true}, "3"},
		{{.limit = 9}, "2 4 5"},
		{{.since_ns = UINT64_MAX}, ""},
		{{.until_ns = 1}, ""},
		{{.until_ns = UINT64_MAX}, "2 4 5"},
	};

	begin();
	for (size_t i = 0; i < COUNT(cases); i++) {
		char numbers[64];
		struct alert_list_result result = list(cases[i].query, numbers);
		CU_ASSERT_STRING_EQUAL(numbers, cases[i].numbers);
		CU_ASSERT_EQUAL(result.last, COUNT(rows));
		CU_ASSERT_EQUAL(result.unreadable, 0);
	}
	journal_fixture_fini(&fixture);
}

static void
what_the_limit_left_out_is_counted(void)
{
	char numbers[64];

	begin();
	struct alert_list_result result =
		list((struct alert_list_query){.limit = 1, .all = true}, numbers);

	CU_ASSERT_EQUAL(result.shown, 1);
	CU_ASSERT_EQUAL(result.left_out, 4);
	journal_fixture_fini(&fixture);
}

static void
rows_that_are_no_alerts_are_passed_over(void)
{
	char numbers[64];

	begin();
	struct journal *journal = open_journal();
	journal_fixture_append(journal, 100, 102); /* {"number":100} */
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	struct alert_list_result result = list((struct alert_list_query){0}, numbers);
	CU_ASSERT_STRING_EQUAL(numbers, "2 4 5");
	CU_ASSERT_EQUAL(result.unreadable, 3);
	journal_fixture_fini(&fixture);
}

/* A file, since it is looked at while it is written. */
struct following {
	pthread_t thread;
	char path[128];
	FILE *out;
	int error;
};

static void *
follow(void *context)
{
	struct following *f = context;
	struct alert_list_query query = {.path = fixture.path};
	struct alert_output output = {.format = &alert_output_json, .out = f->out};
	struct journal_reader *reader = open_reader();
	struct alert_list_result result;

	f->error = alert_list_show(reader, &query, &output, &stop, &result);
	if (f->error == 0)
		f->error = alert_list_follow(&reader, &query, &output, &stop, &result);
	journal_reader_close(reader);
	return NULL;
}

static void
begin_following(struct following *f)
{
	stop = 0;
	snprintf(f->path, sizeof(f->path), "%s/followed", fixture.folder);
	f->out = fopen(f->path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->out);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&f->thread, NULL, follow, f), 0);
}

static size_t
count_lines(const char *path)
{
	FILE *in = fopen(path, "r");
	size_t lines = 0;

	for (int c; (c = fgetc(in)) != EOF;)
		lines += c == '\n';
	fclose(in);
	return lines;
}

static void
wait_for_lines(const struct following *f, size_t count)
{
	for (unsigned i = 0; i < 1500 && count_lines(f->path) < count; i++)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	CU_ASSERT_EQUAL(count_lines(f->path), count);
}

static void
end_following(struct following *f)
{
	stop = 1;
	pthread_join(f->thread, NULL);
	CU_ASSERT_EQUAL(f->error, 0);
	fclose(f->out);
	stop = 0;
}

static void
what_comes_is_shown_each_time(void)
{
	struct following f;

	begin();
	begin_following(&f);
	wait_for_lines(&f, 3);
	struct journal *journal = open_journal();
	alert_row_append(journal, &rows[0]);
	wait_for_lines(&f, 4);
	alert_row_append(journal, &rows[0]);
	alert_row_append(journal, &rows[3]);
	wait_for_lines(&f, 6);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	end_following(&f);
	journal_fixture_fini(&fixture);
}

/* As a start does with a damaged one. */
static void
move_aside(void)
{
	static const char *const endings[] = {"-wal", "-shm", ""};

	for (size_t i = 0; i < COUNT(endings); i++) {
		char from[256], to[256];
		snprintf(from, sizeof(from), "%s%s", fixture.path, endings[i]);
		snprintf(to, sizeof(to), "%s.damaged%s", fixture.path, endings[i]);
		CU_ASSERT_TRUE(rename(from, to) == 0 || errno == ENOENT);
	}
}

static void
a_new_journal_in_the_old_ones_place_is_followed(void)
{
	struct following f;

	begin();
	begin_following(&f);
	wait_for_lines(&f, 3);
	move_aside();
	struct journal *journal = open_journal();
	alert_row_append(journal, &rows[0]);
	wait_for_lines(&f, 4);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	end_following(&f);
	journal_fixture_fini(&fixture);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"rows_are_chosen_by_what_is_asked", rows_are_chosen_by_what_is_asked},
		{"what_the_limit_left_out_is_counted", what_the_limit_left_out_is_counted},
		{"rows_that_are_no_alerts_are_passed_over",
		 rows_that_are_no_alerts_are_passed_over},
		{"what_comes_is_shown_each_time", what_comes_is_shown_each_time},
		{"a_new_journal_in_the_old_ones_place_is_followed",
		 a_new_journal_in_the_old_ones_place_is_followed},
	};
	return unit_run("alert_list", cases, COUNT(cases));
}
