/* SPDX-License-Identifier: Apache-2.0 */
/* Which protocol reads a datagram, and how long a flow is looked at. */
#include "tests/unit/dataplane/datagram_flow.h"
#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CLIENT DATAGRAM_CLIENT
#define SERVER DATAGRAM_SERVER
#define NAME "video.example.org"
#define DCID "firstdst"

static struct datagram_flow d;
static struct wire hello, frames, datagram;

static void
begin(void)
{
	datagram_flow_begin(&d);
	hello.len = frames.len = 0;
	message_client_hello(&hello, NAME, 0);
	message_crypto_frame(&frames, 0, wire_slice(&hello));
}

static void
show(unsigned direction)
{
	datagram_flow_show(&d, direction, wire_slice(&datagram));
	datagram.len = 0;
}

static void
show_client_initial(void)
{
	message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), 1200);
	show(CLIENT);
}

static void
what_is_no_hello_is_let_go_after_some_datagrams(void)
{
	static const char *const media[] = {"8060 0102 00000003 00000004", "00", "ff",
					    "40 01020304"};

	for (size_t i = 0; i < COUNT(media); i++) {
		begin();
		for (unsigned k = 0; k < 64; k++) {
			CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_QUIC);
			wire_hex(&datagram, media[i]);
			show(k % 2);
		}
		CU_ASSERT_EQUAL(d.flow->owes, 0);
		CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_UNKNOWN);
		CU_ASSERT_EQUAL(d.flow->flags, 0);
		CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
	}
}

/* What overtook the first Initial, or was sent before the capture began to see the client. */
static void
other_packets_first_do_not_use_up_the_patience(void)
{
	begin();
	for (unsigned i = 0; i < 10; i++) {
		message_quic_protected(&datagram, DCID, 1, 1100); /* 0-RTT */
		show(CLIENT);
		message_quic_protected(&datagram, "", 2, 1100); /* Handshake */
		show(SERVER);
		message_quic_initial(&datagram, "", 0, wire_slice(&frames), 1200);
		datagram.bytes[datagram.len - 1] ^= 1; /* an Initial of the server */
		show(SERVER);
		wire_hex(&datagram, "4001020304050607080910111213141516"); /* short header */
		show(i % 2);
	}
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
	show_client_initial();
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(d.flow->flags, 0);
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
}

/* RFC 9000 12.2 */
static void
coalesced_packets_before_and_behind_the_initial(void)
{
	begin();
	message_quic_protected(&datagram, DCID, 1, 200);
	message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), 800);
	message_quic_protected(&datagram, DCID, 2, 200);
	show(CLIENT);
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
}

static void
bytes_behind_the_last_packet_are_counted(void)
{
	begin();
	frames.len = 0;
	message_crypto_frame(&frames, 0, slice_of(hello.bytes, 50));
	message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), 1200);
	wire_number(&datagram, 0, 1);
	show(CLIENT);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_TRAILING], 1);
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 1);
	frames.len = 0;
	message_crypto_frame(&frames, 0, slice_of(NULL, 0)); /* an empty one, which may be */
	message_crypto_frame(&frames, 50, slice_of(hello.bytes + 50, hello.len - 50));
	message_quic_initial(&datagram, DCID, 1, wire_slice(&frames), 1200);
	show(CLIENT);
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 1);
}

static void
lengths_beyond_the_datagram_are_counted(void)
{
	static const char *const packets[] = {
		"c0 00000001 08 0102030405060708 00 00 bfffffff 00",      /* Length */
		"c0 00000001 08 0102030405060708 00 ffffffffffffffff 00", /* token */
		"c0 00000001 15 0102030405060708090a0b0c0d0e0f101112131415 00 00 01 00",
		"e0 00000001 00 00 4400 00",
		"c0 00000001 08 0102030405060708 00 00 01 00", /* too short to be sampled */
	};

	for (size_t i = 0; i < COUNT(packets); i++) {
		begin();
		wire_hex(&datagram, packets[i]);
		show(CLIENT);
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_MALFORMED], 1);
		CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_QUIC);
		show_client_initial();
		CU_ASSERT(datagram_flow_has_name(&d, NAME));
	}
}

static void
google_quic_is_told_by_its_version_and_not_read(void)
{
	static const char *const packets[] = {
		"0d 0102030405060708 51303433 01 000102030405060708090a0b a0014348", /* Q043 */
		"c3 51303436 50 0102030405060708 00000001",                          /* Q046 */
		"c3 54303531 08 0102030405060708 00 00",                             /* T051 */
	};

	for (size_t i = 0; i < COUNT(packets); i++) {
		begin();
		wire_hex(&datagram, packets[i]);
		show(CLIENT);
		CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_GQUIC);
		CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
		CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
		show_client_initial(); /* the server had only IETF versions */
		CU_ASSERT(datagram_flow_has_name(&d, NAME));
		CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
	}
}

static void
a_hello_behind_what_was_let_go_names_the_flow(void)
{
	begin();
	for (unsigned k = 0; k < 64; k++) {
		wire_hex(&datagram, "8060 0102 00000003 00000004");
		show(CLIENT);
	}
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	show_client_initial();
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT_EQUAL(d.flow->flags, 0);
}

/* Initials that nobody can open, behind what was let go: a bounded number, and it is told. */
static void
late_initials_that_do_not_open_are_told(void)
{
	begin();
	for (unsigned k = 0; k < 400; k++) {
		message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), 1200);
		datagram.bytes[datagram.len - 1] ^= k >= 64;
		if (k < 64)
			datagram.len = 0, wire_hex(&datagram, "00");
		show(CLIENT);
	}
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT(d.flow->quic_unopened <= 16);
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
	CU_ASSERT(d.counters.notes[NOTE_QUIC_UNREADABLE] != 0);
}

/* What follows a hello that was not seen. */
static void
protected_packets_alone_are_told(void)
{
	begin();
	for (unsigned k = 0; k < 64; k++) {
		message_quic_protected(&datagram, "", 2, 1100); /* Handshake */
		show(k % 2);
	}
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_UNREADABLE], 1);
}

static void
show_other_initial(const char *dcid, const char *name)
{
	hello.len = frames.len = 0;
	message_client_hello(&hello, name, 0);
	message_crypto_frame(&frames, 0, wire_slice(&hello));
	message_quic_initial(&datagram, dcid, 0, wire_slice(&frames), 1200);
	show(CLIENT);
}

static void
another_connection_on_the_same_ports_is_counted(void)
{
	begin();
	show_client_initial();
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	show_client_initial();
	show_other_initial("othrdcid", NAME);
	const struct flow_detail *detail = detail_pool_get(d.inspector.details, d.flow->detail);
	CU_ASSERT_EQUAL(detail->other_names, 0);
	show_other_initial("thirdcid", "second.example.org");
	CU_ASSERT_EQUAL(detail->other_names, 1);
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	for (unsigned k = 0; k < 100; k++)
		show_other_initial("thirdcid", "second.example.org");
	CU_ASSERT(detail->other_names < 20);
}

static const struct unit_case cases[] = {
	{"a_hello_behind_what_was_let_go_names_the_flow",
	 a_hello_behind_what_was_let_go_names_the_flow},
	{"late_initials_that_do_not_open_are_told", late_initials_that_do_not_open_are_told},
	{"protected_packets_alone_are_told", protected_packets_alone_are_told},
	{"another_connection_on_the_same_ports_is_counted",
	 another_connection_on_the_same_ports_is_counted},
	{"what_is_no_hello_is_let_go_after_some_datagrams",
	 what_is_no_hello_is_let_go_after_some_datagrams},
	{"other_packets_first_do_not_use_up_the_patience",
	 other_packets_first_do_not_use_up_the_patience},
	{"coalesced_packets_before_and_behind_the_initial",
	 coalesced_packets_before_and_behind_the_initial},
	{"bytes_behind_the_last_packet_are_counted", bytes_behind_the_last_packet_are_counted},
	{"lengths_beyond_the_datagram_are_counted", lengths_beyond_the_datagram_are_counted},
	{"google_quic_is_told_by_its_version_and_not_read",
	 google_quic_is_told_by_its_version_and_not_read},
};

int
main(void)
{
	int status = unit_run("inspect_udp", cases, COUNT(cases));
	datagram_flow_end(&d);
	return status;
}
