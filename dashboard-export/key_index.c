/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open addressing with linear probing over slots that hold key numbers; half of them stay empty, so
 * a search is short; with the keys they become more. Nothing is ever removed.
 */
#include "dashboard-export/key_index.h"

#include "base/byte_hash.h"
#include "base/reserve.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_LIMIT ((size_t)1 << 30)
#define SLOTS_FIRST 1024u

struct key {
	uint64_t hash;
	size_t len;
	uint8_t *bytes;
};

struct key_index {
	size_t max_keys;
	size_t count;
	size_t slot_mask;
	uint32_t *slots; /* number of the key plus one; 0: empty */
	struct key *keys;
	uint64_t seed; /* of the hashes */
};

struct key_index *
key_index_create(size_t max_keys)
{
	struct key_index *index;

	if (max_keys == 0 || max_keys > KEYS_LIMIT) {
		errno = EINVAL;
		return NULL;
	}
	index = calloc(1, sizeof(*index));
	if (index == NULL)
		return NULL;
	index->max_keys = max_keys;
	index->seed = byte_hash_seed();
	index->slot_mask = SLOTS_FIRST - 1;
	index->slots = calloc(SLOTS_FIRST, sizeof(*index->slots));
	index->keys = reserve_take(max_keys * sizeof(*index->keys), RESERVE_IN_ORDER);
	if (index->slots == NULL || index->keys == NULL) {
		key_index_destroy(index);
		return NULL;
	}
	return index;
}

void
key_index_destroy(struct key_index *index)
{
	if (index == NULL)
		return;
	for (size_t i = 0; i < index->count; i++)
		free(index->keys[i].bytes);
	reserve_release(index->keys, index->max_keys * sizeof(*index->keys));
	free(index->slots);
	free(index);
}

/* The slot that has the key, or the empty one where it belongs. */
static uint32_t *
find_slot(struct key_index *index, uint64_t hash, const void *key, size_t len)
{
	for (size_t at = hash & index->slot_mask;; at = (at + 1) & index->slot_mask) {
		uint32_t *slot = &index->slots[at];
		if (*slot == 0)
			return slot;
		const struct key *have = &index->keys[*slot - 1];
		if (have->hash == hash && have->len == len && memcmp(have->bytes, key, len) == 0)
			return slot;
	}
}

/* Twice the slots. False without memory. */
static bool
grow(struct key_index *index)
{
	size_t mask = 2 * index->slot_mask + 1;
	uint32_t *slots = calloc(mask + 1, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < index->count; i++) {
		size_t at = index->keys[i].hash & mask;
		while (slots[at] != 0)
			at = (at + 1) & mask;
		slots[at] = (uint32_t)i + 1;
	}
	free(index->slots);
	index->slots = slots;
	index->slot_mask = mask;
	return true;
}

/* Room for one more key: at most half of the slots are taken. */
static bool
has_room(struct key_index *index)
{
	return index->count < index->max_keys &&
	       (2 * (index->count + 1) <= index->slot_mask || grow(index));
}

size_t
key_index_add(struct key_index *index, const void *key, size_t len)
{
	uint64_t hash = byte_hash(slice_of(key, len), index->seed);
	uint32_t *slot = find_slot(index, hash, key, len);

	if (*slot != 0)
		return *slot - 1;
	uint8_t *copy = has_room(index) ? malloc(len > 0 ? len : 1) : NULL;
	if (copy == NULL)
		return KEY_INDEX_FULL;
	memcpy(copy, key, len);
	slot = find_slot(index, hash, key, len); /* it may have grown */
	index->keys[index->count] = (struct key){.hash = hash, .len = len, .bytes = copy};
	*slot = (uint32_t)++index->count;
	return index->count - 1;
}

size_t
key_index_count(const struct key_index *index)
{
	return index->count;
}

const void *
key_index_key(const struct key_index *index, size_t number)
{
	return index->keys[number].bytes;
}
