/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include "tests/unit/dataplane/inspect_fixture.h"
#include "tests/unit/unit.h"

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

static void
a_message_that_never_ends_is_flagged_and_counted(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, bytes.len - 1));
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_INCOMPLETE], 1);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

/* The name of a hello that is cut behind it: by the end, by the snap length, by a piece that never
 * comes. */
static void
a_cut_hello_gives_the_name_it_still_has(void)
{
	for (unsigned cause = 0; cause < 3; cause++) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 1000);
		struct slice whole = wire_slice(&bytes);
		struct slice begin_of_it = slice_of(whole.data, whole.len - 5);
		if (cause == 1)
			fixture_cut(CLIENT, CLIENT_SEQ, whole, begin_of_it.len);
		else
			fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, begin_of_it);
		if (cause == 2)
			fixture_tcp(CLIENT, CLIENT_SEQ + (uint32_t)whole.len - 2, TCP_ACK,
				    slice_of(whole.data + whole.len - 2, 2));
		inspect_end(&fixture.ins, fixture.index);
		CU_ASSERT(fixture_name_is(NAME));
		CU_ASSERT((fixture.flow->flags & FLOW_FLAG_NAME_INCOMPLETE) != 0);
		CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_TLS);
	}
}

static void
a_hole_that_nothing_fills_is_given_up_after_64_kib(void)
{
	static uint8_t block[1000];

	begin_with_syn();
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (uint32_t i = 1; i < 65; i++)
		fixture_tcp(CLIENT, 100 + 1000 * i, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_LOW | FLOW_OWES_HIGH);
	for (uint32_t i = 65; i <= 74; i++)
		fixture_tcp(CLIENT, 100 + 1000 * i, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_FIRST_BYTES_GAP], 1);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

static void
a_server_whose_beginning_is_lost_is_let_go(void)
{
	static uint8_t block[1000];

	begin_with_syn();
	fixture_tcp(SERVER, 499, TCP_SYN | TCP_ACK, slice_of(NULL, 0));
	for (uint32_t i = 1; i <= 74; i++)
		fixture_tcp(SERVER, 500 + 1000 * i, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_LOW);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_ANSWER_INCOMPLETE], 1);
}

static void
pieces_too_scattered_are_counted(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (uint32_t i = 1; i <= FIRST_BYTES_RUNS + 1; i++)
		fixture_tcp(CLIENT, 100 + 2 * i, TCP_ACK | TCP_PSH,
			    slice_of(bytes.bytes + 2 * i, 1));
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_FIRST_BYTES_SCATTERED], 1);
	/* Sent again in order, it is read all the same. */
	fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
}

/* What the snap length cut does not come again: nothing is waited for. */
static void
bytes_cut_by_the_snap_length_end_it(void)
{
	for (size_t kept = 0; kept <= 40; kept += 40) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 0);
		fixture_cut(CLIENT, CLIENT_SEQ, wire_slice(&bytes), kept);
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_PAYLOAD_CUT], 1);
		CU_ASSERT_EQUAL(fixture.flow->flags,
				FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_SNAPLEN);
		CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
		CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	}
}

static void
a_cut_behind_the_name_leaves_it(void)
{
	static const char request[] =
		"GET / HTTP/1.1\r\nHost: " NAME "\r\nAccept: everything\r\n\r\n";

	begin_with_syn();
	fixture_cut(CLIENT, CLIENT_SEQ, slice_of(request, sizeof(request) - 1), 50);
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_SNAPLEN);
}

/* Segments cut behind their beginnings: the first gap says why. */
static void
cut_segments_in_any_order_say_why(void)
{
	for (unsigned late = 0; late < 2; late++) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 100);
		for (unsigned i = 0; i < 2; i++) {
			uint32_t at = (i ^ late) != 0 ? 100 : 0;
			fixture_cut(CLIENT, CLIENT_SEQ + at, slice_of(bytes.bytes + at, 100), 60);
		}
		CU_ASSERT_EQUAL(fixture.flow->flags,
				FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_SNAPLEN);
		CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	}
}

static void
a_gap_at_the_end_is_named(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, slice_of(bytes.bytes, 20));
	fixture_tcp(CLIENT, CLIENT_SEQ + 30, TCP_ACK, slice_of(bytes.bytes + 30, 20));
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_FIRST_BYTES_GAP], 1);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

/* A head without an end, 16 KiB of it at most; a hello that says it is longer than is kept. */
static void
what_is_longer_than_is_kept_is_named(void)
{
	static struct wire hello;

	begin_with_syn();
	hello.len = 0;
	message_client_hello(&hello, NAME, 65000);
	message_tls_records(&bytes, wire_slice(&hello), 400);
	CU_ASSERT_FATAL(bytes.len > 65536);
	for (uint32_t at = 0; at < bytes.len; at += 1000)
		fixture_tcp(
			CLIENT, CLIENT_SEQ + at, TCP_ACK,
			slice_of(bytes.bytes + at, bytes.len - at < 1000 ? bytes.len - at : 1000));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_BUFFER);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_FIRST_BYTES_TOO_LONG], 1);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_INCOMPLETE], 1);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

/* The large buffers are all taken by others. */
static void
an_empty_pool_of_large_buffers_is_named(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 6000);
	for (uint16_t i = 0; i <= 512; i++) {
		if (i != 0)
			(void)fixture_add_flow((uint16_t)(i + 1), 443);
		fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, slice_of(bytes.bytes, 5000));
	}
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_LARGE_POOL_EMPTY], 1);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_POOL);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static void
a_tls_connection_joined_later_is_encrypted(void)
{
	static const uint8_t record[] = {0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5};

	/* Told at the end, or when nothing is waited for any more. */
	for (uint32_t count = 1; count < 12; count += 10) {
		begin();
		for (uint32_t i = 0; i < count; i++) {
			fixture_tcp(SERVER, 500 + 10 * i, TCP_ACK, slice_of(record, 10));
			fixture_tcp(CLIENT, 100 + 10 * i, TCP_ACK, slice_of(record, 10));
		}
		inspect_end(&fixture.ins, fixture.index);
		CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_TLS);
		CU_ASSERT_EQUAL(fixture.flow->flags,
				FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_ENCRYPTED);
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_ENCRYPTED], 1);
		CU_ASSERT_EQUAL(fixture_notes(), 1);
	}
}

static void
a_hello_seen_late_is_not_encrypted(void)
{
	static const uint8_t record[] = {0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5};

	begin();
	for (uint32_t i = 0; i < 9; i++)
		fixture_tcp(SERVER, 500 + 10 * i, TCP_ACK, slice_of(record, 10));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_ENCRYPTED);
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
}

/* Half-open handshakes by the thousand: the oldest gives way, is flagged, and asks for nothing
 * more. */
static void
the_oldest_inspection_gives_way_when_all_are_in_use(void)
{
	enum { MANY = 16384 };

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	uint32_t first = fixture.index;
	for (uint16_t i = 0; i <= MANY; i++) {
		if (i != 0)
			(void)fixture_add_flow((uint16_t)(i + 1), 443);
		fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 40));
	}
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_INSPECTION_EVICTED], 1);
	CU_ASSERT_EQUAL(flow_table_get(fixture.flows, first)->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(flow_table_get(fixture.flows, first)->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(flow_table_get(fixture.flows, first)->flags,
			FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_CUT_POOL);
	fixture_tcp(CLIENT, 140, TCP_ACK, slice_of(bytes.bytes + 40, bytes.len - 40));
	CU_ASSERT(fixture_name_is(NAME));
}

static const struct unit_case cases[] = {
	{"a_message_that_never_ends_is_flagged_and_counted",
	 a_message_that_never_ends_is_flagged_and_counted},
	{"a_cut_hello_gives_the_name_it_still_has", a_cut_hello_gives_the_name_it_still_has},
	{"a_hole_that_nothing_fills_is_given_up_after_64_kib",
	 a_hole_that_nothing_fills_is_given_up_after_64_kib},
	{"a_server_whose_beginning_is_lost_is_let_go", a_server_whose_beginning_is_lost_is_let_go},
	{"pieces_too_scattered_are_counted", pieces_too_scattered_are_counted},
	{"bytes_cut_by_the_snap_length_end_it", bytes_cut_by_the_snap_length_end_it},
	{"a_cut_behind_the_name_leaves_it", a_cut_behind_the_name_leaves_it},
	{"cut_segments_in_any_order_say_why", cut_segments_in_any_order_say_why},
	{"a_gap_at_the_end_is_named", a_gap_at_the_end_is_named},
	{"what_is_longer_than_is_kept_is_named", what_is_longer_than_is_kept_is_named},
	{"an_empty_pool_of_large_buffers_is_named", an_empty_pool_of_large_buffers_is_named},
	{"a_tls_connection_joined_later_is_encrypted", a_tls_connection_joined_later_is_encrypted},
	{"a_hello_seen_late_is_not_encrypted", a_hello_seen_late_is_not_encrypted},
	{"the_oldest_inspection_gives_way_when_all_are_in_use",
	 the_oldest_inspection_gives_way_when_all_are_in_use},
};

int
main(void)
{
	int status = unit_run("inspect_causes", cases, COUNT(cases));
	fixture_end();
	return status;
}
