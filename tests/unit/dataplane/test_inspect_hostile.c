/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer may send so that a flow gets no name, a wrong one, or costs too much. */
#include "dataplane/inspect.h"

#include "tests/unit/dataplane/inspect_fixture.h"
#include "tests/unit/unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAME "files.example.org"

static struct wire bytes, other;

static void
begin(void)
{
	fixture_begin(443);
	bytes.len = other.len = 0;
}

static void
begin_with_syn(void)
{
	fixture_begin_with_syn(443);
	bytes.len = other.len = 0;
}

/* A record with a byte of a hello, again and again in front of what was there. */
static void
a_stream_that_grows_to_the_front_is_given_up(void)
{
	static const uint8_t head[9] = {0x16, 3, 1, 0, 4, 1, 0, 0xff, 0xe0};
	unsigned segments = 0;

	begin();
	fixture_tcp(CLIENT, 500000, TCP_ACK, slice_of(head, sizeof(head)));
	while (segments < 100 && (fixture.flow->owes & FLOW_OWES_LOW) != 0) {
		segments++;
		fixture_tcp(CLIENT, 500000 - 9 * segments, TCP_ACK, slice_of(head, sizeof(head)));
	}
	CU_ASSERT_EQUAL(segments, 9);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

/* Eight segments in the wrong order are put right. */
static void
eight_segments_from_back_to_front_name_the_flow(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	size_t eighth = bytes.len / 8;
	for (unsigned part = 8; part-- > 0;) {
		size_t at = part * eighth, end = part == 7 ? bytes.len : at + eighth;
		fixture_tcp(CLIENT, CLIENT_SEQ + (uint32_t)at, TCP_ACK,
			    slice_of(bytes.bytes + at, end - at));
	}
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
}

static void
zeros_in_the_middle_are_bytes_of_the_stream(void)
{
	for (size_t step = 1; step <= 6; step += 5) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 40);
		for (size_t at = 0; at < bytes.len; at += step) {
			size_t len = bytes.len - at < step ? bytes.len - at : step;
			fixture_tcp(CLIENT, CLIENT_SEQ + (uint32_t)at, TCP_ACK,
				    slice_of(bytes.bytes + at, len));
		}
		CU_ASSERT(fixture_name_is(NAME));
		CU_ASSERT_EQUAL(fixture_notes(), 0);
	}
}

static void
a_segment_far_ahead_is_left_out(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_text(CLIENT, CLIENT_SEQ + 70000, "x");
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_FIRST_BYTES_FAR], 1);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 1);
}

static void
a_beginning_that_never_comes_is_given_up(void)
{
	begin_with_syn();
	for (uint32_t i = 0; i < 8; i++)
		fixture_text(CLIENT, CLIENT_SEQ + 70000 + 8 * i, "the body");
	CU_ASSERT_NOT_EQUAL(fixture.flow->owes & FLOW_OWES_LOW, 0);
	fixture_text(CLIENT, CLIENT_SEQ + 70064, "the body");
	CU_ASSERT_EQUAL(fixture.flow->owes & FLOW_OWES_LOW, 0);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_GAP);
}

static void
a_few_far_segments_and_nothing_else_are_a_gap(void)
{
	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ + 70000, "the body");
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_GAP);
}

/* The second one is as long, or longer, or shorter; the first one was read where it lay. */
static void
another_hello_in_the_place_of_the_first_is_flagged(void)
{
	static const char *const names[] = {"real0.example.org", "a.longer.example.org", "a.org"};

	for (size_t i = 0; i < COUNT(names); i++) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 0);
		message_client_stream(&other, names[i], 0);
		fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
		fixture_again(CLIENT, CLIENT_SEQ, wire_slice(&bytes));
		fixture_again(CLIENT, CLIENT_SEQ, slice_of(bytes.bytes, 10));
		fixture_again(CLIENT, CLIENT_SEQ, slice_of(bytes.bytes, bytes.len - 1));
		CU_ASSERT_EQUAL(fixture.flow->flags, 0);
		fixture_again(CLIENT, CLIENT_SEQ, wire_slice(&other));
		CU_ASSERT(fixture_name_is(NAME));
		CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_OVERLAP_CONFLICT);
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_OVERLAP_CONFLICT], 1);
	}
}

/* Behind more than any window nothing of the beginning is sent again: its numbers come round. */
static void
bytes_of_the_same_numbers_much_later_are_not_compared(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	message_client_stream(&other, "real0.example.org", 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	fixture.flow->payload[CLIENT] += UINT64_C(1) << 32;
	fixture_again(CLIENT, CLIENT_SEQ, wire_slice(&other));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
}

#define LOOKS_LIKE_A_REQUEST "GET / HTTP/1.1\r\nHost: www.never.example\r\n\r\n"

/* Sends the texts one behind the other. */
static void
show_texts(const char *const *texts, size_t count)
{
	uint32_t seq = CLIENT_SEQ;

	for (size_t i = 0; i < count; i++) {
		fixture_text(CLIENT, seq, texts[i]);
		seq += (uint32_t)strlen(texts[i]);
	}
}

static void
what_looks_like_a_request_in_a_body_names_nobody(void)
{
	static const char *const bodies[][3] = {
		{"POST /x HTTP/1.0\r\nContent-Length: 2000\r\n\r\n", LOOKS_LIKE_A_REQUEST, "x"},
		{"GET /x HTTP/1.0\r\n\r\n", "POST /x HTTP/1.0\r\nContent-Length: 2000\r\n\r\n",
		 LOOKS_LIKE_A_REQUEST},
		{"GET /x HTTP/1.0\r\n\r\n", "anything else", LOOKS_LIKE_A_REQUEST},
	};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		begin_with_syn();
		show_texts(bodies[i], 3);
		CU_ASSERT(fixture_name_is(NULL));
		CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_HTTP);
		CU_ASSERT_EQUAL(fixture_detail()->other_names, 1);
	}
}

static void
a_request_right_behind_one_without_a_name_names_the_flow(void)
{
	static const char *const texts[] = {"GET /x HTTP/1.0\r\n\r\n", "GET /y HTTP/1.0\r\n\r\n",
					    "GET / HTTP/1.1\r\nHost: " NAME "\r\n\r\n"};

	begin_with_syn();
	show_texts(texts, COUNT(texts));
	CU_ASSERT(fixture_name_is(NAME));
}

static void
nothing_in_a_tunnel_is_a_further_request(void)
{
	static const char *const texts[] = {"CONNECT 203.0.113.9:5222 HTTP/1.1\r\n\r\n",
					    "binary talk of many words, not TLS",
					    LOOKS_LIKE_A_REQUEST};

	begin_with_syn();
	show_texts(texts, COUNT(texts));
	CU_ASSERT(fixture_name_is(NULL));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(fixture_detail()->other_names, 0);
}

static void
guess_initiator(unsigned initiator)
{
	fixture.flow->initiator = (uint8_t)initiator;
	fixture.flow->initiator_rank = INITIATOR_GUESSED;
}

/* What a server sends in the middle of a connection says nothing of who began it. */
static void
a_guessed_server_asks_nothing(void)
{
	begin();
	guess_initiator(CLIENT);
	fixture_text(SERVER, SERVER_SEQ, "a file, ");
	fixture_text(SERVER, SERVER_SEQ + 8, LOOKS_LIKE_A_REQUEST);
	CU_ASSERT(fixture_name_is(NULL));
	begin();
	(void)fixture_add_flow(2000, 443);
	guess_initiator(CLIENT);
	fixture_text(SERVER, SERVER_SEQ, LOOKS_LIKE_A_REQUEST);
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(SERVER, SERVER_SEQ + (uint32_t)strlen(LOOKS_LIKE_A_REQUEST), TCP_ACK,
		    wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NULL));
	CU_ASSERT_EQUAL(fixture.flow->initiator, CLIENT);
	CU_ASSERT_EQUAL(fixture.flow->initiator_rank, INITIATOR_GUESSED);
}

/* Neither port says who is the server: the hello does, the request does not. */
static void
a_hello_overrules_the_inside_map(void)
{
	fixture_begin(8443);
	(void)fixture_add_flow(2000, 8443);
	bytes.len = 0;
	message_client_stream(&bytes, NAME, 0);
	guess_initiator(SERVER);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->initiator, CLIENT);
	(void)fixture_add_flow(2001, 8443);
	guess_initiator(SERVER);
	fixture_text(CLIENT, CLIENT_SEQ, LOOKS_LIKE_A_REQUEST);
	CU_ASSERT(fixture_name_is(NULL));
}

/* Frames of Cassandra and of TDS begin like SOCKS 4. */
static void
what_looks_like_socks_is_none_in_the_middle(void)
{
	static const uint8_t cassandra[] = {4, 1, 0,    7,    7,   0,   0,   0,   0x30, 0,
					    0, 0, 0x40, 0xf0, 'S', 'E', 'L', 'E', 'C',  'T'};
	static const uint8_t socks[] = {4, 1, 0, 80, 192, 0, 2, 1, 0};

	for (unsigned syn = 0; syn < 2; syn++) {
		if (syn)
			begin_with_syn();
		else
			begin();
		fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, slice_of(cassandra, sizeof(cassandra)));
		CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_UNKNOWN);
		CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	}
	for (unsigned syn = 0; syn < 2; syn++) {
		if (syn)
			begin_with_syn();
		else
			begin();
		bytes.len = 0;
		wire_bytes(&bytes, socks, sizeof(socks));
		wire_text(&bytes, "GET / HTTP/1.1\r\nHost: " NAME "\r\n\r\n");
		fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
		CU_ASSERT(fixture_name_is(syn ? NAME : NULL));
		CU_ASSERT_EQUAL(fixture.flow->flags, syn ? FLOW_FLAG_VIA_PROXY : 0);
	}
}

/* RFC 7413: the answer acknowledges the data of the SYN too. */
static void
the_data_of_a_late_syn_begins_the_stream(void)
{
	static const char post[] = "POST / HTTP/1.1\r\nHost: " NAME "\r\nA: b\r\n";

	begin();
	message_client_stream(&bytes, NAME, 3000);
	fixture_tcp(CLIENT, CLIENT_SEQ + 1000, TCP_ACK,
		    slice_of(bytes.bytes + 1000, bytes.len - 1000));
	fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ + 1000);
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(bytes.bytes, 1000));
	CU_ASSERT(fixture_name_is(NAME));
	/* What stood behind was taken for the beginning. */
	begin();
	uint32_t data = sizeof(post) - 1;
	fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ + data);
	fixture_text(CLIENT, CLIENT_SEQ + data, LOOKS_LIKE_A_REQUEST);
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(post, data));
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT(fixture_name_is(NAME));
}

static void
a_message_that_breaks_the_rules_is_told_in_the_flow(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	bytes.bytes[5 + 4 + 2 + 32] = 200; /* session id beyond 32 */
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_TLS);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_REFUSED);
	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, "GET / HTTP/1.1\r\nHost:\r\n " NAME "\r\n\r\n");
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_HTTP);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_REFUSED);
	CU_ASSERT(fixture_name_is(NULL));
}

static const struct unit_case cases[] = {
	{"a_stream_that_grows_to_the_front_is_given_up",
	 a_stream_that_grows_to_the_front_is_given_up},
	{"eight_segments_from_back_to_front_name_the_flow",
	 eight_segments_from_back_to_front_name_the_flow},
	{"zeros_in_the_middle_are_bytes_of_the_stream",
	 zeros_in_the_middle_are_bytes_of_the_stream},
	{"a_segment_far_ahead_is_left_out", a_segment_far_ahead_is_left_out},
	{"a_beginning_that_never_comes_is_given_up", a_beginning_that_never_comes_is_given_up},
	{"a_few_far_segments_and_nothing_else_are_a_gap",
	 a_few_far_segments_and_nothing_else_are_a_gap},
	{"another_hello_in_the_place_of_the_first_is_flagged",
	 another_hello_in_the_place_of_the_first_is_flagged},
	{"bytes_of_the_same_numbers_much_later_are_not_compared",
	 bytes_of_the_same_numbers_much_later_are_not_compared},
	{"what_looks_like_a_request_in_a_body_names_nobody",
	 what_looks_like_a_request_in_a_body_names_nobody},
	{"a_request_right_behind_one_without_a_name_names_the_flow",
	 a_request_right_behind_one_without_a_name_names_the_flow},
	{"nothing_in_a_tunnel_is_a_further_request", nothing_in_a_tunnel_is_a_further_request},
	{"a_guessed_server_asks_nothing", a_guessed_server_asks_nothing},
	{"a_hello_overrules_the_inside_map", a_hello_overrules_the_inside_map},
	{"what_looks_like_socks_is_none_in_the_middle",
	 what_looks_like_socks_is_none_in_the_middle},
	{"the_data_of_a_late_syn_begins_the_stream", the_data_of_a_late_syn_begins_the_stream},
	{"a_message_that_breaks_the_rules_is_told_in_the_flow",
	 a_message_that_breaks_the_rules_is_told_in_the_flow},
};

int
main(void)
{
	int status = unit_run("inspect_hostile", cases, COUNT(cases));
	fixture_end();
	return status;
}
