/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of transports share: settings, messages, a folder of their own, and being told to
 * stop.
 */
#pragma once

#include "dashboard-export/sinks/transport.h"

/** Not told to stop; the same one always. */
struct transport_stop *sink_sample_stop(void);

/** Tells it to stop, or takes that back. */
void sink_sample_tell_stop(bool wanted);

/** Settings of a sink with a time-out of 20 s at 127.0.0.1:`port`. */
struct sink_config sink_sample_config(const char *port);

/** `count` messages "<166>1 N" with letters behind to `size` bytes each; free with
 * sink_sample_free. */
struct outgoing *sink_sample_messages(size_t count, size_t size);
void sink_sample_free(struct outgoing *messages);

/** A new empty folder, removed with all in it at the end of the program. */
const char *sink_sample_folder(void);

/** The path of `name` in a folder, valid until 8 further calls. */
const char *sink_sample_path(const char *folder, const char *name);

/** Writes and reads a whole file; NULL where there is none, else free it. */
void sink_sample_write(const char *path, const char *text);
char *sink_sample_read(const char *path, size_t *len);
