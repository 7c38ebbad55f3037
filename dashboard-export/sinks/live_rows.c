/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/live_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/byte_hash.h"

/* At most half full: a look-up ends soon. */
#define INDEX_COUNT (2 * LIVE_ROWS_MAX)

/* A text as far as it is kept. */
struct cut {
	const char *text;
	size_t len;
};

struct lookup {
	uint64_t minute, hash;
	struct cut zone, operator_id, exposure;
	bool others;
};

static struct cut
cut(const char *text)
{
	if (text == NULL)
		text = "";
	return (struct cut){.text = text, .len = strnlen(text, LIVE_TEXT_MAX)};
}

static uint64_t
hash_of(const struct live_rows *rows, const struct lookup *l)
{
	const struct cut parts[] = {{(const char *)&l->minute, sizeof(l->minute)},
				    l->zone,
				    l->operator_id,
				    l->exposure};
	uint64_t hash = l->others;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		hash = byte_hash(slice_of(parts[i].text, parts[i].len), rows->seed ^ hash);
	return hash;
}

static bool
has_text(const char *kept, const struct cut *c)
{
	return memcmp(kept, c->text, c->len) == 0 && kept[c->len] == '\0';
}

static bool
is_row(const struct live_row *row, const struct lookup *l)
{
	return row->hash == l->hash && row->minute == l->minute && row->others == l->others &&
	       has_text(row->zone, &l->zone) && has_text(row->operator_id, &l->operator_id) &&
	       has_text(row->exposure, &l->exposure);
}

static void
fill(struct live_row *row, const struct lookup *l)
{
	*row = (struct live_row){.minute = l->minute, .hash = l->hash, .others = l->others};
	memcpy(row->zone, l->zone.text, l->zone.len);
	memcpy(row->operator_id, l->operator_id.text, l->operator_id.len);
	memcpy(row->exposure, l->exposure.text, l->exposure.len);
}

/* The row, made where there is none and fewer than `most`; NULL. */
static struct live_row *
find_or_make(struct live_rows *rows, struct lookup *l, size_t most)
{
	l->hash = hash_of(rows, l);
	size_t at = (size_t)(l->hash % INDEX_COUNT);
	for (; rows->index[at] != 0; at = (at + 1) % INDEX_COUNT) {
		struct live_row *row = &rows->rows[rows->index[at] - 1];
		if (is_row(row, l))
			return row;
	}
	if (rows->count >= most)
		return NULL;
	struct live_row *row = &rows->rows[rows->count++];
	fill(row, l);
	rows->index[at] = (uint16_t)rows->count;
	return row;
}

static void
add_to(struct live_row *row, const struct live_sums *sums)
{
	row->sums.up += sums->up;
	row->sums.down += sums->down;
	row->sums.flows += sums->flows;
	row->changed = true;
}

struct live_rows *
live_rows_create(void)
{
	struct live_rows *rows = calloc(1, sizeof(*rows));

	if (rows != NULL)
		rows->seed = byte_hash_seed();
	return rows;
}

void
live_rows_clear(struct live_rows *rows)
{
	rows->count = 0;
	rows->lost = 0;
	memset(rows->index, 0, sizeof(rows->index));
}

void
live_rows_add_others(struct live_rows *rows, uint64_t minute, const struct live_sums *sums)
{
	struct lookup l = {.minute = minute,
			   .zone = cut(NULL),
			   .operator_id = cut(NULL),
			   .exposure = cut(NULL),
			   .others = true};
	struct live_row *row = find_or_make(rows, &l, LIVE_ROWS_MAX);

	if (row != NULL)
		add_to(row, sums);
	else
		rows->lost++;
}

void
live_rows_add(struct live_rows *rows, const struct live_key *key, const struct live_sums *sums)
{
	struct lookup l = {.minute = key->minute,
			   .zone = cut(key->zone),
			   .operator_id = cut(key->operator_id),
			   .exposure = cut(key->exposure)};
	struct live_row *row = find_or_make(rows, &l, LIVE_ROWS_MAX - LIVE_ROWS_KEPT);

	if (row != NULL)
		add_to(row, sums);
	else
		live_rows_add_others(rows, key->minute, sums);
}
