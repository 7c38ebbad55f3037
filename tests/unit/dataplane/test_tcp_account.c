/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/tcp_account.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Start values: plain, and such that the numbers wrap within the test. */
static const uint32_t starts[] = {0, 1000, UINT32_MAX - 20, 0x7ffffff0u};

static bool is_rough;

static uint32_t
take(struct tcp_direction *d, uint32_t seq, uint32_t len)
{
	return tcp_account_segment(d, seq, len, &is_rough);
}

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
			CU_ASSERT_EQUAL(take(&d, starts[s] + segments[i].offset, segments[i].len),
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

/* Nothing that comes late is lost; what lies between the two that become one may count again. */
static void
a_fourth_hole_makes_one_of_the_two_nearest(void)
{
	static const struct segment segments[] = {
		{10, 10, 10}, {30, 5, 5},   {50, 10, 10}, {70, 10, 10}, {0, 10, 10},
		{20, 10, 10}, {35, 15, 15}, {60, 10, 10}, {30, 5, 5},   {0, 80, 0},
	};
	is_rough = false;
	check_segments(segments, COUNT(segments) - 7);
	CU_ASSERT(!is_rough);
	check_segments(segments, COUNT(segments));
	CU_ASSERT(is_rough);
}

/* Bytes that no host takes, further and further ahead: they must not hide the stream. */
static void
bytes_far_ahead_hide_nothing(void)
{
	static const uint32_t decoys[][8] = {
		{100000000, 200000000, 300000000, 400000000, 500000000, 600000000},
		{0x60000000, 0xc0000000, 0x20000000, 0x80000000, 0xe0000000},
		{0x3fffffff, 0x7ffffff0, 0xbfffff00, 0xfffff000, 0x3ffff000, 0x70000000},
		{0xc0000001, 0x80000002, 0x40000003, 0xffff0000},
	};

	for (size_t i = 0; i < COUNT(decoys) * COUNT(starts); i++) {
		uint32_t start = starts[i % COUNT(starts)], counted = 0, at = 10;
		struct tcp_direction d;

		tcp_account_start(&d, start);
		(void)take(&d, start, at);
		for (unsigned k = 0; k < 100; k++, at += 1400) {
			uint32_t decoy = decoys[i / COUNT(starts)][k % 8];
			if (decoy != 0)
				(void)take(&d, start + decoy, 1);
			counted += take(&d, start + at, 1400);
		}
		CU_ASSERT(counted >= 140000 - 16 && counted <= 140000);
	}
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
		/* Back again: what is not known to have been seen counts. */
		{25, 10, 10},
		{10, 10, 10},
		{10, 25, 5},
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
	counted += take(&d, 0, 5);
	counted += take(&d, 6, 4);
	while (end < (UINT64_C(1) << 32) + 10) {
		counted += take(&d, (uint32_t)end, step);
		end += step;
	}
	CU_ASSERT_EQUAL(counted, end - 1);
	CU_ASSERT_EQUAL(take(&d, 0, 10), 0);
}

/* Against a map of what was seen: equal as long as there are few holes, else never too low. */
static void
random_segments_never_count_too_little(void)
{
	enum { STREAM = 400 };
	unsigned seed = 1;

	for (unsigned round = 0; round < 3000; round++) {
		bool seen[STREAM] = {false};
		uint32_t start = starts[round % COUNT(starts)];
		unsigned spread = 1 + round % 40, at = 0, truth = 0, counted = 0, sent = 0;
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
			counted += take(&d, start + from, len);
			sent += len;
			for (unsigned k = from; k < from + len; k++) {
				truth += !seen[k];
				seen[k] = true;
				at = k + 1 > at ? k + 1 : at;
			}
			unsigned holes = 0;
			for (unsigned k = 0; k < at; k++)
				holes += !seen[k] && seen[k + 1];
			exact = exact && holes <= TCP_HOLES_MAX;
			CU_ASSERT(exact ? counted == truth : counted >= truth && counted <= sent);
		}
	}
}

/* Out of order without a SYN: what was sent before the first byte seen counts, once. */
static void
bytes_before_the_first_one_seen_count_once(void)
{
	struct tcp_direction d;

	tcp_account_join(&d, 5000);
	CU_ASSERT_EQUAL(take(&d, 5000, 100), 100);
	CU_ASSERT_EQUAL(take(&d, 4000, 1000), 1000);
	CU_ASSERT_EQUAL(take(&d, 4000, 1100), 0);
	CU_ASSERT_EQUAL(take(&d, 5000 - 70000u, 1000), 1000);
	CU_ASSERT_EQUAL(take(&d, 5000 - 70000u, 70100), 68000);
	/* Up to the numbers that come round. */
	uint32_t at = 5100;
	while (at < 0x40010000) {
		CU_ASSERT_EQUAL(take(&d, at, 0x10000), 0x10000);
		at += 0x10000;
	}
	CU_ASSERT_EQUAL(d.hole_start[0], d.hole_end[0]);
}

static const struct unit_case cases[] = {
	{"segments_in_order_count_whole", segments_in_order_count_whole},
	{"retransmissions_count_once", retransmissions_count_once},
	{"holes_count_when_they_are_filled_and_once", holes_count_when_they_are_filled_and_once},
	{"one_segment_may_fill_several_holes_and_go_beyond",
	 one_segment_may_fill_several_holes_and_go_beyond},
	{"a_fourth_hole_makes_one_of_the_two_nearest", a_fourth_hole_makes_one_of_the_two_nearest},
	{"bytes_far_ahead_hide_nothing", bytes_far_ahead_hide_nothing},
	{"bytes_before_the_start_do_not_count", bytes_before_the_start_do_not_count},
	{"a_jump_beyond_any_window_begins_anew", a_jump_beyond_any_window_begins_anew},
	{"a_hole_is_forgotten_before_the_numbers_come_round",
	 a_hole_is_forgotten_before_the_numbers_come_round},
	{"random_segments_never_count_too_little", random_segments_never_count_too_little},
	{"bytes_before_the_first_one_seen_count_once", bytes_before_the_first_one_seen_count_once},
};

int
main(void)
{
	return unit_run("tcp_account", cases, COUNT(cases));
}
