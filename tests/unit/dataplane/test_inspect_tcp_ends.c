/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other messages in the place of what was read, of which less came than that: they are known by
 * where they end, and by their names.
 */
#include "dataplane/worker.h"

#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ROW_TEXT(literal)                                       \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define FIRST_SEQ 1001u
#define DECOY "decoy.example.org"
#define REQUEST "GET /a/path/that/is/so/long/that/the/host/comes/behind/the/start HTTP/1.1\r\n"

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
}

/* A client sends its first bytes in one segment. */
static void
begin(struct slice first)
{
	trace_begin(&t);
	trace_handshake(&t);
	trace_tcp(&t, true, TCP_ACK, FIRST_SEQ, first);
}

/* Lengths of the pieces in which others come in their place. */
static const size_t steps[] = {1, 2, 7, 40, 64, 70, 1000};

/* `backwards` the last piece first, where there are not too many. */
static void
send_pieces(struct slice message, size_t step, bool backwards)
{
	size_t count = (message.len + step - 1) / step;

	for (size_t i = 0; i < count; i++) {
		size_t at = (backwards && count < 10 ? count - 1 - i : i) * step;
		size_t left = message.len - at;
		trace_tcp(&t, true, TCP_ACK, FIRST_SEQ + (uint32_t)at,
			  slice_of(message.data + at, left < step ? left : step));
	}
}

#define HTTP2 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
#define HTTP2_GET(length, host) "\0\0" length "\1\5\0\0\0\1\x82\x84\x86\x41" host

/* Its end alone tells: there is no name to compare, or both have the same. */
static void
a_shorter_message_is_flagged(void)
{
	static const struct {
		struct slice first, second;
		const char *name;
	} rows[] = {
		{ROW_TEXT(REQUEST "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n\r\n"),
		 ROW_TEXT(REQUEST "Host: real.example.org\r\n\r\n"), ""},
		{ROW_TEXT("GET / HTTP/1.0\r\nHost: " DECOY "\r\n\r\n"),
		 ROW_TEXT("GET / HTTP/1.0\r\n\r\n"), DECOY},
		{ROW_TEXT("\r\nGET / HTTP/1.0\r\nHost: " DECOY "\r\n\r\n"),
		 ROW_TEXT("\r\nGET / HTTP/1.0\nHost: " DECOY "\n\n"), DECOY},
		{ROW_TEXT(REQUEST "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy: b\r\n\r\n"),
		 ROW_TEXT(REQUEST "X: y\r\n\r\n"), ""},
		{ROW_TEXT("GET http://" DECOY "/aaa HTTP/1.1\r\nHost: " DECOY "\r\n\r\n"),
		 ROW_TEXT("GET http://" DECOY "/ HTTP/1.1\r\nHost: " DECOY "\r\n\r\n"), DECOY},
		{ROW_TEXT("GET http://" DECOY "/ HTTP/1.1\r\nHost: " DECOY "\r\n\r\n"),
		 ROW_TEXT("GET http://a.example/ HTTP/1.1\r\n"), DECOY},
		{ROW_TEXT(HTTP2 HTTP2_GET("\x16", "\x11" DECOY)),
		 ROW_TEXT(HTTP2 HTTP2_GET("\xe", "\x9"
						 "a.example")),
		 DECOY},
		{ROW_TEXT("CONNECT a.example:80 HTTP/1.1\r\n\r\n" REQUEST "X: yyyyyyyyyy\r\n\r\n"),
		 ROW_TEXT("CONNECT a.example:80 HTTP/1.1\r\n\r\n" REQUEST "X: y\r\n\r\n"),
		 "a.example"},
	};

	for (size_t i = 0; i < COUNT(rows) * COUNT(steps) * 4; i++) {
		size_t row = i / 4 / COUNT(steps);
		begin(rows[row].first);
		send_pieces(i % 4 == 0 ? rows[row].first : rows[row].second,
			    steps[i / 4 % COUNT(steps)], i % 2);
		run();
		expect(rows[row].name, i % 4 != 0);
	}
}

#define GET(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"

/* Of several requests the first may come again alone: only its name says whether it is the same. */
static void
a_part_of_several_requests_is_flagged_for_its_name(void)
{
	static const struct slice first = ROW_TEXT(GET(DECOY) GET("b.example"));
	static const struct slice others[] = {
		ROW_TEXT(GET(DECOY)),
		ROW_TEXT(GET(DECOY) "GET / HTTP/1.1\r\n"),
		ROW_TEXT(GET("a.example")),
		ROW_TEXT(GET("a.example") "GET"),
	};

	for (size_t i = 0; i < COUNT(others) * COUNT(steps); i++) {
		const struct slice *other = &others[i / COUNT(steps)];
		begin(first);
		send_pieces(*other, steps[i % COUNT(steps)], false);
		run();
		expect(DECOY, i / COUNT(steps) > 1);
	}
}

/* Ten settings, more than the start of which a check is kept. */
static void
write_http2(struct wire *w, struct slice request)
{
	static const struct slice preface = ROW_TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

	w->len = 0;
	wire_bytes(w, preface.data, preface.len);
	wire_hex(w, "00003c 04 00 00000000");
	wire_fill(w, 0, 60);
	wire_bytes(w, request.data, request.len);
}

/* Where it ends is not missed, however many pieces came before. */
static void
another_message_sent_a_byte_at_a_time_is_flagged(void)
{
	static const struct slice requests[] = {
		ROW_TEXT(HTTP2_GET("\x16", "\x11" DECOY)),
		ROW_TEXT(HTTP2_GET("\xe", "\x9"
					  "a.example")),
	};
	static const char head[] = REQUEST "A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n";

	for (unsigned row = 0; row < 4; row++) {
		if (row < 2) {
			write_http2(&decoy, requests[0]);
			write_http2(&real, requests[row % 2]);
		} else {
			decoy.len = real.len = 0;
			for (unsigned i = 0; i < 40; i++) {
				wire_text(&decoy, i == 0 ? head : "A: b\r\n");
				wire_text(&real, i == 0 ? head : "A: b\r\n");
			}
			wire_text(&decoy, "Host: " DECOY "\r\n\r\n");
			wire_text(&real,
				  row % 2 ? "Host: a.org\r\n\r\n" : "Host: " DECOY "\r\n\r\n");
		}
		begin(wire_slice(&decoy));
		send_pieces(wire_slice(&real), 1, false);
		run();
		expect(DECOY, row % 2);
	}
}

/* Each of them is read for what may stand behind it, and that costs. */
static void
heads_behind_which_nothing_ends_are_counted(void)
{
	for (unsigned count = 8; count <= 64; count += 56) {
		real.len = 0;
		for (unsigned i = 0; i < count; i++)
			wire_text(&real, "CONNECT a.example:80 HTTP/1.1\r\n\r\n");
		wire_text(&real, "GET / HTTP/1.1\r\nHost: b.example\r\n\r\n");
		begin(wire_slice(&real));
		send_pieces(wire_slice(&real), 1, false);
		run();
		expect("a.example", false);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_REPEAT_UNREAD], count > 8);
	}
}

static const struct unit_case cases[] = {
	{"a_shorter_message_is_flagged", a_shorter_message_is_flagged},
	{"a_part_of_several_requests_is_flagged_for_its_name",
	 a_part_of_several_requests_is_flagged_for_its_name},
	{"another_message_sent_a_byte_at_a_time_is_flagged",
	 another_message_sent_a_byte_at_a_time_is_flagged},
	{"heads_behind_which_nothing_ends_are_counted",
	 heads_behind_which_nothing_ends_are_counted},
};

int
main(void)
{
	int status = unit_run("inspect_tcp_ends", cases, COUNT(cases));
	trace_end(&t);
	outcome_clear(&o);
	return status;
}
