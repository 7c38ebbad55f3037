/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include "tests/unit/unit.h"

static const uint8_t eight[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xff};

static void
reads_network_order(void)
{
	struct cursor c = cursor_over(slice_of(eight, sizeof(eight)));
	CU_ASSERT_EQUAL(cursor_u8(&c), 0x01);
	CU_ASSERT_EQUAL(cursor_be16(&c), 0x0203);
	CU_ASSERT_EQUAL(cursor_be24(&c), 0x040506);
	CU_ASSERT_EQUAL(cursor_left(&c), 2);
	CU_ASSERT_FALSE(c.failed);

	static const uint8_t high[] = {0xff, 0xfe, 0xfd, 0xfc};
	c = cursor_over(slice_of(high, sizeof(high)));
	CU_ASSERT_EQUAL(cursor_be32(&c), 0xfffefdfcu);
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT_FALSE(c.failed);
}

/* One row a read: how many bytes it needs. One byte less has to fail, and nothing be read. */
static uint32_t
read_u8(struct cursor *c)
{
	return cursor_u8(c);
}

static uint32_t
read_be16(struct cursor *c)
{
	return cursor_be16(c);
}

static const struct {
	uint32_t (*read)(struct cursor *c);
	size_t needs;
} reads[] = {
	{read_u8, 1},
	{read_be16, 2},
	{cursor_be24, 3},
	{cursor_be32, 4},
};

static void
a_read_past_the_end_fails_and_gives_zero(void)
{
	for (size_t i = 0; i < sizeof(reads) / sizeof(*reads); i++) {
		struct cursor c = cursor_over(slice_of(eight, reads[i].needs - 1));
		CU_ASSERT_EQUAL(reads[i].read(&c), 0);
		CU_ASSERT_TRUE(c.failed);
		c = cursor_over(slice_of(eight, reads[i].needs));
		CU_ASSERT_NOT_EQUAL(reads[i].read(&c), 0);
		CU_ASSERT_FALSE(c.failed);
	}
}

static void
failure_is_sticky(void)
{
	struct cursor c = cursor_over(slice_of(eight, sizeof(eight)));
	cursor_skip(&c, sizeof(eight) + 1);
	CU_ASSERT_TRUE(c.failed);
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	struct slice taken = cursor_take(&c, 0);
	CU_ASSERT_PTR_NULL(taken.data);
	CU_ASSERT_EQUAL(taken.len, 0);
	CU_ASSERT_TRUE(c.failed);
}

static void
take_points_into_the_same_memory(void)
{
	struct cursor c = cursor_over(slice_of(eight, sizeof(eight)));
	cursor_skip(&c, 2);
	struct slice taken = cursor_take(&c, 3);
	CU_ASSERT_PTR_EQUAL(taken.data, eight + 2);
	CU_ASSERT_EQUAL(taken.len, 3);
	CU_ASSERT_EQUAL(cursor_left(&c), 3);
}

static void
a_huge_length_does_not_wrap(void)
{
	struct cursor c = cursor_over(slice_of(eight, sizeof(eight)));
	cursor_skip(&c, 1);
	CU_ASSERT_EQUAL(cursor_take(&c, SIZE_MAX).len, 0);
	CU_ASSERT_TRUE(c.failed);
}

static void
vectors_take_their_length(void)
{
	static const uint8_t vec8[] = {2, 'a', 'b', 'c'};
	struct cursor c = cursor_over(slice_of(vec8, sizeof(vec8)));
	struct slice taken = cursor_vec8(&c);
	CU_ASSERT_EQUAL(taken.len, 2);
	CU_ASSERT_PTR_EQUAL(taken.data, vec8 + 1);
	CU_ASSERT_EQUAL(cursor_left(&c), 1);

	static const uint8_t vec16[] = {0, 1, 'a', 'b'};
	c = cursor_over(slice_of(vec16, sizeof(vec16)));
	taken = cursor_vec16(&c);
	CU_ASSERT_EQUAL(taken.len, 1);
	CU_ASSERT_PTR_EQUAL(taken.data, vec16 + 2);
	CU_ASSERT_EQUAL(cursor_left(&c), 1);
}

static void
a_vector_longer_than_the_rest_fails(void)
{
	static const uint8_t vec8[] = {4, 'a', 'b', 'c'};
	struct cursor c = cursor_over(slice_of(vec8, sizeof(vec8)));
	CU_ASSERT_EQUAL(cursor_vec8(&c).len, 0);
	CU_ASSERT_TRUE(c.failed);

	static const uint8_t vec16[] = {0xff, 0xff, 'a'};
	c = cursor_over(slice_of(vec16, sizeof(vec16)));
	CU_ASSERT_EQUAL(cursor_vec16(&c).len, 0);
	CU_ASSERT_TRUE(c.failed);
}

static void
an_empty_slice_reads_as_empty(void)
{
	struct cursor c = cursor_over(slice_of(eight, 0));
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT_EQUAL(cursor_take(&c, 0).len, 0);
	CU_ASSERT_FALSE(c.failed);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_TRUE(c.failed);

	c = cursor_over((struct slice){0});
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT_FALSE(c.failed);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"reads_network_order", reads_network_order},
		{"a_read_past_the_end_fails_and_gives_zero",
		 a_read_past_the_end_fails_and_gives_zero},
		{"failure_is_sticky", failure_is_sticky},
		{"take_points_into_the_same_memory", take_points_into_the_same_memory},
		{"a_huge_length_does_not_wrap", a_huge_length_does_not_wrap},
		{"vectors_take_their_length", vectors_take_their_length},
		{"a_vector_longer_than_the_rest_fails", a_vector_longer_than_the_rest_fails},
		{"an_empty_slice_reads_as_empty", an_empty_slice_reads_as_empty},
	};
	return unit_run("bytes", cases, sizeof(cases) / sizeof(*cases));
}
