/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of an ordinary block: a whole catalogue is a few dozen of them. */
#define BLOCK_BYTES ((size_t)64 * 1024)

/* Blocks hang in a list, the one being filled first; a piece larger than a block gets one of its
 * own. */
struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
};

struct arena *
arena_create(void)
{
	return calloc(1, sizeof(struct arena));
}

static void
free_blocks(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

void
arena_destroy(struct arena *arena)
{
	if (arena == NULL)
		return;
	free_blocks(arena->blocks);
	free(arena);
}

void
arena_empty(struct arena *arena)
{
	struct block *kept = arena->blocks;

	if (kept == NULL)
		return;
	free_blocks(kept->next);
	kept->next = NULL;
	if (kept->size > BLOCK_BYTES) {
		free(kept);
		arena->blocks = NULL;
		return;
	}
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
}

static struct block *
add_block(struct arena *arena, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > PTRDIFF_MAX - BLOCK_BYTES) {
		errno = ENOMEM;
		return NULL;
	}
	/* Rounding up, and never to nothing, keeps every piece aligned and its address its own. */
	size = size == 0 ? align : (size + align - 1) / align * align;
	struct block *block = arena->blocks;
	if (block == NULL || block->size - block->used < size)
		block = add_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES);
	if (block == NULL)
		return NULL;
	void *piece = block->bytes + block->used;
	block->used += size;
	return piece;
}

void *
arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return arena_alloc(arena, bytes);
}

char *
arena_copy_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);
	if (copy != NULL && len != 0)
		memcpy(copy, text, len);
	return copy;
}
