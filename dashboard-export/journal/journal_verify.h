/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proves the chain: that no row of a journal was changed, removed or moved since it was written.
 * Reads only.
 */
#pragma once

#include "dashboard-export/journal/journal_reader.h"

/** Called now and then. */
typedef void (*journal_verify_progress)(void *context, uint64_t rows, uint64_t of);

struct journal_verify_query {
	const char *path;
	const struct site_key
		*key;      /**< NULL: signatures are checked with the journal's own public key */
	const char *noted; /**< a head's hash noted down earlier, in hexadecimal; or NULL */
	journal_verify_progress progress; /**< or NULL */
	void *progress_context;
};

struct journal_verification {
	bool good;
	uint64_t rows, first, last; /**< sequence numbers; 0: no row */
	uint64_t removed;           /**< rows removed by retention, proven by check-points */
	uint64_t checkpoints;
	char head[2 * JOURNAL_HASH_LEN + 1]; /**< hash of the last row, in hexadecimal */
	char id[JOURNAL_ID_LEN + 1];
	char public_key[2 * 32 + 1]; /**< Ed25519, that signatures were checked with */
	bool noted_found;
	uint64_t noted_sequence;
	uint64_t fault_sequence; /**< where the first fault is; 0: none, or none in particular */
	char fault[320];         /**< what it is; "" where `good` */
};

/**
 * Checks every row. Returns 0 where the journal could be read to its end (`out->good` then tells
 * whether it is whole), or -errno with `out->fault`.
 */
int journal_verify(const struct journal_verify_query *query, struct journal_verification *out);
