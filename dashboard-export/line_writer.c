/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/line_writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A write of this size costs far less than formatting what is in it. */
#define BUFFER_SIZE (512u * 1024u)

static_assert(BUFFER_SIZE >= LINE_WRITER_LINE_MAX, "an empty buffer takes any line");

struct line_writer {
	int fd;
	int error;       /* first failure as -errno, then nothing is written any more */
	char *path;      /* name of the whole file; NULL: written directly */
	char *temporary; /* name until then; NULL: written directly */
	size_t used;
	char buffer[BUFFER_SIZE];
};

/* Standard output may be set non-blocking by whoever shares it; then waiting is up to us. */
static int
wait_writable(int fd)
{
	struct pollfd waiting = {.fd = fd, .events = POLLOUT};
	return poll(&waiting, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);
		if (written >= 0) {
			bytes += written;
			len -= (size_t)written;
		} else if (errno == EAGAIN) {
			int error = wait_writable(fd);
			if (error != 0)
				return error;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

static void
flush_buffer(struct line_writer *w)
{
	if (w->error == 0)
		w->error = write_all(w->fd, w->buffer, w->used);
	w->used = 0;
}

/*
 * Creates the temporary file beside the final one. A leftover of a dead process that had our
 * numbers is in the way only once; O_EXCL keeps a link that somebody else has put there from being
 * followed.
 */
static int
open_temporary(struct line_writer *w, mode_t mode)
{
	static atomic_uint opened; /* no two writers of a process share a temporary file */
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	if (asprintf(&w->temporary, "%s.partial.%ld-%u", w->path, (long)getpid(),
		     atomic_fetch_add(&opened, 1) + 1) < 0) {
		w->temporary = NULL;
		return -ENOMEM;
	}
	w->fd = open(w->temporary, flags, mode);
	if (w->fd < 0 && errno == EEXIST && unlink(w->temporary) == 0)
		w->fd = open(w->temporary, flags, mode);
	return w->fd < 0 ? -errno : 0;
}

/* A link to a file keeps being one: the file that it leads to is replaced. */
static int
open_regular(struct line_writer *w, const char *path, const struct stat *existing)
{
	int error;

	w->path = existing != NULL ? realpath(path, NULL) : strdup(path);
	if (w->path == NULL)
		return -errno;
	error = open_temporary(w, S_IRUSR | S_IWUSR | S_IRGRP);
	if (error == 0 && existing != NULL && fchmod(w->fd, existing->st_mode & 0777) != 0) {
		error = -errno;
		(void)close(w->fd);
		(void)unlink(w->temporary);
	}
	return error;
}

bool
line_writer_is_stdout(const char *path)
{
	return path != NULL && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0);
}

static int
open_output(struct line_writer *w, const char *path)
{
	struct stat existing;

	if (line_writer_is_stdout(path)) {
		w->fd = STDOUT_FILENO;
		return 0;
	}
	if (stat(path, &existing) != 0)
		return errno == ENOENT ? open_regular(w, path, NULL) : -errno;
	if (S_ISREG(existing.st_mode))
		return open_regular(w, path, &existing);
	w->fd = open(path, O_WRONLY | O_CLOEXEC);
	return w->fd < 0 ? -errno : 0;
}

static void
free_writer(struct line_writer *w)
{
	free(w->temporary);
	free(w->path);
	free(w);
}

/* Opened by `open_fd`, which fills `fd` and returns 0 or -errno. */
static struct line_writer *
open_writer(const char *path, int (*open_fd)(struct line_writer *, const char *), int *error)
{
	struct line_writer *w = malloc(sizeof(*w));

	*error = -ENOMEM;
	if (w == NULL)
		return NULL;
	w->error = 0;
	w->path = NULL;
	w->temporary = NULL;
	w->used = 0;
	*error = open_fd(w, path);
	if (*error != 0) {
		free_writer(w);
		return NULL;
	}
	return w;
}

struct line_writer *
line_writer_open(const char *path, int *error)
{
	return open_writer(path, open_output, error);
}

/* Whether the file ends within a line, as a writer that was killed leaves it. */
static bool
ends_within_line(const char *path, int fd)
{
	struct stat file;
	char last = '\n';

	if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size == 0)
		return false;
	int in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return false;
	bool torn = pread(in, &last, 1, file.st_size - 1) == 1 && last != '\n';
	(void)close(in);
	return torn;
}

static int
open_append(struct line_writer *w, const char *path)
{
	if (line_writer_is_stdout(path)) {
		w->fd = STDOUT_FILENO;
		return 0;
	}
	w->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
	if (w->fd < 0)
		return -errno;
	if (ends_within_line(path, w->fd))
		w->buffer[w->used++] = '\n';
	return 0;
}

struct line_writer *
line_writer_open_append(const char *path, int *error)
{
	return open_writer(path, open_append, error);
}

int
line_writer_flush(struct line_writer *w)
{
	flush_buffer(w);
	return w->error;
}

char *
line_writer_reserve(struct line_writer *w, size_t max)
{
	assert(max <= LINE_WRITER_LINE_MAX);
	if (sizeof(w->buffer) - w->used < max)
		flush_buffer(w);
	return w->buffer + w->used;
}

int
line_writer_commit(struct line_writer *w, size_t len)
{
	if (w->error == 0)
		w->used += len;
	return w->error;
}

int
line_writer_add(struct line_writer *w, const char *bytes, size_t len)
{
	memcpy(line_writer_reserve(w, len), bytes, len);
	return line_writer_commit(w, len);
}

/* Rename comes after fsync: whoever sees the name sees the whole file, even after a power cut. */
static void
finish_regular(struct line_writer *w)
{
	if (w->error == 0 && fsync(w->fd) != 0)
		w->error = -errno;
	if (close(w->fd) != 0 && w->error == 0)
		w->error = -errno;
	if (w->error == 0 && rename(w->temporary, w->path) != 0)
		w->error = -errno;
	if (w->error != 0)
		(void)unlink(w->temporary);
}

int
line_writer_close(struct line_writer *w)
{
	int error;

	flush_buffer(w);
	if (w->temporary != NULL)
		finish_regular(w);
	else if (w->fd != STDOUT_FILENO && close(w->fd) != 0 && w->error == 0)
		w->error = -errno;
	error = w->error;
	free_writer(w);
	return error;
}
