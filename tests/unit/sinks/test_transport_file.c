/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder;
static char path[256];
static struct sink_config config;
static struct transport_report report;

static struct transport *
create(void)
{
	memset(&report, 0, sizeof(report));
	struct transport *t = transport_file.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	return t;
}

/* In a folder of its own, without rotation. */
static struct transport *
start(void)
{
	folder = sink_sample_folder();
	snprintf(path, sizeof(path), "%s/alerts.log", folder);
	config = sink_sample_config(NULL);
	config.path = path;
	config.keep = 100;
	return create();
}

static int
send_messages(struct transport *t, const struct outgoing *messages, size_t count)
{
	memset(&report, 0, sizeof(report));
	return transport_file.send(t, messages, count, &report);
}

static size_t
count_lines(const char *file)
{
	size_t len = 0, lines = 0;
	char *text = sink_sample_read(file, &len);

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	CU_ASSERT_TRUE(len == 0 || text[len - 1] == '\n');
	free(text);
	return lines;
}

static bool
is_exactly(const char *expected)
{
	char *text = sink_sample_read(path, NULL);
	bool same = text != NULL && strcmp(text, expected) == 0;

	if (!same)
		printf("# %s\n", text != NULL ? text : "no file");
	free(text);
	return same;
}

static void
lines_are_appended(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(3, 10);
	struct stat file;

	(void)umask(022);
	CU_ASSERT_TRUE(transport_file.acknowledges);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 2), 0);
	CU_ASSERT_EQUAL(report.accepted, 2);
	CU_ASSERT_TRUE(is_exactly("<166>1 0 a\n<166>1 1 b\n"));
	CU_ASSERT_EQUAL_FATAL(stat(path, &file), 0);
	CU_ASSERT_EQUAL(file.st_mode & 07777, 0640);
	transport_file.destroy(t);
	t = create();
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages + 2, 1), 0);
	CU_ASSERT_TRUE(is_exactly("<166>1 0 a\n<166>1 1 b\n<166>1 2 c\n"));
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
a_torn_line_is_ended_first(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(1, 10);

	sink_sample_write(path, "whole\nhal");
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_TRUE(is_exactly("whole\nhal"));
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_TRUE(is_exactly("whole\nhal\n<166>1 0 a\n"));
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
many_messages_take_several_writes(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(3000, 1000);

	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 3000), 0);
	CU_ASSERT_EQUAL(report.accepted, 3000);
	CU_ASSERT_EQUAL(count_lines(path), 3000);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
a_file_that_is_moved_away_is_made_anew(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(4, 10);

	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_EQUAL(rename(path, sink_sample_path(folder, "alerts.log.1")), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages + 1, 1), 0);
	CU_ASSERT_TRUE(is_exactly("<166>1 1 b\n"));
	CU_ASSERT_EQUAL(count_lines(sink_sample_path(folder, "alerts.log.1")), 1);
	/* Moved away and made by another (logrotate's `create`), emptied (`copytruncate`). */
	CU_ASSERT_EQUAL(unlink(path), 0);
	sink_sample_write(path, "");
	CU_ASSERT_EQUAL(send_messages(t, messages + 2, 1), 0);
	CU_ASSERT_TRUE(is_exactly("<166>1 2 c\n"));
	CU_ASSERT_EQUAL(truncate(path, 0), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages + 3, 1), 0);
	CU_ASSERT_TRUE(is_exactly("<166>1 3 d\n"));
	transport_file.destroy(t);
	sink_sample_free(messages);
}

/* Files that were put aside; all lines in them and in the file itself are counted. */
static size_t
count_aside(size_t *lines)
{
	glob_t found;
	char pattern[300];

	snprintf(pattern, sizeof(pattern), "%s.2*Z*", path);
	*lines = count_lines(path);
	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	size_t count = found.gl_pathc;
	for (size_t i = 0; i < count; i++)
		*lines += count_lines(found.gl_pathv[i]);
	globfree(&found);
	return count;
}

static void
a_full_file_is_put_aside(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(100, 99);
	size_t lines;

	config.rotate_bytes = 1000; /* ten lines */
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	for (size_t i = 0; i < 100; i += 5)
		CU_ASSERT_EQUAL(send_messages(t, messages + i, 5), 0);
	CU_ASSERT_EQUAL(count_aside(&lines), 9);
	CU_ASSERT_EQUAL(lines, 100);
	config.keep = 2;
	CU_ASSERT_EQUAL(send_messages(t, messages, 5), 0);
	CU_ASSERT_EQUAL(count_aside(&lines), 2);
	CU_ASSERT_EQUAL(lines, 25);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static bool
is_put_aside(void *context)
{
	struct outgoing *messages = sink_sample_messages(1, 99);
	size_t lines;

	CU_ASSERT_EQUAL(send_messages(context, messages, 1), 0);
	sink_sample_free(messages);
	return count_aside(&lines) > 0;
}

static void
an_old_file_is_put_aside(void)
{
	struct transport *t = start();

	config.rotate_s = 3600;
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_FALSE(is_put_aside(t));
	CU_ASSERT_FALSE(is_put_aside(t));
	config.rotate_s = 1;
	CU_ASSERT_TRUE(socket_peer_eventually(is_put_aside, t));
	CU_ASSERT_EQUAL(count_lines(path), 1);
	transport_file.destroy(t);
}

static void
a_link_stays_and_leads_to_the_new_file(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(2, 99);
	const char *elsewhere = sink_sample_folder();
	struct stat link_itself;

	config.rotate_bytes = 150;
	CU_ASSERT_EQUAL_FATAL(symlink(sink_sample_path(elsewhere, "real.log"), path), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages + 1, 1), 0);
	CU_ASSERT_EQUAL_FATAL(lstat(path, &link_itself), 0);
	CU_ASSERT_TRUE(S_ISLNK(link_itself.st_mode));
	CU_ASSERT_EQUAL(count_lines(sink_sample_path(elsewhere, "real.log")), 1);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
a_link_of_somebody_else_is_not_followed(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(2, 99);
	const char *victim = sink_sample_path(sink_sample_folder(), "victim");

	sink_sample_write(victim, "untouched\n");
	config.rotate_bytes = 150;
	config.keep = 1;
	/* While it is open, too. */
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL_FATAL(symlink(victim, path), 0);
	if (lchown(path, 65534, 65534) != 0) {
		unit_skip("only root can make links of others");
	} else {
		CU_ASSERT_EQUAL(send_messages(t, messages, 2), -EACCES);
		CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "is a link of another user"));
		CU_ASSERT_EQUAL(transport_file.connect(t, &report), -EACCES);
		size_t len;
		char *text = sink_sample_read(victim, &len);
		CU_ASSERT_STRING_EQUAL(text, "untouched\n");
		free(text);
	}
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
relative_links_and_those_of_links_are_followed(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(1, 99);

	CU_ASSERT_EQUAL_FATAL(symlink("second", path), 0);
	CU_ASSERT_EQUAL_FATAL(symlink("./third", sink_sample_path(folder, "second")), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_EQUAL(count_lines(sink_sample_path(folder, "third")), 1);
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL_FATAL(symlink("alerts.log", path), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), -ELOOP);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

/* A limit on the size of files stands for a disk that is full. */
static void
what_does_not_fit_is_taken_back(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(10, 99);
	struct rlimit before, little;

	(void)signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = before;
	little.rlim_cur = 950; /* the tenth line fits by half */
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 5), 0);
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &little), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages + 5, 5), -EFBIG);
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &before), 0);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "cannot be written: File too large"));
	CU_ASSERT_EQUAL(count_lines(path), 5);
	CU_ASSERT_EQUAL(send_messages(t, messages + 5, 5), 0);
	CU_ASSERT_EQUAL(count_lines(path), 10);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
who_holds_the_lock_is_waited_for(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(1, 10);

	config.timeout_s = 1;
	sink_sample_write(path, "");
	int other = open(path, O_RDONLY);
	CU_ASSERT_EQUAL_FATAL(flock(other, LOCK_EX), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "another process holds its lock (flock)"));
	CU_ASSERT_PTR_NULL(strstr(report.answer, "timed out"));
	sink_sample_tell_stop(true);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), -ECANCELED);
	sink_sample_tell_stop(false);
	CU_ASSERT_EQUAL(close(other), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_TRUE(is_exactly("<166>1 0 a\n"));
	transport_file.destroy(t);
	sink_sample_free(messages);
}

/* Two of them, as `vigie sink test` beside `vigie run`, with a rotation every few lines. */
static void
several_processes_may_write(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(400, 99);
	size_t lines;
	int status = 1;

	config.keep = 10000;
	config.rotate_bytes = 2000;
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	pid_t child = fork();
	if (child == 0) {
		struct transport *other = create();
		int error = transport_file.connect(other, &report);
		for (size_t i = 0; i < 400 && error == 0; i++)
			error = send_messages(other, messages + i, 1);
		if (error != 0)
			fprintf(stderr, "# %s\n", report.answer);
		_exit(error == 0 ? 0 : 1);
	}
	for (size_t i = 0; i < 400; i++)
		CU_ASSERT_EQUAL(send_messages(t, messages + i, 1), 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_TRUE(count_aside(&lines) >= 39);
	CU_ASSERT_EQUAL(lines, 800);
	transport_file.destroy(t);
	sink_sample_free(messages);
}

static void
what_is_no_file_is_told(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(1, 10);

	CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "this is no file to write lines into"));
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL_FATAL(mkdir(path, 0700), 0);
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), -EISDIR);
	config.path = "/no/such/folder/alerts.log";
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), -ENOENT);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(report.answer, "/no/such/folder/alerts.log: cannot be opened"));
	config.path = NULL;
	CU_ASSERT_PTR_NULL(transport_file.create(&config, sink_sample_stop(), report.answer));
	transport_file.destroy(t);
	transport_file.destroy(NULL);
	sink_sample_free(messages);
}

static void
messages_that_no_format_makes_are_refused(void)
{
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(3, 2u << 20);

	messages[0].len = messages[2].len = 10;
	CU_ASSERT_EQUAL(transport_file.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 3), 0);
	CU_ASSERT_EQUAL(report.accepted, 3);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_TRUE(is_exactly("<166>1 0 a\n<166>1 2 c\n"));
	transport_file.destroy(t);
	sink_sample_free(messages);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_are_appended", lines_are_appended},
		{"a_torn_line_is_ended_first", a_torn_line_is_ended_first},
		{"many_messages_take_several_writes", many_messages_take_several_writes},
		{"a_file_that_is_moved_away_is_made_anew", a_file_that_is_moved_away_is_made_anew},
		{"a_full_file_is_put_aside", a_full_file_is_put_aside},
		{"an_old_file_is_put_aside", an_old_file_is_put_aside},
		{"a_link_stays_and_leads_to_the_new_file", a_link_stays_and_leads_to_the_new_file},
		{"a_link_of_somebody_else_is_not_followed",
		 a_link_of_somebody_else_is_not_followed},
		{"relative_links_and_those_of_links_are_followed",
		 relative_links_and_those_of_links_are_followed},
		{"what_does_not_fit_is_taken_back", what_does_not_fit_is_taken_back},
		{"who_holds_the_lock_is_waited_for", who_holds_the_lock_is_waited_for},
		{"several_processes_may_write", several_processes_may_write},
		{"what_is_no_file_is_told", what_is_no_file_is_told},
		{"messages_that_no_format_makes_are_refused",
		 messages_that_no_format_makes_are_refused},
	};
	return unit_run("transport_file", cases, sizeof(cases) / sizeof(*cases));
}
