/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/receiver_samples.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const struct format sample_json = {.name = "ecs", .content_type = "application/json"};
const struct format sample_text = {.name = "cef", .content_type = "text/plain"};

static char folder[64];
static pthread_t later;
static bool later_runs;

static void
need(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

void
sample_config_init(struct sink_config *config)
{
	*config = (struct sink_config){
		.name = "sample",
		.format = &sample_json,
		.alerts = true,
		.context = {.sensor = "sensor-1"},
		.limit = FORMAT_MESSAGE_MAX,
		.batch = 1024,
		.timeout_s = 5,
	};
}

void
sample_stop_init(struct transport_stop *stop)
{
	atomic_init(&stop->wanted, false);
	stop->fd = eventfd(0, EFD_CLOEXEC);
	need(stop->fd >= 0, "eventfd");
	later_runs = false;
}

void
sample_stop_fini(struct transport_stop *stop)
{
	if (later_runs)
		pthread_join(later, NULL);
	later_runs = false;
	close(stop->fd);
}

static struct {
	struct transport_stop *stop;
	unsigned milliseconds;
} later_what;

static void *
stop_later(void *unused)
{
	const uint64_t one = 1;

	(void)unused;
	nanosleep(&(struct timespec){.tv_sec = later_what.milliseconds / 1000,
				     .tv_nsec = later_what.milliseconds % 1000 * 1000000},
		  NULL);
	atomic_store(&later_what.stop->wanted, true);
	need(write(later_what.stop->fd, &one, sizeof(one)) == (ssize_t)sizeof(one), "write");
	return NULL;
}

void
sample_stop_later(struct transport_stop *stop, unsigned milliseconds)
{
	later_what.stop = stop;
	later_what.milliseconds = milliseconds;
	need(pthread_create(&later, NULL, stop_later, NULL) == 0, "pthread_create");
	later_runs = true;
}

struct outgoing *
sample_messages(size_t count, size_t len, uint64_t first)
{
	struct outgoing *messages = calloc(count, sizeof(*messages));

	need(messages != NULL, "calloc");
	for (size_t i = 0; i < count; i++) {
		char *text = malloc(len + 1), *id = malloc(33);
		need(text != NULL && id != NULL, "malloc");
		snprintf(id, 33, "%032" PRIx64, first + i);
		int head =
			snprintf(text, len + 1, "{\"number\":%" PRIu64 ",\"fill\":\"", first + i);
		memset(text + head, 'x', len - (size_t)head);
		memcpy(text + len - 2, "\"}", 2);
		messages[i] = (struct outgoing){
			.bytes = text,
			.len = len,
			.id = id,
			.sequence = first + i,
			.journal = SAMPLE_JOURNAL,
			.time_ns = UINT64_C(1764576000123456789) + i,
		};
	}
	return messages;
}

void
sample_messages_free(struct outgoing *messages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free((void *)(uintptr_t)messages[i].bytes);
		free((void *)(uintptr_t)messages[i].id);
	}
	free(messages);
}

const char *
sample_folder(void)
{
	if (folder[0] == '\0') {
		strcpy(folder, "/tmp/vigie-receiver-XXXXXX");
		need(mkdtemp(folder) != NULL, "mkdtemp");
	}
	return folder;
}

void
sample_folder_remove(void)
{
	if (folder[0] != '\0')
		(void)sample_run((const char *const[]){"rm", "-rf", folder, NULL});
	folder[0] = '\0';
}

static pid_t
start(const char *const *argv, int out)
{
	pid_t pid = fork();

	need(pid >= 0, "fork");
	if (pid > 0)
		return pid;
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(out >= 0 ? out : null, STDOUT_FILENO);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	perror(argv[0]);
	_exit(127);
}

pid_t
sample_start(const char *const *argv, char *line, size_t size)
{
	int ends[2] = {-1, -1};

	if (line == NULL)
		return start(argv, -1);
	need(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
	pid_t pid = start(argv, ends[1]);
	close(ends[1]);
	FILE *in = fdopen(ends[0], "r");
	need(in != NULL && fgets(line, (int)size, in) != NULL, argv[0]);
	line[strcspn(line, "\n")] = '\0';
	fclose(in);
	return pid;
}

void
sample_end(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

bool
sample_run(const char *const *argv)
{
	int status;

	return waitpid(start(argv, -1), &status, 0) > 0 && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

double
sample_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
sample_nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}
