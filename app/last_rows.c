/* SPDX-License-Identifier: Apache-2.0 */
#include "app/last_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard-export/key_index.h"

#define FIRST_CAPACITY 1024

struct last_row {
	uint64_t sequence;
	enum severity severity;
};

struct last_rows {
	struct key_index *ids;
	struct last_row *rows; /* by the number of the id */
	size_t capacity;
	uint64_t others[SEVERITY_COUNT]; /* rows without an id, or without room for it */
};

struct last_rows *
last_rows_create(void)
{
	struct last_rows *rows = calloc(1, sizeof(*rows));

	if (rows == NULL)
		return NULL;
	rows->ids = key_index_create(LAST_ROWS_ALERTS_MAX);
	if (rows->ids == NULL) {
		free(rows);
		return NULL;
	}
	return rows;
}

void
last_rows_destroy(struct last_rows *rows)
{
	if (rows == NULL)
		return;
	key_index_destroy(rows->ids);
	free(rows->rows);
	free(rows);
}

static int
make_room(struct last_rows *rows, size_t number)
{
	if (number < rows->capacity)
		return 0;
	size_t capacity = rows->capacity == 0 ? FIRST_CAPACITY : 2 * rows->capacity;
	struct last_row *grown = reallocarray(rows->rows, capacity, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	rows->rows = grown;
	rows->capacity = capacity;
	return 0;
}

int
last_rows_add(struct last_rows *rows, const struct journal_row *row)
{
	size_t number = row->id != NULL ? key_index_add(rows->ids, row->id, strlen(row->id))
					: KEY_INDEX_FULL;

	if (number == KEY_INDEX_FULL) {
		rows->others[row->severity]++;
		return 0;
	}
	/* Numbers come one after the other, so doubling is enough. */
	if (make_room(rows, number) != 0)
		return -ENOMEM;
	rows->rows[number] = (struct last_row){row->sequence, row->severity};
	return 0;
}

bool
last_rows_is_last(struct last_rows *rows, const struct journal_row *row)
{
	size_t known = key_index_count(rows->ids);
	size_t number = row->id != NULL ? key_index_add(rows->ids, row->id, strlen(row->id))
					: KEY_INDEX_FULL;

	/* One that came behind those that were noted has no later row either. */
	return number >= known || rows->rows[number].sequence <= row->sequence;
}

uint64_t
last_rows_count(const struct last_rows *rows, enum severity minimum)
{
	size_t count = key_index_count(rows->ids);
	uint64_t total = 0;

	for (unsigned i = minimum; i < SEVERITY_COUNT; i++)
		total += rows->others[i];
	for (size_t i = 0; i < count; i++)
		total += rows->rows[i].severity >= minimum;
	return total;
}
