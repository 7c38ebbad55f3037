/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/rollup_table.h"

#include "base/byte_hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 3.5 MiB of sums; open addressing in twice as many slots. */
#define ROWS_MAX 8192u
#define SLOTS (2 * ROWS_MAX)
#define KEY_LEN offsetof(struct rollup, up)

struct rollup_table {
	uint64_t seed; /* of the hashes */
	struct rollup *rows;
	size_t count;
	uint16_t slots[SLOTS]; /* number of the row + 1; 0: free */
};

struct rollup_table *
rollup_table_create(void)
{
	struct rollup_table *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->rows = calloc(ROWS_MAX, sizeof(*t->rows));
	if (t == NULL || t->rows == NULL) {
		rollup_table_destroy(t);
		errno = ENOMEM;
		return NULL;
	}
	t->seed = byte_hash_seed();
	return t;
}

void
rollup_table_destroy(struct rollup_table *table)
{
	if (table == NULL)
		return;
	free(table->rows);
	free(table);
}

static void
set_text(char out[ROLLUP_TEXT_MAX], const char *text)
{
	if (text != NULL)
		(void)snprintf(out, ROLLUP_TEXT_MAX, "%s", text);
}

/* The rest of each text stays zero, so that keys can be compared as bytes. */
static void
fill_key(struct rollup *row, const struct judged_flow *flow, const char *day)
{
	const struct attribution *a = flow->attribution;

	memset(row, 0, sizeof(*row));
	(void)snprintf(row->day, sizeof(row->day), "%s", day);
	if (!flow->excluded) {
		set_text(row->zone, flow->zone != NULL ? flow->zone->id : NULL);
		set_text(row->host, flow->host);
	}
	if (a == NULL)
		return;
	set_text(row->operator_id, a->owner != NULL ? a->owner->id : NULL);
	set_text(row->service, a->service != NULL ? a->service->id : NULL);
	set_text(row->region, a->region);
	set_text(row->exposure, exposure_text(a->exposure));
}

/* The row of the key, made where there is room; else NULL. */
static struct rollup *
find_row(struct rollup_table *t, const struct rollup *key)
{
	uint64_t hash = byte_hash(slice_of(key, KEY_LEN), t->seed);

	for (size_t i = hash % SLOTS;; i = (i + 1) % SLOTS) {
		if (t->slots[i] == 0) {
			if (t->count >= ROWS_MAX)
				return NULL;
			t->rows[t->count] = *key;
			t->slots[i] = (uint16_t)++t->count;
		}
		struct rollup *row = &t->rows[t->slots[i] - 1];
		if (memcmp(row, key, KEY_LEN) == 0)
			return row;
	}
}

bool
rollup_table_add(struct rollup_table *table, const struct judged_flow *flow, const char *day,
		 uint64_t up, uint64_t down, bool is_new)
{
	struct rollup key;

	fill_key(&key, flow, day);
	struct rollup *row = find_row(table, &key);
	if (row == NULL)
		return false;
	row->up += up;
	row->down += down;
	row->flows += is_new;
	return true;
}

bool
rollup_table_is_full(const struct rollup_table *table)
{
	return table->count == ROWS_MAX;
}

size_t
rollup_table_take(struct rollup_table *table, struct rollup **rows)
{
	size_t count = table->count;

	*rows = NULL;
	if (count == 0)
		return 0;
	*rows = malloc(count * sizeof(**rows));
	if (*rows == NULL)
		return 0;
	memcpy(*rows, table->rows, count * sizeof(**rows));
	table->count = 0;
	memset(table->slots, 0, sizeof(table->slots));
	return count;
}
