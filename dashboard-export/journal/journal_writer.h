/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hand that writes: rows with their hashes, the signed head, sums and removals, each call one
 * transaction. It is at home in the journal's one writer thread.
 */
#pragma once

#include "dashboard-export/journal/journal_chain.h"
#include "dashboard-export/journal/journal_queue.h"

struct journal_writer;

/**
 * Opens the database at `path`, and makes its tables where they are missing. `chain` is borrowed.
 * NULL with errno and `why`; EUCLEAN: it is there and no journal, or damaged.
 */
struct journal_writer *
journal_writer_open(const char *path, struct journal_chain *chain, char why[256]);

/** NULL is allowed. */
void journal_writer_close(struct journal_writer *writer);

const char *journal_writer_id(const struct journal_writer *writer);

/** The last row that is on disk; 0: none. */
uint64_t journal_writer_head(const struct journal_writer *writer);

/** Whether the tables were made just now. */
bool journal_writer_created(const struct journal_writer *writer);

/**
 * Writes up to `max` entries from `first` on, and the sums, and returns how many entries are on
 * disk; -errno where nothing is (journal_writer_error says why).
 */
int journal_writer_commit(struct journal_writer *writer, const struct queued_entry *first,
			  size_t max, const struct queued_rollups *rollups);

/**
 * Removes a part of what is older than asked for, and puts a check-point in its place. Returns how
 * many rows went, 0 when there are no more; -errno.
 */
int journal_writer_expire(struct journal_writer *writer, uint64_t recorded_before);

/** Joins and removes sums. Returns 0 or -errno. */
int
journal_writer_expire_rollups(struct journal_writer *writer, const struct journal_expiry *expiry);

/** The last error in words. */
const char *journal_writer_error(const struct journal_writer *writer);
