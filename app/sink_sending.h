/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends to one sink by hand, over a connection of its own beside those of a running vigie: a test
 * alert, or rows of the journal again. Cursors are not touched. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/journal/journal_reader.h"
#include "dashboard-export/sinks/sink_config.h"

struct row_progress;

/** What became of it. */
struct sink_sending_result {
	uint64_t rows;       /**< that were looked at */
	uint64_t taken;      /**< messages that the receiver took; written, where it says nothing */
	uint64_t refused;    /**< that it will never take */
	uint64_t filtered;   /**< below the sink's minimum */
	uint64_t unreadable; /**< rows that are no alerts */
	uint64_t last;       /**< row up to which all is settled */
	bool acknowledged;   /**< the receiver said so itself */
	char answer[256];    /**< its last word, or what failed; one clean line, may be "" */
};

/** Sends one line of JSON in the shape of alerts, without its end, whatever the sink's minimum is.
 * Returns 0, or -errno with the answer. */
int sink_sending_line(const struct sink_config *sink, const char *line, size_t len,
		      struct sink_sending_result *result);

/** Rows of the journal, numbers above `after` up to `through`. */
struct sink_sending_rows {
	uint64_t after, through;
	struct row_progress *progress; /**< or NULL */
};

/** Sends the rows, at the sink's rate. Returns 0, or -errno with the answer; the result tells how
 * far it came. */
int sink_sending_rows(const struct sink_config *sink, struct journal_reader *reader,
		      const struct sink_sending_rows *rows, struct sink_sending_result *result);

/** Makes what is sent, now or later, end soon with -ECANCELED. For signal handlers. */
void sink_sending_cancel(void);
