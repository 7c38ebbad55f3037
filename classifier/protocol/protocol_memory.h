/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of flows under detection: a bounded number of slots, each with room for a state and a
 * small heap of its own. All that a flow makes the library allocate lies in its slot, so that
 * giving the slot back frees all of it, also what the library forgot. Reserved at the start and
 * touched only as far as used. One worker owns it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of a slot's heap. */
#define PROTOCOL_MEMORY_SLOT 65536u

/** Longest block. */
#define PROTOCOL_MEMORY_BLOCK_MAX (PROTOCOL_MEMORY_SLOT / 2 - 16)

/** No slot. */
#define PROTOCOL_MEMORY_NONE UINT32_MAX

struct protocol_memory;

/** `state_size`: bytes of each slot's state, 1 at least. NULL with errno; free with
 * protocol_memory_destroy (NULL allowed). */
struct protocol_memory *protocol_memory_create(uint32_t slots, size_t state_size);
void protocol_memory_destroy(struct protocol_memory *memory);

/** A slot with a state that is all zero and an empty heap; NONE when all are in use. */
uint32_t protocol_memory_take(struct protocol_memory *memory, uint32_t owner);
void protocol_memory_release(struct protocol_memory *memory, uint32_t slot);

/** The slot taken longest ago, NONE when none is in use. */
uint32_t protocol_memory_oldest(const struct protocol_memory *memory);

/** Whom the slot was taken for. */
uint32_t protocol_memory_owner(const struct protocol_memory *memory, uint32_t slot);

/** The state, until released. */
void *protocol_memory_state(const struct protocol_memory *memory, uint32_t slot);

/** `size` bytes of the slot's heap, all zero, aligned for anything; NULL when it has no room. */
void *protocol_memory_alloc(struct protocol_memory *memory, uint32_t slot, size_t size);

/** Gives a block back to its own slot. */
void protocol_memory_free(struct protocol_memory *memory, void *block);

/** Whether `at` lies in any slot. */
bool protocol_memory_contains(const struct protocol_memory *memory, const void *at);
