/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carries journalled alerts to every sink: one thread and one cursor a sink. A cursor moves only
 * when the receiver has acknowledged; what failed is tried again, with growing pauses, for ever. A
 * sink that is slow or away holds up nobody. Flows go along where asked, from a bounded queue.
 */
#pragma once

#include "dashboard-export/journal/journal.h"
#include "dashboard-export/sinks/cursors.h"
#include "dashboard-export/sinks/sink_config.h"

struct delivery;

/** What a sink's thread has to tell about itself; called from that thread. */
struct delivery_note {
	const char *sink;
	enum { DELIVERY_FAILING, DELIVERY_RECOVERED, DELIVERY_REFUSED } what;
	uint64_t since_ns; /**< wall clock, when it began to fail */
	uint64_t count;    /**< rows that wait, or messages refused */
	const char *error; /**< the last one */
};
typedef void (*delivery_note_function)(void *context, const struct delivery_note *note);

struct delivery_config {
	const struct sink_config *sinks;
	size_t sink_count;
	struct journal *journal;
	const char *journal_path;
	delivery_note_function note; /**< or NULL */
	void *note_context;
};

/** Starts the threads. Borrows all. NULL with errno and `why`. */
struct delivery *delivery_start(const struct delivery_config *config, char why[256]);

/**
 * Offers a flow's line of JSON, without its end, to the sinks that want flows. Never waits: what
 * finds no room is counted there. Analysis thread only.
 */
void delivery_add_flow(struct delivery *delivery, const char *line, size_t len);

/** Whether any sink wants flows. */
bool delivery_wants_flows(const struct delivery *delivery);

/** Figures of sink `index` as they are now. Any thread. */
void
delivery_tell(struct delivery *delivery, size_t index, struct sink_cursor *out, uint64_t *backlog);

/** Sends for up to `grace_ms` what is on disk, then ends the threads. NULL is allowed. */
void delivery_stop(struct delivery *delivery, unsigned grace_ms);
