/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open addressing with linear probing over slots that hold key numbers; half of them stay empty, so
 * a search is short. Nothing is ever removed.
 */
#include "dashboard-export/key_index.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define KEYS_LIMIT ((size_t)1 << 30)

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
	uint64_t seed[2];
};

/* Both halves of the 128-bit product: every bit of the input reaches every bit of the result. */
static uint64_t
fold_multiply(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
hash_bytes(const struct key_index *index, const void *key, size_t len)
{
	const uint8_t *at = key;
	uint64_t hash = index->seed[0] ^ len;

	for (size_t left = len; left > 0;) {
		size_t step = left < sizeof(uint64_t) ? left : sizeof(uint64_t);
		uint64_t word = 0;
		memcpy(&word, at, step);
		hash = fold_multiply(hash ^ word, index->seed[1]);
		at += step;
		left -= step;
	}
	return fold_multiply(hash, UINT64_C(0x9e3779b97f4a7c15));
}

static int
draw_seed(struct key_index *index)
{
	if (getrandom(index->seed, sizeof(index->seed), 0) != (ssize_t)sizeof(index->seed))
		return -errno;
	index->seed[1] |= 1; /* never zero */
	return 0;
}

struct key_index *
key_index_create(size_t max_keys)
{
	struct key_index *index;
	size_t slots = 2;

	if (max_keys == 0 || max_keys > KEYS_LIMIT) {
		errno = EINVAL;
		return NULL;
	}
	while (slots < 2 * max_keys)
		slots *= 2;
	index = calloc(1, sizeof(*index));
	if (index == NULL)
		return NULL;
	index->max_keys = max_keys;
	index->slot_mask = slots - 1;
	index->slots = calloc(slots, sizeof(*index->slots));
	index->keys = calloc(max_keys, sizeof(*index->keys));
	if (index->slots == NULL || index->keys == NULL || draw_seed(index) != 0) {
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
	free(index->keys);
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

size_t
key_index_add(struct key_index *index, const void *key, size_t len)
{
	uint64_t hash = hash_bytes(index, key, len);
	uint32_t *slot = find_slot(index, hash, key, len);
	uint8_t *copy;

	if (*slot != 0)
		return *slot - 1;
	copy = index->count < index->max_keys ? malloc(len > 0 ? len : 1) : NULL;
	if (copy == NULL)
		return KEY_INDEX_FULL;
	memcpy(copy, key, len);
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
