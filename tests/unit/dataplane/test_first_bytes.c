/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/first_bytes.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static uint8_t buffer[64];

static unsigned
add_text(struct first_bytes *bytes, uint64_t offset, const char *text)
{
	return first_bytes_add(bytes, offset, slice_of(text, strlen(text)));
}

static bool
contiguous_is(const struct first_bytes *bytes, const char *text)
{
	struct slice s = first_bytes_contiguous(bytes);
	return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

static void
begin(struct first_bytes *bytes, uint32_t size)
{
	memset(buffer, '#', sizeof(buffer));
	first_bytes_init(bytes, buffer, size);
}

static void
pieces_in_order_grow_from_the_start(void)
{
	struct first_bytes bytes;

	begin(&bytes, sizeof(buffer));
	CU_ASSERT(contiguous_is(&bytes, ""));
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "ab"), FIRST_BYTES_TAKEN);
	CU_ASSERT_EQUAL(add_text(&bytes, 2, ""), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "ab"));
	CU_ASSERT_EQUAL(add_text(&bytes, 2, "cd"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "abcd"));
	CU_ASSERT_EQUAL(bytes.run_count, 1);
}

static void
nothing_is_given_before_the_start_is_there(void)
{
	struct first_bytes bytes;

	begin(&bytes, sizeof(buffer));
	CU_ASSERT_EQUAL(add_text(&bytes, 3, "defg"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, ""));
	CU_ASSERT_EQUAL(add_text(&bytes, 1, "bc"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, ""));
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "a"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "abcdefg"));
}

static void
where_pieces_disagree_the_first_one_stays(void)
{
	struct first_bytes bytes;

	begin(&bytes, sizeof(buffer));
	(void)add_text(&bytes, 2, "CD");
	(void)add_text(&bytes, 6, "GH");
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "0123456789"), FIRST_BYTES_CONFLICT);
	CU_ASSERT(contiguous_is(&bytes, "01CD45GH89"));
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "xxxxxxxxxxyy"), FIRST_BYTES_CONFLICT);
	CU_ASSERT(contiguous_is(&bytes, "01CD45GH89yy"));
	/* The same again is none, nor what only touches. */
	CU_ASSERT_EQUAL(add_text(&bytes, 3, "D45GH"), FIRST_BYTES_TAKEN);
	CU_ASSERT_EQUAL(add_text(&bytes, 12, "z"), FIRST_BYTES_TAKEN);
	CU_ASSERT_EQUAL(add_text(&bytes, 12, "Z"), FIRST_BYTES_CONFLICT);
}

/* As an inspection sees it that began in the middle of a stream: the pieces come from the end. */
static void
single_bytes_backwards_take_one_run(void)
{
	static const char text[] = "the first bytes of a stream";
	struct first_bytes bytes;

	begin(&bytes, sizeof(buffer));
	for (size_t i = sizeof(text) - 1; i-- > 0;) {
		CU_ASSERT_EQUAL(first_bytes_add(&bytes, i, slice_of(text + i, 1)),
				FIRST_BYTES_TAKEN);
		CU_ASSERT_EQUAL(bytes.run_count, 1);
	}
	CU_ASSERT(contiguous_is(&bytes, text));
}

static void
what_lies_behind_the_buffer_is_left_out(void)
{
	struct first_bytes bytes;

	begin(&bytes, 8);
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "abcdefgh"), FIRST_BYTES_TAKEN);
	CU_ASSERT_EQUAL(add_text(&bytes, 8, "i"), FIRST_BYTES_BEYOND);
	CU_ASSERT_EQUAL(add_text(&bytes, UINT64_MAX, "i"), FIRST_BYTES_BEYOND);
	CU_ASSERT(contiguous_is(&bytes, "abcdefgh"));
	CU_ASSERT_EQUAL(buffer[8], '#');

	begin(&bytes, 8);
	CU_ASSERT_EQUAL(add_text(&bytes, 4, "efghij"), FIRST_BYTES_BEYOND);
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "abcd"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "abcdefgh"));
	CU_ASSERT_EQUAL(buffer[8], '#');
}

static void
a_run_too_many_is_left_out_and_the_others_go_on(void)
{
	struct first_bytes bytes;

	begin(&bytes, sizeof(buffer));
	for (uint32_t i = 0; i < FIRST_BYTES_RUNS; i++)
		CU_ASSERT_EQUAL(add_text(&bytes, 2 * i + 1, "x"), FIRST_BYTES_TAKEN);
	CU_ASSERT_EQUAL(add_text(&bytes, 40, "y"), FIRST_BYTES_TOO_MANY_RUNS);
	CU_ASSERT_EQUAL(buffer[40], '#');
	/* What touches a run still fits, and makes room. */
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "axc"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "axcx"));
	CU_ASSERT_EQUAL(add_text(&bytes, 40, "y"), FIRST_BYTES_TAKEN);
}

static void
what_is_there_moves_when_the_stream_begins_earlier(void)
{
	struct first_bytes bytes;

	begin(&bytes, 16);
	CU_ASSERT_EQUAL(first_bytes_end(&bytes), 0);
	(void)add_text(&bytes, 0, "efg");
	(void)add_text(&bytes, 5, "jk");
	(void)add_text(&bytes, 11, "p");
	first_bytes_move_up(&bytes, 4);
	CU_ASSERT_EQUAL(first_bytes_contiguous(&bytes).len, 0);
	CU_ASSERT_EQUAL(first_bytes_end(&bytes), 16);
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "abcdef"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "abcdefg"));
	/* Past the end it is lost: whole runs, and parts of one. */
	first_bytes_move_up(&bytes, 10);
	CU_ASSERT_EQUAL(bytes.run_count, 1);
	CU_ASSERT_EQUAL(first_bytes_end(&bytes), 16);
	CU_ASSERT_EQUAL(memcmp(buffer + 10, "abcdef", 6), 0);
	first_bytes_move_up(&bytes, UINT32_MAX);
	CU_ASSERT_EQUAL(bytes.run_count, 0);
	CU_ASSERT_EQUAL(buffer[16], '#');
}

static void
what_was_read_makes_room(void)
{
	struct first_bytes bytes;

	begin(&bytes, 16);
	(void)add_text(&bytes, 0, "abcdef");
	(void)add_text(&bytes, 8, "ij");
	(void)add_text(&bytes, 12, "mn");
	first_bytes_move_down(&bytes, 2);
	CU_ASSERT(contiguous_is(&bytes, "cdef"));
	CU_ASSERT_EQUAL(first_bytes_end(&bytes), 12);
	first_bytes_move_down(&bytes, 7); /* into the second run */
	CU_ASSERT(contiguous_is(&bytes, "j"));
	CU_ASSERT_EQUAL(bytes.run_count, 2);
	first_bytes_move_down(&bytes, 100);
	CU_ASSERT_EQUAL(bytes.run_count, 0);
	CU_ASSERT_EQUAL(add_text(&bytes, 0, "x"), FIRST_BYTES_TAKEN);
	CU_ASSERT(contiguous_is(&bytes, "x"));
}

/* Against a plain map of bytes, each written by the first piece that had it. */
static void
random_pieces_agree_with_a_plain_map(void)
{
	unsigned seed = 7;

	for (unsigned round = 0; round < 2000; round++) {
		uint8_t model[sizeof(buffer)];
		bool there[sizeof(buffer) + 1] = {false};
		struct first_bytes bytes;

		begin(&bytes, sizeof(buffer));
		memset(model, '#', sizeof(model));
		for (unsigned i = 0; i < 40; i++) {
			uint8_t piece[12];
			uint64_t offset = (unsigned)rand_r(&seed) % (sizeof(buffer) + 4);
			size_t len = (unsigned)rand_r(&seed) % sizeof(piece);
			memset(piece, 'a' + (int)(i % 26), sizeof(piece));
			unsigned result = first_bytes_add(&bytes, offset, slice_of(piece, len));
			if ((result & FIRST_BYTES_TOO_MANY_RUNS) != 0)
				continue;
			bool differs = false;
			for (size_t k = offset; k < offset + len && k < sizeof(model); k++) {
				differs |= there[k] && model[k] != piece[0];
				model[k] = there[k] ? model[k] : piece[0];
				there[k] = true;
			}
			CU_ASSERT_EQUAL((result & FIRST_BYTES_CONFLICT) != 0, differs);
		}
		size_t len = 0;
		while (there[len])
			len++;
		CU_ASSERT_EQUAL(first_bytes_contiguous(&bytes).len, len);
		CU_ASSERT_EQUAL(memcmp(buffer, model, sizeof(buffer)), 0);
	}
}

static const struct unit_case cases[] = {
	{"pieces_in_order_grow_from_the_start", pieces_in_order_grow_from_the_start},
	{"nothing_is_given_before_the_start_is_there", nothing_is_given_before_the_start_is_there},
	{"where_pieces_disagree_the_first_one_stays", where_pieces_disagree_the_first_one_stays},
	{"single_bytes_backwards_take_one_run", single_bytes_backwards_take_one_run},
	{"what_lies_behind_the_buffer_is_left_out", what_lies_behind_the_buffer_is_left_out},
	{"a_run_too_many_is_left_out_and_the_others_go_on",
	 a_run_too_many_is_left_out_and_the_others_go_on},
	{"what_is_there_moves_when_the_stream_begins_earlier",
	 what_is_there_moves_when_the_stream_begins_earlier},
	{"what_was_read_makes_room", what_was_read_makes_room},
	{"random_pieces_agree_with_a_plain_map", random_pieces_agree_with_a_plain_map},
};

int
main(void)
{
	return unit_run("first_bytes", cases, COUNT(cases));
}
