/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded dictionary from keys (any bytes) to the numbers 0, 1, 2, ... in the order of arrival,
 * so that sums by key are plain arrays. Keys are kept until the end; when it is full, new ones are
 * refused and the caller sums them elsewhere. The hash is seeded at random: addresses and names
 * chosen by somebody outside cannot be made to collide. One index, one thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct key_index;

/** The key is not there and there is no room for it. */
#define KEY_INDEX_FULL SIZE_MAX

/**
 * Room for `max_keys` (at most 2^30). Memory is touched as keys come. NULL with errno; free with
 * key_index_destroy.
 */
struct key_index *key_index_create(size_t max_keys);

/** NULL is allowed. */
void key_index_destroy(struct key_index *index);

/**
 * The number of the key, which is copied where it is new; KEY_INDEX_FULL when it cannot be kept.
 */
size_t key_index_add(struct key_index *index, const void *key, size_t len);

/** How many keys there are: the next new one gets this number. */
size_t key_index_count(const struct key_index *index);

/** The bytes of key `number`, 8-byte aligned, valid until key_index_destroy. */
const void *key_index_key(const struct key_index *index, size_t number);
