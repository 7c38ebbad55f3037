/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far each sink has come: a small database beside the journal, `NAME.cursors`. A cursor is
 * written as soon as a receiver has acknowledged and survives the death of the process; after a
 * power cut it may be a little behind, never ahead. One object, one thread; several objects and
 * processes may have the same file open.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/journal/journal.h"

#define CURSORS_SINK_MAX 64

/** What is remembered of a sink. */
struct sink_cursor {
	char sink[CURSORS_SINK_MAX + 1];
	char journal[JOURNAL_ID_LEN + 1]; /**< whose rows are counted */
	uint64_t acknowledged; /**< every row up to this one has arrived, or was refused for good */
	uint64_t delivered;    /**< messages that arrived, ever */
	uint64_t refused;      /**< messages that the receiver will never take, ever */
	uint64_t filtered;     /**< rows below the sink's minimum, ever */
	uint64_t flows_delivered, flows_dropped;
	uint64_t last_success_ns;  /**< wall clock; 0: never */
	uint64_t failing_since_ns; /**< wall clock; 0: it works */
	uint64_t attempts;         /**< connections tried since it fails */
	uint64_t updated_ns;       /**< wall clock */
	uint32_t rate;             /**< messages a second, of the last ten seconds */
	char last_error[256];
	uint64_t last_error_ns;
};

struct cursors;

/** Opens or makes the file that belongs to the journal at `journal_path`. A damaged one is moved
 * aside and begun anew: `damaged` tells, and sinks begin at the journal's first row. NULL with
 * errno and `why`. */
struct cursors *cursors_open(const char *journal_path, bool *damaged, char why[256]);

/** The same for reading only; NULL with ENOENT where nothing was ever sent. */
struct cursors *cursors_open_read(const char *journal_path, char why[256]);
void cursors_close(struct cursors *cursors);

/** The sink's cursor in that journal. Returns 1; 0 where there is none, `out` is then empty but for
 * the names; -errno. */
int cursors_get(struct cursors *cursors, const char *sink, const char *journal,
		struct sink_cursor *out);

/** Writes it. Returns 0 or -errno. */
int cursors_put(struct cursors *cursors, const struct sink_cursor *cursor);

/** Notes that the journal has come to this row; so that one that later ends before it shows.
 * Returns 0 or -errno. */
int cursors_note_head(struct cursors *cursors, const char *journal, uint64_t sequence);

/** The journal noted last, and the highest row of it that was noted or acknowledged. Returns 1; 0:
 * none; -errno. */
int
cursors_find_head(struct cursors *cursors, char journal[JOURNAL_ID_LEN + 1], uint64_t *sequence);
