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
server_messages_tell_protocol_and_version(void)
{
	static const struct {
		const char *text;
		enum app_protocol protocol;
	} rows[] = {
		{"HTTP/1.1 200 OK\r\n", APP_PROTOCOL_HTTP},
		{"SSH-2.0-OpenSSH_9.2\r\n", APP_PROTOCOL_SSH},
		{"220 mail.example.org ESMTP\r\n", APP_PROTOCOL_UNKNOWN},
	};

	for (unsigned syn = 0; syn < 2; syn++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			if (syn)
				begin_with_syn();
			else
				begin();
			fixture_text(SERVER, 500, rows[i].text);
			CU_ASSERT_EQUAL(fixture.flow->protocol, rows[i].protocol);
			/* Of a beginning that is guessed, what nobody knows is waited for. */
			bool waits = !syn && rows[i].protocol == APP_PROTOCOL_UNKNOWN;
			CU_ASSERT_EQUAL((fixture.flow->owes & FLOW_OWES_HIGH) != 0, waits);
			CU_ASSERT_EQUAL(fixture.flow->inspect != FLOW_NONE, waits);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
		}
	}
	begin();
	fixture_text(CLIENT, 100, "SSH-2.0-OpenSSH_9.2\r\n");
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_SSH);
}

/* A server's bytes that come out of order before the client speaks must not stand in the client's
 * way. */
static void
pieces_of_the_server_do_not_block_the_client(void)
{
	for (unsigned syn = 0; syn < 2; syn++) {
		for (size_t cut = 20; cut < 200; cut += 100) {
			if (syn)
				begin_with_syn();
			else
				begin();
			message_client_stream(&bytes, NAME, 100);
			fixture_text(SERVER, 510, "a piece from the middle");
			fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, cut));
			fixture_tcp(CLIENT, 100 + (uint32_t)cut, TCP_ACK,
				    slice_of(bytes.bytes + cut, bytes.len - cut));
			CU_ASSERT(fixture_name_is(NAME));
			CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
			CU_ASSERT_EQUAL(fixture.flow->flags, 0);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
		}
	}
}

/* And the server's answer is read although the client's message is not complete. */
static void
a_client_waited_for_does_not_block_the_server(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 40));
	bytes.len = 0;
	message_server_stream(&bytes, 0x0303);
	fixture_tcp(SERVER, 500, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0303);
	CU_ASSERT_NOT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

/* A ServerHello; `session` is its session id, of one letter, or 0. */
static void
write_server_hello(uint16_t version, char session, bool retry)
{
	wire_number(&bytes, 0x160303, 3);
	size_t record = wire_begin(&bytes, 2);
	wire_number(&bytes, 2, 1);
	size_t message = wire_begin(&bytes, 3);
	wire_number(&bytes, version < 0x0304 ? version : 0x0303, 2);
	if (retry) /* RFC 8446 4.1.3 */
		wire_hex(&bytes, "cf21ad74e59a6111be1d8c021e65b891"
				 "c2a211167abb8c5e079e09e2c8a8339c");
	else
		wire_fill(&bytes, 0xa5, 32);
	wire_number(&bytes, session != 0 ? 32 : 0, 1);
	wire_fill(&bytes, (uint8_t)session, session != 0 ? 32 : 0);
	wire_number(&bytes, 0x1301, 2);
	wire_number(&bytes, 0, 1);
	size_t extensions = wire_begin(&bytes, 2);
	if (version >= 0x0304) {
		wire_number(&bytes, 0x002b0002, 4);
		wire_number(&bytes, version, 2);
	} else {
		wire_hex(&bytes, "0010 0005 0003 02 6832"); /* ALPN: h2 */
	}
	wire_end(&bytes, extensions, 2);
	wire_end(&bytes, message, 3);
	wire_end(&bytes, record, 2);
}

static void
write_certificate(size_t len)
{
	wire_number(&bytes, 0x160303, 3);
	size_t record = wire_begin(&bytes, 2);
	wire_number(&bytes, 11, 1);
	size_t message = wire_begin(&bytes, 3), list = wire_begin(&bytes, 3),
	       der = wire_begin(&bytes, 3);
	wire_hex(&bytes, "30");
	wire_fill(&bytes, 0x42, len - 1);
	wire_end(&bytes, der, 3);
	wire_end(&bytes, list, 3);
	wire_end(&bytes, message, 3);
	wire_end(&bytes, record, 2);
}

/* A ClientHello with a session id of one letter. */
static void
show_client(char session, const char *name)
{
	static struct wire hello, stream;

	hello.len = stream.len = 0;
	message_client_hello(&hello, name, 0);
	if (session != 0) {
		memmove(hello.bytes + 39 + 32, hello.bytes + 39, hello.len - 39);
		memset(hello.bytes + 39, session, 32);
		hello.bytes[38] = 32;
		hello.bytes[2] += (uint8_t)((hello.bytes[3] + 32) >> 8);
		hello.bytes[3] += 32;
		hello.len += 32;
	}
	message_tls_records(&stream, wire_slice(&hello), 16384);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&stream));
}

static void
show_server(size_t from, size_t to)
{
	fixture_tcp(SERVER, SERVER_SEQ + (uint32_t)from, TCP_ACK,
		    slice_of(bytes.bytes + from, to - from));
}

/* In two segments cut anywhere, in both orders; before and after the client's hello. */
static void
the_certificate_is_handed_on_once(void)
{
	for (unsigned way = 0; way < 4; way++) {
		for (size_t cut = 1;; cut += 37) {
			begin_with_syn();
			write_server_hello(0x0303, 0, false);
			write_certificate(700);
			if (cut >= bytes.len)
				break;
			if (way < 2)
				show_client(0, NAME);
			if (way % 2 == 0)
				show_server(0, cut);
			show_server(cut, bytes.len);
			if (way % 2 == 1)
				show_server(0, cut);
			if (way >= 2)
				show_client(0, NAME);
			CU_ASSERT(fixture_name_is(NAME));
			CU_ASSERT_EQUAL(fixture.handed.certificates, 1);
			CU_ASSERT_EQUAL(fixture.handed.der.len, 700);
			CU_ASSERT_NOT_EQUAL(fixture_detail()->certificate, 0);
			CU_ASSERT_EQUAL(fixture_detail()->certificate, fixture.handed.id);
			CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0303);
			CU_ASSERT_STRING_EQUAL(fixture_detail()->alpn, "h2");
			CU_ASSERT_EQUAL(fixture.flow->owes, 0);
			CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(fixture.flow->flags, 0);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
		}
	}
}

/* Puts the messages of the records in `bytes` into records of `len` bytes. */
static void
cut_records(size_t len)
{
	static struct wire messages;

	messages.len = 0;
	for (size_t at = 0, n; at < bytes.len; at += 5 + n) {
		n = (size_t)bytes.bytes[at + 3] << 8 | bytes.bytes[at + 4];
		wire_bytes(&messages, bytes.bytes + at + 5, n);
	}
	bytes.len = 0;
	message_tls_records(&bytes, wire_slice(&messages), len);
}

/* Records that end within the ServerHello, in two segments. */
static void
a_server_hello_over_records_is_read(void)
{
	for (size_t record = 1; record < 64; record++) {
		for (size_t cut = 6; cut < 400; cut += 41) {
			begin_with_syn();
			show_client('a', NAME);
			write_server_hello(0x0303, 'b', false);
			write_certificate(700);
			cut_records(record);
			show_server(0, cut);
			show_server(cut, bytes.len);
			CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0303);
			CU_ASSERT_STRING_EQUAL(fixture_detail()->alpn, "h2");
			CU_ASSERT_EQUAL(fixture.handed.certificates, 1);
			CU_ASSERT_EQUAL(fixture.handed.der.len, 700);
			CU_ASSERT_EQUAL(fixture.flow->owes, 0);
			CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(fixture.flow->flags, 0);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
		}
	}
}

/* Longer than any is read, by its header: that is told at once, and nothing is kept. */
static void
a_server_hello_of_hostile_length_is_refused(void)
{
	begin_with_syn();
	show_client(0, NAME);
	wire_hex(&bytes, "160303 0004 02 004000 160303 0001 03");
	show_server(0, bytes.len);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_SERVER_HELLO_MALFORMED], 1);
	CU_ASSERT_EQUAL(fixture_notes(), 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static void
an_id_follows_from_certificate_and_seed(void)
{
	uint64_t ids[3];

	for (unsigned i = 0; i < 3; i++) {
		begin_with_syn();
		fixture.ins.seed = i == 1 ? 77 : 0;
		write_server_hello(0x0303, 0, false);
		write_certificate(i == 2 ? 701 : 700);
		show_server(0, bytes.len);
		ids[i] = fixture.handed.id;
	}
	CU_ASSERT_NOT_EQUAL(ids[0], ids[1]);
	CU_ASSERT_NOT_EQUAL(ids[0], ids[2]);
}

static void
a_certificate_for_which_there_is_no_room_is_left_out_and_counted(void)
{
	begin_with_syn();
	fixture.handed.is_full = true;
	write_server_hello(0x0303, 0, false);
	write_certificate(700);
	show_server(0, bytes.len);
	CU_ASSERT_EQUAL(fixture_detail()->certificate, 0);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_CERTIFICATE_NOT_SENT], 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_LOW);
}

static void
a_certificate_that_never_ends_is_counted(void)
{
	begin_with_syn();
	show_client(0, NAME);
	write_server_hello(0x0303, 0, false);
	write_certificate(700);
	show_server(0, bytes.len - 1);
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_ANSWER_INCOMPLETE], 1);
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static void
the_same_session_id_is_a_resumption_up_to_tls_1_2(void)
{
	static const struct {
		char client, server;
		uint16_t version;
		bool resumed;
	} rows[] = {
		{'a', 'a', 0x0303, true}, {'a', 'b', 0x0303, false}, {'a', 0, 0x0303, false},
		{0, 'a', 0x0303, false},  {'a', 'a', 0x0304, false}, {'a', 'a', 0x0301, true},
	};

	for (unsigned late = 0; late < 2; late++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			begin_with_syn();
			if (!late)
				show_client(rows[i].client, NAME);
			write_server_hello(rows[i].version, rows[i].server, false);
			show_server(0, bytes.len);
			if (late)
				show_client(rows[i].client, NAME);
			bool resumed = (fixture.flow->flags & FLOW_FLAG_TLS_RESUMED) != 0;
			CU_ASSERT_EQUAL(resumed, rows[i].resumed);
			CU_ASSERT(fixture_name_is(NAME));
		}
	}
}

/* Shows a second hello behind the first one, which was `first_len` bytes long. */
static void
show_second(const char *name, uint32_t first_len, bool in_two)
{
	static struct wire stream;

	stream.len = 0;
	wire_hex(&stream, "14 0303 0001 01"); /* change_cipher_spec: RFC 8446 D.4 */
	message_client_stream(&stream, name, 0);
	size_t cut = in_two ? 50 : 0;
	if (in_two)
		fixture_tcp(CLIENT, CLIENT_SEQ + first_len + 50, TCP_ACK,
			    slice_of(stream.bytes + cut, stream.len - cut));
	fixture_tcp(CLIENT, CLIENT_SEQ + first_len, TCP_ACK,
		    slice_of(stream.bytes, in_two ? cut : stream.len));
}

static void
the_second_hello_has_to_ask_for_the_same_name(void)
{
	static const char *const names[] = {NAME, "other.example.org", NULL};
	static struct wire first;

	first.len = 0;
	message_client_stream(&first, NAME, 0);
	for (unsigned way = 0; way < 4; way++) {
		for (size_t i = 0; i < COUNT(names); i++) {
			begin_with_syn();
			write_server_hello(0x0304, 0, true);
			if (way < 2)
				show_client(0, NAME);
			show_server(0, bytes.len);
			if (way >= 2)
				show_client(0, NAME);
			CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_LOW);
			show_second(names[i], (uint32_t)first.len, way % 2 == 1);
			bool differs = (fixture.flow->flags & FLOW_FLAG_NAMES_DIFFER) != 0;
			CU_ASSERT_EQUAL(differs, i != 0);
			CU_ASSERT_NOT_EQUAL(fixture.flow->flags & FLOW_FLAG_TLS_RETRIED, 0);
			CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAMES_DIFFER], i != 0);
			CU_ASSERT(fixture_name_is(NAME));
			CU_ASSERT_EQUAL(fixture.flow->owes, 0);
			CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0304);
		}
	}
}

/* The server's talk in clear settled its side; its hello comes at the beginning of a segment, in
 * records of at most `record` bytes. */
static void
find_server_hello_behind_a_talk(size_t record)
{
	static struct wire client;

	begin_with_syn();
	fixture_text(SERVER, SERVER_SEQ, "220 mail.example.org ESMTP\r\n");
	client.len = 0;
	wire_text(&client, "EHLO me\r\nSTARTTLS\r\n");
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&client));
	uint32_t clear = (uint32_t)client.len;
	fixture_text(SERVER, SERVER_SEQ + 28, "250 STARTTLS\r\n220 go\r\n");
	message_client_stream(&client, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ + clear, TCP_ACK,
		    slice_of(client.bytes + clear, client.len - clear));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_STARTTLS_SNI);
	CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_SMTP);
	write_server_hello(0x0303, 0, false);
	write_certificate(2000);
	cut_records(record);
	fixture_tcp(SERVER, SERVER_SEQ + 50, TCP_ACK, slice_of(bytes.bytes, 1000));
	fixture_tcp(SERVER, SERVER_SEQ + 1050, TCP_ACK,
		    slice_of(bytes.bytes + 1000, bytes.len - 1000));
	CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0303);
	CU_ASSERT_EQUAL(fixture.handed.certificates, 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static void
behind_a_talk_in_clear_the_server_hello_is_found(void)
{
	static const size_t records[] = {16384, 1500, 50, 30, 4, 1};

	for (size_t i = 0; i < COUNT(records); i++)
		find_server_hello_behind_a_talk(records[i]);
}

static void
a_server_hello_that_does_not_come_is_not_looked_for_long(void)
{
	static struct wire client;

	client.len = 0;
	begin_with_syn();
	wire_text(&client, "CONNECT files.example.org:443 HTTP/1.1\r\n\r\n");
	message_client_stream(&client, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&client));
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	for (uint32_t i = 0; i < 8; i++)
		fixture_text(SERVER, SERVER_SEQ + 4 * i, "text");
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static const struct unit_case cases[] = {
	{"server_messages_tell_protocol_and_version", server_messages_tell_protocol_and_version},
	{"pieces_of_the_server_do_not_block_the_client",
	 pieces_of_the_server_do_not_block_the_client},
	{"a_client_waited_for_does_not_block_the_server",
	 a_client_waited_for_does_not_block_the_server},
	{"the_certificate_is_handed_on_once", the_certificate_is_handed_on_once},
	{"a_server_hello_over_records_is_read", a_server_hello_over_records_is_read},
	{"a_server_hello_of_hostile_length_is_refused",
	 a_server_hello_of_hostile_length_is_refused},
	{"an_id_follows_from_certificate_and_seed", an_id_follows_from_certificate_and_seed},
	{"a_certificate_for_which_there_is_no_room_is_left_out_and_counted",
	 a_certificate_for_which_there_is_no_room_is_left_out_and_counted},
	{"a_certificate_that_never_ends_is_counted", a_certificate_that_never_ends_is_counted},
	{"the_same_session_id_is_a_resumption_up_to_tls_1_2",
	 the_same_session_id_is_a_resumption_up_to_tls_1_2},
	{"the_second_hello_has_to_ask_for_the_same_name",
	 the_second_hello_has_to_ask_for_the_same_name},
	{"behind_a_talk_in_clear_the_server_hello_is_found",
	 behind_a_talk_in_clear_the_server_hello_is_found},
	{"a_server_hello_that_does_not_come_is_not_looked_for_long",
	 a_server_hello_that_does_not_come_is_not_looked_for_long},
};

int
main(void)
{
	int status = unit_run("inspect_server", cases, COUNT(cases));
	fixture_end();
	return status;
}
