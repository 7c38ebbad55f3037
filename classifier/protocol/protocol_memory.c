/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap of a slot: blocks of powers of two, cut from the front, each with 16 bytes before it
 * that say how large it is; a block that was given back waits in the list of its size. That is
 * enough for buffers that grow by being copied, which then change between two blocks of each size.
 * The states lie together: most flows need nothing else, and five share a page.
 */
#include "classifier/protocol/protocol_memory.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/reserve.h"

#define NONE PROTOCOL_MEMORY_NONE

/* Where the first block lies: 0 stands for none. */
#define HEAP_START 64u

/* Blocks of 32 bytes to half a slot, their 16 in front included. */
#define SMALLEST_LOG2 5u
#define SIZES 11u

struct block {
	alignas(16) uint32_t size; /* index of its size */
	uint32_t next_free;        /* offset in the slot, or 0 */
};

struct slot {
	uint32_t owner;
	uint32_t next; /* younger one, or free list */
	uint32_t prev; /* older one */
	uint32_t end;  /* bytes from here on were never cut */
	uint32_t free[SIZES];
};

struct protocol_memory {
	struct slot *slots;
	uint8_t *states;
	uint8_t *bytes; /* the heaps */
	size_t state_size;
	uint32_t count;
	uint32_t end; /* slots from here on were never used */
	uint32_t free_head;
	uint32_t oldest, youngest;
};

struct protocol_memory *
protocol_memory_create(uint32_t slots, size_t state_size)
{
	struct protocol_memory *m = calloc(1, sizeof(*m));
	if (m == NULL)
		return NULL;
	m->count = slots;
	m->state_size = (state_size + 15) / 16 * 16;
	m->free_head = m->oldest = m->youngest = NONE;
	m->slots = reserve_take(slots * sizeof(*m->slots), RESERVE_IN_ORDER);
	m->states = reserve_take(slots * m->state_size, RESERVE_IN_ORDER);
	m->bytes = reserve_take((size_t)slots * PROTOCOL_MEMORY_SLOT, RESERVE_SCATTERED);
	if (m->slots == NULL || m->states == NULL || m->bytes == NULL) {
		protocol_memory_destroy(m);
		errno = ENOMEM;
		return NULL;
	}
	return m;
}

void
protocol_memory_destroy(struct protocol_memory *memory)
{
	if (memory == NULL)
		return;
	reserve_release(memory->slots, memory->count * sizeof(*memory->slots));
	reserve_release(memory->states, memory->count * memory->state_size);
	reserve_release(memory->bytes, (size_t)memory->count * PROTOCOL_MEMORY_SLOT);
	free(memory);
}

static uint8_t *
slot_bytes(const struct protocol_memory *m, uint32_t slot)
{
	return m->bytes + (size_t)slot * PROTOCOL_MEMORY_SLOT;
}

uint32_t
protocol_memory_take(struct protocol_memory *memory, uint32_t owner)
{
	uint32_t index = memory->free_head;

	if (index != NONE) {
		memory->free_head = memory->slots[index].next;
		memset(protocol_memory_state(memory, index), 0, memory->state_size);
	} else if (memory->end < memory->count) {
		index = memory->end++;
	} else {
		return NONE;
	}

	struct slot *s = &memory->slots[index];
	*s = (struct slot){
		.owner = owner, .next = NONE, .prev = memory->youngest, .end = HEAP_START};
	if (memory->youngest != NONE)
		memory->slots[memory->youngest].next = index;
	else
		memory->oldest = index;
	memory->youngest = index;
	return index;
}

void
protocol_memory_release(struct protocol_memory *memory, uint32_t slot)
{
	struct slot *s = &memory->slots[slot];

	if (s->prev != NONE)
		memory->slots[s->prev].next = s->next;
	else
		memory->oldest = s->next;
	if (s->next != NONE)
		memory->slots[s->next].prev = s->prev;
	else
		memory->youngest = s->prev;
	s->next = memory->free_head;
	memory->free_head = slot;
}

uint32_t
protocol_memory_oldest(const struct protocol_memory *memory)
{
	return memory->oldest;
}

uint32_t
protocol_memory_owner(const struct protocol_memory *memory, uint32_t slot)
{
	return memory->slots[slot].owner;
}

void *
protocol_memory_state(const struct protocol_memory *memory, uint32_t slot)
{
	return memory->states + slot * memory->state_size;
}

void *
protocol_memory_alloc(struct protocol_memory *memory, uint32_t slot, size_t size)
{
	struct slot *s = &memory->slots[slot];
	uint8_t *bytes = slot_bytes(memory, slot);
	uint32_t index = 0;

	while (index < SIZES &&
	       ((size_t)1 << (SMALLEST_LOG2 + index)) - sizeof(struct block) < size)
		index++;
	if (index == SIZES)
		return NULL;
	uint32_t length = 1u << (SMALLEST_LOG2 + index), at = s->free[index];
	struct block *block;
	if (at != 0) {
		block = (struct block *)(bytes + at);
		s->free[index] = block->next_free;
	} else {
		if (PROTOCOL_MEMORY_SLOT - s->end < length)
			return NULL;
		block = (struct block *)(bytes + s->end);
		s->end += length;
	}
	memset(block, 0, sizeof(*block) + size);
	block->size = index;
	return block + 1;
}

void
protocol_memory_free(struct protocol_memory *memory, void *block)
{
	struct block *b = (struct block *)block - 1;
	size_t offset = (size_t)((uint8_t *)b - memory->bytes);
	struct slot *s = &memory->slots[offset / PROTOCOL_MEMORY_SLOT];

	b->next_free = s->free[b->size];
	s->free[b->size] = (uint32_t)(offset % PROTOCOL_MEMORY_SLOT);
}

bool
protocol_memory_contains(const struct protocol_memory *memory, const void *at)
{
	uintptr_t offset = (uintptr_t)at - (uintptr_t)memory->bytes;

	return offset < (uintptr_t)memory->count * PROTOCOL_MEMORY_SLOT;
}
