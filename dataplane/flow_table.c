/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/reserve.h"

#define BUCKETS_FIRST 4096u

_Static_assert(sizeof(struct flow_bucket) == 64, "a bucket is one cache line");

struct flow_table *
flow_table_create(uint32_t max_flows)
{
	struct flow_table *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->max = max_flows;
	t->free_head = FLOW_NONE;
	t->bucket_mask = BUCKETS_FIRST - 1;
	t->flows = reserve_take((size_t)max_flows * sizeof(*t->flows), RESERVE_IN_ORDER);
	t->buckets = reserve_take(BUCKETS_FIRST * sizeof(*t->buckets), RESERVE_IN_ORDER);
	if (t->flows == NULL || t->buckets == NULL) {
		flow_table_destroy(t);
		errno = ENOMEM;
		return NULL;
	}
	return t;
}

void
flow_table_destroy(struct flow_table *table)
{
	if (table == NULL)
		return;
	reserve_release(table->flows, (size_t)table->max * sizeof(*table->flows));
	reserve_release(table->buckets, (table->bucket_mask + (size_t)1) * sizeof(*table->buckets));
	free(table);
}

uint32_t
flow_table_count(const struct flow_table *table)
{
	return table->count;
}

uint32_t
flow_table_max(const struct flow_table *table)
{
	return table->max;
}

uint32_t
flow_table_end(const struct flow_table *table)
{
	return table->end;
}

uint32_t
flow_table_candidate(const struct flow_table *table, uint32_t hash)
{
	const struct flow_bucket *b = &table->buckets[hash & table->bucket_mask];

	for (uint32_t used = b->used; used != 0; used &= used - 1) {
		unsigned slot = (unsigned)__builtin_ctz(used);
		if (b->hash[slot] == hash)
			return b->flow[slot];
	}
	return FLOW_NONE;
}

uint32_t
flow_table_find(const struct flow_table *table, const struct flow_key *key, uint32_t hash)
{
	uint32_t at = hash & table->bucket_mask;

	for (;;) {
		const struct flow_bucket *b = &table->buckets[at];
		for (uint32_t used = b->used; used != 0; used &= used - 1) {
			unsigned slot = (unsigned)__builtin_ctz(used);
			if (b->hash[slot] == hash &&
			    flow_key_equal(&table->flows[b->flow[slot]].key, key))
				return b->flow[slot];
		}
		if (b->passed == 0)
			return FLOW_NONE;
		at = (at + 1) & table->bucket_mask;
	}
}

static void
enter(struct flow_bucket *buckets, uint32_t mask, uint32_t hash, uint32_t index)
{
	uint32_t at = hash & mask;

	while (buckets[at].used == (1u << FLOW_BUCKET_SLOTS) - 1) {
		buckets[at].passed++;
		at = (at + 1) & mask;
	}
	unsigned slot = (unsigned)__builtin_ctz(~buckets[at].used);
	buckets[at].used |= 1u << slot;
	buckets[at].hash[slot] = hash;
	buckets[at].flow[slot] = index;
}

/* Twice the buckets. False without memory for them: the old ones stay. */
static bool
grow(struct flow_table *t)
{
	uint32_t mask = t->bucket_mask * 2 + 1;
	struct flow_bucket *grown =
		reserve_take((mask + (size_t)1) * sizeof(*grown), RESERVE_IN_ORDER);
	if (grown == NULL)
		return false;
	for (uint32_t at = 0; at <= t->bucket_mask; at++) {
		const struct flow_bucket *b = &t->buckets[at];
		for (uint32_t used = b->used; used != 0; used &= used - 1) {
			unsigned slot = (unsigned)__builtin_ctz(used);
			enter(grown, mask, b->hash[slot], b->flow[slot]);
		}
	}
	reserve_release(t->buckets, (t->bucket_mask + (size_t)1) * sizeof(*t->buckets));
	t->buckets = grown;
	t->bucket_mask = mask;
	return true;
}

uint32_t
flow_table_add(struct flow_table *table, const struct flow_key *key, uint32_t hash)
{
	/*
	 * Four of seven slots used on average keeps nearly every key in its home bucket. A table
	 * that cannot grow counts as full: with every slot used, a search would not end.
	 */
	if (table->count == table->max ||
	    (table->count >= (table->bucket_mask + 1u) * 4u && !grow(table)))
		return FLOW_NONE;

	uint32_t index = table->free_head;
	if (index != FLOW_NONE)
		table->free_head = table->flows[index].timer_next;
	else
		index = table->end++;
	struct flow *flow = &table->flows[index];
	memset(flow, 0, sizeof(*flow));
	flow->key = *key;
	flow->hash = hash;
	enter(table->buckets, table->bucket_mask, hash, index);
	table->count++;
	return index;
}

void
flow_table_remove(struct flow_table *table, uint32_t index)
{
	struct flow *flow = &table->flows[index];
	uint32_t at = flow->hash & table->bucket_mask;

	for (;;) {
		struct flow_bucket *b = &table->buckets[at];
		for (unsigned slot = 0; slot < FLOW_BUCKET_SLOTS; slot++) {
			if ((b->used >> slot & 1) == 0 || b->flow[slot] != index)
				continue;
			b->used &= ~(1u << slot);
			memset(flow, 0, sizeof(*flow));
			flow->timer_next = table->free_head;
			table->free_head = index;
			table->count--;
			return;
		}
		/* It is further on: one key less will have passed here. */
		b->passed--;
		at = (at + 1) & table->bucket_mask;
	}
}

void
flow_table_clear(struct flow_table *table)
{
	memset(table->buckets, 0, (table->bucket_mask + (size_t)1) * sizeof(*table->buckets));
	table->count = 0;
	table->end = 0;
	table->free_head = FLOW_NONE;
}
