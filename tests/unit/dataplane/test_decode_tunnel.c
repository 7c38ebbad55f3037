/* SPDX-License-Identifier: Apache-2.0 */
/* Tunnels directly on Ethernet and IP, and tunnels in tunnels. */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

#define PROTOCOL_IPV4 4
#define PROTOCOL_IPV6 41

static void
append_ip(unsigned is_v6)
{
	build_ip(&b, is_v6 ? V6_LOW : V4_LOW, is_v6 ? V6_HIGH : V4_HIGH);
}

/* One entry of a label stack; the last has `bottom` 1. */
static void
append_label(unsigned label, unsigned bottom)
{
	uint8_t entry[4] = {(uint8_t)(label >> 12), (uint8_t)(label >> 4),
			    (uint8_t)(label << 4 | bottom), 64};

	build_ethertype(&b, 0x8847);
	build_bytes(&b, entry, 4);
}

static void
append_pppoe(uint8_t version, uint8_t code, uint16_t protocol)
{
	uint8_t header[8] = {version,          code, 0, 7, 0, 0, (uint8_t)(protocol >> 8),
			     (uint8_t)protocol};

	build_ethertype(&b, 0x8864);
	build_length(&b, b.len + 4, b.len + 6);
	build_bytes(&b, header, sizeof(header));
}

static void
ip_in_ip_is_opened_in_every_pairing(void)
{
	for (unsigned pairing = 0; pairing < 4; pairing++) {
		unsigned outer_v6 = pairing & 1, inner_v6 = pairing >> 1;
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, outer_v6 ? "fd00::1" : OUTER_LOW, outer_v6 ? "fd00::2" : OUTER_HIGH);
		build_protocol(&b, inner_v6 ? PROTOCOL_IPV6 : PROTOCOL_IPV4);
		append_ip(inner_v6);
		append_udp();
		expect_opened(inner_v6 ? 6 : 4);
		CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
	}
	/* Behind extension headers (RFC 2473: the encapsulation limit is one). */
	begin_ipv6();
	build_extension(&b, 60, 0);
	build_protocol(&b, PROTOCOL_IPV4);
	append_ip(0);
	append_udp();
	expect_opened(4);
}

static void
what_is_no_ip_in_ip_stays_the_outer_conversation(void)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	build_protocol(&b, PROTOCOL_IPV4);
	append_ip(1);
	append_udp();
	expect_outer(PROTOCOL_IPV4);

	for (unsigned len = 0; len < 20; len++) { /* no room for a header */
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		build_protocol(&b, PROTOCOL_IPV4);
		build_fill(&b, 0x45, len);
		expect_outer(PROTOCOL_IPV4);
		CU_ASSERT_EQUAL(d.wire_payload_len, len);
	}
}

static void
mpls_is_opened_where_ip_is_sure(void)
{
	for (unsigned labels = 1; labels <= 20; labels++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_vlan(&b, 0x8100, 9);
		for (unsigned i = 1; i <= labels; i++)
			append_label(1000 + i, i == labels);
		append_ip(labels & 1);
		append_udp();
		expect_opened(labels & 1 ? 6 : 4);
		CU_ASSERT_EQUAL(d.vlan, 9);
	}
}

/* Bytes behind the packet: a checksum that is right speaks for IPv4, a short trailer for IPv6. */
static void
mpls_with_bytes_left_over_needs_more(void)
{
	static const struct {
		unsigned is_v6, left_over;
		bool spoil;
		enum decode_result result;
	} cases[] = {
		{0, 0, true, DECODE_TRACKED},  {0, 4, true, DECODE_NOT_IP},
		{0, 4, false, DECODE_TRACKED}, {0, 400, false, DECODE_TRACKED},
		{1, 8, false, DECODE_TRACKED}, {1, 9, false, DECODE_NOT_IP},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_label(16, 1);
		append_ip(cases[i].is_v6);
		append_udp();
		struct packet packet = build_end(&b);
		if (cases[i].spoil)
			b.bytes[build_last_ip(&b) + 8]++; /* the time to live is in the sum */
		build_fill(&b, 0, cases[i].left_over);
		packet.captured_len = packet.wire_len = (uint32_t)b.len;
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), cases[i].result);
	}
}

static void
append_control_word(const char *word)
{
	build_bytes(&b, word, 4);
	build_inner_ethernet(&b);
}

static void
pseudowire_is_opened_behind_a_control_word(void)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	append_label(17, 0);
	append_label(18, 1);
	append_control_word("\0\0\x12\x34");
	build_vlan(&b, 0x8100, 5);
	append_ip(0);
	append_udp();
	expect_opened(4);
	CU_ASSERT_EQUAL(d.vlan, 5);

	/* Flags in the word, an associated channel (RFC 5586), no word, and no IP in the frame. */
	static const char *const words[] = {"\x01\0\0\0", "\0\x40\0\0", "\x10\0\0\x21"};
	for (size_t i = 0; i < COUNT(words); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_label(17, 1);
		append_control_word(words[i]);
		append_ip(0);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
	}
	build_begin(&b, LINK_TYPE_ETHERNET);
	append_label(17, 1);
	build_inner_ethernet(&b);
	append_ip(0);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);

	build_begin(&b, LINK_TYPE_ETHERNET);
	append_label(17, 1);
	append_control_word("\0\0\0\0");
	build_ethertype(&b, 0x0806);
	build_fill(&b, 0, 46);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
}

/* Addresses of Ethernet frames that begin like IP headers. */
static void
frames_whose_addresses_look_like_ip_are_not_taken_for_it(void)
{
	for (unsigned first = 0x40; first < 0x70; first++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_label(17, 1);
		size_t frame = b.len;
		build_inner_ethernet(&b);
		append_ip(0);
		append_udp();
		b.bytes[frame] = (uint8_t)first;
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
	}
}

static void
label_stack_without_end_is_refused(void)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	for (unsigned i = 0; i < 10000; i++)
		append_label(i & 0xfffff, 0);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
}

static void
pppoe_sessions_are_opened(void)
{
	for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_pppoe(0x11, 0, is_v6 ? 0x0057 : 0x0021);
		append_ip(is_v6);
		append_udp();
		expect_opened(is_v6 ? 6 : 4);

		build_begin(&b, LINK_TYPE_PPPOE);
		append_pppoe(0x11, 0, is_v6 ? 0x0057 : 0x0021);
		append_ip(is_v6);
		append_udp();
		expect_opened(is_v6 ? 6 : 4);
	}
}

static void
pppoe_that_is_no_session_of_ip_is_not_ip(void)
{
	static const struct {
		uint8_t version, code;
		uint16_t protocol;
	} cases[] = {
		{0x11, 0, 0xc021}, {0x11, 0, 0x8021}, {0x12, 0, 0x0021},
		{0x21, 0, 0x0021}, {0x11, 9, 0x0021}, {0x11, 0, 0x0057}, /* no IPv6 follows */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_pppoe(cases[i].version, cases[i].code, cases[i].protocol);
		append_ip(0);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
	}
}

/* The length is what counts: too short for IP, or cutting the padding off, or beyond the wire. */
static void
pppoe_length_is_kept_to(void)
{
	static const struct {
		uint16_t len;
		enum decode_result result;
	} cases[] = {
		{0, DECODE_NOT_IP},
		{1, DECODE_NOT_IP},
		{2, DECODE_NOT_IP},
		{21, DECODE_NOT_IP},
		{22, DECODE_TRANSPORT_TRUNCATED},
		{34, DECODE_TRACKED},
		{65535, DECODE_TRACKED},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		append_pppoe(0x11, 0, 0x0021);
		append_ip(0);
		append_udp();
		struct packet packet = build_end(&b);
		b.bytes[18] = (uint8_t)(cases[i].len >> 8);
		b.bytes[19] = (uint8_t)cases[i].len;
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), cases[i].result);
		if (cases[i].result == DECODE_TRACKED)
			expect_udp_of_low_end(4);
	}
}

/* `count` IPv4 headers, each in the one before. */
static void
nest(unsigned count)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	for (unsigned i = 0; i < count; i++) {
		build_protocol(&b, PROTOCOL_IPV4);
		build_ip(&b, V4_LOW, V4_HIGH);
	}
	append_udp();
}

static void
tunnels_are_followed_eight_deep(void)
{
	for (unsigned count = 1; count <= 20; count++) {
		nest(count);
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.outer_count, count <= 8 ? count : 8);
		if (count <= 8)
			expect_udp_of_low_end(4);
		else
			CU_ASSERT_EQUAL(d.key.transport, PROTOCOL_IPV4);
	}
}

static void
frames_in_frames_without_ip_around_them_are_refused(void)
{
	for (unsigned count = 1; count <= 20; count++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		for (unsigned i = 0; i < count; i++) {
			append_label(17, 1);
			append_control_word("\0\0\0\0");
		}
		append_ip(0);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), count == 1 ? DECODE_TRACKED : DECODE_NOT_IP);
		CU_ASSERT(count != 1 || d.outer_count == 0);
	}
	build_begin(&b, LINK_TYPE_ETHERNET);
	for (unsigned i = 0; i < 20; i++)
		append_pppoe(0x11, 0, 0x0021);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
}

/* `ends` of tunnel `i` of the packet decoded last, in the packet's direction. */
static void
expect_around(unsigned i, enum flow_tunnel tunnel, const char *from, const char *to)
{
	struct ip_address source, destination;
	char text[IP_ADDRESS_TEXT_MAX];

	CU_ASSERT_EQUAL(d.outer_tunnel[i], tunnel);
	decoded_outer_ends(&d, i, &source, &destination);
	(void)ip_address_format(&source, text);
	CU_ASSERT_STRING_EQUAL(text, from);
	(void)ip_address_format(&destination, text);
	CU_ASSERT_STRING_EQUAL(text, to);
}

static void
ends_of_the_packets_around_are_told_from_the_outside_in(void)
{
	begin_ipv4(OUTER_HIGH, OUTER_LOW);
	build_protocol(&b, PROTOCOL_IPV6);
	build_ip(&b, "fd00::9", "fd00::8");
	build_udp(&b, 50000, 4789);
	build_vxlan(&b, 77);
	build_inner_ethernet(&b);
	append_label(30, 1); /* has no ends */
	append_ip(1);
	append_udp();
	struct packet packet = build_end(&b);
	CU_ASSERT_EQUAL(decode_packet(&packet, &d), DECODE_TRACKED);
	expect_udp_of_low_end(6);
	CU_ASSERT_EQUAL(d.outer_count, 2);
	expect_around(0, FLOW_TUNNEL_6IN4, OUTER_HIGH, OUTER_LOW);
	expect_around(1, FLOW_TUNNEL_VXLAN, "fd00::9", "fd00::8");

	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.outer_count, 0);
}

/* Of what cannot be read the nearest conversation around it has the bytes. */
static void
packet_spoilt_within_two_tunnels_is_that_of_the_inner_tunnel(void)
{
	begin_ipv4("10.9.9.1", "10.9.9.2");
	build_udp(&b, 50000, 4789);
	build_vxlan(&b, 77);
	build_inner_ethernet(&b);
	build_vlan(&b, 0x8100, 6);
	build_ip(&b, OUTER_LOW, OUTER_HIGH);
	build_protocol(&b, PROTOCOL_IPV4);
	append_ip(0);
	append_udp();
	struct packet packet = build_end(&b);
	b.bytes[build_last_ip(&b)] = 0x41;
	CU_ASSERT_EQUAL(decode_packet(&packet, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.transport, PROTOCOL_IPV4);
	CU_ASSERT_EQUAL(d.key.low_address[3], 1);
	CU_ASSERT_EQUAL(d.key.vni, 77);
	CU_ASSERT_EQUAL(d.vlan, 6);
	CU_ASSERT_EQUAL(d.wire_payload_len, 32);
	CU_ASSERT_EQUAL(d.outer_count, 1);
	expect_around(0, FLOW_TUNNEL_VXLAN, "10.9.9.1", "10.9.9.2");
}

/* Everything in everything: VLAN, PPPoE, IPv6, MPLS in GRE is for the others' tests. */
static void
tunnels_of_many_kinds_lie_in_each_other(void)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_vlan(&b, 0x88a8, 10);
	build_vlan(&b, 0x8100, 11);
	append_pppoe(0x11, 0, 0x0021);
	build_ip(&b, OUTER_LOW, OUTER_HIGH);
	build_udp(&b, 50000, 4789);
	build_vxlan(&b, 77);
	build_inner_ethernet(&b);
	append_label(30, 1);
	append_ip(1);
	build_protocol(&b, PROTOCOL_IPV4);
	build_ip(&b, OUTER_HIGH, OUTER_LOW);
	build_protocol(&b, PROTOCOL_IPV6);
	append_ip(1);
	append_udp();
	expect_opened(6);
	CU_ASSERT_EQUAL(d.vlan, 10);
	CU_ASSERT_EQUAL(d.inner_vlan, 11);
	CU_ASSERT_EQUAL(d.key.vni, 77);
}

static void
fragments_around_and_inside_a_tunnel_are_described(void)
{
	for (unsigned is_inner = 0; is_inner < 2; is_inner++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		size_t fragment = build_last_ip(&b);
		build_protocol(&b, PROTOCOL_IPV4);
		append_ip(0);
		if (is_inner)
			fragment = build_last_ip(&b);
		build_udp(&b, 1000, 2000);
		build_fill(&b, 'x', 36); /* in eights, with any of the headers */
		b.bytes[fragment + 6] = 0x20;
		if (is_inner)
			b.len -= 4;
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_IPV4_FRAGMENT);
		CU_ASSERT_EQUAL(d.depth, is_inner);
		CU_ASSERT_EQUAL(d.wire_payload_len, is_inner ? 40 : 64);
		CU_ASSERT_EQUAL(d.key.transport, is_inner ? TRANSPORT_UDP : PROTOCOL_IPV4);
	}
}

static void
a_datagram_put_together_is_opened_where_it_was_found(void)
{
	const struct decode_place place = {.vni = 5, .vlan = 6, .inner_vlan = 7, .depth = 7};
	struct decode_place deepest = place;

	deepest.depth = 8;
	for (unsigned is_tunnel = 0; is_tunnel < 2; is_tunnel++) {
		build_begin(&b, LINK_TYPE_RAW_IP);
		if (is_tunnel) {
			build_ip(&b, OUTER_LOW, OUTER_HIGH);
			build_protocol(&b, PROTOCOL_IPV4);
		}
		append_ip(0);
		append_udp();
		struct packet packet = build_end(&b);
		CU_ASSERT_EQUAL(decode_datagram(&packet, &deepest, &d), DECODE_TUNNEL_TOO_DEEP);
		CU_ASSERT_EQUAL(decode_datagram(&packet, &place, &d), DECODE_TRACKED);
		if (is_tunnel) {
			/* One tunnel too many: it is that of the packet around it. */
			CU_ASSERT_EQUAL(d.key.transport, PROTOCOL_IPV4);
			continue;
		}
		expect_udp_of_low_end(4);
		CU_ASSERT_EQUAL(d.key.vni, 5);
		CU_ASSERT_EQUAL(d.vlan, 6);
		CU_ASSERT_EQUAL(d.inner_vlan, 7);
	}
}

static void
tunnels_cut_at_every_byte_are_refused_or_counted_whole(void)
{
	for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		build_protocol(&b, is_v6 ? PROTOCOL_IPV6 : PROTOCOL_IPV4);
		append_ip(is_v6);
		size_t headers = append_cut_payload();
		cut_everywhere(14 + 20, headers);

		build_begin(&b, LINK_TYPE_ETHERNET);
		append_label(16, 0);
		append_label(17, 1);
		append_ip(is_v6);
		headers = append_cut_payload();
		cut_everywhere(headers, headers);

		build_begin(&b, LINK_TYPE_ETHERNET);
		append_label(17, 1);
		append_control_word("\0\0\0\0");
		append_ip(is_v6);
		headers = append_cut_payload();
		cut_everywhere(headers, headers);

		build_begin(&b, LINK_TYPE_ETHERNET);
		append_pppoe(0x11, 0, is_v6 ? 0x0057 : 0x0021);
		append_ip(is_v6);
		headers = append_cut_payload();
		cut_everywhere(headers, headers);
	}
}

static const struct unit_case cases[] = {
	{"ip_in_ip_is_opened_in_every_pairing", ip_in_ip_is_opened_in_every_pairing},
	{"what_is_no_ip_in_ip_stays_the_outer_conversation",
	 what_is_no_ip_in_ip_stays_the_outer_conversation},
	{"mpls_is_opened_where_ip_is_sure", mpls_is_opened_where_ip_is_sure},
	{"mpls_with_bytes_left_over_needs_more", mpls_with_bytes_left_over_needs_more},
	{"pseudowire_is_opened_behind_a_control_word", pseudowire_is_opened_behind_a_control_word},
	{"frames_whose_addresses_look_like_ip_are_not_taken_for_it",
	 frames_whose_addresses_look_like_ip_are_not_taken_for_it},
	{"label_stack_without_end_is_refused", label_stack_without_end_is_refused},
	{"pppoe_sessions_are_opened", pppoe_sessions_are_opened},
	{"pppoe_that_is_no_session_of_ip_is_not_ip", pppoe_that_is_no_session_of_ip_is_not_ip},
	{"pppoe_length_is_kept_to", pppoe_length_is_kept_to},
	{"tunnels_are_followed_eight_deep", tunnels_are_followed_eight_deep},
	{"frames_in_frames_without_ip_around_them_are_refused",
	 frames_in_frames_without_ip_around_them_are_refused},
	{"ends_of_the_packets_around_are_told_from_the_outside_in",
	 ends_of_the_packets_around_are_told_from_the_outside_in},
	{"packet_spoilt_within_two_tunnels_is_that_of_the_inner_tunnel",
	 packet_spoilt_within_two_tunnels_is_that_of_the_inner_tunnel},
	{"tunnels_of_many_kinds_lie_in_each_other", tunnels_of_many_kinds_lie_in_each_other},
	{"fragments_around_and_inside_a_tunnel_are_described",
	 fragments_around_and_inside_a_tunnel_are_described},
	{"a_datagram_put_together_is_opened_where_it_was_found",
	 a_datagram_put_together_is_opened_where_it_was_found},
	{"tunnels_cut_at_every_byte_are_refused_or_counted_whole",
	 tunnels_cut_at_every_byte_are_refused_or_counted_whole},
};

int
main(void)
{
	return unit_run("decode_tunnel", cases, COUNT(cases));
}
