/* SPDX-License-Identifier: Apache-2.0 */
/* GTP-U and Teredo; the networks over UDP are in test_decode_tunnel_vxlan.c. */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

/* GTP-U from port 9000; `rest` is what lies between the first eight bytes and the inner packet. */
static void
begin_gtp(uint8_t flags, uint8_t type, const char *rest, size_t rest_len)
{
	uint8_t header[8] = {flags, type, 0, 0, 0x12, 0x34, 0x56, 0x78};

	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_udp(&b, 9000, 2152);
	build_length(&b, b.len + 2, b.len + 8);
	build_bytes(&b, header, sizeof(header));
	build_bytes(&b, rest, rest_len);
}

static void
append_inner(unsigned is_v6)
{
	build_ip(&b, is_v6 ? V6_LOW : V4_LOW, is_v6 ? V6_HIGH : V4_HIGH);
	append_udp();
}

static void
user_data_of_gtp_is_opened(void)
{
	static const struct {
		uint8_t flags;
		const char *rest;
		size_t len;
	} cases[] = {
		{0x30, "", 0},
		{0x32, "\0\x01\0\0", 4}, /* sequence number */
		{0x31, "\0\0\x01\0", 4}, /* N-PDU number */
		{0x33, "\0\0\0\x85", 4}, /* no flag E: the type means nothing */
		{0x34, "\0\0\0\0", 4},
		{0x34, "\0\0\0\xc0\x01\x09\x04\0", 8}, /* one extension header */
		{0x36, "\0\0\0\x85\x01\x10\x01\x40\x02\0\0\0\0\0\0\0", 16},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
			begin_gtp(cases[i].flags, 0xff, cases[i].rest, cases[i].len);
			append_inner(is_v6);
			expect_opened(is_v6 ? 6 : 4);
			CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
		}
	}
}

static void
gtp_that_lies_or_carries_no_ip_stays_the_outer_conversation(void)
{
	static const struct {
		uint8_t flags, type;
		const char *rest;
		size_t len;
	} cases[] = {
		{0x30, 0x01, "", 0}, /* echo request */
		{0x30, 0x1a, "", 0}, /* error indication */
		{0x30, 0xfe, "", 0}, /* end marker */
		{0x10, 0xff, "", 0},
		{0x50, 0xff, "", 0},                       /* versions */
		{0x20, 0xff, "", 0},                       /* GTP' */
		{0x38, 0xff, "", 0},                       /* reserved */
		{0x34, 0xff, "\0\0\0\x85\0\0\0\0", 8},     /* a header of no length */
		{0x34, 0xff, "\0\0\0\x85\xff", 5},         /* one beyond the packet */
		{0x34, 0xff, "\0\0\0\x85\x01\0\0\x85", 8}, /* types without end */
		{0x30, 0xff, "\x55", 1},                   /* not IP */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_gtp(cases[i].flags, cases[i].type, cases[i].rest, cases[i].len);
		append_inner(0);
		expect_outer(TRANSPORT_UDP);
	}
	begin_gtp(0x30, 0xff, "", 0);
	expect_outer(TRANSPORT_UDP);
	/* A length that is not the datagram's. */
	for (unsigned more = 0; more < 2; more++) {
		begin_gtp(0x30, 0xff, "", 0);
		append_inner(0);
		struct packet packet = build_end(&b);
		b.bytes[14 + 20 + 8 + 3] = (uint8_t)(32 + (more ? 1 : -1));
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.key.high_port, 2152);
	}
	/* From that port, but not to it. */
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_udp(&b, 2152, 9000);
	build_bytes(&b, "\x30\xff\0\x20\0\0\0\0", 8);
	append_inner(0);
	expect_outer(TRANSPORT_UDP);
}

/* The datagram's length counts, not the first fragment's. */
static void
beginning_of_a_fragmented_gtp_datagram_is_opened(void)
{
	begin_gtp(0x30, 0xff, "", 0);
	append_inner(0);
	build_fill(&b, 0, 1000);
	struct packet packet = build_end(&b);
	size_t inner = build_last_ip(&b);
	const struct decode_place place = {.vni = FLOW_NO_VNI};
	packet.data += 14;
	packet.link = LINK_TYPE_RAW_IP;
	packet.captured_len = packet.wire_len = (uint32_t)b.len - 14 - 500;
	b.bytes[14 + 2] = (uint8_t)(packet.wire_len >> 8);
	b.bytes[14 + 3] = (uint8_t)packet.wire_len;
	CU_ASSERT_EQUAL(decode_datagram(&packet, &place, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.high_port, 2000);
	CU_ASSERT_EQUAL(d.wire_ip_len, packet.wire_len + 14 - inner);
}

#define AUTHENTICATION   \
	"\0\x01\x02\x03" \
	"idval"          \
	"nonce...\0"
#define ORIGIN "\0\0\xeb\x1b\x3f\xea\x46\xa9"
#define TEREDO_LOW "2001:0:c288:1c4c::1"

static void
begin_teredo(bool from_server, const char *headers, size_t len)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_udp(&b, from_server ? 3544 : 50000, from_server ? 50000 : 3544);
	build_bytes(&b, headers, len);
}

static void
teredo_is_opened_behind_its_headers(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} headers[] = {{"", 0},
		       {ORIGIN, 8},
		       {AUTHENTICATION, 18},
		       {"\0\x01\0\0nonce...\0", 13},
		       {AUTHENTICATION ORIGIN, 26}};

	for (size_t i = 0; i < COUNT(headers); i++) {
		for (unsigned from_server = 0; from_server < 2; from_server++) {
			begin_teredo(from_server, headers[i].bytes, headers[i].len);
			build_ip(&b, from_server ? V6_HIGH : TEREDO_LOW,
				 from_server ? TEREDO_LOW : V6_HIGH);
			append_udp();
			CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
			CU_ASSERT_EQUAL(d.key.version, 6);
			CU_ASSERT_EQUAL(d.from_high, from_server);
			CU_ASSERT(decoded_payload_is(&d, "data"));
		}
	}
}

static void
talk_of_teredo_itself_stays_the_outer_conversation(void)
{
	/* A client asks its server: the inner addresses are the same for everybody. */
	begin_teredo(false, AUTHENTICATION, 18);
	build_ip(&b, "fe80::ffff:ffff:fffe", "ff02::2");
	build_icmp(&b, 133, 0, 0);
	expect_outer(TRANSPORT_UDP);
	begin_teredo(true, AUTHENTICATION ORIGIN, 26);
	build_ip(&b, "fe80::8000:f227:bec8:61c8", TEREDO_LOW);
	build_icmp(&b, 134, 0, 0);
	expect_outer(TRANSPORT_UDP);

	/* A bubble: next header 59, nothing behind it. */
	begin_teredo(false, "", 0);
	build_ip(&b, TEREDO_LOW, "2001:0:c288:1c4c::2");
	build_protocol(&b, 59);
	expect_outer(TRANSPORT_UDP);
}

static void
what_only_looks_like_teredo_stays_the_outer_conversation(void)
{
	/* IPv6 between others; IPv4; a length that is not the datagram's. */
	begin_teredo(false, "", 0);
	append_inner(1);
	expect_outer(TRANSPORT_UDP);
	begin_teredo(false, "", 0);
	append_inner(0);
	expect_outer(TRANSPORT_UDP);
	for (unsigned more = 0; more < 2; more++) {
		begin_teredo(false, "", 0);
		build_ip(&b, TEREDO_LOW, V6_HIGH);
		append_udp();
		struct packet packet = build_end(&b);
		b.bytes[14 + 20 + 8 + 5] = (uint8_t)(12 + (more ? 1 : -1));
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.key.high_port, 3544);
	}
	/* Lengths of the authentication that lead out of the packet. */
	begin_teredo(false, "\0\x01\xff\xff", 4);
	build_ip(&b, TEREDO_LOW, V6_HIGH);
	append_udp();
	expect_outer(TRANSPORT_UDP);
	/* Teredo is for networks without IPv6. */
	begin_ipv6();
	build_udp(&b, 50000, 3544);
	build_ip(&b, TEREDO_LOW, V6_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.high_port, 3544);
}

static void
udp_tunnels_cut_at_every_byte_are_the_outer_conversation(void)
{
	size_t outer = 14 + 20 + 8, headers;

	begin_gtp(0x36, 0xff, "\0\0\0\xc0\x01\x09\x04\0", 8);
	build_ip(&b, V4_LOW, V4_HIGH);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);

	begin_teredo(true, AUTHENTICATION ORIGIN, 26);
	build_ip(&b, V6_HIGH, TEREDO_LOW);
	headers = append_cut_payload();
	cut_everywhere(outer, headers);
}

static const struct unit_case cases[] = {
	{"user_data_of_gtp_is_opened", user_data_of_gtp_is_opened},
	{"gtp_that_lies_or_carries_no_ip_stays_the_outer_conversation",
	 gtp_that_lies_or_carries_no_ip_stays_the_outer_conversation},
	{"beginning_of_a_fragmented_gtp_datagram_is_opened",
	 beginning_of_a_fragmented_gtp_datagram_is_opened},
	{"teredo_is_opened_behind_its_headers", teredo_is_opened_behind_its_headers},
	{"talk_of_teredo_itself_stays_the_outer_conversation",
	 talk_of_teredo_itself_stays_the_outer_conversation},
	{"what_only_looks_like_teredo_stays_the_outer_conversation",
	 what_only_looks_like_teredo_stays_the_outer_conversation},
	{"udp_tunnels_cut_at_every_byte_are_the_outer_conversation",
	 udp_tunnels_cut_at_every_byte_are_the_outer_conversation},
};

int
main(void)
{
	return unit_run("decode_tunnel_udp", cases, COUNT(cases));
}
