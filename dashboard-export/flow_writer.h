/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flow lines into a file or to standard output, through one large buffer. A regular file appears
 * under its name only when it is whole: until then it stands beside it as "NAME.partial.PID". For
 * one thread.
 */
#pragma once

#include "classifier/policy/judged_flow.h"

struct flow_writer;

/**
 * Opens the output: "-" and "/dev/stdout" are standard output; what exists and is no regular file
 * (pipe, device) is written directly; else a temporary file is made, readable by owner and group
 * (the lines hold addresses of people) or with the permissions of the file that it will replace.
 * NULL with -errno in `error` when that fails; free with flow_writer_close.
 */
struct flow_writer *flow_writer_open(const char *path, int *error);

/**
 * The same for a program that goes on: a regular file is written directly, behind what is in it, so
 * that others can follow it; call flow_writer_flush now and then.
 */
struct flow_writer *flow_writer_open_append(const char *path, int *error);

/** Writes out the lines added so far. Returns 0 or the first error, as flow_writer_add does. */
int flow_writer_flush(struct flow_writer *w);

/**
 * Adds one line. Returns 0, or -errno (-ENOSPC, -EPIPE where SIGPIPE is ignored, ...) once bytes
 * could not be written. The error stays: later calls write nothing and return it again, so a caller
 * may stop at the first one, or go on and hear of it from flow_writer_close alone.
 */
int flow_writer_add(struct flow_writer *w, const struct judged_flow *flow);

/**
 * Writes what is left, and for a regular file makes it durable and gives it its name. Returns 0
 * when all lines arrived, or the first error as -errno; then the temporary file is gone and what
 * stood under the name before still stands. Frees `w` in any case.
 */
int flow_writer_close(struct flow_writer *w);
