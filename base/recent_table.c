/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries lie in one array and are linked twice: in the chain of their bucket, and in a ring by
 * time of use. Indices count from 1, so that zeroed memory is an empty table; entry 0 is the ring's
 * head. Buckets become more as entries do: few of them stay in the processor's caches.
 */
#include "base/recent_table.h"

#include "base/byte_hash.h"
#include "base/reserve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX (1u << 24)
#define BUCKETS_FIRST 1024u

struct links {
	uint32_t chain; /* next of the bucket; of a free entry: the next free one */
	uint32_t older;
	uint32_t newer;
	uint32_t hash; /* of the key: says without it in which bucket an entry is, or that it
			  differs */
};

struct recent_table {
	uint32_t *buckets;
	struct links *links;
	unsigned char *slots; /* key, then entry */
	size_t key_size;
	size_t entry_offset;
	size_t slot_size;
	size_t entry_size;
	recent_table_release release; /* or NULL */
	uint32_t bucket_mask;
	bool cannot_grow; /* for want of memory: chains get longer, and all else stays */
	uint32_t max_entries;
	uint32_t touched; /* entries used at some time since the table was empty */
	uint32_t free;
	uint64_t seed;
	uint64_t evicted;
};

/* Entries hold nothing that needs more. */
static size_t
align(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static size_t
links_size(const struct recent_table *t)
{
	return ((size_t)t->max_entries + 1) * sizeof(*t->links);
}

static size_t
slots_size(const struct recent_table *t)
{
	return ((size_t)t->max_entries + 1) * t->slot_size;
}

struct recent_table *
recent_table_create(uint32_t max_entries, size_t key_size, size_t entry_size,
		    recent_table_release release)
{
	if (max_entries == 0 || max_entries > ENTRIES_MAX || key_size == 0) {
		errno = EINVAL;
		return NULL;
	}
	struct recent_table *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->bucket_mask = BUCKETS_FIRST - 1;
	t->max_entries = max_entries;
	t->key_size = key_size;
	t->entry_offset = align(key_size);
	t->entry_size = entry_size;
	t->slot_size = t->entry_offset + align(entry_size);
	t->release = release;
	t->buckets = calloc(BUCKETS_FIRST, sizeof(*t->buckets));
	t->links = reserve_take(links_size(t), RESERVE_IN_ORDER);
	t->slots = reserve_take(slots_size(t), RESERVE_IN_ORDER);
	t->seed = byte_hash_seed();
	if (t->buckets == NULL || t->links == NULL || t->slots == NULL) {
		recent_table_destroy(t);
		errno = ENOMEM;
		return NULL;
	}
	return t;
}

static unsigned char *
key_of(const struct recent_table *t, uint32_t index)
{
	return t->slots + index * t->slot_size;
}

static void *
entry_of(const struct recent_table *t, uint32_t index)
{
	return key_of(t, index) + t->entry_offset;
}

static void
release_entry(const struct recent_table *t, uint32_t index)
{
	if (t->release != NULL)
		t->release(entry_of(t, index));
}

/* The newest stands behind the head on the side `older`. */
static bool
is_empty(const struct recent_table *t)
{
	return t->links[0].older == 0;
}

static void
release_all(const struct recent_table *t)
{
	for (uint32_t i = t->links[0].older; t->release != NULL && i != 0; i = t->links[i].older)
		release_entry(t, i);
}

void
recent_table_destroy(struct recent_table *table)
{
	if (table == NULL)
		return;
	if (table->links != NULL)
		release_all(table);
	free(table->buckets);
	reserve_release(table->links, links_size(table));
	reserve_release(table->slots, slots_size(table));
	free(table);
}

void
recent_table_clear(struct recent_table *table)
{
	release_all(table);
	if (!is_empty(table))
		memset(table->buckets, 0,
		       ((size_t)table->bucket_mask + 1) * sizeof(*table->buckets));
	table->links[0] = (struct links){0};
	table->touched = 0;
	table->free = 0;
	table->evicted = 0;
}

static uint32_t
hash_of(const struct recent_table *t, const unsigned char *key)
{
	return (uint32_t)(byte_hash(slice_of(key, t->key_size), t->seed) >> 32);
}

static uint32_t *
bucket_of(const struct recent_table *t, uint32_t hash)
{
	return &t->buckets[hash & t->bucket_mask];
}

static uint32_t
find(const struct recent_table *t, const unsigned char *key, uint32_t hash)
{
	uint32_t index = *bucket_of(t, hash);

	while (index != 0 &&
	       (t->links[index].hash != hash || memcmp(key_of(t, index), key, t->key_size) != 0))
		index = t->links[index].chain;
	return index;
}

static void
leave_ring(struct recent_table *t, uint32_t index)
{
	struct links *links = &t->links[index];

	t->links[links->older].newer = links->newer;
	t->links[links->newer].older = links->older;
}

static void
enter_ring(struct recent_table *t, uint32_t index)
{
	uint32_t newest = t->links[0].older;

	t->links[index].older = newest;
	t->links[index].newer = 0;
	t->links[newest].newer = index;
	t->links[0].older = index;
}

static void
leave_chain(struct recent_table *t, uint32_t index)
{
	uint32_t *at = bucket_of(t, t->links[index].hash);

	while (*at != index)
		at = &t->links[*at].chain;
	*at = t->links[index].chain;
}

static uint32_t
take_slot(struct recent_table *t)
{
	uint32_t index = t->free;

	if (index != 0) {
		t->free = t->links[index].chain;
		return index;
	}
	if (t->touched < t->max_entries)
		return ++t->touched;
	index = t->links[0].newer;
	leave_chain(t, index);
	leave_ring(t, index);
	release_entry(t, index);
	t->evicted++;
	return index;
}

static void
enter_chain(struct recent_table *t, uint32_t index)
{
	uint32_t *bucket = bucket_of(t, t->links[index].hash);

	t->links[index].chain = *bucket;
	*bucket = index;
}

/* Every entry used so far is in the ring, but for the free ones. */
static void
grow(struct recent_table *t)
{
	uint32_t *buckets = calloc(2 * ((size_t)t->bucket_mask + 1), sizeof(*buckets));

	t->cannot_grow = buckets == NULL;
	if (buckets == NULL)
		return;
	free(t->buckets);
	t->buckets = buckets;
	t->bucket_mask = 2 * t->bucket_mask + 1;
	for (uint32_t i = t->links[0].newer; i != 0; i = t->links[i].newer)
		enter_chain(t, i);
}

static void
make_newest(struct recent_table *t, uint32_t index)
{
	if (t->links[0].older == index)
		return;
	leave_ring(t, index);
	enter_ring(t, index);
}

void *
recent_table_find(struct recent_table *table, const void *key)
{
	/* While nothing is there, as in a replay without flows that go on, nothing is computed. */
	uint32_t index = is_empty(table) ? 0 : find(table, key, hash_of(table, key));

	if (index == 0)
		return NULL;
	make_newest(table, index);
	return entry_of(table, index);
}

static uint32_t
add(struct recent_table *t, const void *key, uint32_t hash)
{
	uint32_t index = take_slot(t);

	memcpy(key_of(t, index), key, t->key_size);
	memset(entry_of(t, index), 0, t->entry_size);
	t->links[index].hash = hash;
	enter_ring(t, index);
	enter_chain(t, index);
	if (t->touched > t->bucket_mask && !t->cannot_grow)
		grow(t);
	return index;
}

void *
recent_table_get(struct recent_table *table, const void *key, bool *made)
{
	uint32_t hash = hash_of(table, key);
	uint32_t index = find(table, key, hash);

	*made = index == 0;
	if (index != 0)
		make_newest(table, index);
	else
		index = add(table, key, hash);
	return entry_of(table, index);
}

void
recent_table_prefetch(const struct recent_table *table, const void *key)
{
	uint32_t index = *bucket_of(table, hash_of(table, key));

	__builtin_prefetch(&table->links[index]);
	__builtin_prefetch(key_of(table, index));
	__builtin_prefetch(key_of(table, index) + 64);
}

void
recent_table_remove(struct recent_table *table, const void *key)
{
	uint32_t index = is_empty(table) ? 0 : find(table, key, hash_of(table, key));

	if (index == 0)
		return;
	leave_chain(table, index);
	leave_ring(table, index);
	release_entry(table, index);
	table->links[index].chain = table->free;
	table->free = index;
}

uint64_t
recent_table_evicted(const struct recent_table *table)
{
	return table->evicted;
}
