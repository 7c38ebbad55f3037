/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines into a file or to standard output, through one large buffer. A regular file appears under
 * its name only when it is whole: until then it stands beside it as "NAME.partial.PID-N", where N
 * tells the writers of a process apart. Knows nothing of what the lines say. For one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/** Longest line that can be added. */
#define LINE_WRITER_LINE_MAX 65536

struct line_writer;

/** Whether an output of that name is standard output: "-" or "/dev/stdout". NULL: no output. */
bool line_writer_is_stdout(const char *path);

/**
 * Opens the output: see line_writer_is_stdout; what exists and is no regular file
 * (pipe, device) is written directly; else a temporary file is made, readable by owner and group
 * (the lines hold addresses of people) or with the permissions of the file that it will replace.
 * NULL with -errno in `error` when that fails; free with line_writer_close.
 */
struct line_writer *line_writer_open(const char *path, int *error);

/**
 * The same for a program that goes on: a regular file is written directly, behind what is in it, so
 * that others can follow it; call line_writer_flush now and then. Where that ends within a line, as
 * after a crash, a new one is begun first.
 */
struct line_writer *line_writer_open_append(const char *path, int *error);

/**
 * Adds `len` bytes (at most LINE_WRITER_LINE_MAX), the end of the line included. Returns 0, or
 * -errno (-ENOSPC, -EPIPE where SIGPIPE is ignored, ...) once bytes could not be written. The error
 * stays: later calls write nothing and return it again, so a caller may stop at the first one, or
 * go on and hear of it from line_writer_close alone.
 */
int line_writer_add(struct line_writer *w, const char *bytes, size_t len);

/**
 * Room for the next line in the buffer itself, `max` bytes (at most LINE_WRITER_LINE_MAX), for
 * those who format many; line_writer_commit adds what was written there. Never NULL.
 */
char *line_writer_reserve(struct line_writer *w, size_t max);

/** Adds the `len` bytes written to what line_writer_reserve gave. Returns as line_writer_add. */
int line_writer_commit(struct line_writer *w, size_t len);

/** Writes out the lines added so far. Returns 0 or the first error. */
int line_writer_flush(struct line_writer *w);

/**
 * Writes what is left, and for a regular file makes it durable and gives it its name. Returns 0
 * when all lines arrived, or the first error as -errno; then the temporary file is gone and what
 * stood under the name before still stands. Frees `w` in any case.
 */
int line_writer_close(struct line_writer *w);
