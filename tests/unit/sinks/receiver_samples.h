/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of transports need: settings, messages, a stop, and programs beside the test. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/transport.h"

#define SAMPLE_JOURNAL "0123456789abcdef0123456789abcdef"

/** Formats by name and type alone; they write nothing. */
extern const struct format sample_json, sample_text;

/** A sink "sample" with JSON, a time-out of five seconds and nothing else. */
void sample_config_init(struct sink_config *config);

/** A stop that is not wanted yet; its descriptor is an eventfd. */
void sample_stop_init(struct transport_stop *stop);
void sample_stop_fini(struct transport_stop *stop);

/** Wants the stop after `milliseconds`, from a thread of its own, which sample_stop_fini joins. */
void sample_stop_later(struct transport_stop *stop, unsigned milliseconds);

/** `count` alerts of `len` bytes, at least 64: JSON with the number. Sequence numbers begin with
 * `first`. Free with sample_messages_free. */
struct outgoing *sample_messages(size_t count, size_t len, uint64_t first);
void sample_messages_free(struct outgoing *messages, size_t count);

/** An empty folder of the test's own; valid until sample_folder_remove. */
const char *sample_folder(void);
void sample_folder_remove(void);

/** Starts a program and reads its first line into `line` (where not NULL). The test ends where it
 * does not start. */
pid_t sample_start(const char *const *argv, char *line, size_t size);

/** Ends a program that sample_start started. */
void sample_end(pid_t pid);

/** Runs a program to its end; whether it was well. */
bool sample_run(const char *const *argv);

/** Seconds by the monotonic clock, for limits and rates. */
double sample_seconds(void);

/** Sleeps a hundredth of a second. */
void sample_nap(void);
