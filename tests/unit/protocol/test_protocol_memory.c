/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define STATE 700

static struct protocol_memory *memory;

static void
begin(uint32_t slots)
{
	protocol_memory_destroy(memory);
	memory = protocol_memory_create(slots, STATE);
	if (memory == NULL)
		abort();
}

static bool
is_zero(const void *at, size_t len)
{
	const uint8_t *bytes = at;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != 0)
			return false;
	}
	return true;
}

static void
slots_run_out_and_the_oldest_is_known(void)
{
	begin(3);
	CU_ASSERT_EQUAL(protocol_memory_oldest(memory), PROTOCOL_MEMORY_NONE);
	uint32_t a = protocol_memory_take(memory, 10), b = protocol_memory_take(memory, 20),
		 c = protocol_memory_take(memory, 30);
	CU_ASSERT_EQUAL(protocol_memory_take(memory, 40), PROTOCOL_MEMORY_NONE);
	CU_ASSERT_EQUAL(protocol_memory_oldest(memory), a);
	CU_ASSERT_EQUAL(protocol_memory_owner(memory, b), 20);

	protocol_memory_release(memory, b);
	CU_ASSERT_EQUAL(protocol_memory_oldest(memory), a);
	protocol_memory_release(memory, a);
	CU_ASSERT_EQUAL(protocol_memory_oldest(memory), c);
	CU_ASSERT_NOT_EQUAL(protocol_memory_take(memory, 50), PROTOCOL_MEMORY_NONE);
	CU_ASSERT_EQUAL(protocol_memory_oldest(memory), c);
	protocol_memory_release(memory, c);
	CU_ASSERT_EQUAL(protocol_memory_owner(memory, protocol_memory_oldest(memory)), 50);
}

static void
a_slot_taken_again_is_as_new(void)
{
	begin(1);
	uint32_t slot = protocol_memory_take(memory, 1);
	memset(protocol_memory_state(memory, slot), 0xff, STATE);
	void *block = protocol_memory_alloc(memory, slot, 1000);
	memset(block, 0xff, 1000);
	protocol_memory_release(memory, slot);

	slot = protocol_memory_take(memory, 1);
	CU_ASSERT(is_zero(protocol_memory_state(memory, slot), STATE));
	void *again = protocol_memory_alloc(memory, slot, 1000);
	CU_ASSERT_PTR_EQUAL(again, block);
	CU_ASSERT(is_zero(again, 1000));
}

static void
blocks_are_aligned_and_lie_in_their_slot(void)
{
	begin(2);
	(void)protocol_memory_take(memory, 1);
	uint32_t slot = protocol_memory_take(memory, 2);
	uint8_t *start = protocol_memory_alloc(memory, slot, 0), *before = start;

	for (size_t size = 0; size < 3000; size = 2 * size + 1) {
		uint8_t *block = protocol_memory_alloc(memory, slot, size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(block);
		CU_ASSERT_EQUAL((uintptr_t)block % 16, 0);
		CU_ASSERT(block >= before && block + size < start + PROTOCOL_MEMORY_SLOT);
		CU_ASSERT(protocol_memory_contains(memory, block));
		memset(block, 0xff, size);
		before = block + size;
	}
	CU_ASSERT_FALSE(protocol_memory_contains(memory, &memory));
	CU_ASSERT_FALSE(protocol_memory_contains(memory, NULL));
}

static void
a_slot_runs_out_without_harm_to_others(void)
{
	begin(2);
	uint32_t slot = protocol_memory_take(memory, 1), other = protocol_memory_take(memory, 2);
	size_t got = 0;

	while (protocol_memory_alloc(memory, slot, 1000) != NULL)
		got++;
	CU_ASSERT(got > 50 && got < 64);
	CU_ASSERT_PTR_NULL(protocol_memory_alloc(memory, other, PROTOCOL_MEMORY_SLOT));
	CU_ASSERT_PTR_NULL(protocol_memory_alloc(memory, other, SIZE_MAX));
	CU_ASSERT_PTR_NOT_NULL(protocol_memory_alloc(memory, other, 20000));
}

/* As the library grows a buffer: a larger one, a copy, and the smaller one goes back. */
static void
a_buffer_grows_by_small_steps(void)
{
	begin(1);
	uint32_t slot = protocol_memory_take(memory, 1);
	void *buffer = protocol_memory_alloc(memory, slot, 1);

	for (size_t size = 2; size < 8000; size++) {
		void *larger = protocol_memory_alloc(memory, slot, size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(larger);
		protocol_memory_free(memory, buffer);
		buffer = larger;
	}
}

static const struct unit_case cases[] = {
	{"slots_run_out_and_the_oldest_is_known", slots_run_out_and_the_oldest_is_known},
	{"a_slot_taken_again_is_as_new", a_slot_taken_again_is_as_new},
	{"blocks_are_aligned_and_lie_in_their_slot", blocks_are_aligned_and_lie_in_their_slot},
	{"a_slot_runs_out_without_harm_to_others", a_slot_runs_out_without_harm_to_others},
	{"a_buffer_grows_by_small_steps", a_buffer_grows_by_small_steps},
};

int
main(void)
{
	int status = unit_run("protocol_memory", cases, sizeof(cases) / sizeof(*cases));

	protocol_memory_destroy(memory);
	return status;
}
