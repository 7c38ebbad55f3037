/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries lie in one array and are linked twice: in the chain of their bucket, and in a ring by
 * time of use. Indices count from 1, so that zeroed memory is an empty table; entry 0 is the ring's
 * head.
 */
#include "base/recent_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define ENTRIES_MAX (1u << 24)

struct links {
	uint32_t chain; /* next of the bucket; of a free entry: the next free one */
	uint32_t older;
	uint32_t newer;
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
	uint32_t max_entries;
	uint32_t touched; /* entries used at some time since the table was empty */
	uint32_t free;
	uint64_t seed;
	uint64_t evicted;
};

static size_t
align(size_t size)
{
	return (size + 15) & ~(size_t)15;
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
	uint32_t buckets = 1;
	while (buckets < max_entries)
		buckets *= 2;
	t->bucket_mask = buckets - 1;
	t->max_entries = max_entries;
	t->key_size = key_size;
	t->entry_offset = align(key_size);
	t->entry_size = entry_size;
	t->slot_size = t->entry_offset + align(entry_size);
	t->release = release;
	t->buckets = calloc(buckets, sizeof(*t->buckets));
	t->links = calloc((size_t)max_entries + 1, sizeof(*t->links));
	t->slots = calloc((size_t)max_entries + 1, t->slot_size);
	/* Without randomness only the guard against chosen collisions is lost. */
	if (getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK) < 0)
		t->seed = 1;
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
	free(table->links);
	free(table->slots);
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

static uint32_t *
bucket_of(const struct recent_table *t, const unsigned char *key)
{
	uint64_t hash = t->seed;

	for (size_t at = 0; at < t->key_size; at += sizeof(uint64_t)) {
		uint64_t word = 0;
		size_t rest = t->key_size - at;
		memcpy(&word, key + at, rest < sizeof(word) ? rest : sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	hash *= 0xd6e8feb86659fd93u;
	return &t->buckets[(hash >> 32) & t->bucket_mask];
}

static uint32_t
find(const struct recent_table *t, const unsigned char *key)
{
	/* While nothing is there, as in a replay without flows that go on, no memory is touched. */
	uint32_t index = is_empty(t) ? 0 : *bucket_of(t, key);

	while (index != 0 && memcmp(key_of(t, index), key, t->key_size) != 0)
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
	uint32_t *at = bucket_of(t, key_of(t, index));

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

void *
recent_table_find(struct recent_table *table, const void *key)
{
	uint32_t index = find(table, key);

	if (index == 0)
		return NULL;
	leave_ring(table, index);
	enter_ring(table, index);
	return entry_of(table, index);
}

void *
recent_table_get(struct recent_table *table, const void *key, bool *made)
{
	void *entry = recent_table_find(table, key);

	*made = entry == NULL;
	if (entry != NULL)
		return entry;
	uint32_t index = take_slot(table);
	memcpy(key_of(table, index), key, table->key_size);
	memset(entry_of(table, index), 0, table->entry_size);
	uint32_t *bucket = bucket_of(table, key);
	table->links[index].chain = *bucket;
	*bucket = index;
	enter_ring(table, index);
	return entry_of(table, index);
}

void
recent_table_remove(struct recent_table *table, const void *key)
{
	uint32_t index = find(table, key);

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
