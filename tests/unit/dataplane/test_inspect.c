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
client_hello_in_one_segment_names_the_flow(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);

	bytes.len = 0;
	message_server_stream(&bytes, 0x0304);
	fixture_tcp(SERVER, 500, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0304);
	CU_ASSERT_EQUAL(fixture.flow->owes, 0);
}

/* In two parts, cut at every byte, in both orders; the numbers pass zero on the way. */
static void
client_hello_cut_anywhere_and_in_either_order_names_the_flow(void)
{
	static const uint32_t isn[] = {0, UINT32_MAX - 50, 0x7fffffe0};

	for (unsigned late = 0; late < 2; late++) {
		for (size_t cut = 1;; cut++) {
			uint32_t start = isn[cut % COUNT(isn)];
			begin_with_syn();
			message_client_stream(&bytes, NAME, 0);
			if (cut == bytes.len)
				break;
			struct slice part[2] = {slice_of(bytes.bytes, cut),
						slice_of(bytes.bytes + cut, bytes.len - cut)};
			fixture_tcp(CLIENT, start - 1, TCP_SYN, slice_of(NULL, 0));
			fixture_tcp(CLIENT, start + (late ? (uint32_t)cut : 0), TCP_ACK,
				    part[late]);
			CU_ASSERT_EQUAL(fixture.flow->name, FLOW_NONE);
			fixture_tcp(CLIENT, start + (late ? 0 : (uint32_t)cut), TCP_ACK,
				    part[!late]);
			expect_tls_name(NAME);
		}
	}
}

static void
client_hello_byte_by_byte_forwards_and_backwards(void)
{
	for (unsigned backwards = 0; backwards < 2; backwards++) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 200);
		fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
		for (size_t i = 0; i < bytes.len; i++) {
			size_t at = backwards ? bytes.len - 1 - i : i;
			fixture_tcp(CLIENT, 100 + (uint32_t)at, TCP_ACK | TCP_PSH,
				    slice_of(bytes.bytes + at, 1));
		}
		expect_tls_name(NAME);
	}
}

static void
large_client_hello_over_segments_and_records(void)
{
	static struct wire hello;
	/* Post-quantum key shares make 1.7 kB; the others need the large buffer. */
	static const size_t paddings[] = {1600, 4200, 20000, 60000};
	static const size_t segments[] = {1460, 9000, 65535};

	for (size_t p = 0; p < COUNT(paddings); p++) {
		for (size_t s = 0; s < COUNT(segments); s++) {
			for (unsigned backwards = 0; backwards < 2; backwards++) {
				begin_with_syn();
				hello.len = 0;
				message_client_hello(&hello, NAME, paddings[p]);
				message_tls_records(&bytes, wire_slice(&hello),
						    p == 0 ? 700 : 16384);
				fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
				size_t count = (bytes.len + segments[s] - 1) / segments[s];
				/* More pieces apart than are remembered is another test's matter.
				 */
				for (size_t i = 0; i < count; i++) {
					size_t at = (backwards ? count - 1 - i : i) * segments[s];
					size_t len = bytes.len - at < segments[s] ? bytes.len - at
										  : segments[s];
					fixture_tcp(CLIENT, 100 + (uint32_t)at, TCP_ACK,
						    slice_of(bytes.bytes + at, len));
				}
				expect_tls_name(NAME);
			}
		}
	}
}

static void
client_hellos_without_a_usable_name_are_flagged(void)
{
	static const struct {
		const char *name;
		uint16_t flags;
		unsigned refused;
	} rows[] = {
		{NULL, FLOW_FLAG_NO_SNI, 0},
		{"no name", FLOW_FLAG_NAME_REFUSED, 1},
		{"a..b", FLOW_FLAG_NAME_REFUSED, 1},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		begin_with_syn();
		message_client_stream(&bytes, rows[i].name, 0);
		fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
		CU_ASSERT(fixture_name_is(NULL));
		CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_TLS);
		CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_NONE);
		CU_ASSERT_EQUAL(fixture.flow->flags, rows[i].flags);
		CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_REFUSED], rows[i].refused);
	}
}

static void
a_malformed_client_hello_is_counted_and_ends_it(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	bytes.bytes[5 + 4 + 2 + 32] = 200; /* session id beyond 32 */
	fixture_tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NULL));
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], 1);
	CU_ASSERT_EQUAL(fixture.flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
}

static void
http_requests_name_the_flow(void)
{
	static const struct {
		const char *request, *name;
		enum name_source source;
	} rows[] = {
		{"GET / HTTP/1.1\r\nHost: Files.Example.org:8080\r\n\r\n", NAME,
		 NAME_SOURCE_HTTP_HOST},
		{"CONNECT files.example.org:443 HTTP/1.1\r\n\r\n", NAME, NAME_SOURCE_HTTP_CONNECT},
		{"PUT http://files.example.org/x HTTP/1.1\r\nHost: other\r\n\r\n", NAME,
		 NAME_SOURCE_HTTP_HOST},
		{"GET / HTTP/1.0\r\n\r\n", NULL, NAME_SOURCE_NONE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t cut = 1; cut <= strlen(rows[i].request); cut++) {
			begin();
			fixture_tcp(CLIENT, 100, TCP_ACK, slice_of(rows[i].request, cut));
			fixture_text(CLIENT, 100 + (uint32_t)cut, rows[i].request + cut);
			CU_ASSERT(fixture_name_is(rows[i].name));
			CU_ASSERT_EQUAL(fixture.flow->name_source, rows[i].source);
			CU_ASSERT_EQUAL(fixture.flow->protocol, APP_PROTOCOL_HTTP);
			CU_ASSERT_EQUAL(fixture.flow->initiator, CLIENT);
			inspect_end(&fixture.ins, fixture.index);
			CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(fixture_notes(), 0);
		}
	}
}

/* Past the eager attempts a long head is looked at now and then, and a last time at the end. */
static void
a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest(void)
{
	begin_with_syn();
	wire_text(&bytes, "GET /");
	wire_fill(&bytes, 'a', 2000);
	wire_text(&bytes, " HTTP/1.1\r\nHost: " NAME "\r\n\r\n");
	fixture_tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (size_t i = 0; i < bytes.len; i++)
		fixture_tcp(CLIENT, 100 + (uint32_t)i, TCP_ACK | TCP_PSH,
			    slice_of(bytes.bytes + i, 1));
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static const struct unit_case cases[] = {
	{"client_hello_in_one_segment_names_the_flow", client_hello_in_one_segment_names_the_flow},
	{"client_hello_cut_anywhere_and_in_either_order_names_the_flow",
	 client_hello_cut_anywhere_and_in_either_order_names_the_flow},
	{"client_hello_byte_by_byte_forwards_and_backwards",
	 client_hello_byte_by_byte_forwards_and_backwards},
	{"large_client_hello_over_segments_and_records",
	 large_client_hello_over_segments_and_records},
	{"client_hellos_without_a_usable_name_are_flagged",
	 client_hellos_without_a_usable_name_are_flagged},
	{"a_malformed_client_hello_is_counted_and_ends_it",
	 a_malformed_client_hello_is_counted_and_ends_it},
	{"http_requests_name_the_flow", http_requests_name_the_flow},
	{"a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest",
	 a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest},
};

int
main(void)
{
	int status = unit_run("inspect", cases, COUNT(cases));
	fixture_end();
	return status;
}
