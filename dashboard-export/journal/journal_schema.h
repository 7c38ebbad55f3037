/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the journal and what stands in them of the journal itself.
 */
#pragma once

#include <sqlite3.h>

#include "dashboard-export/journal/journal_chain.h"

/** Number of the layout, kept in the database; another one is not touched. */
#define JOURNAL_SCHEMA_VERSION 1

/** What a journal says of itself. */
struct journal_origin {
	bool created; /**< just now */
	char id[JOURNAL_ID_LEN + 1];
	uint64_t created_ns;
	uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN];
};

/** Reads what the journal says of itself; into an empty database puts the tables first, with a new
 * id and the chain's public key. Returns 0; -EUCLEAN: it is no journal; -errno. */
int journal_schema_open(sqlite3 *db, struct journal_chain *chain, struct journal_origin *out);

/** The same, never writing. */
int journal_schema_read(sqlite3 *db, struct journal_origin *out);

/** The last row, or hash(0) and 0 where there is none yet. Returns 0 or -errno; -EUCLEAN where it
 * is not the one that was signed as the head. */
int journal_schema_find_head(sqlite3 *db, struct journal_chain *chain,
			     const struct journal_origin *origin, uint64_t *sequence,
			     uint8_t hash[JOURNAL_HASH_LEN]);

/** The first row behind `sequence`, 0: none. Returns 0 or -errno. */
int journal_schema_find_behind(sqlite3 *db, uint64_t sequence, uint64_t *behind);

/** The signed head. Returns 1; 0 where there is none yet; -errno. */
int journal_schema_read_head(sqlite3 *db, uint64_t *sequence, uint8_t hash[JOURNAL_HASH_LEN],
			     uint8_t signature[JOURNAL_SIGNATURE_LEN]);
