/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/unit.h"

static void
pieces_are_zero_aligned_and_apart(void)
{
	struct arena *arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	unsigned char *before = NULL;

	for (size_t size = 0; size < 300; size++) {
		unsigned char *piece = arena_alloc(arena, size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(piece);
		CU_ASSERT_EQUAL((uintptr_t)piece % alignof(max_align_t), 0);
		CU_ASSERT_PTR_NOT_EQUAL(piece, before);
		for (size_t i = 0; i < size; i++)
			CU_ASSERT_EQUAL(piece[i], 0);
		memset(piece, 0xff, size);
		before = piece;
	}
	arena_destroy(arena);
}

static void
piece_larger_than_a_block_gets_its_own(void)
{
	struct arena *arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	char *large = arena_alloc(arena, 1 << 20), *small = arena_alloc(arena, 16);

	CU_ASSERT_PTR_NOT_NULL_FATAL(large);
	CU_ASSERT_PTR_NOT_NULL_FATAL(small);
	memset(large, 1, 1 << 20);
	CU_ASSERT_EQUAL(small[0], 0);
	arena_destroy(arena);
}

static void
impossible_sizes_are_refused(void)
{
	struct arena *arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);

	CU_ASSERT_PTR_NULL(arena_alloc(arena, SIZE_MAX));
	CU_ASSERT_PTR_NULL(arena_alloc_array(arena, SIZE_MAX / 2, 16));
	arena_destroy(arena);
}

static void
text_is_copied_with_its_end(void)
{
	struct arena *arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);

	CU_ASSERT_STRING_EQUAL(arena_copy_text(arena, "s3.eu-west-3", 2), "s3");
	CU_ASSERT_STRING_EQUAL(arena_copy_text(arena, NULL, 0), "");
	arena_destroy(arena);
	arena_destroy(NULL);
}

static const struct unit_case cases[] = {
	{"pieces_are_zero_aligned_and_apart", pieces_are_zero_aligned_and_apart},
	{"piece_larger_than_a_block_gets_its_own", piece_larger_than_a_block_gets_its_own},
	{"impossible_sizes_are_refused", impossible_sizes_are_refused},
	{"text_is_copied_with_its_end", text_is_copied_with_its_end},
};

int
main(void)
{
	return unit_run("arena", cases, sizeof(cases) / sizeof(*cases));
}
