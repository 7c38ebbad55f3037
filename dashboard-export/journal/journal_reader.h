/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the journal in order, also while another thread or process writes to it: a connection of
 * its own, which never writes. One reader, one thread.
 */
#pragma once

#include "dashboard-export/journal/journal.h"

/** SHA-256. */
#define JOURNAL_HASH_LEN 32

struct journal_reader;

/** A row; its texts are valid until the next call with the reader. */
struct journal_row {
	uint64_t sequence;    /**< from 1, without gaps but where rows were removed */
	uint64_t recorded_ns; /**< wall clock when it was written */
	uint64_t time_ns;
	enum journal_kind kind;
	const char *id, *rule, *zone; /**< NULL: none */
	enum severity severity;
	const char *content; /**< not ended by NUL */
	size_t len;
	uint8_t hash[JOURNAL_HASH_LEN];
};

/** Which rows; all zero: every row. */
struct journal_filter {
	uint64_t after;          /**< sequence numbers above it */
	uint64_t through;        /**< and up to it; 0: no end */
	uint64_t recorded_since; /**< recorded then or later, nanoseconds */
	enum severity minimum;
	const char *rule, *zone; /**< exactly these; NULL: any */
	const char *id_prefix;   /**< ids that begin so; NULL: any */
	uint32_t kinds;          /**< 1 << enum journal_kind, or-ed; 0: any */
};

/** Opens the journal at `path` for reading. NULL with errno and `why` (ENOENT: there is none).
 * Close with journal_reader_close. */
struct journal_reader *journal_reader_open(const char *path, char why[256]);
void journal_reader_close(struct journal_reader *reader);

/** Begins anew, with what `filter` lets through (copied, its texts borrowed until the next
 * select). Returns 0 or -errno. */
int journal_reader_select(struct journal_reader *reader, const struct journal_filter *filter);

/** The next row, by sequence number. Returns 1; 0 behind the last, when the database is let go
 * until the next select; -errno with the reason in journal_reader_error. */
int journal_reader_next(struct journal_reader *reader, struct journal_row *row);

/** Lets the database go before the last row was read: a reader that pauses must not hold the
 * writer's log. */
void journal_reader_pause(struct journal_reader *reader);

/** Rows above `sequence` that may go to a sink, and when the first of them was recorded (0: none).
 * Returns 0 or -errno. */
int journal_reader_backlog(struct journal_reader *reader, uint64_t sequence, uint64_t *rows,
			   uint64_t *oldest_ns);

/** The journal's id; valid until close. */
const char *journal_reader_id(const struct journal_reader *reader);

/** The last row's number and hash; number 0 where there is none. Returns 0 or -errno. */
int journal_reader_head(struct journal_reader *reader, uint64_t *sequence,
			uint8_t hash[JOURNAL_HASH_LEN]);

/** The last error in words. */
const char *journal_reader_error(const struct journal_reader *reader);
