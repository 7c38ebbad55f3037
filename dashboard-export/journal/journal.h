/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: every alert, on disk before anybody is told of it. An SQLite database in WAL mode
 * with one writer thread, which commits at most 200 ms or 1,000 entries at a time. Each row carries
 * a hash of its own content and its predecessor's hash (journal_chain.h), so that a row that is
 * changed, missing or moved shows. Any thread may append; the others' functions say who calls them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/severity.h"
#include "dashboard-export/site_key.h"

/** Letters of a journal's id: 16 bytes in hexadecimal. */
#define JOURNAL_ID_LEN 32

/** Longest content of an entry. */
#define JOURNAL_CONTENT_MAX 65536

struct journal;

enum journal_kind {
	JOURNAL_ALERT,      /**< an alert or finding, as a line of JSON without its end */
	JOURNAL_SENSOR,     /**< the sensor about itself, the same */
	JOURNAL_CHECKPOINT, /**< rows were removed (journal_checkpoint.h); goes to no sink */
	JOURNAL_KIND_COUNT,
};

/** What is appended; copied. Texts may be NULL. */
struct journal_entry {
	enum journal_kind kind;
	uint64_t time_ns; /**< start of what it tells, since 1970 UTC */
	const char *id;   /**< `event.id` */
	const char *rule, *zone;
	enum severity severity;
	const char *content;
	size_t len;
};

struct journal_config {
	const char *path;           /**< of the database; its folder must exist */
	const struct site_key *key; /**< check-points and the head are signed with a key of it */
	/** What is known from elsewhere: the journal of this id had this row already. NULL and 0:
	 * nothing. One that ends earlier has lost rows, and is damaged. */
	const char *known_id;
	uint64_t known_sequence;
	bool refuse_damaged; /**< leave a damaged one where it is, and do not open it */
};

struct journal_expiry;
struct rollup;

/** What was found when the journal was opened. */
struct journal_opening {
	bool created;
	bool damaged;    /**< what was there could not be used; it was moved to `kept` */
	char what[256];  /**< what was wrong with it, as clean text */
	char kept[4096]; /**< where the damaged file is now; "" where there was none */
	char id[JOURNAL_ID_LEN + 1];
	uint64_t head; /**< sequence number of the last row; 0: none */
};

/**
 * Opens the database or makes it, mode 0640, and starts the writer. A damaged one is moved aside,
 * never deleted, and a new one begun: `opening` tells. NULL with errno and `why` where neither can
 * be done, or another process writes to it (EBUSY). Close with journal_close.
 */
struct journal *
journal_open(const struct journal_config *config, struct journal_opening *opening, char why[256]);

/**
 * Hands an entry to the writer. Where very much waits already, since the disk is slow, waits with
 * it. Returns 0; -EAGAIN where the disk takes nothing at all: the entry is then not in the journal,
 * and counted (journal_refused); -ENOMEM, counted too.
 */
int journal_append(struct journal *journal, const struct journal_entry *entry);

/** Hands over sums (`rows` is freed by the journal whatever is returned). Returns 0; -EAGAIN where
 * they are lost since the disk takes nothing. */
int journal_add_rollups(struct journal *journal, struct rollup *rows, size_t count);

/** Asks the writer to remove what is older than its time. */
void journal_expire(struct journal *journal, const struct journal_expiry *expiry);

/** The highest sequence number that is safely on disk. Any thread. */
uint64_t journal_durable(const struct journal *journal);

/** Waits until something behind `sequence` is on disk, at most `timeout_ms`; returns
 * journal_durable. Any thread. */
uint64_t journal_wait(struct journal *journal, uint64_t sequence, unsigned timeout_ms);

/** Waits until all that was appended is on disk. Returns 0, or -ETIMEDOUT where the disk took
 * nothing of it for `timeout_ms`. */
int journal_flush(struct journal *journal, unsigned timeout_ms);

/** Entries that found no room while the disk took nothing. Any thread. */
uint64_t journal_refused(struct journal *journal);

/** Since when writing has failed, by the monotonic clock, 0: it works; with the reason. Any
 * thread. */
uint64_t journal_failing_since(struct journal *journal, char why[256]);

/** The journal's id, valid as long as it is open; another one once it was replaced. Any thread. */
const char *journal_id(const struct journal *journal);

/** Whether the journal was found damaged while it was written to, put aside and replaced since the
 * last call: `out` then says what was wrong and where it is kept. Any thread. */
bool journal_take_replaced(struct journal *journal, struct journal_opening *out);

/** Writes what waits, until the disk takes nothing for five seconds, and closes. NULL is allowed.
 * Returns how many entries were lost since the journal was opened. */
uint64_t journal_close(struct journal *journal);
