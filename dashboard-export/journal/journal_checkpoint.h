/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row that stands for rows which retention has removed: it says up to which one, what the hash
 * of that one was, and is signed. So the chain goes on to be provable from there, and the deletion
 * is on record.
 */
#pragma once

#include "dashboard-export/journal/journal_chain.h"

#define JOURNAL_CHECKPOINT_MAX 768

struct journal_checkpoint {
	uint64_t removed_through;       /**< every row up to this one is gone */
	uint64_t removed;               /**< rows that this check-point removed */
	uint8_t hash[JOURNAL_HASH_LEN]; /**< of the row `removed_through` */
	uint64_t recorded_before; /**< they were recorded before this, nanoseconds since 1970 */
};

/** Writes its content, one line of JSON. Returns the length, 0 where it cannot be signed. */
size_t
journal_checkpoint_format(const struct journal_checkpoint *checkpoint, struct journal_chain *chain,
			  const char *journal_id, char out[JOURNAL_CHECKPOINT_MAX]);

/** Reads the content of a row and checks its signature. False with `why` where it is no check-point
 * of this journal, or not signed with the private key of `public_key`. */
bool journal_checkpoint_parse(const char *content, size_t len, const char *journal_id,
			      const uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN],
			      struct journal_checkpoint *out, char why[128]);
