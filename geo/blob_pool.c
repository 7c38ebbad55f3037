/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/blob_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a; the texts come from data files that the administrator chose, not from the wire. */
static uint32_t
hash_of(const uint8_t *data, size_t len)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return hash;
}

/* The slot of an equal piece, or the free one where it belongs. */
static struct blob_slot *
find_slot(const struct blob_pool *pool, uint32_t hash, const void *data, size_t len)
{
	size_t mask = pool->slot_count - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct blob_slot *slot = &pool->slots[i];
		if (slot->offset_plus_one == 0)
			return slot;
		size_t offset = slot->offset_plus_one - 1;
		if (slot->hash == hash && len <= pool->len - offset &&
		    memcmp(pool->bytes + offset, data, len) == 0)
			return slot;
	}
}

static int
grow_slots(struct blob_pool *pool)
{
	size_t count = pool->slot_count == 0 ? 64 : pool->slot_count * 2;
	struct blob_slot *slots = calloc(count, sizeof(*slots));
	if (slots == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < pool->slot_count; i++) {
		if (pool->slots[i].offset_plus_one == 0)
			continue;
		size_t to = pool->slots[i].hash & (count - 1);
		while (slots[to].offset_plus_one != 0)
			to = (to + 1) & (count - 1);
		slots[to] = pool->slots[i];
	}
	free(pool->slots);
	pool->slots = slots;
	pool->slot_count = count;
	return 0;
}

static int
append(struct blob_pool *pool, const void *data, size_t len)
{
	if (len > UINT32_MAX - 1 - pool->len)
		return -E2BIG;
	if (len > pool->room - pool->len) {
		size_t room = (pool->room + len) * 2;
		uint8_t *grown = realloc(pool->bytes, room);
		if (grown == NULL)
			return -ENOMEM;
		pool->bytes = grown;
		pool->room = room;
	}
	memcpy(pool->bytes + pool->len, data, len);
	pool->len += len;
	return 0;
}

int
blob_pool_intern(struct blob_pool *pool, const void *data, size_t len, uint32_t *offset)
{
	if (pool->slots_used * 2 >= pool->slot_count) {
		int rc = grow_slots(pool);
		if (rc != 0)
			return rc;
	}
	uint32_t hash = hash_of(data, len);
	struct blob_slot *slot = find_slot(pool, hash, data, len);
	if (slot->offset_plus_one == 0) {
		uint32_t at = (uint32_t)pool->len;
		int rc = append(pool, data, len);
		if (rc != 0)
			return rc;
		*slot = (struct blob_slot){.hash = hash, .offset_plus_one = at + 1};
		pool->slots_used++;
	}
	*offset = slot->offset_plus_one - 1;
	return 0;
}

void
blob_pool_fini(struct blob_pool *pool)
{
	free(pool->bytes);
	free(pool->slots);
	*pool = (struct blob_pool){0};
}
