/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows as lines of JSON into a file or to standard output: flow_json.h into line_writer.h, which
 * says what becomes of files and errors. For one thread.
 */
#pragma once

#include "classifier/policy/judged_flow.h"

struct flow_writer;

/** As line_writer_open. */
struct flow_writer *flow_writer_open(const char *path, int *error);

/** As line_writer_open_append. */
struct flow_writer *flow_writer_open_append(const char *path, int *error);

/** Adds one flow; as line_writer_add. */
int flow_writer_add(struct flow_writer *w, const struct judged_flow *flow);

/** As line_writer_flush. */
int flow_writer_flush(struct flow_writer *w);

/** As line_writer_close. */
int flow_writer_close(struct flow_writer *w);
