/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_writer.h"

#include "dashboard-export/flow_json.h"
#include "tests/unit/dashboard-export/sample_flow.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough lines to pass the buffer several times. */
#define MANY 5000

static char folder[] = "/tmp/test_flow_writer.XXXXXX";
static char path[128];
static char line[FLOW_JSON_MAX];
static size_t line_len;
static struct sample_flow sample;

static size_t
entries_of_folder(void)
{
	size_t count = 0;
	DIR *dir = opendir(folder);

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}

/* The name of the one temporary file; its last number when it is gone. */
static unsigned
find_temporary(char name[320])
{
	DIR *dir = opendir(folder);
	unsigned number = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		const char *dash = strrchr(entry->d_name, '-');
		if (strstr(entry->d_name, ".partial.") == NULL || dash == NULL)
			continue;
		snprintf(name, 320, "%s/%s", folder, entry->d_name);
		number = (unsigned)strtoul(dash + 1, NULL, 10);
	}
	closedir(dir);
	CU_ASSERT_NOT_EQUAL(number, 0);
	return number;
}

static void
write_file(const char *file, const char *text, mode_t mode)
{
	FILE *out = fopen(file, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
	CU_ASSERT_EQUAL(chmod(file, mode), 0);
}

/* Whether the stream holds `count` times the sample's line and nothing else. */
static bool
holds_lines(FILE *in, size_t count)
{
	static char read_back[FLOW_JSON_MAX];
	bool same = true;

	for (size_t i = 0; i < count && same; i++)
		same = fread(read_back, 1, line_len, in) == line_len &&
		       memcmp(read_back, line, line_len) == 0;
	return same && fgetc(in) == EOF;
}

static bool
file_holds_lines(const char *file, size_t count)
{
	FILE *in = fopen(file, "r");

	if (in == NULL)
		return false;
	bool same = holds_lines(in, count);
	fclose(in);
	return same;
}

static mode_t
mode_of(const char *file)
{
	struct stat info = {0};

	CU_ASSERT_EQUAL(stat(file, &info), 0);
	return info.st_mode & 0777;
}

static struct flow_writer *
open_writer(const char *file)
{
	int error = 1;
	struct flow_writer *w = flow_writer_open(file, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(error, 0);
	return w;
}

static void
add_lines(struct flow_writer *w, size_t count)
{
	for (size_t i = 0; i < count; i++)
		CU_ASSERT_EQUAL(flow_writer_add(w, &sample.flow), 0);
}

static void
the_file_appears_when_it_is_whole(void)
{
	struct flow_writer *w = open_writer(path);

	add_lines(w, MANY);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(entries_of_folder(), 1);
	CU_ASSERT_EQUAL(flow_writer_close(w), 0);
	CU_ASSERT_EQUAL(entries_of_folder(), 1);
	CU_ASSERT(file_holds_lines(path, MANY));
	CU_ASSERT_EQUAL(mode_of(path) & 0007, 0); /* nobody else reads it */
	unlink(path);
}

static void
no_flows_give_an_empty_file(void)
{
	CU_ASSERT_EQUAL(flow_writer_close(open_writer(path)), 0);
	CU_ASSERT(file_holds_lines(path, 0));
	unlink(path);
}

static void
a_file_is_replaced_and_keeps_its_permissions(void)
{
	write_file(path, "old", 0604);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 1);
	CU_ASSERT(!file_holds_lines(path, 1));
	CU_ASSERT_EQUAL(flow_writer_close(w), 0);
	CU_ASSERT(file_holds_lines(path, 1));
	CU_ASSERT_EQUAL(mode_of(path), 0604);
	unlink(path);
}

static void
a_link_stays_a_link_to_the_new_file(void)
{
	char target[160];
	struct stat info;

	snprintf(target, sizeof(target), "%s.target", path);
	write_file(target, "old", 0600);
	CU_ASSERT_EQUAL(symlink(target, path), 0);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 2);
	CU_ASSERT_EQUAL(flow_writer_close(w), 0);
	CU_ASSERT_EQUAL(lstat(path, &info), 0);
	CU_ASSERT(S_ISLNK(info.st_mode));
	CU_ASSERT(file_holds_lines(target, 2));
	unlink(path);
	unlink(target);
}

static void
a_leftover_of_the_same_process_id_is_replaced(void)
{
	char leftover[320];

	struct flow_writer *before = open_writer(path);
	unsigned number = find_temporary(leftover);
	CU_ASSERT_EQUAL(flow_writer_close(before), 0);
	snprintf(leftover, sizeof(leftover), "%s.partial.%ld-%u", path, (long)getpid(), number + 1);
	write_file(leftover, "half a line", 0600);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 1);
	CU_ASSERT_EQUAL(flow_writer_close(w), 0);
	CU_ASSERT(file_holds_lines(path, 1));
	CU_ASSERT_EQUAL(entries_of_folder(), 1);
	unlink(path);
}

static void
paths_that_cannot_be_written_are_refused(void)
{
	int error = 0;

	CU_ASSERT_PTR_NULL(flow_writer_open("/nonexistent/flows.json", &error));
	CU_ASSERT_EQUAL(error, -ENOENT);
	CU_ASSERT_PTR_NULL(flow_writer_open(folder, &error));
	CU_ASSERT_EQUAL(error, -EISDIR);
}

/* /dev/full takes no byte; it is no regular file, so it is written directly. */
static void
a_full_disk_is_told_and_stays_told(void)
{
	struct flow_writer *w = open_writer("/dev/full");
	int first = 0;

	for (size_t i = 0; i < MANY && first == 0; i++)
		first = flow_writer_add(w, &sample.flow);
	CU_ASSERT_EQUAL(first, -ENOSPC);
	CU_ASSERT_EQUAL(flow_writer_add(w, &sample.flow), -ENOSPC);
	CU_ASSERT_EQUAL(flow_writer_close(w), -ENOSPC);
}

/* The last lines are written by close alone. */
static void
close_tells_of_lines_that_did_not_arrive(void)
{
	struct flow_writer *w = open_writer("/dev/full");

	add_lines(w, 1);
	CU_ASSERT_EQUAL(flow_writer_close(w), -ENOSPC);
}

/* Whoever opens one twice loses lines, but never half of a line. */
static void
two_writers_of_one_file_do_not_share_the_temporary_one(void)
{
	struct flow_writer *first = open_writer(path);
	struct flow_writer *second = open_writer(path);

	CU_ASSERT_EQUAL(entries_of_folder(), 2);
	add_lines(first, 1);
	add_lines(second, 2);
	CU_ASSERT_EQUAL(flow_writer_close(first), 0);
	CU_ASSERT_EQUAL(flow_writer_close(second), 0);
	CU_ASSERT(file_holds_lines(path, 2));
	CU_ASSERT_EQUAL(entries_of_folder(), 1);
	unlink(path);
}

static void
after_a_failure_the_old_file_still_stands(void)
{
	char temporary[320];
	char text[4] = "";

	write_file(path, "old", 0600);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 1);
	/* Without its temporary name the file cannot be renamed. */
	(void)find_temporary(temporary);
	CU_ASSERT_EQUAL(unlink(temporary), 0);
	CU_ASSERT_EQUAL(flow_writer_close(w), -ENOENT);
	FILE *in = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	CU_ASSERT_EQUAL(fread(text, 1, 3, in), 3);
	fclose(in);
	CU_ASSERT_STRING_EQUAL(text, "old");
	unlink(path);
}

static void
a_pipe_is_written_directly(void)
{
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	CU_ASSERT_FATAL(reader >= 0);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 3);
	CU_ASSERT_EQUAL(flow_writer_close(w), 0);
	FILE *in = fdopen(reader, "r");
	CU_ASSERT(holds_lines(in, 3));
	fclose(in);
	CU_ASSERT_EQUAL(entries_of_folder(), 1);
	unlink(path);
}

static void
a_reader_that_went_away_is_told(void)
{
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	CU_ASSERT_FATAL(reader >= 0);
	struct flow_writer *w = open_writer(path);
	add_lines(w, 1);
	close(reader);
	CU_ASSERT_EQUAL(flow_writer_close(w), -EPIPE);
	unlink(path);
}

/* Standard output is turned into a file for the time of the case; it stays open behind it. */
static void
a_dash_is_standard_output(void)
{
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CU_ASSERT_FATAL(kept >= 0 && file >= 0);
	dup2(file, STDOUT_FILENO);
	struct flow_writer *w = open_writer("-");
	add_lines(w, 2);
	int closed = flow_writer_close(w);
	int still_open = fcntl(STDOUT_FILENO, F_GETFD);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	close(file);
	CU_ASSERT_EQUAL(closed, 0);
	CU_ASSERT(still_open >= 0);
	CU_ASSERT(file_holds_lines(path, 2));
	unlink(path);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"the_file_appears_when_it_is_whole", the_file_appears_when_it_is_whole},
		{"no_flows_give_an_empty_file", no_flows_give_an_empty_file},
		{"a_file_is_replaced_and_keeps_its_permissions",
		 a_file_is_replaced_and_keeps_its_permissions},
		{"a_link_stays_a_link_to_the_new_file", a_link_stays_a_link_to_the_new_file},
		{"a_leftover_of_the_same_process_id_is_replaced",
		 a_leftover_of_the_same_process_id_is_replaced},
		{"paths_that_cannot_be_written_are_refused",
		 paths_that_cannot_be_written_are_refused},
		{"a_full_disk_is_told_and_stays_told", a_full_disk_is_told_and_stays_told},
		{"close_tells_of_lines_that_did_not_arrive",
		 close_tells_of_lines_that_did_not_arrive},
		{"two_writers_of_one_file_do_not_share_the_temporary_one",
		 two_writers_of_one_file_do_not_share_the_temporary_one},
		{"after_a_failure_the_old_file_still_stands",
		 after_a_failure_the_old_file_still_stands},
		{"a_pipe_is_written_directly", a_pipe_is_written_directly},
		{"a_reader_that_went_away_is_told", a_reader_that_went_away_is_told},
		{"a_dash_is_standard_output", a_dash_is_standard_output},
	};

	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/flows.json", folder);
	sample_flow_init(&sample, "203.0.113.9");
	line_len = flow_json_format(&sample.flow, line);
	int status = unit_run("flow_writer", cases, sizeof(cases) / sizeof(*cases));
	rmdir(folder);
	return status;
}
