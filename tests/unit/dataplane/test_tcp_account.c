/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/tcp_account.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Start values: plain, and such that the numbers wrap within the test. */
static const uint32_t starts[] = {0, 1000, UINT32_MAX - 20, 0x7ffffff0u};

struct segment {
	uint32_t offset, len, fresh;
};

static void
check_segments(const struct segment *segments, size_t count)
{
	for (size_t s = 0; s < COUNT(starts); s++) {
		struct tcp_direction d;
		tcp_account_start(&d, starts[s]);
		for (size_t i = 0; i < count; i++)
			CU_ASSERT_EQUAL(tcp_account_segment(&d, starts[s] + segments[i].offset,
							    segments[i].len),
					segments[i].fresh);
	}
}

static void
segments_in_order_count_whole(void)
{
	static const struct segment segments[] = {
		{0, 10, 10}, {10, 0, 0}, {10, 1, 1}, {11, 1460, 1460}};
	check_segments(segments, COUNT(segments));
}

static void
retransmissions_count_once(void)
{
	static const struct segment segments[] = {{0, 100, 100}, {0, 100, 0},  {50, 50, 0},
						  {99, 1, 0}, /* keep-alive */
						  {50, 100, 50}, {0, 200, 50}, {200, 10, 10}};
	check_segments(segments, COUNT(segments));
}

static void
holes_count_when_they_are_filled_and_once(void)
{
	static const struct segment segments[] = {
		{0, 10, 10},   {20, 10, 10}, {10, 10, 10}, {10, 10, 0}, /* one filled at once */
		{100, 10, 10}, {50, 10, 10}, {50, 10, 0}, /* from the middle: it becomes two */
		{30, 80, 60},  {0, 110, 0},
	};
	check_segments(segments, COUNT(segments));
}

static void
one_segment_may_fill_several_holes_and_go_beyond(void)
{
	static const struct segment segments[] = {
		{10, 10, 10}, {30, 10, 10}, {50, 10, 10}, {0, 70, 40}, {0, 70, 0}};
	check_segments(segments, COUNT(segments));
}

static void
a_fourth_hole_takes_the_place_of_the_oldest(void)
{
	static const struct segment segments[] = {
		{10, 10, 10}, {30, 10, 10}, {50, 10, 10}, {70, 10, 10}, {0, 10, 0},
		{20, 10, 10}, {40, 10, 10}, {60, 10, 10}, {0, 80, 0},
	};
	check_segments(segments, COUNT(segments));
}

/* Bytes before the first that was seen: nothing is known of them, so they do not count. */
static void
bytes_before_the_start_do_not_count(void)
{
	static const struct segment segments[] = {{UINT32_MAX - 99, 100, 0},
						  {UINT32_MAX - 9, 30, 20}};
	check_segments(segments, COUNT(segments));
}

static void
a_jump_beyond_any_window_begins_anew(void)
{
	static const struct segment segments[] = {
		{0, 10, 10},
		{20, 10, 10},
		{0x60000000, 5, 5},
		{0x60000005, 5, 5},
		{0x60000000, 10, 0},
		/* Back again: the hole of before is no longer known. */
		{25, 10, 10},
		{10, 10, 0},
	};
	check_segments(segments, COUNT(segments));
}

/* A byte lost to the capture leaves a hole for ever; after 4 GiB its numbers come again. */
static void
a_hole_is_forgotten_before_the_numbers_come_round(void)
{
	const uint32_t step = 1u << 20;
	struct tcp_direction d;
	uint64_t counted = 0, end = 10;

	tcp_account_start(&d, 0);
	counted += tcp_account_segment(&d, 0, 5);
	counted += tcp_account_segment(&d, 6, 4);
	while (end < (UINT64_C(1) << 32) + 10) {
		counted += tcp_account_segment(&d, (uint32_t)end, step);
		end += step;
	}
	CU_ASSERT_EQUAL(counted, end - 1);
	CU_ASSERT_EQUAL(tcp_account_segment(&d, 0, 10), 0);
}

/* Against a map of what was seen: equal as long as there are few holes, else never too high. */
static void
random_segments_never_count_too_much(void)
{
	enum { STREAM = 400 };
	unsigned seed = 1;

	for (unsigned round = 0; round < 3000; round++) {
		bool seen[STREAM] = {false};
		uint32_t start = starts[round % COUNT(starts)];
		unsigned spread = 1 + round % 40, at = 0, truth = 0, counted = 0;
		bool exact = true;
		struct tcp_direction d;

		tcp_account_start(&d, start);
		for (unsigned i = 0; i < 60; i++) {
			unsigned from = at + (unsigned)rand_r(&seed) % spread;
			from -= (unsigned)rand_r(&seed) % 20 < from ? (unsigned)rand_r(&seed) % 10
								    : 0;
			from = from < STREAM ? from : STREAM - 1;
			unsigned len = (unsigned)rand_r(&seed) % 15;
			len = from + len <= STREAM ? len : STREAM - from;
			counted += tcp_account_segment(&d, start + from, len);
			for (unsigned k = from; k < from + len; k++) {
				truth += !seen[k];
				seen[k] = true;
				at = k + 1 > at ? k + 1 : at;
			}
			unsigned holes = 0;
			for (unsigned k = 0; k < at; k++)
				holes += !seen[k] && seen[k + 1];
			exact = exact && holes <= TCP_HOLES_MAX;
			CU_ASSERT(exact ? counted == truth : counted <= truth);
		}
	}
}

static const struct unit_case cases[] = {
	{"segments_in_order_count_whole", segments_in_order_count_whole},
	{"retransmissions_count_once", retransmissions_count_once},
	{"holes_count_when_they_are_filled_and_once", holes_count_when_they_are_filled_and_once},
	{"one_segment_may_fill_several_holes_and_go_beyond",
	 one_segment_may_fill_several_holes_and_go_beyond},
	{"a_fourth_hole_takes_the_place_of_the_oldest",
	 a_fourth_hole_takes_the_place_of_the_oldest},
	{"bytes_before_the_start_do_not_count", bytes_before_the_start_do_not_count},
	{"a_jump_beyond_any_window_begins_anew", a_jump_beyond_any_window_begins_anew},
	{"a_hole_is_forgotten_before_the_numbers_come_round",
	 a_hole_is_forgotten_before_the_numbers_come_round},
	{"random_segments_never_count_too_much", random_segments_never_count_too_much},
};

int
main(void)
{
	return unit_run("tcp_account", cases, COUNT(cases));
}
