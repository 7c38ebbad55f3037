/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

#define PROTOCOL_GRE 47
#define CHECKSUM 0x8000u
#define KEY 0x2000u
#define SEQUENCE 0x1000u
#define ACKNOWLEDGMENT 0x0080u

/* GRE between the outer ends with the fields that the flags ask for, each filled with 0x5a. */
static void
begin_gre(unsigned flags, unsigned protocol)
{
	uint8_t header[4] = {(uint8_t)(flags >> 8), (uint8_t)flags, (uint8_t)(protocol >> 8),
			     (uint8_t)protocol};

	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_protocol(&b, PROTOCOL_GRE);
	build_bytes(&b, header, 4);
	for (unsigned bit = 15; bit > 11; bit--) {
		if (bit != 14 && (flags >> bit & 1) != 0)
			build_fill(&b, 0x5a, 4);
	}
}

static void
append_inner(unsigned is_v6)
{
	build_ip(&b, is_v6 ? V6_LOW : V4_LOW, is_v6 ? V6_HIGH : V4_HIGH);
	append_udp();
}

static void
gre_is_opened_with_every_option(void)
{
	for (unsigned options = 0; options < 8; options++) {
		unsigned flags = (options & 1 ? CHECKSUM : 0) | (options & 2 ? KEY : 0) |
				 (options & 4 ? SEQUENCE : 0);
		begin_gre(flags, 0x0800);
		append_inner(0);
		expect_opened(4);
		begin_gre(flags, 0x86dd);
		append_inner(1);
		expect_opened(6);
		begin_gre(flags, 0x6558);
		build_inner_ethernet(&b);
		build_vlan(&b, 0x8100, 6);
		append_inner(0);
		expect_opened(4);
		CU_ASSERT_EQUAL(d.vlan, 6);
		begin_gre(flags, 0x8847);
		build_bytes(&b, "\0\x01\x01\x40", 4);
		append_inner(1);
		expect_opened(6);
	}
}

static void
what_gre_does_not_say_for_sure_stays_the_outer_conversation(void)
{
	static const struct {
		unsigned flags, protocol;
	} cases[] = {
		{0x4000, 0x0800},                   /* routing */
		{0x0800, 0x0800},                   /* strict source route */
		{0x0100, 0x0800},                   /* recursion */
		{0x0080, 0x0800}, {0x0002, 0x0800}, /* version 2 */
		{0, 0x0000},                        /* a keepalive */
		{0, 0x883e},                        /* WCCP */
		{0, 0x8100},      {0, 0x86dd},      /* IPv4 follows */
		{0, 0x880b},                        /* PPP is for version 1 */
		{0, 0x22eb},      {SEQUENCE, 0x88be},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_gre(cases[i].flags, cases[i].protocol);
		append_inner(0);
		expect_outer(PROTOCOL_GRE);
	}
	for (unsigned len = 0; len < 20; len++) {
		begin_gre(0, 0x0800);
		build_fill(&b, 0x45, len);
		expect_outer(PROTOCOL_GRE);
	}
	for (unsigned len = 0; len < 14; len++) {
		begin_gre(0, 0x6558);
		build_fill(&b, 0, len);
		expect_outer(PROTOCOL_GRE);
	}
}

static void
what_is_spoilt_inside_gre_is_the_outer_conversation(void)
{
	begin_gre(0, 0x6558);
	build_inner_ethernet(&b);
	build_ethertype(&b, 0x0806);
	build_fill(&b, 0, 28);
	expect_outer(47);

	begin_gre(0, 0x0800);
	append_inner(0);
	b.bytes[build_last_ip(&b)] = 0x41;
	expect_outer(47);
}

static void
erspan_of_every_type_is_opened(void)
{
	begin_gre(0, 0x88be);
	build_inner_ethernet(&b);
	append_inner(0);
	expect_opened(4);

	begin_gre(SEQUENCE, 0x88be);
	build_bytes(&b, "\x10\x01\x00\x14\0\0\0\x01", 8);
	build_inner_ethernet(&b);
	append_inner(1);
	expect_opened(6);

	/* Type III: frame type 0 or 2 (IP), with and without the platform's eight bytes. */
	static const char *const headers[] = {
		"\x20\x14\0\0\0\0\x14\x58\0\0\x80\x30", "\x20\x14\0\0\0\0\x14\x58\0\0\x80\x31",
		"\x20\x14\0\0\0\0\x14\x58\0\0\x88\x30", "\x20\x14\0\0\0\0\x14\x58\0\0\x88\x31"};
	for (size_t i = 0; i < COUNT(headers); i++) {
		begin_gre(SEQUENCE, 0x22eb);
		build_bytes(&b, headers[i], 12);
		build_fill(&b, 0x77, i % 2 * 8);
		if (i < 2)
			build_inner_ethernet(&b);
		append_inner(0);
		expect_opened(4);
	}
}

static void
erspan_that_lies_stays_the_outer_conversation(void)
{
	static const char *const headers[] = {"\x10\x14\0\0\0\0\x14\x58\0\0\x80\x30",
					      "\x20\x14\0\0\0\0\x14\x58\0\0\x84\x30",
					      "\x20\x14\0\0\0\0\x14\x58\0\0\xfc\x30"};

	for (size_t i = 0; i < COUNT(headers); i++) {
		begin_gre(SEQUENCE, 0x22eb);
		build_bytes(&b, headers[i], 12);
		build_inner_ethernet(&b);
		append_inner(0);
		expect_outer(PROTOCOL_GRE);
	}
	begin_gre(SEQUENCE, 0x88be);
	build_bytes(&b, "\x20\x01\x00\x14\0\0\0\x01", 8);
	build_inner_ethernet(&b);
	append_inner(0);
	expect_outer(PROTOCOL_GRE);
}

/* Version 1, whose key is the payload's length and the call. */
static void
begin_pptp(unsigned flags, const char *ppp, size_t ppp_len)
{
	uint8_t header[8] = {(uint8_t)(flags >> 8), (uint8_t)flags, 0x88, 0x0b};
	size_t fields = (flags & SEQUENCE ? 4u : 0) + (flags & ACKNOWLEDGMENT ? 4u : 0);

	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_protocol(&b, PROTOCOL_GRE);
	build_length(&b, b.len + 4, b.len + 8 + fields);
	build_bytes(&b, header, sizeof(header));
	build_fill(&b, 0x5a, fields);
	build_bytes(&b, ppp, ppp_len);
}

static void
ppp_of_pptp_is_opened(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} ppp[] = {{"\xff\x03\x00\x21", 4}, {"\x00\x21", 2}, {"\x21", 1}};

	for (size_t i = 0; i < COUNT(ppp); i++) {
		begin_pptp(KEY | SEQUENCE | 1, ppp[i].bytes, ppp[i].len);
		append_inner(0);
		expect_opened(4);
		begin_pptp(KEY | SEQUENCE | ACKNOWLEDGMENT | 1, ppp[i].bytes, ppp[i].len);
		append_inner(0);
		expect_opened(4);
	}
	begin_pptp(KEY | SEQUENCE | 1, "\x57", 1);
	append_inner(1);
	expect_opened(6);
}

static void
pptp_that_lies_or_carries_no_ip_stays_the_outer_conversation(void)
{
	static const struct {
		unsigned flags;
		const char *ppp;
	} cases[] = {
		{KEY | 1, "\x00\x21"}, /* no sequence number, no payload */
		{KEY | ACKNOWLEDGMENT | 1, "\x00\x21"},
		{SEQUENCE | 1, "\x00\x21"},
		{KEY | SEQUENCE | CHECKSUM | 1, "\x00\x21"},
		{KEY | SEQUENCE | 0x0100 | 1, "\x00\x21"},
		{KEY | SEQUENCE | 3, "\x00\x21"},
		{KEY | SEQUENCE | 1, "\xc0\x21"},
		{KEY | SEQUENCE | 1, "\x00\xfd"},
		{KEY | SEQUENCE | 1, "\x00\x57"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_pptp(cases[i].flags, cases[i].ppp, 2);
		append_inner(0);
		expect_outer(PROTOCOL_GRE);
	}
	/* A length that leaves no room for what the header announces. */
	for (unsigned len = 0; len < 22; len++) {
		begin_pptp(KEY | SEQUENCE | 1, "\x00\x21", 2);
		append_inner(0);
		struct packet packet = build_end(&b);
		b.bytes[14 + 20 + 5] = (uint8_t)len;
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.key.transport, PROTOCOL_GRE);
	}
}

static void
gre_cut_at_every_byte_is_the_outer_conversation(void)
{
	size_t outer = 14 + 20, headers;

	begin_gre(CHECKSUM | KEY | SEQUENCE, 0x86dd);
	build_ip(&b, V6_LOW, V6_HIGH);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);

	begin_gre(SEQUENCE, 0x22eb);
	build_bytes(&b, "\x20\x14\0\0\0\0\x14\x58\0\0\x80\x31", 12);
	build_fill(&b, 0x77, 8);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);

	begin_gre(SEQUENCE, 0x88be);
	build_bytes(&b, "\x10\x01\x00\x14\0\0\0\x01", 8);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);

	begin_pptp(KEY | SEQUENCE | ACKNOWLEDGMENT | 1, "\xff\x03\x00\x21", 4);
	build_ip(&b, V4_LOW, V4_HIGH);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);
}

static const struct unit_case cases[] = {
	{"gre_is_opened_with_every_option", gre_is_opened_with_every_option},
	{"what_gre_does_not_say_for_sure_stays_the_outer_conversation",
	 what_gre_does_not_say_for_sure_stays_the_outer_conversation},
	{"what_is_spoilt_inside_gre_is_the_outer_conversation",
	 what_is_spoilt_inside_gre_is_the_outer_conversation},
	{"erspan_of_every_type_is_opened", erspan_of_every_type_is_opened},
	{"erspan_that_lies_stays_the_outer_conversation",
	 erspan_that_lies_stays_the_outer_conversation},
	{"ppp_of_pptp_is_opened", ppp_of_pptp_is_opened},
	{"pptp_that_lies_or_carries_no_ip_stays_the_outer_conversation",
	 pptp_that_lies_or_carries_no_ip_stays_the_outer_conversation},
	{"gre_cut_at_every_byte_is_the_outer_conversation",
	 gre_cut_at_every_byte_is_the_outer_conversation},
};

int
main(void)
{
	return unit_run("decode_tunnel_gre", cases, COUNT(cases));
}
