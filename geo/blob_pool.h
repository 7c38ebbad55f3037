/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes in which equal pieces are kept once: the text and record tables of a
 * compiled file. Offsets depend only on the order of the first appearances. For one thread, on the
 * heap.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct blob_slot {
	uint32_t hash;
	uint32_t offset_plus_one; /* 0: free */
};

/** Zero-initialise; release with blob_pool_fini. `bytes` and `len` are the contents. */
struct blob_pool {
	uint8_t *bytes;
	size_t len;
	size_t room;
	struct blob_slot *slots;
	size_t slot_count;
	size_t slots_used;
};

/**
 * Writes the offset of a piece equal to `data`, which is added if none is there. One pool holds
 * either texts with their NUL or records of one size, else a piece could be found in the middle of
 * another. Returns 0, -ENOMEM, or -E2BIG past 4 GiB.
 */
int blob_pool_intern(struct blob_pool *pool, const void *data, size_t len, uint32_t *offset);

void blob_pool_fini(struct blob_pool *pool);
