/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include "tests/unit/dataplane/inspect_fixture.h"
#include "tests/unit/unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAME "files.example.org"

static struct wire bytes;

static void
begin_with_syn(void)
{
	fixture_begin_with_syn(443);
	bytes.len = 0;
}

static void
a_proxys_target_names_the_flow_before_the_rest_is_there(void)
{
	static const char connect[] = "CONNECT files.example.org:8443 HTTP/1.1\r\n\r\n";

	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, connect);
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_HTTP_CONNECT);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_VIA_PROXY);
	CU_ASSERT_EQUAL(fixture_detail()->inner_destination_port, 8443);
	CU_ASSERT_NOT_EQUAL(fixture.flow->owes & FLOW_OWES_LOW, 0);
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ + sizeof(connect) - 1, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->owes & FLOW_OWES_LOW, 0);
	CU_ASSERT_EQUAL(fixture.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_VIA_PROXY);
	CU_ASSERT_NOT_EQUAL(fixture_detail()->ja4[0], 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

/* The first proxy's refusal, and another target on the same connection. */
static void
a_later_target_replaces_the_first_one(void)
{
	static const char first[] = "CONNECT first.example.org:443 HTTP/1.1\r\n\r\n",
			  second[] = "CONNECT files.example.org:443 HTTP/1.1\r\n\r\n";

	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, first);
	CU_ASSERT(fixture_name_is("first.example.org"));
	fixture_text(CLIENT, CLIENT_SEQ + sizeof(first) - 1, second);
	CU_ASSERT(fixture_name_is(NAME));
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_VIA_PROXY);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static void
names_that_contradict_are_flagged_once(void)
{
	begin_with_syn();
	wire_text(&bytes, "CONNECT files.example.org:443 HTTP/1.1\r\n\r\n");
	message_client_stream(&bytes, "other.example.net", 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_VIA_PROXY | FLOW_FLAG_NAMES_DIFFER);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAMES_DIFFER], 1);
}

static void
a_broken_hello_behind_a_proxys_target_leaves_the_target(void)
{
	begin_with_syn();
	wire_text(&bytes, "CONNECT files.example.org:443 HTTP/1.1\r\n\r\n");
	size_t clear = bytes.len;
	message_client_stream(&bytes, "other.example.net", 0);
	bytes.bytes[clear + 5 + 4 + 2 + 32] = 200; /* session id beyond 32 */
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->name_source, NAME_SOURCE_HTTP_CONNECT);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], 1);
}

static void
a_proxy_header_gives_addresses(void)
{
	begin_with_syn();
	wire_text(&bytes, "PROXY TCP4 192.0.2.7 198.51.100.9 4711 443\r\n");
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_PROXY_PROTOCOL);
	CU_ASSERT_EQUAL(fixture_detail()->inner_source.version, 4);
	CU_ASSERT_EQUAL(fixture_detail()->inner_source_port, 4711);
	CU_ASSERT_EQUAL(fixture_detail()->inner_destination_port, 443);
	/* The server answers from its first byte on. */
	bytes.len = 0;
	message_server_stream(&bytes, 0x0304);
	fixture_tcp(SERVER, SERVER_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(fixture.flow->tls_version, 0x0304);
}

static void
a_hello_gives_a_fingerprint_and_what_is_offered(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	fixture_tcp(CLIENT, CLIENT_SEQ, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(strlen(fixture_detail()->ja4), FLOW_JA4_LEN);
	CU_ASSERT_EQUAL(strncmp(fixture_detail()->ja4, "t13d01", 6), 0);
	CU_ASSERT_EQUAL(fixture.flow->session_hash, 0);
}

static void
later_requests_to_other_hosts_are_counted(void)
{
	static const char *const segments[] = {
		"GET /1 HTTP/1.1\r\nHost: files.example.org\r\n\r\n",
		"GET /2 HTTP/1.1\r\nHost: Files.Example.org:80\r\n\r\n",
		"GET /3 HTTP/1.1\r\nHost: other.example.org\r\n\r\n",
		"a body, whatever it says: GET / HTTP/1.1\r\nHost: x.example\r\n\r\n",
		"CAPITAL letters that are no request at all",
		"POST /4 HTTP/1.1\r\nHost: third.example.org\r\n\r\n",
	};
	uint32_t seq = CLIENT_SEQ;

	begin_with_syn();
	for (size_t i = 0; i < COUNT(segments); i++) {
		fixture_text(CLIENT, seq, segments[i]);
		seq += (uint32_t)strlen(segments[i]);
		fixture_text(SERVER, SERVER_SEQ, "HTTP/1.1 200 OK\r\n");
	}
	CU_ASSERT(fixture_name_is(NAME));
	CU_ASSERT_EQUAL(fixture_detail()->other_names, 2);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static void
a_refused_name_is_counted_once(void)
{
	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, "GET / HTTP/1.1\r\nHost: a..b\r\n\r\n");
	CU_ASSERT_EQUAL(fixture.flow->flags, FLOW_FLAG_NAME_REFUSED);
	CU_ASSERT_EQUAL(fixture.counters.notes[NOTE_NAME_REFUSED], 1);
	fixture_text(CLIENT, CLIENT_SEQ + 28, "GET / HTTP/1.1\r\nHost: files.example.org\r\n\r\n");
	CU_ASSERT(fixture_name_is(NULL));
	CU_ASSERT_EQUAL(fixture_detail()->other_names, 1);
}

static void
a_talk_without_a_name_is_nothing_incomplete(void)
{
	begin_with_syn();
	fixture_text(CLIENT, CLIENT_SEQ, "EHLO me.example.org\r\n");
	inspect_end(&fixture.ins, fixture.index);
	CU_ASSERT(fixture_name_is(NULL));
	CU_ASSERT_EQUAL(fixture.flow->flags, 0);
	CU_ASSERT_EQUAL(fixture_notes(), 0);
}

static const struct unit_case cases[] = {
	{"a_proxys_target_names_the_flow_before_the_rest_is_there",
	 a_proxys_target_names_the_flow_before_the_rest_is_there},
	{"a_later_target_replaces_the_first_one", a_later_target_replaces_the_first_one},
	{"names_that_contradict_are_flagged_once", names_that_contradict_are_flagged_once},
	{"a_broken_hello_behind_a_proxys_target_leaves_the_target",
	 a_broken_hello_behind_a_proxys_target_leaves_the_target},
	{"a_proxy_header_gives_addresses", a_proxy_header_gives_addresses},
	{"a_hello_gives_a_fingerprint_and_what_is_offered",
	 a_hello_gives_a_fingerprint_and_what_is_offered},
	{"later_requests_to_other_hosts_are_counted", later_requests_to_other_hosts_are_counted},
	{"a_refused_name_is_counted_once", a_refused_name_is_counted_once},
	{"a_talk_without_a_name_is_nothing_incomplete",
	 a_talk_without_a_name_is_nothing_incomplete},
};

int
main(void)
{
	int status = unit_run("inspect_client", cases, COUNT(cases));
	fixture_end();
	return status;
}
