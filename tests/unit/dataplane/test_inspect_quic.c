/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/datagram_flow.h"
#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CLIENT DATAGRAM_CLIENT
#define SERVER DATAGRAM_SERVER
#define NAME "video.example.org"
#define DCID "firstdst"
#define DATAGRAM 1200

static struct datagram_flow d;
static struct wire hello, frames, datagram;

/* A fresh flow, and a ClientHello for NAME. */
static void
begin(void)
{
	datagram_flow_begin(&d);
	hello.len = frames.len = datagram.len = 0;
	message_client_hello(&hello, NAME, 1600);
}

static void
udp(unsigned direction, struct slice payload)
{
	datagram_flow_show(&d, direction, payload);
}

/* Appends an Initial with the bytes [start, end) of the ClientHello. */
static void
append_part(size_t start, size_t end, uint8_t number, size_t len)
{
	frames.len = 0;
	message_crypto_frame(&frames, start, slice_of(hello.bytes + start, end - start));
	message_quic_initial(&datagram, DCID, number, wire_slice(&frames), len);
}

static void
client_part(size_t start, size_t end, uint8_t number)
{
	datagram.len = 0;
	append_part(start, end, number, DATAGRAM);
	udp(CLIENT, wire_slice(&datagram));
}

static void
expect_name(const char *name)
{
	CU_ASSERT(datagram_flow_has_name(&d, name));
	CU_ASSERT_EQUAL(d.flow->name_source, NAME_SOURCE_QUIC_SNI);
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
	CU_ASSERT_EQUAL(d.flow->initiator, CLIENT);
	CU_ASSERT_EQUAL(d.flow->initiator_rank, INITIATOR_NAMED);
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT_EQUAL(d.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
}

static void
a_client_hello_in_one_initial_names_the_flow(void)
{
	begin();
	d.flow->initiator = SERVER; /* guessed wrong */
	hello.len = 0;
	message_client_hello(&hello, NAME, 0);
	client_part(0, hello.len, 0);
	expect_name(NAME);
	CU_ASSERT_EQUAL(d.flow->flags, 0);
	const struct flow_detail *detail = detail_pool_get(d.inspector.details, d.flow->detail);
	CU_ASSERT_EQUAL(strncmp(detail->ja4, "q13d", 4), 0);
}

static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
				     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static void
a_client_hello_over_three_initials_in_any_order(void)
{
	for (size_t i = 0; i < COUNT(orders); i++) {
		begin();
		for (unsigned k = 0; k < 3; k++) {
			unsigned part = orders[i][k];
			CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
			client_part(hello.len * part / 3, hello.len * (part + 1) / 3,
				    (uint8_t)part);
		}
		expect_name(NAME);
	}
}

/* As browsers do: many frames in one packet, out of order, some of them twice. */
static void
crypto_frames_shuffled_within_an_initial(void)
{
	begin();
	hello.len = 0;
	message_client_hello(&hello, NAME, 200);
	for (size_t i = 0; i < 37; i++) {
		size_t part = i * 7 % 37;
		size_t start = hello.len * part / 37, end = hello.len * (part + 1) / 37;
		message_crypto_frame(&frames, start, slice_of(hello.bytes + start, end - start));
		wire_number(&frames, 1, 1); /* PING */
		if (i % 5 == 0)
			message_crypto_frame(&frames, start,
					     slice_of(hello.bytes + start, end - start));
	}
	message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), DATAGRAM);
	udp(CLIENT, wire_slice(&datagram));
	expect_name(NAME);
}

static void
several_initials_in_one_datagram(void)
{
	begin();
	hello.len = 0;
	message_client_hello(&hello, NAME, 200);
	append_part(100, hello.len, 1, 400);
	append_part(0, 100, 0, 300);
	udp(CLIENT, wire_slice(&datagram));
	expect_name(NAME);
}

/* The server's Initials have other keys; they come between the client's and change nothing. */
static void
datagrams_of_the_server_in_between_do_no_harm(void)
{
	static struct wire server;

	begin();
	server.len = 0;
	message_quic_initial(&server, "otherdst", 0, wire_slice(&frames), DATAGRAM);
	server.bytes[DATAGRAM - 1] ^= 1;
	udp(SERVER, wire_slice(&server));
	client_part(0, 1000, 0);
	udp(SERVER, wire_slice(&server));
	client_part(1000, hello.len, 1);
	expect_name(NAME);
}

static bool
read_corpus(const char *name, struct wire *w)
{
	char path[256];

	snprintf(path, sizeof(path), "tests/fuzz/corpus/quic_initial/%s", name);
	FILE *file = fopen(unit_source_path(path), "rb");
	if (file == NULL)
		return false;
	w->len = fread(w->bytes, 1, sizeof(w->bytes), file);
	fclose(file);
	return true;
}

static void
initials_of_real_clients_in_any_order(void)
{
	static const struct {
		const char *stem, *name;
	} rows[] = {{"several_initials", "googleads.g.doubleclick.net"},
		    {"unordered", "mastodon.social"}};

	for (size_t r = 0; r < COUNT(rows); r++) {
		for (size_t i = 0; i < COUNT(orders); i++) {
			begin();
			for (unsigned k = 0; k < 3; k++) {
				char file[64];
				snprintf(file, sizeof(file), "%s_%u", rows[r].stem, orders[i][k]);
				CU_ASSERT_FATAL(read_corpus(file, &datagram));
				udp(CLIENT, wire_slice(&datagram));
			}
			CU_ASSERT(datagram_flow_has_name(&d, rows[r].name));
		}
	}
}

/* Counted once a flow, when it ends or is let go, whatever the last datagram was. */
static void
initials_that_never_open_are_counted_once(void)
{
	static const uint8_t protected[30] = {0x40, 1, 2, 3};

	for (unsigned more = 0; more < 20; more += 5) {
		begin();
		append_part(0, 1000, 0, DATAGRAM);
		datagram.bytes[datagram.len - 1] ^= 1;
		udp(CLIENT, wire_slice(&datagram));
		for (unsigned i = 0; i < more; i++)
			udp(i % 2, slice_of(protected, sizeof(protected)));
		inspect_end(&d.inspector, 0);
		inspect_end(&d.inspector, 0);
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_UNREADABLE], 1);
		CU_ASSERT_EQUAL(datagram_flow_notes(&d), 1);
		CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
		CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
	}
}

/*
 * RFC 9000 12.2: the packets of a datagram are of one connection. Behind one that does not open,
 * nothing is tried: dozens of small ones, each with an id of its own, would cost as many
 * derivations of keys.
 */
static void
a_datagram_is_left_at_the_first_initial_that_does_not_open(void)
{
	begin();
	hello.len = 0;
	message_client_hello(&hello, NAME, 0);
	message_quic_initial(&datagram, "junk", 0, wire_slice(&frames), 40);
	datagram.bytes[datagram.len - 1] ^= 1;
	append_part(0, hello.len, 0, 400);
	udp(CLIENT, wire_slice(&datagram));
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	client_part(0, hello.len, 0);
	expect_name(NAME);
}

static void
a_client_hello_that_never_ends_is_given_up_and_flagged(void)
{
	begin();
	for (unsigned i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_QUIC);
		client_part(0, 1000, (uint8_t)i);
	}
	CU_ASSERT_EQUAL(d.flow->owes, 0);
	CU_ASSERT_EQUAL(d.flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

static void
a_cut_client_hello_gives_the_name_it_still_has(void)
{
	begin();
	hello.len = 0;
	message_client_hello(&hello, NAME, 100);
	client_part(0, hello.len - 5, 0);
	inspect_end(&d.inspector, 0);
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
}

/* In pieces of a datagram each, from both ends to the middle. */
static void
a_client_hello_of_64_kib_is_read_and_a_longer_one_is_counted(void)
{
	static const size_t paddings[] = {65400, 65480};
	const size_t piece = 1100;

	for (size_t i = 0; i < COUNT(paddings); i++) {
		begin();
		hello.len = 0;
		message_client_hello(&hello, NAME, paddings[i]);
		size_t pieces = (hello.len + piece - 1) / piece;
		for (size_t k = 0; k < pieces && d.flow->owes != 0; k++) {
			size_t start = (k % 2 == 0 ? k / 2 : pieces - 1 - k / 2) * piece;
			size_t end = start + piece < hello.len ? start + piece : hello.len;
			client_part(start, end, (uint8_t)k);
		}
		inspect_end(&d.inspector, 0);
		CU_ASSERT(datagram_flow_has_name(&d, i == 0 ? NAME : NULL));
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], i);
		CU_ASSERT_EQUAL(datagram_flow_notes(&d), i);
	}
}

/* Offsets go up to 2^62; what no ClientHello can reach is left out, and the rest still read. */
static void
crypto_far_away_does_not_spoil_the_beginning(void)
{
	static const uint64_t offsets[] = {65536, 1u << 31, UINT64_C(1) << 32,
					   (UINT64_C(1) << 62) - 2};

	for (size_t i = 0; i < COUNT(offsets); i++) {
		begin();
		hello.len = 0;
		message_client_hello(&hello, NAME, 0);
		message_crypto_frame(&frames, offsets[i], slice_of("x", 1));
		message_crypto_frame(&frames, 0, wire_slice(&hello));
		message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), DATAGRAM);
		udp(CLIENT, wire_slice(&datagram));
		CU_ASSERT(datagram_flow_has_name(&d, NAME));
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_FIRST_BYTES_TOO_LONG], 1);
	}
}

static void
frames_that_may_not_stand_there_are_counted(void)
{
	begin();
	hello.len = 0;
	message_client_hello(&hello, NAME, 0);
	message_crypto_frame(&frames, 0, wire_slice(&hello));
	wire_number(&frames, 0x1e, 1); /* HANDSHAKE_DONE */
	message_quic_initial(&datagram, DCID, 0, wire_slice(&frames), DATAGRAM);
	udp(CLIENT, wire_slice(&datagram));
	CU_ASSERT(datagram_flow_has_name(&d, NAME));
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_MALFORMED], 1);

	begin();
	wire_number(&hello, 0, 1);
	hello.bytes[0] = 2; /* no ClientHello */
	client_part(0, 500, 0);
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_CLIENT_HELLO_MALFORMED], 1);
	CU_ASSERT_EQUAL(d.flow->owes, 0);
}

static void
an_initial_cut_by_the_snap_length_is_counted_as_that(void)
{
	begin();
	append_part(0, 1000, 0, DATAGRAM);
	struct decoded cut = {
		.payload = datagram.bytes, .payload_len = 200, .wire_payload_len = DATAGRAM};
	inspect_udp(&d.inspector, 0, &cut, CLIENT);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_PAYLOAD_CUT], 1);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_MALFORMED], 0);
	cut.wire_payload_len = 200;
	inspect_udp(&d.inspector, 0, &cut, CLIENT);
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_MALFORMED], 1);
}

static const struct unit_case cases[] = {
	{"a_client_hello_in_one_initial_names_the_flow",
	 a_client_hello_in_one_initial_names_the_flow},
	{"a_client_hello_over_three_initials_in_any_order",
	 a_client_hello_over_three_initials_in_any_order},
	{"crypto_frames_shuffled_within_an_initial", crypto_frames_shuffled_within_an_initial},
	{"several_initials_in_one_datagram", several_initials_in_one_datagram},
	{"datagrams_of_the_server_in_between_do_no_harm",
	 datagrams_of_the_server_in_between_do_no_harm},
	{"initials_of_real_clients_in_any_order", initials_of_real_clients_in_any_order},
	{"initials_that_never_open_are_counted_once", initials_that_never_open_are_counted_once},
	{"a_datagram_is_left_at_the_first_initial_that_does_not_open",
	 a_datagram_is_left_at_the_first_initial_that_does_not_open},
	{"a_client_hello_that_never_ends_is_given_up_and_flagged",
	 a_client_hello_that_never_ends_is_given_up_and_flagged},
	{"a_cut_client_hello_gives_the_name_it_still_has",
	 a_cut_client_hello_gives_the_name_it_still_has},
	{"a_client_hello_of_64_kib_is_read_and_a_longer_one_is_counted",
	 a_client_hello_of_64_kib_is_read_and_a_longer_one_is_counted},
	{"crypto_far_away_does_not_spoil_the_beginning",
	 crypto_far_away_does_not_spoil_the_beginning},
	{"frames_that_may_not_stand_there_are_counted",
	 frames_that_may_not_stand_there_are_counted},
	{"an_initial_cut_by_the_snap_length_is_counted_as_that",
	 an_initial_cut_by_the_snap_length_is_counted_as_that},
};

int
main(void)
{
	int status = unit_run("inspect_quic", cases, COUNT(cases));
	datagram_flow_end(&d);
	return status;
}
