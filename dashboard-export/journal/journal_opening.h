/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a journal is taken up again: it is checked whole before anything is added; one that is
 * damaged is moved aside, with its log, and a new one begun.
 */
#pragma once

#include "dashboard-export/journal/journal_writer.h"

struct journal_lock;

/** Holds the journal at `path` against other writers, by a lock on `PATH.lock`. NULL with errno
 * (EBUSY) and `why`. */
struct journal_lock *journal_lock_take(const char *path, char why[256]);
void journal_lock_release(struct journal_lock *lock); /**< NULL is allowed */

/** Moves a journal that turned out to be damaged while it was written aside, and opens a new one.
 * `opening->what` says what was wrong. NULL with errno and `why`. */
struct journal_writer *journal_opening_replace(const char *path, struct journal_chain *chain,
					       struct journal_opening *opening, char why[256]);

/** Opens the journal for writing and tells in `opening` what was found. NULL with errno and `why`.
 */
struct journal_writer *
journal_opening_run(const struct journal_config *config, struct journal_chain *chain,
		    struct journal_opening *opening, char why[256]);
