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
	fixture_begin(53);
	bytes.len = 0;
}

static void
begin_with_syn(void)
{
	fixture_begin_with_syn(53);
	bytes.len = 0;
}

/* A response with its length in front, over `name`. */
static void
write_response(const char *name)
{
	size_t length = wire_begin(&bytes, 2);
	message_dns_answer(&bytes, name);
	wire_end(&bytes, length, 2);
}

static void
ask(void)
{
	fixture_text(CLIENT, CLIENT_SEQ, "a question");
}

static void
show(size_t from, size_t to)
{
	fixture_tcp(SERVER, SERVER_SEQ + (uint32_t)from, TCP_ACK | TCP_PSH,
		    slice_of(bytes.bytes + from, to - from));
}

static void
a_message_in_one_segment_is_handed_on(void)
{
	begin_with_syn();
	ask();
	write_response("www.example.org");
	show(0, bytes.len);
	CU_ASSERT_EQUAL(fixture.handed.dns, 1);
	CU_ASSERT_EQUAL(fixture.handed.answer.len, bytes.len - 2);
	CU_ASSERT_EQUAL(memcmp(fixture.handed.answer.bytes, bytes.bytes + 2, bytes.len - 2), 0);
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_DNS);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

/* Three messages in two segments, cut anywhere, in both orders; without the SYN in theirs. */
static void
messages_are_put_together(void)
{
	for (unsigned way = 0; way < 3; way++) {
		for (size_t cut = 1;; cut++) {
			if (way >= 2)
				begin();
			else
				begin_with_syn();
			ask();
			write_response("a.example.org");
			write_response("www.example.org");
			write_response("b.example.org");
			if (cut == bytes.len)
				break;
			if (way % 2 == 1)
				show(cut, bytes.len);
			show(0, cut);
			if (way % 2 == 0)
				show(cut, bytes.len);
			CU_ASSERT_EQUAL(fixture.handed.dns, 3);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
			/* The client's question is no beginning that is known, and waited for. */
			CU_ASSERT_EQUAL(fixture.flow->inspect != FLOW_NONE, way == 2);
		}
	}
}

static void
byte_by_byte_they_are_put_together_too(void)
{
	begin_with_syn();
	ask();
	write_response("a.example.org");
	write_response("www.example.org");
	for (size_t i = 0; i < bytes.len; i++)
		fixture_tcp(SERVER, SERVER_SEQ + (uint32_t)i, TCP_ACK | TCP_PSH,
			    slice_of(bytes.bytes + i, 1));
	CU_ASSERT_EQUAL(fixture.handed.dns, 2);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

/* Too long to be handed on: passed over in segments that are not kept. */
static void
a_long_message_is_counted_and_the_next_one_read(void)
{
	for (size_t len = 4097; len <= 65535; len += 61438) {
		begin_with_syn();
		ask();
		size_t length = wire_begin(&bytes, 2);
		message_dns_answer(&bytes, "long.example.org");
		wire_fill(&bytes, 0, len - (bytes.len - 2));
		wire_end(&bytes, length, 2);
		write_response("www.example.org");
		for (size_t at = 0; at < bytes.len; at += 1400)
			show(at, bytes.len - at < 1400 ? bytes.len : at + 1400);
		CU_ASSERT_EQUAL(fixture.handed.dns, 1);
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_DNS_TOO_LONG], 1);
		CU_ASSERT_EQUAL(fixture_notes(), 1);
		CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	}
}

static void
what_nobody_asked_for_is_not_believed(void)
{
	begin_with_syn();
	write_response("www.example.org");
	show(0, bytes.len);
	CU_ASSERT_EQUAL(fixture.handed.dns, 0);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_DNS_UNSOLICITED], 1);
}

static void
a_gap_gives_up_and_is_counted(void)
{
	begin_with_syn();
	ask();
	write_response("a.example.org");
	size_t first = bytes.len;
	write_response("www.example.org");
	show(0, first);
	show(first + 5, bytes.len);
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.handed.dns, 1);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_DNS_STREAM_CUT], 1);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);

	begin_with_syn();
	ask();
	show(0, 0);
	for (uint32_t i = 0; i < 9; i++)
		fixture_text(SERVER, SERVER_SEQ + 70000, "far away");
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_DNS_STREAM_CUT], 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
}

static void
a_long_transfer_is_let_go(void)
{
	begin_with_syn();
	ask();
	for (unsigned i = 0; i < 80; i++) {
		bytes.len = 0;
		write_response("www.example.org");
		fixture_tcp(SERVER, SERVER_SEQ + i * (uint32_t)bytes.len, TCP_ACK,
			    wire_slice(&bytes));
	}
	CU_ASSERT_EQUAL(fixture.handed.dns, 64);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_DNS_TOO_MANY], 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
}

/* TLS on DNS's port has its names like on any other. */
static void
another_protocol_on_the_port_is_read_as_ever(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	bytes.len = 0;
	message_server_stream(&bytes, 0x0304);
	show(0, bytes.len);
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0304);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);

	begin_with_syn();
	fixture_text(SERVER, SERVER_SEQ, "SSH-2.0-OpenSSH_9.2\r\n");
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_SSH);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static const struct unit_case cases[] = {
	{"a_message_in_one_segment_is_handed_on", a_message_in_one_segment_is_handed_on},
	{"messages_are_put_together", messages_are_put_together},
	{"byte_by_byte_they_are_put_together_too", byte_by_byte_they_are_put_together_too},
	{"a_long_message_is_counted_and_the_next_one_read",
	 a_long_message_is_counted_and_the_next_one_read},
	{"what_nobody_asked_for_is_not_believed", what_nobody_asked_for_is_not_believed},
	{"a_gap_gives_up_and_is_counted", a_gap_gives_up_and_is_counted},
	{"a_long_transfer_is_let_go", a_long_transfer_is_let_go},
	{"another_protocol_on_the_port_is_read_as_ever",
	 another_protocol_on_the_port_is_read_as_ever},
};

int
main(void)
{
	int status = unit_run("inspect_dns", cases, COUNT(cases));
	fixture_end();
	return status;
}
