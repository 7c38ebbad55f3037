/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages into a file, a line each. A message counts as arrived when it is on the disk
 * (fdatasync); lines appear whole or, after a failure, not at all, but for a power cut, whose half
 * line is ended before the next one. Others may move the file away or empty it (logrotate), and
 * several processes may write to it: whoever writes or puts it aside holds its lock.
 */
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/printable_text.h"
#include "dashboard-export/sinks/deadline.h"
#include "dashboard-export/sinks/file_opening.h"
#include "dashboard-export/sinks/file_rotation.h"

/* Written and made durable at once. */
#define CHUNK (1u << 20)

#define LOCK_PAUSE_MS 5

struct transport {
	const struct sink_config *config;
	const struct transport_stop *stop;
	int fd;         /* -1: not open */
	char *path;     /* of the file itself, where the set one is a link */
	time_t born_s;  /* of the file, as well as the file system knows */
	bool is_listed; /* its name is durable */
	size_t used;
	char buffer[CHUNK];
};

static struct transport *
file_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	if (config->path == NULL || config->path[0] == '\0') {
		snprintf(why, 256, "`path` is missing: which file");
		return NULL;
	}
	struct transport *t = malloc(sizeof(*t));
	if (t == NULL) {
		snprintf(why, 256, "no memory");
		return NULL;
	}
	t->config = config;
	t->stop = stop;
	t->fd = -1;
	t->path = NULL;
	t->used = 0;
	return t;
}

/* Closing gives up the lock only where no child of a fork has the file open, too. */
static void
file_disconnect(struct transport *t)
{
	if (t->fd >= 0) {
		(void)flock(t->fd, LOCK_UN);
		(void)close(t->fd);
	}
	t->fd = -1;
	free(t->path);
	t->path = NULL;
}

static void
file_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	file_disconnect(t);
	free(t);
}

static int
say_words(const struct transport *t, struct transport_report *report, const char *what, int error)
{
	char path[120];

	printable_text_copy(t->config->path, path, sizeof(path));
	snprintf(report->answer, sizeof(report->answer), "%s: %s", path, what);
	return error;
}

static int
say(const struct transport *t, struct transport_report *report, const char *what, int error)
{
	char words[128];

	snprintf(words, sizeof(words), "%s: %.60s", what, strerrordesc_np(-error));
	return say_words(t, report, words, error);
}

static time_t
birth_of(int fd)
{
	struct statx file;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &file) == 0 &&
	    (file.stx_mask & STATX_BTIME) != 0)
		return (time_t)file.stx_btime.tv_sec;
	return time(NULL);
}

static int
file_connect(struct transport *t, struct transport_report *report)
{
	char path[PATH_MAX];
	struct stat file;

	file_disconnect(t);
	int len = snprintf(path, sizeof(path), "%s", t->config->path);
	int fd = len < PATH_MAX ? file_opening_append(path) : -ENAMETOOLONG;
	if (fd == -EXDEV)
		return say(t, report, "is a link of another user, which is not followed", -EACCES);
	if (fd < 0)
		return say(t, report, "cannot be opened", fd);
	t->fd = fd;
	if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
		file_disconnect(t);
		(void)say(t, report, "this is no file to write lines into", -EINVAL);
		return -EACCES;
	}
	t->path = strdup(path);
	if (t->path == NULL) {
		file_disconnect(t);
		return say(t, report, "cannot be opened", -ENOMEM);
	}
	t->born_s = birth_of(fd);
	t->is_listed = false;
	return 0;
}

/* A file system without locks has nobody else, or nobody who would care. */
static int
lock_file(const struct transport *t, const struct deadline *deadline)
{
	while (flock(t->fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return 0;
		int error = deadline_pause(deadline, LOCK_PAUSE_MS);
		if (error != 0)
			return error;
	}
	return 0;
}

/* Whether the open file is still the one of that name. */
static bool
is_moved_away(const struct transport *t)
{
	struct stat named, open;

	return stat(t->config->path, &named) != 0 || fstat(t->fd, &open) != 0 ||
	       named.st_dev != open.st_dev || named.st_ino != open.st_ino;
}

static bool
is_full(const struct transport *t, size_t further)
{
	const struct sink_config *config = t->config;
	struct stat file;

	if (fstat(t->fd, &file) != 0 || file.st_size == 0)
		return false;
	if (config->rotate_bytes != 0 && (uint64_t)file.st_size + further > config->rotate_bytes)
		return true;
	time_t now = time(NULL);
	return config->rotate_s != 0 && now >= t->born_s &&
	       (uint64_t)(now - t->born_s) >= config->rotate_s;
}

/*
 * Opens and locks the file of that name, with room for what is to be written. A file that cannot be
 * put aside is written on: better too large than not written.
 */
static int
take_file(struct transport *t, struct transport_report *report)
{
	struct deadline deadline = deadline_in(t->stop, (uint64_t)t->config->timeout_s * 1000);

	for (;;) {
		int error = t->fd < 0 ? file_connect(t, report) : 0;
		if (error != 0)
			return error;
		error = lock_file(t, &deadline);
		if (error == -ETIMEDOUT)
			return say_words(t, report, "another process holds its lock (flock)",
					 error);
		if (error != 0)
			return say(t, report, "waited for its lock", error);
		if (is_moved_away(t)) {
			file_disconnect(t);
			if (deadline_left_ms(&deadline) == 0)
				return say(t, report, "is moved away again and again", -EBUSY);
			continue;
		}
		if (!is_full(t, t->used))
			return 0;
		error = file_rotation_put_aside(t->path, time(NULL), t->config->keep);
		if (error != 0) {
			(void)say(t, report, "is full and cannot be renamed", error);
			return 0;
		}
		file_disconnect(t);
	}
}

/* Whether the file ends within a line, as a power cut leaves it. */
static bool
ends_within_line(int fd, off_t size)
{
	char last = '\n';

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);
		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			bytes += written;
			len -= (size_t)written;
		}
	}
	return 0;
}

static int
make_durable(struct transport *t)
{
	if (fdatasync(t->fd) != 0)
		return -errno;
	int error = t->is_listed ? 0 : file_rotation_sync_folder(t->path);
	t->is_listed = error == 0;
	return error;
}

/* Appends the buffer. What could not be written and made durable as a whole is taken back. */
static int
append_buffer(struct transport *t)
{
	struct stat before;

	if (fstat(t->fd, &before) != 0)
		return -errno;
	int error = 0;
	if (ends_within_line(t->fd, before.st_size))
		error = write_all(t->fd, "\n", 1);
	if (error == 0)
		error = write_all(t->fd, t->buffer, t->used);
	if (error == 0)
		error = make_durable(t);
	if (error != 0 && ftruncate(t->fd, before.st_size) != 0)
		return error; /* the half line is ended by the next one */
	return error;
}

/* Fills the buffer with the next messages; returns how many. One that is too long for any buffer is
 * left to the caller. */
static size_t
fill_buffer(struct transport *t, const struct outgoing *messages, size_t count)
{
	size_t taken = 0;

	for (t->used = 0; taken < count; taken++) {
		const struct outgoing *message = &messages[taken];
		if (message->len > CHUNK - 1 || CHUNK - t->used < message->len + 1)
			break;
		memcpy(t->buffer + t->used, message->bytes, message->len);
		t->used += message->len;
		t->buffer[t->used++] = '\n';
	}
	return taken;
}

static int
file_send(struct transport *t, const struct outgoing *messages, size_t count,
	  struct transport_report *report)
{
	while (report->accepted < count) {
		size_t taken =
			fill_buffer(t, messages + report->accepted, count - report->accepted);
		if (taken == 0) {
			report->accepted++;
			report->refused++;
			continue;
		}
		int error = take_file(t, report);
		if (error != 0)
			return error;
		error = append_buffer(t);
		(void)flock(t->fd, LOCK_UN);
		if (error != 0)
			return say(t, report, "cannot be written", error);
		report->accepted += taken;
	}
	return 0;
}

const struct transport_kind transport_file = {
	.name = "file",
	.acknowledges = true,
	.create = file_create,
	.destroy = file_destroy,
	.connect = file_connect,
	.send = file_send,
	.disconnect = file_disconnect,
};
