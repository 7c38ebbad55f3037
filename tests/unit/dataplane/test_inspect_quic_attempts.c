/* SPDX-License-Identifier: Apache-2.0 */
/* A client that begins anew: Retry, Version Negotiation, another connection; and versions that only
 * their keys tell. */
#include "tests/unit/dataplane/datagram_flow.h"
#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CLIENT DATAGRAM_CLIENT
#define SERVER DATAGRAM_SERVER
#define NAME "video.example.org"
#define OTHER "other.example.net"
#define DATAGRAM 1200
#define V1 1u
#define V2 0x6b3343cfu
#define DRAFT_29 0xff00001du
#define DRAFT_34 0xff000022u
#define MVFST 0xfaceb002u
#define RESERVED 0x1a2a3a4au

static struct datagram_flow d;
static struct wire hello, other, datagram;

static void
begin(size_t padding)
{
	datagram_flow_begin(&d);
	hello.len = other.len = 0;
	message_client_hello(&hello, NAME, padding);
	message_client_hello(&other, OTHER, padding);
}

/* A part of a ClientHello in an Initial: part 0 and 1 are its halves, 2 is the whole. */
static void
show_part(const struct wire *message, unsigned part, struct message_initial initial)
{
	static struct wire frames;
	size_t start = part == 1 ? message->len / 2 : 0;
	size_t end = part == 0 ? message->len / 2 : message->len;

	frames.len = datagram.len = 0;
	initial.len = DATAGRAM;
	message_crypto_frame(&frames, start, slice_of(message->bytes + start, end - start));
	message_initial(&datagram, &initial, wire_slice(&frames));
	datagram_flow_show(&d, CLIENT, wire_slice(&datagram));
}

static void
expect_name(const char *name, bool quiet)
{
	CU_ASSERT(datagram_flow_has_name(&d, name));
	CU_ASSERT_EQUAL(d.flow->name_source, NAME_SOURCE_QUIC_SNI);
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
	CU_ASSERT_EQUAL(d.flow->flags, 0);
	CU_ASSERT_EQUAL(d.flow->owes & FLOW_OWES_QUIC, 0);
	CU_ASSERT_EQUAL(d.flow->inspect, FLOW_NONE);
	CU_ASSERT(!quiet || datagram_flow_notes(&d) == 0);
}

static void
versions_with_keys_are_read(void)
{
	static const uint32_t versions[] = {
		V1, V2, DRAFT_29, 0xff00001e, 0xff00001f, 0xff000020, 0xff000021, DRAFT_34, MVFST};

	for (size_t i = 0; i < COUNT(versions); i++) {
		begin(0);
		show_part(&hello, 2,
			  (struct message_initial){.version = versions[i],
						   .keys_version = versions[i],
						   .dcid = "firstdst"});
		expect_name(NAME, true);
	}
}

/* The client wants to be told the server's versions, and seals with the keys of its own. */
static void
unknown_versions_open_with_the_keys_of_a_known_one(void)
{
	static const struct {
		uint32_t version, keys;
	} rows[] = {{RESERVED, V1}, {RESERVED, DRAFT_29},   {0x0a0a0a0a, MVFST},
		    {RESERVED, V2}, {0x00000002, DRAFT_34}, {0xdeadbeef, V1}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (unsigned split = 0; split < 3; split++) {
			struct message_initial initial = {.version = rows[i].version,
							  .keys_version = rows[i].keys,
							  .dcid = "firstdst"};
			begin(split == 0 ? 0 : 1000);
			if (split == 0) {
				show_part(&hello, 2, initial);
			} else {
				show_part(&hello, split - 1, initial);
				CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
				show_part(&hello, 2 - split, initial);
			}
			expect_name(NAME, true);
		}
	}
}

static void
keys_are_tried_only_on_what_a_first_initial_looks_like(void)
{
	static const struct {
		const char *dcid;
		size_t len;
		bool opens;
	} rows[] = {{"firstdst", 1200, true}, {"firstdst", 1199, false}, {"seven77", 1200, false}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct wire frames;
		struct message_initial initial = {
			.version = RESERVED, .dcid = rows[i].dcid, .len = rows[i].len};
		begin(0);
		frames.len = datagram.len = 0;
		message_crypto_frame(&frames, 0, wire_slice(&hello));
		message_initial(&datagram, &initial, wire_slice(&frames));
		datagram_flow_show(&d, CLIENT, wire_slice(&datagram));
		CU_ASSERT(datagram_flow_has_name(&d, rows[i].opens ? NAME : NULL));
	}
}

/* Twice, and never again: a flow of random bytes must not cost three derivations a datagram. */
static void
keys_are_tried_twice_a_flow(void)
{
	struct message_initial sealed_with_other = {
		.version = RESERVED, .dcid = "firstdst", .keys_dcid = "otherdst"};

	for (unsigned failed = 0; failed < 4; failed++) {
		begin(0);
		for (unsigned i = 0; i < failed; i++)
			show_part(&hello, 2, sealed_with_other);
		show_part(&hello, 2,
			  (struct message_initial){.version = RESERVED, .dcid = "firstdst"});
		CU_ASSERT(datagram_flow_has_name(&d, failed < 2 ? NAME : NULL));
		inspect_end(&d.inspector, 0);
		CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_UNREADABLE], failed >= 2);
	}
}

/* RFC 9000 6: the server names its versions, the client begins anew with one of them, other keys
 * and another hello. Whatever comes first: no name is made of two hellos. */
static void
after_version_negotiation_either_hello_counts_but_never_both(void)
{
	static const char *const orders[] = {"ABvab", "AvBab", "AvaBb", "AavBb", "vAaBb",
					     "aAbBv", "avAbB", "abvAB", "Avab",  "vAab"};

	for (size_t i = 0; i < COUNT(orders); i++) {
		begin(1000);
		for (const char *c = orders[i]; *c != '\0'; c++) {
			struct message_initial refused = {.version = i % 2 ? RESERVED : V2,
							  .keys_version = i % 2 ? DRAFT_29 : V2,
							  .dcid = "firstdst"};
			struct message_initial accepted = {.version = V1, .dcid = "seconddst"};
			if (*c == 'v') {
				datagram.len = 0;
				message_quic_negotiation(&datagram, "firstdst", V1);
				datagram_flow_show(&d, SERVER, wire_slice(&datagram));
			} else if (*c == 'A' || *c == 'B') {
				show_part(&hello, *c == 'B', refused);
			} else {
				show_part(&other, *c == 'b', accepted);
			}
		}
		CU_ASSERT(datagram_flow_has_name(&d, NAME) || datagram_flow_has_name(&d, OTHER));
		bool as_expected = d.flow->name != FLOW_NONE;
		if (!as_expected)
			printf("# wrong: %s\n", orders[i]);
	}
}

static void
version_negotiation_alone_is_counted_and_quic(void)
{
	begin(0);
	datagram.len = 0;
	message_quic_negotiation(&datagram, "firstdst", V1);
	datagram_flow_show(&d, SERVER, wire_slice(&datagram));
	CU_ASSERT_EQUAL(d.counters.notes[NOTE_QUIC_NEGOTIATION], 1);
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 1);
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
	CU_ASSERT_EQUAL(d.flow->owes, FLOW_OWES_QUIC);
	CU_ASSERT_EQUAL(d.flow->flags, 0);

	/* It offers nothing that is a version: another protocol. */
	begin(0);
	datagram.len = 0;
	message_quic_negotiation(&datagram, "firstdst", 0x12345678);
	datagram_flow_show(&d, SERVER, wire_slice(&datagram));
	CU_ASSERT_EQUAL(datagram_flow_notes(&d), 0);
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_UNKNOWN);
}

/* RFC 9000 17.2.5.2: after a Retry the client sends its hello again to the server's connection id,
 * with a token; the keys follow from that id. */
static void
after_a_retry_the_hello_is_read_in_any_order(void)
{
	static const char *const orders[] = {"ABab", "AaBb", "aABb", "aAbB", "abAB", "BAba",
					     "baBA", "Aab",  "aAb",  "ab",   "aBbA", "bBaA"};

	for (size_t i = 0; i < COUNT(orders); i++) {
		begin(1000);
		for (const char *c = orders[i]; *c != '\0'; c++) {
			if (*c == 'A' || *c == 'B')
				show_part(&hello, *c == 'B',
					  (struct message_initial){.dcid = "firstdst"});
			else
				show_part(&hello, *c == 'b',
					  (struct message_initial){.dcid = "fromretry",
								   .token = "token",
								   .number = 2});
		}
		expect_name(NAME, true);
		if (d.flow->name == FLOW_NONE)
			printf("# wrong: %s\n", orders[i]);
	}
}

/* RFC 9000 7.2: once the server answered, the client sends to the id that the server chose; the
 * keys stay those of the first one. */
static void
an_id_chosen_by_the_server_changes_no_keys(void)
{
	begin(1000);
	show_part(&hello, 0, (struct message_initial){.dcid = "firstdst"});
	show_part(&hello, 1,
		  (struct message_initial){.dcid = "srv", .keys_dcid = "firstdst", .number = 1});
	expect_name(NAME, true);
}

static void
without_its_first_initial_a_flow_is_flagged_until_one_opens(void)
{
	struct message_initial later = {.dcid = "srv", .keys_dcid = "firstdst", .number = 1};

	begin(1000);
	show_part(&hello, 1, later);
	CU_ASSERT_EQUAL(d.flow->flags, FLOW_FLAG_ENCRYPTED);
	CU_ASSERT_EQUAL(d.flow->protocol, APP_PROTOCOL_QUIC);
	show_part(&hello, 0, (struct message_initial){.dcid = "firstdst"});
	CU_ASSERT_EQUAL(d.flow->flags, 0);
	show_part(&hello, 1, later); /* sent again */
	expect_name(NAME, true);
}

/* Two connections from one port, the first one's hello not complete: their pieces do not mix. */
static void
another_connection_on_the_same_ports_starts_from_nothing(void)
{
	begin(1000);
	show_part(&hello, 0, (struct message_initial){.dcid = "firstdst"});
	show_part(&other, 1, (struct message_initial){.dcid = "seconddst"});
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	show_part(&hello, 1, (struct message_initial){.dcid = "firstdst"});
	CU_ASSERT_EQUAL(d.flow->name, FLOW_NONE);
	show_part(&other, 0, (struct message_initial){.dcid = "seconddst"});
	expect_name(OTHER, true);
}

/* What others send under a client's keys, an Initial of a known version among them, costs a flow
 * at most so many derivations. */
static void
keys_are_made_in_vain_only_so_often(void)
{
	for (unsigned failed = 0; failed <= 20; failed += 5) {
		begin(0);
		for (unsigned i = 0; i < failed; i++)
			show_part(&hello, 2,
				  (struct message_initial){.dcid = "firstdst",
							   .keys_dcid = "otherdst"});
		show_part(&hello, 2, (struct message_initial){.dcid = "firstdst"});
		CU_ASSERT(datagram_flow_has_name(&d, failed < 16 ? NAME : NULL));
	}
}

static const struct unit_case cases[] = {
	{"versions_with_keys_are_read", versions_with_keys_are_read},
	{"unknown_versions_open_with_the_keys_of_a_known_one",
	 unknown_versions_open_with_the_keys_of_a_known_one},
	{"keys_are_tried_only_on_what_a_first_initial_looks_like",
	 keys_are_tried_only_on_what_a_first_initial_looks_like},
	{"keys_are_tried_twice_a_flow", keys_are_tried_twice_a_flow},
	{"after_version_negotiation_either_hello_counts_but_never_both",
	 after_version_negotiation_either_hello_counts_but_never_both},
	{"version_negotiation_alone_is_counted_and_quic",
	 version_negotiation_alone_is_counted_and_quic},
	{"after_a_retry_the_hello_is_read_in_any_order",
	 after_a_retry_the_hello_is_read_in_any_order},
	{"an_id_chosen_by_the_server_changes_no_keys", an_id_chosen_by_the_server_changes_no_keys},
	{"without_its_first_initial_a_flow_is_flagged_until_one_opens",
	 without_its_first_initial_a_flow_is_flagged_until_one_opens},
	{"another_connection_on_the_same_ports_starts_from_nothing",
	 another_connection_on_the_same_ports_starts_from_nothing},
	{"keys_are_made_in_vain_only_so_often", keys_are_made_in_vain_only_so_often},
};

int
main(void)
{
	int status = unit_run("inspect_quic_attempts", cases, COUNT(cases));
	datagram_flow_end(&d);
	return status;
}
