/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/repeat_table.h"

#include <errno.h>
#include <stdlib.h>

#include "base/reserve.h"

struct repeat_table {
	struct repeat small[REPEAT_SMALL_PLACES];
	struct repeat large[REPEAT_LARGE_PLACES];
	uint8_t *buffers; /* of the small ones, then of the large ones */
};

#define SMALL_SIZE ((size_t)REPEAT_SMALL_PLACES * REPEAT_SMALL_BYTES)
#define BUFFERS_SIZE (SMALL_SIZE + (size_t)REPEAT_LARGE_PLACES * REPEAT_LARGE_BYTES)

struct repeat_table *
repeat_table_create(void)
{
	struct repeat_table *table = calloc(1, sizeof(*table));
	if (table == NULL)
		return NULL;
	table->buffers = reserve_take(BUFFERS_SIZE, RESERVE_SCATTERED);
	if (table->buffers == NULL) {
		free(table);
		errno = ENOMEM;
		return NULL;
	}
	for (size_t i = 0; i < REPEAT_SMALL_PLACES; i++) {
		table->small[i].flow = FLOW_NONE;
		first_bytes_init(&table->small[i].stream, table->buffers + i * REPEAT_SMALL_BYTES,
				 REPEAT_SMALL_BYTES);
	}
	for (size_t i = 0; i < REPEAT_LARGE_PLACES; i++) {
		table->large[i].flow = FLOW_NONE;
		first_bytes_init(&table->large[i].stream,
				 table->buffers + SMALL_SIZE + i * REPEAT_LARGE_BYTES,
				 REPEAT_LARGE_BYTES);
	}
	return table;
}

void
repeat_table_destroy(struct repeat_table *table)
{
	if (table == NULL)
		return;
	reserve_release(table->buffers, BUFFERS_SIZE);
	free(table);
}

struct repeat *
repeat_table_get(struct repeat_table *table, uint32_t index, uint32_t len)
{
	return len <= REPEAT_SMALL_BYTES ? &table->small[index % REPEAT_SMALL_PLACES]
					 : &table->large[index % REPEAT_LARGE_PLACES];
}

bool
repeat_is_of(const struct repeat *repeat, uint32_t index, const struct flow *flow,
	     unsigned direction)
{
	return repeat->flow == index && repeat->first_ns == flow->first_ns &&
	       repeat->base_seq == flow->base_seq[direction] && repeat->end_seq == flow->hello_end;
}

void
repeat_begin(struct repeat *repeat, uint32_t index, const struct flow *flow, unsigned direction)
{
	repeat->flow = index;
	repeat->first_ns = flow->first_ns;
	repeat->base_seq = flow->base_seq[direction];
	repeat->end_seq = flow->hello_end;
	repeat->look_at = 0;
	repeat->heads = 0;
	repeat->ends_in_zero = false;
	repeat->stream.run_count = 0;
}

bool
repeat_is_whole(const struct repeat *repeat)
{
	return first_bytes_contiguous(&repeat->stream).len == repeat->end_seq - repeat->base_seq;
}
