/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries on their way to the journal's writer: a bounded list between any threads and one. Nothing
 * waits to add; the writer waits until there is something, and keeps what it took at the front
 * until it is on disk.
 */
#pragma once

#include <pthread.h>

#include "dashboard-export/journal/journal.h"
#include "dashboard-export/journal/rollup.h"

/** Bounds of what may wait while the disk takes nothing. */
#define JOURNAL_QUEUE_ENTRIES 131072u
#define JOURNAL_QUEUE_BYTES (256u * 1024 * 1024)

/** An entry in memory of its own. */
struct queued_entry {
	struct queued_entry *next;
	struct journal_entry entry; /**< texts and content stand behind it */
	char bytes[];
};

/** Sums on their way: an owned array. */
struct queued_rollups {
	struct queued_rollups *next;
	struct rollup *rows;
	size_t count;
};

struct journal_queue {
	pthread_mutex_t lock;
	pthread_cond_t added;
	struct queued_entry *first, **last;
	struct queued_rollups *first_rollups, **last_rollups;
	size_t entries, bytes, rollup_batches;
	bool hurry; /**< do not wait for more */
	bool closed;
	struct journal_expiry expiry; /**< asked for; all zero: none */
};

int journal_queue_init(struct journal_queue *queue);
void journal_queue_fini(struct journal_queue *queue);

/** Copies an entry to the end. 0, -EAGAIN where it is full or closed, -ENOMEM. */
int journal_queue_add(struct journal_queue *queue, const struct journal_entry *entry);

/** Takes over `rows` (free); full: they are dropped. Returns 0 or -errno; owned in either case. */
int journal_queue_add_rollups(struct journal_queue *queue, struct rollup *rows, size_t count);

/** Asks for retention; a request that still waits is replaced. */
void journal_queue_expire(struct journal_queue *queue, const struct journal_expiry *expiry);

/** Takes the request out. */
struct journal_expiry journal_queue_take_expiry(struct journal_queue *queue);

/** Asks the writer not to wait for more. */
void journal_queue_hurry(struct journal_queue *queue);

/** Waits until `wanted` entries wait, or `wait_ms` have passed since there is something to do, or
 * somebody is in a hurry. False when it is closed and empty. */
bool journal_queue_wait(struct journal_queue *queue, size_t wanted, unsigned wait_ms);

/** Forgets the first `count` entries: they are on disk. */
void journal_queue_drop(struct journal_queue *queue, size_t count);

/** Takes the waiting sums out, to be freed with journal_queue_free_rollups. */
struct queued_rollups *journal_queue_take_rollups(struct journal_queue *queue);
void journal_queue_free_rollups(struct queued_rollups *rollups);
