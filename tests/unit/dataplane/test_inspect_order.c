/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include "tests/unit/dataplane/inspect_fixture.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAME "files.example.org"

static struct wire bytes;

static void
begin(void)
{
	fixture_begin(443);
	bytes.len = 0;
}

static void
begin_with_syn(void)
{
	fixture_begin_with_syn(443);
	bytes.len = 0;
}

/* The client's side is done: named, nothing kept, nothing counted as a loss. */
static void
expect_tls_name(const char *name)
{
	CU_ASSERT(fixture_name_is(name));
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_TLS);
	CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_TLS_SNI);
	CU_ASSERT_EQUAL(fixture.flow->initiator, CLIENT);
	CU_ASSERT_EQUAL(fixture.flow->owes & FLOW_OWES_LOW, 0);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static void
where_segments_disagree_the_first_one_counts(void)
{
	static struct wire other;

	begin_with_syn();
	message_client_stream(&bytes, "first.example.org", 0);
	other.len = 0;
	message_client_stream(&other, "other.example.net", 0);
	CU_ASSERT_EQUAL_FATAL(bytes.len, other.len);
	size_t half = bytes.len / 2;
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 100 + (uint32_t)half, TCP_ACK,
		    slice_of(bytes.bytes + half, bytes.len - half));
	fixture_tcp(CLIENT, 100 + (uint32_t)half, TCP_ACK,
		    slice_of(other.bytes + half, other.len - half));
	/* The whole of the other one: of it, only what was not there before. */
	fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&other));
	CU_ASSERT(fixture_name_is("first.example.org"));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_OVERLAP_CONFLICT);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_OVERLAP_CONFLICT], 2);
	CU_ASSERT_EQUAL(fixture_notes(), 2);
}

static void
client_hello_without_its_syn_names_the_flow(void)
{
	for (unsigned parts = 1; parts <= 2; parts++) {
		begin();
		fixture.flow->initiator = SERVER; /* guessed wrong */
		message_client_stream(&bytes, NAME, 0);
		size_t cut = parts == 1 ? bytes.len : 30;
		fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, cut));
		if (parts == 2)
			fixture_tcp(CLIENT, 130, TCP_ACK,
				    slice_of(bytes.bytes + cut, bytes.len - cut));
		expect_tls_name(NAME);
		CU_ASSERT_EQUAL(fixture.flow->initiator_rank, INITIATOR_NAMED);
	}
}

static void
client_hello_in_a_syn_names_the_flow(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, wire_slice(&bytes)); /* RFC 7413 */
	expect_tls_name(NAME);
}

static void
a_second_syn_with_another_number_counts_as_long_as_nothing_came(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 7000, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 7001, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);
}

static void
what_repeats_earlier_bytes_does_no_harm(void)
{
	static const uint8_t garbage = 'x';

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 99, TCP_ACK, slice_of(&garbage, 1)); /* keep-alive */
	fixture_tcp(CLIENT, 100 + 0x80000000u, TCP_ACK, slice_of(&garbage, 1));
	fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 10));
	fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);
}

static void
padding_that_counts_as_payload_is_no_beginning(void)
{
	static const uint8_t zeros[6];

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(zeros, sizeof(zeros)));
	fixture_tcp(CLIENT, 100, TCP_ACK | TCP_PSH, wire_slice(&bytes));
	expect_tls_name(NAME);
}

/* The three parts of a hello as the segments of a stream whose beginning is not known. */
static void
show_part(unsigned part)
{
	size_t third = bytes.len / 3;
	size_t at = part * third, end = part == 2 ? bytes.len : at + third;

	fixture_tcp(CLIENT, CLIENT_SEQ + (uint32_t)at, TCP_ACK,
		    slice_of(bytes.bytes + at, end - at));
}

static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
				     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static void
parts_in_any_order_without_a_syn_name_the_flow(void)
{
	for (size_t padding = 0; padding <= 9000; padding += 3000) {
		for (size_t o = 0; o < COUNT(orders); o++) {
			begin();
			message_client_stream(&bytes, NAME, padding);
			for (unsigned i = 0; i < 3; i++)
				show_part(orders[o][i]);
			expect_tls_name(NAME);
		}
	}
}

/* The SYN, or only its answer, at any place among them. */
static void
parts_in_any_order_with_a_late_syn_name_the_flow(void)
{
	for (unsigned answer = 0; answer < 2; answer++) {
		for (unsigned place = 0; place <= 3; place++) {
			for (size_t o = 0; o < COUNT(orders); o++) {
				begin();
				message_client_stream(&bytes, NAME, 100);
				for (unsigned i = 0; i <= 3; i++) {
					if (i == place && answer)
						fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ);
					else if (i == place)
						fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN,
							    slice_of(NULL, 0));
					if (i < 3)
						show_part(orders[o][i]);
				}
				expect_tls_name(NAME);
			}
		}
	}
}

/* What was read on a guess is no check of what a late SYN puts in front of it. */
static void
bytes_behind_a_late_syn_are_compared_with_nothing_older(void)
{
	static const char head[] =
		"POST / HTTP/1.1\r\nA: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n";
	const uint32_t len = sizeof(head) - 1;

	fixture_begin(80);
	fixture.flow->initiator = CLIENT;
	fixture.flow->initiator_rank = INITIATOR_GUESSED;
	fixture_text(CLIENT, CLIENT_SEQ + len, "GET / HTTP/1.1\r\nHost: b.example\r\n\r\n");
	CU_ASSERT(fixture_name_is("b.example"));
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(NULL, 0));
	fixture_text(CLIENT, CLIENT_SEQ, head);
	fixture_again(CLIENT, CLIENT_SEQ, slice_of(head, len));
	CU_ASSERT_EQUAL(fixture.flow->flags & FLOW_FLAG_OVERLAP_CONFLICT, 0);
}

/* RFC 7413: the answer acknowledges the data of the SYN too; the SYN comes after it. */
static void
a_late_syn_with_data_begins_before_what_was_acknowledged(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ + 40);
	fixture_tcp(CLIENT, CLIENT_SEQ + 40, TCP_ACK, slice_of(bytes.bytes + 40, bytes.len - 40));
	CU_ASSERT(fixture_name_is(NULL));
	begin();
	message_client_stream(&bytes, NAME, 0);
	fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ + 40);
	fixture_tcp(CLIENT, CLIENT_SEQ + 41, TCP_ACK, slice_of(bytes.bytes + 41, bytes.len - 41));
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(bytes.bytes, 41));
	expect_tls_name(NAME);
}

static void
unknown_bytes_of_a_guessed_beginning_are_waited_for(void)
{
	begin();
	for (uint32_t i = 0; i < 9; i++) {
		CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_LOW | FLOW_OWES_HIGH);
		fixture_text(CLIENT, 100 + 8 * i, "{\"a\": 1}");
	}
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static void
unknown_bytes_behind_a_syn_settle_at_once(void)
{
	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, "{\"a\": 1}");
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	/* And where the SYN comes late, then. */
	begin();
	fixture_text(CLIENT, CLIENT_SEQ, "{\"a\": 1}");
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(NULL, 0));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static void
a_whole_message_behind_unknown_bytes_names_the_flow(void)
{
	begin();
	fixture_text(CLIENT, 100, "the end of a body");
	fixture_text(CLIENT, 117, "GET / HTTP/1.1\r\nHost: " NAME "\r\n\r\n");
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_HTTP_HOST);
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH | FLOW_OWES_REQUESTS);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

/* A SYN far from what was seen belongs to other bytes. */
static void
a_syn_elsewhere_drops_what_was_guessed(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	fixture_text(CLIENT, 0x70000000, "old bytes");
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);
}

/* Only a stream whose beginning is known can break the rules of its protocol. */
static void
a_guessed_beginning_is_not_malformed(void)
{
	for (unsigned syn = 0; syn < 2; syn++) {
		if (syn)
			begin_with_syn();
		else
			begin();
		message_client_stream(&bytes, NAME, 0);
		bytes.bytes[5 + 4 + 2 + 32] = 200; /* session id beyond 32 */
		fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], syn);
		CU_ASSERT_EQUAL((fixture.flow->owes & FLOW_OWES_LOW) == 0, syn);
	}
}

/* Sequence numbers that pass zero between the parts. */
static void
rebasing_passes_zero(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 10, TCP_ACK, slice_of(bytes.bytes + 60, bytes.len - 60));
	fixture_tcp(CLIENT, (uint32_t)-50, TCP_ACK, slice_of(bytes.bytes, 60));
	expect_tls_name(NAME);
}

/* Parts of conversations, in any order, cut, sent again, spoilt, from either side. */
static void
show_at_random(unsigned *seed, const struct wire *stream)
{
	static const uint8_t flags[] = {TCP_ACK, TCP_ACK | TCP_PSH, TCP_SYN, TCP_FIN | TCP_ACK};
	unsigned direction = (unsigned)rand_r(seed) % 2;
	size_t at = (unsigned)rand_r(seed) % stream->len;
	size_t len = (unsigned)rand_r(seed) % 700 % (stream->len - at + 1);
	uint32_t base = direction == CLIENT ? CLIENT_SEQ : SERVER_SEQ;
	uint32_t seq = base + (uint32_t)at + (rand_r(seed) % 9 == 0 ? (uint32_t)rand_r(seed) : 0);
	struct slice piece = slice_of(stream->bytes + at, len);

	switch (rand_r(seed) % 8) {
	case 0:
		fixture_syn_ack(direction, base - 1, (uint32_t)rand_r(seed) % 700);
		break;
	case 1:
		fixture_cut(direction, seq, piece, (unsigned)rand_r(seed) % (len + 1));
		break;
	case 2:
		fixture_tcp(direction, base - 1, TCP_SYN, slice_of(NULL, 0));
		break;
	default:
		fixture_tcp(direction, seq, flags[(unsigned)rand_r(seed) % COUNT(flags)], piece);
	}
}

static void
whatever_comes_all_is_given_back(void)
{
	static struct wire streams[5];
	unsigned seed = 11;

	for (size_t i = 0; i < COUNT(streams); i++)
		streams[i].len = 0;
	message_client_stream(&streams[0], NAME, 300);
	message_server_stream(&streams[1], 0x0303);
	wire_text(&streams[2], "CONNECT files.example.org:443 HTTP/1.1\r\n\r\n");
	message_client_stream(&streams[2], NAME, 0);
	wire_text(&streams[3], "EHLO a.example\r\nSTARTTLS\r\n");
	message_client_stream(&streams[3], NAME, 5000);
	for (unsigned i = 0; i < 20; i++) {
		size_t length = wire_begin(&streams[4], 2);
		message_dns_answer(&streams[4], NAME);
		wire_end(&streams[4], length, 2);
	}
	begin();
	for (unsigned round = 0; round < 15000; round++) {
		(void)fixture_add_flow((uint16_t)(round + 2), round % 2 ? 53 : 443);
		for (unsigned i = 0; i < 25; i++)
			show_at_random(&seed, &streams[round % COUNT(streams)]);
		inspect_end(&fixture.ins, fixture.index);
		CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
		CU_ASSERT_EQUAL(inspection_pool_oldest(fixture.ins.pool), FLOW_NONE);
	}
}

static const struct unit_case cases[] = {
	{"where_segments_disagree_the_first_one_counts",
	 where_segments_disagree_the_first_one_counts},
	{"client_hello_without_its_syn_names_the_flow",
	 client_hello_without_its_syn_names_the_flow},
	{"client_hello_in_a_syn_names_the_flow", client_hello_in_a_syn_names_the_flow},
	{"a_second_syn_with_another_number_counts_as_long_as_nothing_came",
	 a_second_syn_with_another_number_counts_as_long_as_nothing_came},
	{"what_repeats_earlier_bytes_does_no_harm", what_repeats_earlier_bytes_does_no_harm},
	{"padding_that_counts_as_payload_is_no_beginning",
	 padding_that_counts_as_payload_is_no_beginning},
	{"parts_in_any_order_without_a_syn_name_the_flow",
	 parts_in_any_order_without_a_syn_name_the_flow},
	{"parts_in_any_order_with_a_late_syn_name_the_flow",
	 parts_in_any_order_with_a_late_syn_name_the_flow},
	{"bytes_behind_a_late_syn_are_compared_with_nothing_older",
	 bytes_behind_a_late_syn_are_compared_with_nothing_older},
	{"a_late_syn_with_data_begins_before_what_was_acknowledged",
	 a_late_syn_with_data_begins_before_what_was_acknowledged},
	{"unknown_bytes_of_a_guessed_beginning_are_waited_for",
	 unknown_bytes_of_a_guessed_beginning_are_waited_for},
	{"unknown_bytes_behind_a_syn_settle_at_once", unknown_bytes_behind_a_syn_settle_at_once},
	{"a_whole_message_behind_unknown_bytes_names_the_flow",
	 a_whole_message_behind_unknown_bytes_names_the_flow},
	{"a_syn_elsewhere_drops_what_was_guessed", a_syn_elsewhere_drops_what_was_guessed},
	{"a_guessed_beginning_is_not_malformed", a_guessed_beginning_is_not_malformed},
	{"rebasing_passes_zero", rebasing_passes_zero},
	{"whatever_comes_all_is_given_back", whatever_comes_all_is_given_back},
};

int
main(void)
{
	int status = unit_run("inspect_order", cases, COUNT(cases));
	fixture_end();
	return status;
}
