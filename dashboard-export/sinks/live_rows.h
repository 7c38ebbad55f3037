/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of flows by minute, zone, operator and exposure, in memory of one size. What finds no row of
 * its own is summed in its minute's row of others, so that totals stay right. One thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Rows of a table. The last ones are kept for rows of others. */
#define LIVE_ROWS_MAX 4096
#define LIVE_ROWS_KEPT 16

/** Bytes of a text; longer ones are cut. */
#define LIVE_TEXT_MAX 95

/** What the sums are of. Borrowed; NULL is the same as "". */
struct live_key {
	uint64_t minute; /**< since 1970 UTC */
	const char *zone, *operator_id, *exposure;
};

struct live_sums {
	uint64_t up, down, flows; /**< payload bytes that left and came in */
};

struct live_row {
	uint64_t minute;
	uint64_t hash;
	char zone[LIVE_TEXT_MAX + 1], operator_id[LIVE_TEXT_MAX + 1], exposure[LIVE_TEXT_MAX + 1];
	bool others; /**< the three texts are "" */
	bool changed;
	struct live_sums sums;
};

struct live_rows {
	uint64_t seed; /* of the hashes */
	size_t count;
	uint64_t lost; /**< additions that found no row at all */
	struct live_row rows[LIVE_ROWS_MAX];
	uint16_t index[2 * LIVE_ROWS_MAX]; /**< number of a row + 1; 0: empty */
};

/** An empty table; NULL: out of memory. Free with free. */
struct live_rows *live_rows_create(void);

/** Empties it. */
void live_rows_clear(struct live_rows *rows);

/** Adds to the row of `key`, which is then changed. */
void
live_rows_add(struct live_rows *rows, const struct live_key *key, const struct live_sums *sums);

/** Adds to the row of others of that minute. */
void live_rows_add_others(struct live_rows *rows, uint64_t minute, const struct live_sums *sums);
