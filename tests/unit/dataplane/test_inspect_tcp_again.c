/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client sends in the place of bytes that were read, as a worker sees it: decoys that a
 * server never gets, and the real message cut in any way, are told from retransmissions.
 */
#include "dataplane/repeat_table.h"
#include "dataplane/worker.h"

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOTHING slice_of(NULL, 0)
#define TEXT(literal) slice_of(literal, sizeof(literal) - 1)
#define FIRST_SEQ 1001u
#define DECOY "decoy.example.org"
#define PIECES_MAX 4

static struct trace t;
static struct outcome o;
static struct wire decoy, real;

static void
run(void)
{
	struct worker_config config = trace_config();

	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
}

static void
expect(const char *name, bool is_flagged)
{
	const struct flow_record *r = outcome_flow(&o, 0);
	uint32_t flag = is_flagged ? FLOW_FLAG_OVERLAP_CONFLICT : 0;

	CU_ASSERT_STRING_EQUAL(r->name, name);
	CU_ASSERT_EQUAL(r->flags & FLOW_FLAG_OVERLAP_CONFLICT, flag);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_OVERLAP_CONFLICT] != 0, is_flagged);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_REPEAT_EVICTED], 0);
}

static void
begin(void)
{
	trace_begin(&t);
	trace_handshake(&t);
}

static void
write_hellos(const char *name, size_t padding)
{
	decoy.len = real.len = 0;
	message_client_stream(&decoy, DECOY, padding);
	message_client_stream(&real, name, padding);
}

/* Where a message is cut: lengths of all pieces but the last; 0: no more. */
typedef size_t cuts[PIECES_MAX];

static const cuts ways[] = {
	{0},    {1},     {2},        {40},    {63},         {64},    {65},    {70},
	{1, 1}, {2, 38}, {1, 63, 1}, {64, 2}, {100, 5, 20}, {75, 6}, {80, 1}, {0},
};

/* Sends the message in pieces, `backwards` the last one first. */
static void
send_pieces(const struct wire *message, const size_t *lengths, bool backwards)
{
	size_t start[PIECES_MAX + 1], count = 0, at = 0;

	for (size_t i = 0; i < PIECES_MAX && lengths[i] != 0 && at + lengths[i] < message->len;
	     i++) {
		start[count++] = at;
		at += lengths[i];
	}
	start[count++] = at;
	for (size_t i = 0; i < count; i++) {
		size_t n = backwards ? count - 1 - i : i;
		size_t end = n + 1 < count ? start[n + 1] : message->len;
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)start[n],
			  slice_of(message->bytes + start[n], end - start[n]));
	}
}

/* The next flight: a ChangeCipherSpec and what follows it. */
static void
send_next(const struct wire *message)
{
	static const uint8_t flight[80] = {20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 69};

	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)message->len,
		  slice_of(flight, sizeof(flight)));
}

/* As long, longer, shorter; with the same beginning and without. */
static void
another_hello_in_any_pieces_is_flagged(void)
{
	static const char *const names[] = {"real0.example.org", "a.longer.example.org", "a.org"};

	for (size_t row = 0; row < COUNT(names) * COUNT(ways) * COUNT(ways) * 4; row++) {
		size_t way = row / 4 % COUNT(ways), first = row / 4 / COUNT(ways) % COUNT(ways);
		write_hellos(names[row / 4 / COUNT(ways) / COUNT(ways)], row % 2 * 300);
		begin();
		send_pieces(&decoy, ways[first], false);
		send_pieces(&real, ways[way], row / 2 % 2);
		send_next(&real);
		run();
		expect(DECOY, true);
	}
}

/* All of it or a part, in any pieces and order, also twice. */
static void
a_retransmission_cut_differently_is_not_flagged(void)
{
	for (size_t row = 0; row < COUNT(ways) * COUNT(ways) * 4; row++) {
		write_hellos(DECOY, row % 2 * 3000);
		begin();
		send_pieces(&decoy, ways[row / 4 % COUNT(ways)], row / 2 % 2);
		send_pieces(&decoy, ways[row / 4 / COUNT(ways)], row % 2);
		send_next(&decoy);
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + 50,
			  slice_of(decoy.bytes + 50, decoy.len - 50));
		send_pieces(&decoy, ways[row / 4 % COUNT(ways)], true);
		run();
		expect(DECOY, false);
	}
}

static void
any_retransmission_is_not_flagged(void)
{
	unsigned seed = 5;

	for (unsigned round = 0; round < 300; round++) {
		write_hellos(DECOY, round % 3 * 700);
		begin();
		send_pieces(&decoy, ways[round % COUNT(ways)], false);
		for (unsigned i = 0; i < 60; i++) {
			size_t at = (unsigned)rand_r(&seed) % decoy.len;
			size_t len = 1 + (unsigned)rand_r(&seed) % (decoy.len - at);
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)at,
				  slice_of(decoy.bytes + at, len));
		}
		run();
		expect(DECOY, false);
	}
}

/* A byte before the stream, or more than was read, in the same segment. */
static void
what_reaches_over_the_ends_is_compared_between_them(void)
{
	static struct wire wide;

	for (unsigned row = 0; row < 4; row++) {
		write_hellos("real0.example.org", 100);
		wide.len = 0;
		wire_fill(&wide, 0, row % 2);
		wire_bytes(&wide, row < 2 ? real.bytes : decoy.bytes, real.len);
		wire_fill(&wide, 0x17, 30);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ - row % 2, slice_of(wide.bytes, 100));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + 100 - row % 2,
			  slice_of(wide.bytes + 100, wide.len - 100));
		run();
		expect(DECOY, row < 2);
	}
}

/* What nobody can read, or what breaks off, may stand in the place of a message too. */
static void
a_message_behind_garbage_in_its_place_is_flagged(void)
{
	static const char *const garbage[] = {"x", "anything but a hello", "SSH-2.0-x\r\n"};

	for (size_t i = 0; i < COUNT(garbage) * COUNT(ways); i++) {
		const char *text = garbage[i / COUNT(ways)];
		write_hellos("real0.example.org", 0);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(text, strlen(text)));
		send_pieces(&real, ways[i % COUNT(ways)], i % 2);
		run();
		expect("", true);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(text, strlen(text)));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(text, 1));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(text, strlen(text)));
		run();
		expect("", false);
	}
}

#define REQUEST "GET /a/path/that/is/so/long/that/the/host/comes/behind/the/start HTTP/1.1\r\n"

/* The real one may be shorter, and nothing come behind it; another may have come behind the first.
 */
static void
another_request_is_flagged(void)
{
	static const char first[] = REQUEST "Host: " DECOY "\r\nX: yyyyyyyyyyy\r\n\r\n";
	static const char second[] = REQUEST "Host: real.example.org\r\n\r\n";

	for (unsigned row = 0; row < 8; row++) {
		const char *other = row % 2 ? second : first;
		size_t cut = row / 2 % 2 ? 2 : 90;
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, TEXT(first));
		if (row >= 4)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + sizeof(first) - 1, TEXT(first));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(other, cut));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)cut,
			  slice_of(other + cut, strlen(other + cut)));
		run();
		expect(DECOY, row % 2);
	}
}

/* RFC 1122 4.2.3.6: a byte of garbage in the place of the last one. */
static void
keep_alives_and_padding_are_no_other_story(void)
{
	static const uint8_t zeros[6];

	for (size_t way = 0; way < COUNT(ways); way++) {
		write_hellos(DECOY, 0);
		begin();
		send_pieces(&decoy, ways[way], false);
		for (unsigned i = 0; i < 3; i++) {
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(zeros, i));
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)decoy.len - 1,
				  slice_of(zeros, 1));
			send_pieces(&decoy, ways[way], i % 2);
		}
		run();
		expect(DECOY, false);
	}
	begin();
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, TEXT("{\"a\": 1}"));
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + 7, slice_of(zeros, 1));
	run();
	expect("", false);
}

/* As an evader would cut it who knows of them. */
static void
a_last_byte_that_comes_alone_hides_nothing(void)
{
	for (unsigned row = 0; row < 4; row++) {
		write_hellos("real0.example.org", 300);
		real.bytes[real.len - 1] = row % 2 ? 0 : 4;
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		const size_t lengths[PIECES_MAX] = {20, real.len - 21};
		send_pieces(&real, lengths, row / 2);
		run();
		expect(DECOY, true);
	}
}

/* A part of the real one is seen first, or not told twice: the rest of what was read is a decoy. */
static void
a_decoy_of_a_part_is_flagged(void)
{
	for (size_t row = 0; row < 8; row++) {
		write_hellos("real0.example.org", row % 2 * 5000);
		/* The name lies in the first part, or in the second one. */
		size_t half = real.len - (row / 2 % 2 ? 4 : 20);
		const struct wire *first = row / 2 % 2 ? &decoy : &real;
		const struct wire *second = row / 2 % 2 ? &real : &decoy;
		size_t from = row / 2 % 2 ? 0 : half, to = row / 2 % 2 ? half : real.len;
		begin();
		if (row / 4 % 2)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)half,
				  slice_of(second->bytes + half, real.len - half));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(first->bytes, half));
		if (row / 4 % 2 == 0)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)half,
				  slice_of(second->bytes + half, real.len - half));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)from,
			  slice_of(real.bytes + from, to - from));
		run();
		CU_ASSERT_NOT_EQUAL(outcome_flow(&o, 0)->flags & FLOW_FLAG_OVERLAP_CONFLICT, 0);
	}
}

/* Pieces of both stories in turn, so that neither would be whole. */
static void
mixed_pieces_are_flagged(void)
{
	for (unsigned row = 0; row < 6; row++) {
		write_hellos("real0.example.org", row % 2 * 300);
		size_t half = real.len - 30;
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		for (unsigned i = 0; i < 4; i++) {
			const struct wire *from = (i ^ row / 2) % 2 ? &real : &decoy;
			size_t at = i / 2 ? half : 0, end = i / 2 ? from->len : half;
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)at,
				  slice_of(from->bytes + at, end - at));
		}
		run();
		expect(DECOY, true);
	}
}

/* A SYN or a byte that no host takes makes the accounts take old bytes for new ones. */
static void
what_spoils_the_accounts_hides_no_other_story(void)
{
	for (unsigned row = 0; row < 16; row++) {
		const struct wire *again = row % 2 ? &real : &decoy;
		size_t cut = row / 2 % 2 ? real.len : 80;
		write_hellos("real0.example.org", 300);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		if (row / 4 == 0)
			trace_tcp(&t, true, TCP_SYN, 500000000, NOTHING);
		else if (row / 4 == 1)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (1u << 30) + 1000, TEXT("x"));
		else if (row / 4 == 2)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ - (1u << 30) - 1000, TEXT("x"));
		for (uint32_t i = 1; row / 4 == 3 && i < 9; i++)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + i * 300000000u, TEXT("x"));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(again->bytes, cut));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)cut,
			  slice_of(again->bytes + cut, again->len - cut));
		run();
		expect(DECOY, row % 2);
	}
}

/* A reset may have a text in it (RFC 9293 3.5.3), and its number may be an old one. */
static void
a_reset_is_no_other_story(void)
{
	write_hellos(DECOY, 0);
	begin();
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
	trace_tcp(&t, true, TCP_RST, FIRST_SEQ, wire_slice(&real));
	real.bytes[30] ^= 1;
	trace_tcp(&t, true, TCP_RST, FIRST_SEQ, wire_slice(&real));
	run();
	expect(DECOY, false);
}

/* Another flow: its hello in one segment, or in two, which is kept; then half of it again. */
static void
send_flow(unsigned number, bool in_two, bool again)
{
	size_t cut = in_two ? 60 : 0;

	t.talk.client_port = (uint16_t)(20000 + number);
	trace_handshake(&t);
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(decoy.bytes, cut));
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)cut,
		  slice_of(decoy.bytes + cut, decoy.len - cut));
	if (again)
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(decoy.bytes, 50));
}

static void
run_flows(unsigned evicted, unsigned forgotten)
{
	struct worker_config config = trace_config();

	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_REPEAT_EVICTED], evicted);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_REPEAT_FORGOTTEN], forgotten);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_OVERLAP_CONFLICT], 0);
}

/* The first one's place goes to the last. */
static void
what_more_flows_send_than_there_is_room_for_is_counted(void)
{
	static const struct {
		unsigned places;
		size_t padding;
	} rows[] = {{REPEAT_SMALL_PLACES, 0}, {REPEAT_LARGE_PLACES, REPEAT_SMALL_BYTES}};

	for (unsigned row = 0; row < COUNT(rows) * 2; row++) {
		bool in_two = row % 2;
		trace_begin(&t);
		write_hellos(DECOY, rows[row / 2].padding);
		for (unsigned i = 0; i <= rows[row / 2].places; i++)
			send_flow(i, in_two, !in_two);
		run_flows(!in_two, in_two);
	}
}

/* Ended, older than two minutes, or told already. */
static void
what_needs_no_comparison_may_go_uncounted(void)
{
	for (unsigned way = 0; way < 3; way++) {
		trace_begin(&t);
		write_hellos("real0.example.org", 0);
		for (unsigned i = 0; i <= REPEAT_SMALL_PLACES; i++) {
			if (i == REPEAT_SMALL_PLACES && way == 0)
				t.now_ns += 121 * SECOND;
			if (i == REPEAT_SMALL_PLACES && way == 1) {
				t.talk.client_port = 20000;
				trace_tcp(&t, true, TCP_RST, FIRST_SEQ + (uint32_t)decoy.len,
					  NOTHING);
				t.now_ns += 60 * SECOND;
			}
			send_flow(i, false, true);
			if (i == 0 && way == 2)
				trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&real));
		}
		struct worker_config config = trace_config();
		trace_run(&t, &config, &o);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_REPEAT_EVICTED], 0);
	}
}

/* Where more of the first message is still awaited; the client goes on behind it. */
static void
keep_alives_within_a_message_are_no_other_story(void)
{
	static const struct {
		const char *first, *rest, *name;
	} rows[] = {
		{"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n", "", "a.example"},
		{"EHLO me\r\n", "", ""},
		{"GET / HTTP/1.1\r\n", "Host: a.example\r\n\r\n", "a.example"},
		{"GET / HTTP/1.1\r\nHost: a", ".example\r\n\r\n", "a.example"},
	};

	for (size_t i = 0; i < COUNT(rows) * 2; i++) {
		const char *first = rows[i / 2].first, *rest = rows[i / 2].rest;
		uint32_t at = FIRST_SEQ + (uint32_t)strlen(first);
		const char *last = i % 2 ? "!" : "";
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(first, strlen(first)));
		trace_tcp(&t, true, TCP_ACK, at - 1, slice_of(last, 1));
		trace_tcp(&t, true, TCP_ACK, at, slice_of(rest, strlen(rest)));
		run();
		expect(rows[i / 2].name, i % 2);
	}
}

/* Numbers come round in what is hardly seen: other bytes in the place of the hello. */
static void
two_minutes_after_the_flow_began_nothing_is_compared(void)
{
	for (unsigned seconds = 119; seconds <= 121; seconds += 2) {
		write_hellos("real0.example.org", 0);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		t.now_ns += seconds * SECOND;
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&real));
		run();
		expect(DECOY, seconds < 120);
	}
}

/* The check is of the first hello: the second one stands behind it. */
static void
both_hellos_around_a_retry_may_come_again(void)
{
	static struct wire retry;

	for (unsigned row = 0; row < 2; row++) {
		write_hellos(DECOY, 0);
		retry.len = 0;
		wire_hex(&retry, "160303 0032 02 00002e 0303"
				 "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
				 "00 1301 00 0006 002b 0002 0304");
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		trace_tcp(&t, false, TCP_ACK, 5001, wire_slice(&retry));
		real.len = 0;
		message_client_stream(&real, DECOY, 50);
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)decoy.len, wire_slice(&real));
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)decoy.len, wire_slice(&real));
		decoy.bytes[30] ^= (uint8_t)row;
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		run();
		expect(DECOY, row != 0);
		CU_ASSERT_NOT_EQUAL(outcome_flow(&o, 0)->flags & FLOW_FLAG_TLS_RETRIED, 0);
	}
}

/* However often. */
static void
another_story_counts_once(void)
{
	write_hellos("real0.example.org", 0);
	begin();
	for (unsigned i = 0; i < 3; i++)
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(i % 2 ? &real : &decoy));
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&real));
	run();
	expect(DECOY, true);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_OVERLAP_CONFLICT], 1);
}

static void
pieces_that_are_left_out_are_counted(void)
{
	for (unsigned count = FIRST_BYTES_RUNS; count <= FIRST_BYTES_RUNS + 1; count++) {
		write_hellos(DECOY, 300);
		begin();
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&decoy));
		for (unsigned i = 1; i <= count; i++)
			trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + 10 * i,
				  slice_of(decoy.bytes + 10 * i, 3));
		run();
		expect(DECOY, false);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_FIRST_BYTES_SCATTERED],
				count - FIRST_BYTES_RUNS);
	}
}

/* The same numbers in the same place of the table, a while later: nothing is kept of this one. */
static void
a_later_flow_is_not_compared_with_an_older_one(void)
{
	trace_begin(&t);
	write_hellos("real0.example.org", 0);
	trace_handshake(&t);
	send_pieces(&decoy, ways[3], false);
	trace_tcp(&t, true, TCP_RST, FIRST_SEQ + (uint32_t)decoy.len, NOTHING);
	t.now_ns += 60 * SECOND;
	t.talk.client_port++;
	trace_handshake(&t);
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, wire_slice(&real));
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, slice_of(real.bytes, real.len - 1));
	struct worker_config config = trace_config();
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 2);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_OVERLAP_CONFLICT], 0);
}

static const struct unit_case cases[] = {
	{"another_hello_in_any_pieces_is_flagged", another_hello_in_any_pieces_is_flagged},
	{"a_retransmission_cut_differently_is_not_flagged",
	 a_retransmission_cut_differently_is_not_flagged},
	{"any_retransmission_is_not_flagged", any_retransmission_is_not_flagged},
	{"what_reaches_over_the_ends_is_compared_between_them",
	 what_reaches_over_the_ends_is_compared_between_them},
	{"a_message_behind_garbage_in_its_place_is_flagged",
	 a_message_behind_garbage_in_its_place_is_flagged},
	{"another_request_is_flagged", another_request_is_flagged},
	{"keep_alives_and_padding_are_no_other_story", keep_alives_and_padding_are_no_other_story},
	{"a_last_byte_that_comes_alone_hides_nothing", a_last_byte_that_comes_alone_hides_nothing},
	{"a_decoy_of_a_part_is_flagged", a_decoy_of_a_part_is_flagged},
	{"mixed_pieces_are_flagged", mixed_pieces_are_flagged},
	{"what_spoils_the_accounts_hides_no_other_story",
	 what_spoils_the_accounts_hides_no_other_story},
	{"a_reset_is_no_other_story", a_reset_is_no_other_story},
	{"what_more_flows_send_than_there_is_room_for_is_counted",
	 what_more_flows_send_than_there_is_room_for_is_counted},
	{"what_needs_no_comparison_may_go_uncounted", what_needs_no_comparison_may_go_uncounted},
	{"keep_alives_within_a_message_are_no_other_story",
	 keep_alives_within_a_message_are_no_other_story},
	{"two_minutes_after_the_flow_began_nothing_is_compared",
	 two_minutes_after_the_flow_began_nothing_is_compared},
	{"both_hellos_around_a_retry_may_come_again", both_hellos_around_a_retry_may_come_again},
	{"another_story_counts_once", another_story_counts_once},
	{"pieces_that_are_left_out_are_counted", pieces_that_are_left_out_are_counted},
	{"a_later_flow_is_not_compared_with_an_older_one",
	 a_later_flow_is_not_compared_with_an_older_one},
};

int
main(void)
{
	int status = unit_run("inspect_tcp_again", cases, COUNT(cases));
	trace_end(&t);
	outcome_clear(&o);
	return status;
}
