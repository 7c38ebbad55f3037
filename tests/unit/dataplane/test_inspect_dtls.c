/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dtls.h"

#include "tests/unit/dataplane/datagram_flow.h"
#include "tests/unit/dataplane/dtls_messages.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CLIENT DATAGRAM_CLIENT
#define SERVER DATAGRAM_SERVER
#define NAME "media.example.org"

static struct datagram_flow d;
static struct wire hello, second, datagram;

/* A fresh flow; the first ClientHello, and the one that answers a HelloVerifyRequest. */
static void
begin(const char *name, size_t padding)
{
	datagram_flow_begin(&d);
	hello.len = second.len = 0;
	dtls_client_hello(&hello, name, NULL, padding);
	dtls_client_hello(&second, name, "cookie", padding);
}

static void
show(unsigned direction)
{
	datagram_flow_show(&d, direction, wire_slice(&datagram));
	datagram.len = 0;
}

/* Fragment `part` of three of the first or the second ClientHello, in a datagram of its own. */
static void
show_third(const struct wire *message, uint16_t message_seq, size_t part)
{
	dtls_fragment(&datagram, DTLS_CLIENT_HELLO, message_seq, wire_slice(message),
		      message->len * part / 3, message->len * (part + 1) / 3);
	show(CLIENT);
}

static void
show_server(uint8_t type, uint16_t version)
{
	static struct wire body;

	body.len = 0;
	if (type == DTLS_SERVER_HELLO)
		dtls_server_hello(&body, version);
	else
		dtls_hello_verify_request(&body, "cookie");
	dtls_message(&datagram, type, 0, wire_slice(&body));
	show(SERVER);
}

static void
expect_name(const char *name)
{
	CU_ASSERT(datagram_flow_has_name(&d, name));
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_DTLS);
	CU_ASSERT_EQUAL(d.flow->flags, name == NULL ? FLOW_FLAG_NO_SNI : 0);
	CU_ASSERT_EQUAL(d.flow->initiator, CLIENT);
	CU_ASSERT_EQUAL(d.flow->initiator_rank, INITIATOR_NAMED);
	CU_ASSERT_EQUAL(d.flow->owes & FLOW_OWES_QUIC, 0);
	CU_ASSERT_EQUAL(d.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
	if (name != NULL)
		CU_ASSERT_EQUAL(d.flow->name_source, NAME_SOURCE_TLS_SNI);
}

static void
a_client_hello_names_and_the_server_hello_says_the_version(void)
{
	static const struct {
		uint16_t wire, version;
	} rows[] = {{0xfeff, 0x0302}, {0xfefd, 0x0303}, {0xfefc, 0x0304}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (unsigned server_first = 0; server_first < 2; server_first++) {
			begin(NAME, 0);
			d.flow->initiator = SERVER; /* guessed wrong */
			if (server_first)
				show_server(DTLS_SERVER_HELLO, rows[i].wire);
			dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
			show(CLIENT);
			expect_name(NAME);
			CU_ASSERT_EQUAL(
				strncmp(detail_pool_get(d.inspector.details, d.flow->detail)->ja4,
					"dd3d", 4),
				0);
			if (!server_first) {
				CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_HIGH);
				show_server(DTLS_SERVER_HELLO, rows[i].wire);
			}
			CU_ASSERT_EQUAL(d.flow->owes, 0);
			CU_ASSERT_EQUAL(d.flow->tls_version, rows[i].version);
		}
	}
}

static void
a_client_hello_without_sni_is_said_to_be_so(void)
{
	begin(NULL, 0);
	dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
	show(CLIENT);
	expect_name(NULL);
}

static void
fragments_in_any_order_and_again(void)
{
	static const char *const orders[] = {"012", "021", "102", "120", "201", "210", "00211"};

	for (size_t i = 0; i < COUNT(orders); i++) {
		begin(NAME, 2000);
		for (const char *c = orders[i]; *c != '\0'; c++) {
			CU_ASSERT(c[1] == '\0' || d.flow->name == FLOW_NONE);
			show_third(&hello, 0, (size_t)(*c - '0'));
		}
		expect_name(NAME);
	}
}

static void
fragments_in_one_datagram(void)
{
	begin(NAME, 200);
	for (size_t part = 3; part-- > 0;)
		dtls_fragment(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello),
			      hello.len * part / 3, hello.len * (part + 1) / 3);
	show(CLIENT);
	expect_name(NAME);
}

/* RFC 6347 4.2.1: the second ClientHello has the cookie; the pieces of both do not mix. */
static void
a_second_client_hello_counts_where_the_first_is_not_whole(void)
{
	static const char *const orders[] = {"ABvabc", "Avabc", "AabBc", "aABbc", "vabcA", "abABc"};

	for (size_t i = 0; i < COUNT(orders); i++) {
		begin(NAME, 2000);
		for (const char *c = orders[i]; *c != '\0'; c++) {
			if (*c == 'v')
				show_server(DTLS_HELLO_VERIFY_REQUEST, 0);
			else if (*c < 'a')
				show_third(&hello, 0, (size_t)(*c - 'A'));
			else
				show_third(&second, 1, (size_t)(*c - 'a'));
		}
		expect_name(NAME);
		if (d.flow->name == FLOW_NONE)
			printf("# wrong: %s\n", orders[i]);
	}
}

/* RFC 7983: STUN, TURN channels, RTP and RTCP share the ports of WebRTC. */
static void
media_before_and_between_does_no_harm(void)
{
	static const char *const media[] = {
		"0001 0008 2112a442 000102030405060708090a0b 8028 0004 11223344", /* STUN */
		"4000 0004 01020304",                                             /* TURN */
		"8060 1234 00000001 11223344 aabbccdd",                           /* RTP */
		"80c8 0006 11223344 0000000000000000 00000000 00000001 00000002", /* RTCP */
		"16fefd", /* as long as a DTLS record's version */
	};

	begin(NAME, 2000);
	for (size_t part = 0; part < 3; part++) {
		for (size_t i = 0; i < 4 * COUNT(media); i++) {
			wire_hex(&datagram, media[i % COUNT(media)]);
			show(i % 2);
		}
		show_third(&hello, 0, part);
	}
	expect_name(NAME);
}

static void
a_flow_joined_later_is_flagged_until_a_hello_comes(void)
{
	for (unsigned hello_comes = 0; hello_comes < 2; hello_comes++) {
		begin(NAME, 0);
		dtls_protected(&datagram, 23, 1, 60);
		show(SERVER);
		CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_DTLS);
		CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
		if (hello_comes) {
			dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
			show(CLIENT);
			expect_name(NAME);
		}
		inspect_end(&d.inspector, 0);
		inspect_end(&d.inspector, 0);
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_DTLS_UNREADABLE], !hello_comes);
	}
}

static void
what_breaks_the_rules_is_counted_and_names_nothing(void)
{
	begin(NAME, 0);
	hello.bytes[34] = 200; /* session id longer than the hello */
	dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
	show(CLIENT);
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], 1);

	begin(NAME, 0);
	dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
	wire_number(&datagram, 0x16, 1); /* the begin of a record, and no more */
	show(CLIENT);
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_DTLS_MALFORMED], 1);

	begin(NAME, 0);
	dtls_message(&datagram, DTLS_CLIENT_HELLO, 0, wire_slice(&hello));
	struct decoded cut = {.payload = datagram.bytes,
			      .payload_len = 50,
			      .wire_payload_len = (uint32_t)datagram.len};
	inspect_udp(&d.inspector, 0, &cut, CLIENT);
	datagram.len = 0;
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_PAYLOAD_CUT], 1);
	CU_ASSERT((d.flow->flags & FLOW_FLAG_CUT_SNAPLEN) != 0);
}

static void
fragments_that_never_make_a_hello_are_given_up_and_flagged(void)
{
	begin(NAME, 2000);
	for (unsigned i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_QUIC);
		show_third(&hello, 0, i % 2);
	}
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT_EQUAL(d.flow->inspect, FLOW_NONE);
	CU_ASSERT((d.flow->flags & FLOW_FLAG_NAME_INCOMPLETE) != 0);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

static const struct unit_case cases[] = {
	{"a_client_hello_names_and_the_server_hello_says_the_version",
	 a_client_hello_names_and_the_server_hello_says_the_version},
	{"a_client_hello_without_sni_is_said_to_be_so",
	 a_client_hello_without_sni_is_said_to_be_so},
	{"fragments_in_any_order_and_again", fragments_in_any_order_and_again},
	{"fragments_in_one_datagram", fragments_in_one_datagram},
	{"a_second_client_hello_counts_where_the_first_is_not_whole",
	 a_second_client_hello_counts_where_the_first_is_not_whole},
	{"media_before_and_between_does_no_harm", media_before_and_between_does_no_harm},
	{"a_flow_joined_later_is_flagged_until_a_hello_comes",
	 a_flow_joined_later_is_flagged_until_a_hello_comes},
	{"what_breaks_the_rules_is_counted_and_names_nothing",
	 what_breaks_the_rules_is_counted_and_names_nothing},
	{"fragments_that_never_make_a_hello_are_given_up_and_flagged",
	 fragments_that_never_make_a_hello_are_given_up_and_flagged},
};

int
main(void)
{
	int status = unit_run("inspect_dtls", cases, COUNT(cases));
	datagram_flow_end(&d);
	return status;
}
