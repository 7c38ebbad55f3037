/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode.h"

#include "base/flow_record.h"
#include "tests/unit/dataplane/decode_fixture.h"
#include "tests/unit/unit.h"

static void
expect_udp_of_low_end(uint8_t version)
{
	CU_ASSERT_EQUAL(d.key.version, version);
	CU_ASSERT_EQUAL(d.key.transport, TRANSPORT_UDP);
	CU_ASSERT_EQUAL(d.key.low_port, 1000);
	CU_ASSERT_EQUAL(d.key.high_port, 2000);
	CU_ASSERT_FALSE(d.from_high);
	CU_ASSERT_EQUAL(d.wire_ip_len, (version == 4 ? 20 : 40) + 8 + 4);
	CU_ASSERT_EQUAL(d.wire_payload_len, 4);
	CU_ASSERT(decoded_payload_is(&d, "data"));
}

static void
every_link_type_leads_to_the_same_conversation(void)
{
	static const enum link_type links[] = {LINK_TYPE_ETHERNET, LINK_TYPE_RAW_IP,
					       LINK_TYPE_LINUX_SLL, LINK_TYPE_LINUX_SLL2,
					       LINK_TYPE_NULL};
	static const struct {
		const char *low, *high;
		uint8_t version;
	} ends[] = {{V4_LOW, V4_HIGH, 4}, {V6_LOW, V6_HIGH, 6}};

	for (size_t i = 0; i < COUNT(links); i++) {
		for (size_t k = 0; k < COUNT(ends); k++) {
			build_begin(&b, links[i]);
			build_ip(&b, ends[k].low, ends[k].high);
			append_udp();
			CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
			expect_udp_of_low_end(ends[k].version);
			CU_ASSERT_EQUAL(d.vlan, FLOW_NO_VLAN);
			CU_ASSERT_EQUAL(d.inner_vlan, FLOW_NO_VLAN);
			CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
		}
	}
}

static void
null_link_takes_every_family_in_either_order(void)
{
	static const struct {
		uint8_t family[4];
		const char *from, *to;
		enum decode_result result;
	} cases[] = {
		{{2, 0, 0, 0}, V4_LOW, V4_HIGH, DECODE_TRACKED},
		{{0, 0, 0, 2}, V4_LOW, V4_HIGH, DECODE_TRACKED},
		{{10, 0, 0, 0}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{24, 0, 0, 0}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{0, 0, 0, 24}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{28, 0, 0, 0}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{0, 0, 0, 28}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{30, 0, 0, 0}, V6_LOW, V6_HIGH, DECODE_TRACKED},
		{{7, 0, 0, 0}, V4_LOW, V4_HIGH, DECODE_NOT_IP},
		{{0, 0, 0, 0}, V4_LOW, V4_HIGH, DECODE_NOT_IP},
		{{2, 0, 0, 0}, V6_LOW, V6_HIGH, DECODE_IPV4_MALFORMED},
		{{30, 0, 0, 0}, V4_LOW, V4_HIGH, DECODE_IPV6_TRUNCATED},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_NULL);
		build_ip(&b, cases[i].from, cases[i].to);
		append_udp();
		memcpy(b.bytes, cases[i].family, 4);
		CU_ASSERT_EQUAL(decode_built(&b, &d), cases[i].result);
	}
}

static void
vlan_tags_are_passed_over_and_the_outer_two_kept(void)
{
	static const uint16_t tpids[] = {0x8100, 0x88a8, 0x9100, 0x9200};

	for (unsigned tags = 0; tags <= 9; tags++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		for (unsigned i = 0; i < tags; i++)
			build_vlan(&b, tpids[i % COUNT(tpids)], (uint16_t)(4094 - i));
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d),
				tags <= 8 ? DECODE_TRACKED : DECODE_VLAN_TOO_DEEP);
		if (tags > 8)
			continue;
		expect_udp_of_low_end(4);
		CU_ASSERT_EQUAL(d.vlan, tags >= 1 ? 4094 : FLOW_NO_VLAN);
		CU_ASSERT_EQUAL(d.inner_vlan, tags >= 2 ? 4093 : FLOW_NO_VLAN);
	}
}

static void
cooked_captures_carry_vlan_tags_too(void)
{
	build_begin(&b, LINK_TYPE_LINUX_SLL);
	build_vlan(&b, 0x8100, 7);
	build_ip(&b, V6_LOW, V6_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	expect_udp_of_low_end(6);
	CU_ASSERT_EQUAL(d.vlan, 7);
}

static void
other_ethertypes_are_not_ip(void)
{
	static const uint16_t types[] = {0x0806, 0x8847, 0x8863, 0x0026, 0, 0xffff};

	for (size_t i = 0; i < COUNT(types); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ethertype(&b, types[i]);
		build_fill(&b, 0x45, 46);
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
	}
	build_begin(&b, LINK_TYPE_RAW_IP);
	build_fill(&b, 0x55, 46);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);
}

static void
ipv4_options_are_passed_over(void)
{
	for (unsigned len = 0; len <= 40; len += 4) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip_options(&b, V4_LOW, V4_HIGH, len);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.wire_ip_len, 20 + len + 8 + 4);
		CU_ASSERT(decoded_payload_is(&d, "data"));
	}
}

static void
every_ipv6_extension_header_is_passed_over(void)
{
	static const struct {
		uint8_t type;
		unsigned len;
	} cases[] = {
		{0, 8},   {43, 24}, {60, 8},  {60, 2048}, {135, 16},  {139, 40},
		{140, 8}, {51, 12}, {51, 16}, {51, 24},   {51, 1028}, {0, 2048},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_ipv6();
		build_extension(&b, cases[i].type, cases[i].len);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.wire_ip_len, 40 + cases[i].len + 12);
		CU_ASSERT_EQUAL(d.wire_payload_len, 4);
		CU_ASSERT(decoded_payload_is(&d, "data"));
	}
}

static void
a_chain_of_all_extension_headers_is_passed_over(void)
{
	begin_ipv6();
	build_extension(&b, 0, 0);
	build_extension(&b, 60, 0);
	build_extension(&b, 43, 0);
	build_fragment(&b, 0, 0);
	build_extension(&b, 51, 0);
	build_extension(&b, 60, 0);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT(decoded_payload_is(&d, "data"));
}

static void
authentication_header_is_passed_over_in_ipv4(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	build_extension(&b, 51, 24);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.transport, TRANSPORT_UDP);
	CU_ASSERT(decoded_payload_is(&d, "data"));
}

static void
atomic_and_first_fragments_have_ports_and_later_ones_are_refused(void)
{
	static const struct {
		unsigned offset, more;
		enum decode_result v4, v6;
	} cases[] = {
		{0, 0, DECODE_TRACKED, DECODE_TRACKED}, /* RFC 6946: atomic */
		{0, 1, DECODE_TRACKED, DECODE_TRACKED},
		{8, 1, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
		{65528, 0, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_ipv6();
		build_fragment(&b, cases[i].offset, cases[i].more);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), cases[i].v6);

		begin_ipv4(V4_LOW, V4_HIGH);
		append_udp();
		uint8_t *flags = b.bytes + build_last_ip(&b) + 6;
		flags[0] = (uint8_t)(cases[i].more << 5 | cases[i].offset / 8 >> 8);
		/* "Don't fragment" is none. */
		flags[0] |= cases[i].offset == 0 ? 0x40 : 0;
		flags[1] = (uint8_t)(cases[i].offset / 8);
		CU_ASSERT_EQUAL(decode_built(&b, &d), cases[i].v4);
	}
}

/* Segmentation offload leaves the IP length zero, and UDP's too: the wire tells then. */
static void
length_of_zero_means_what_the_wire_had(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	build_tcp(&b, &(struct build_tcp){.source = 1, .destination = 2});
	build_fill(&b, 'x', 70000);
	struct packet packet = build_end(&b);
	memset(b.bytes + 14 + 2, 0, 2);
	CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.wire_payload_len, 70000);
	CU_ASSERT_EQUAL(d.wire_ip_len, 70040);

	begin_ipv6();
	build_udp(&b, 1, 2);
	build_fill(&b, 'x', 70000);
	packet = build_end(&b);
	memset(b.bytes + 14 + 4, 0, 2);
	memset(b.bytes + 14 + 40 + 4, 0, 2);
	CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.wire_payload_len, 70000);
	CU_ASSERT_EQUAL(d.wire_ip_len, 70048);
}

static void
padding_behind_the_ip_packet_is_not_counted(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	build_tcp(&b, &(struct build_tcp){.source = 1, .destination = 2, .flags = TCP_ACK});
	struct packet packet = build_end(&b);
	build_fill(&b, 0, 6); /* Ethernet's least frame */
	packet.captured_len = packet.wire_len = (uint32_t)b.len;
	CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.wire_ip_len, 40);
	CU_ASSERT_EQUAL(d.wire_payload_len, 0);
	CU_ASSERT_EQUAL(d.payload_len, 0);
}

static void
ipv6_of_another_version_is_malformed(void)
{
	begin_ipv6();
	append_udp();
	b.bytes[14] = 0x45;
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_IPV6_MALFORMED);
}

static void
extension_header_beyond_the_packet_is_refused(void)
{
	static const uint8_t types[] = {0, 43, 51, 60, 135, 139, 140};

	for (size_t i = 0; i < COUNT(types); i++) {
		begin_ipv6();
		build_extension(&b, types[i], 0);
		build_protocol(&b, TRANSPORT_UDP);
		b.bytes[14 + 40 + 1] = 200;
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_EXTENSION_TRUNCATED);
	}
}

static void
append_vxlan(uint32_t vni)
{
	build_udp(&b, 55555, 4789);
	build_vxlan(&b, vni);
}

static void
inner_frame_of_vxlan_takes_the_outer_ones_place(void)
{
	for (unsigned outer_v6 = 0; outer_v6 < 2; outer_v6++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, outer_v6 ? "fd00::1" : "10.0.0.1", outer_v6 ? "fd00::2" : "10.0.0.2");
		append_vxlan(0xabcdef);
		build_inner_ethernet(&b);
		build_ip(&b, V6_LOW, V6_HIGH);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		expect_udp_of_low_end(6);
		CU_ASSERT_EQUAL(d.key.vni, 0xabcdef);
	}
}

static void
tags_inside_vxlan_come_behind_the_outer_ones(void)
{
	static const struct {
		unsigned outer, inner;
		uint16_t vlan, inner_vlan;
	} cases[] = {
		{0, 0, FLOW_NO_VLAN, FLOW_NO_VLAN},
		{0, 1, 200, FLOW_NO_VLAN},
		{0, 2, 200, 201},
		{1, 0, 100, FLOW_NO_VLAN},
		{1, 1, 100, 200},
		{1, 2, 100, 200},
		{2, 0, 100, 101},
		{2, 1, 100, 101},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		for (unsigned k = 0; k < cases[i].outer; k++)
			build_vlan(&b, 0x8100, (uint16_t)(100 + k));
		build_ip(&b, "10.0.0.1", "10.0.0.2");
		append_vxlan(7);
		build_inner_ethernet(&b);
		for (unsigned k = 0; k < cases[i].inner; k++)
			build_vlan(&b, 0x8100, (uint16_t)(200 + k));
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.vlan, cases[i].vlan);
		CU_ASSERT_EQUAL(d.inner_vlan, cases[i].inner_vlan);
	}
}

/* The fault lies in the inner frame, so the packet leaves by that fault's way. */
static void
faults_inside_vxlan_refuse_the_packet(void)
{
	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ethertype(&b, 0x0806);
	build_fill(&b, 0, 28);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);

	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	b.bytes[build_last_ip(&b)] = 0x41;
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_IPV4_MALFORMED);
}

static void
vxlan_within_vxlan_is_followed_one_level(void)
{
	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_vxlan(8);
	build_inner_ethernet(&b);
	build_ip(&b, V6_LOW, V6_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.vni, 7);
	CU_ASSERT_EQUAL(d.key.version, 4);
	CU_ASSERT_EQUAL(d.key.high_port, 4789);
}

static void
what_only_looks_like_vxlan_is_a_udp_flow(void)
{
	static const struct {
		uint16_t source, destination;
		uint8_t flags, last;
		bool is_vxlan;
	} cases[] = {
		{55555, 4789, 0x08, 0, true},
		{55555, 4789, 0x88, 0, true}, /* with a group policy id, as many fabrics send */
		{4789, 4789, 0x08, 0, true},
		{4789, 55555, 0x08, 0, false}, /* the destination port counts */
		{55555, 4789, 0x00, 0, false}, /* no network identifier */
		{55555, 4789, 0x0c, 0, false},
		{55555, 4789, 0x08, 1, false},
		{55555, 4790, 0x08, 0, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_ipv4("10.0.0.1", "10.0.0.2");
		build_udp(&b, cases[i].source, cases[i].destination);
		size_t at = b.len;
		build_vxlan(&b, 7);
		b.bytes[at] = cases[i].flags;
		b.bytes[at + 7] = cases[i].last;
		build_inner_ethernet(&b);
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.key.vni, cases[i].is_vxlan ? 7 : FLOW_NO_VNI);
	}

	/* Too short for a frame inside. */
	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_fill(&b, 0, 13);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
}

/* The packets that are cut at every byte, and how many bytes are headers. */
static size_t
build_sample(unsigned sample)
{
	size_t headers;

	build_begin(&b, sample == 4 ? LINK_TYPE_LINUX_SLL2 : LINK_TYPE_ETHERNET);
	switch (sample) {
	case 0:
		build_vlan(&b, 0x88a8, 1);
		build_vlan(&b, 0x8100, 2);
		build_ip_options(&b, V4_LOW, V4_HIGH, 12);
		build_tcp(&b, &(struct build_tcp){.source = 1, .destination = 2});
		break;
	case 1:
		build_ip(&b, V6_LOW, V6_HIGH);
		build_extension(&b, 0, 16);
		build_fragment(&b, 0, 0);
		build_extension(&b, 51, 0);
		build_udp(&b, 1, 2);
		break;
	case 2:
		build_ip(&b, V4_LOW, V4_HIGH);
		append_vxlan(7);
		build_inner_ethernet(&b);
		build_vlan(&b, 0x8100, 3);
		build_ip(&b, V6_LOW, V6_HIGH);
		build_sctp(&b, 1, 2);
		break;
	case 3:
		build_ip(&b, V6_LOW, V6_HIGH);
		build_icmp(&b, 128, 0, 1);
		break;
	default:
		build_ip(&b, V4_LOW, V4_HIGH);
		build_extension(&b, 51, 0);
		build_esp(&b);
		b.len -= 8; /* ESP has no header of its own here */
		break;
	}
	headers = b.len;
	build_fill(&b, 'p', 40);
	return headers;
}

static bool
is_truncation(enum decode_result result)
{
	return result == DECODE_LINK_TRUNCATED || result == DECODE_IPV4_TRUNCATED ||
	       result == DECODE_IPV6_TRUNCATED || result == DECODE_EXTENSION_TRUNCATED ||
	       result == DECODE_TRANSPORT_TRUNCATED;
}

/* The wire's lengths hold wherever the capture was cut; a cut header refuses, and never another
 * way. */
static void
packets_cut_at_every_byte_are_refused_or_counted_whole(void)
{
	for (unsigned sample = 0; sample < 5; sample++) {
		size_t headers = build_sample(sample);
		struct packet packet = build_end(&b);
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
		struct decoded whole = d;
		CU_ASSERT_EQUAL(whole.wire_payload_len, 40);
		for (uint32_t cut = 0; cut < packet.captured_len; cut++) {
			enum decode_result result = decode_exact(packet, cut, &d);
			/* Where the VXLAN header itself is cut, nothing tells of the frame inside.
			 */
			bool is_outer = sample == 2 && cut >= 14 + 20 + 8 && cut < 14 + 20 + 8 + 8;
			CU_ASSERT_EQUAL(result == DECODE_TRACKED, cut >= headers || is_outer);
			CU_ASSERT(result == DECODE_TRACKED || is_truncation(result));
			if (result != DECODE_TRACKED || is_outer)
				continue;
			CU_ASSERT_EQUAL(memcmp(&d.key, &whole.key, sizeof(d.key)), 0);
			CU_ASSERT_EQUAL(d.wire_ip_len, whole.wire_ip_len);
			CU_ASSERT_EQUAL(d.wire_payload_len, 40);
			CU_ASSERT_EQUAL(d.payload_len, cut - headers);
		}
	}
}

static void
unsupported_links_are_refused(void)
{
	static const uint8_t links[] = {LINK_TYPE_UNSUPPORTED, LINK_TYPE_UNSUPPORTED + 1, 255};

	for (size_t i = 0; i < COUNT(links); i++) {
		begin_ipv4(V4_LOW, V4_HIGH);
		append_udp();
		struct packet packet = build_end(&b);
		packet.link = links[i];
		CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d),
				DECODE_LINK_UNSUPPORTED);
	}
}

static void
every_way_out_has_a_name_of_its_own(void)
{
	for (unsigned i = 0; i < DECODE_RESULT_COUNT; i++) {
		const char *text = decode_result_text(i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT(strlen(text) > 0);
		for (unsigned k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(text, decode_result_text(k));
	}
	CU_ASSERT_STRING_EQUAL(decode_result_text(DECODE_NOT_IP), "not-ip");
	CU_ASSERT_STRING_EQUAL(decode_result_text(DECODE_IPV4_FRAGMENT), "ipv4-fragment");
	CU_ASSERT_STRING_EQUAL(decode_result_text(DECODE_RESULT_COUNT), "");
}

static const struct unit_case cases[] = {
	{"every_link_type_leads_to_the_same_conversation",
	 every_link_type_leads_to_the_same_conversation},
	{"null_link_takes_every_family_in_either_order",
	 null_link_takes_every_family_in_either_order},
	{"vlan_tags_are_passed_over_and_the_outer_two_kept",
	 vlan_tags_are_passed_over_and_the_outer_two_kept},
	{"cooked_captures_carry_vlan_tags_too", cooked_captures_carry_vlan_tags_too},
	{"other_ethertypes_are_not_ip", other_ethertypes_are_not_ip},
	{"ipv4_options_are_passed_over", ipv4_options_are_passed_over},
	{"every_ipv6_extension_header_is_passed_over", every_ipv6_extension_header_is_passed_over},
	{"a_chain_of_all_extension_headers_is_passed_over",
	 a_chain_of_all_extension_headers_is_passed_over},
	{"authentication_header_is_passed_over_in_ipv4",
	 authentication_header_is_passed_over_in_ipv4},
	{"atomic_and_first_fragments_have_ports_and_later_ones_are_refused",
	 atomic_and_first_fragments_have_ports_and_later_ones_are_refused},
	{"length_of_zero_means_what_the_wire_had", length_of_zero_means_what_the_wire_had},
	{"padding_behind_the_ip_packet_is_not_counted",
	 padding_behind_the_ip_packet_is_not_counted},
	{"ipv6_of_another_version_is_malformed", ipv6_of_another_version_is_malformed},
	{"extension_header_beyond_the_packet_is_refused",
	 extension_header_beyond_the_packet_is_refused},
	{"inner_frame_of_vxlan_takes_the_outer_ones_place",
	 inner_frame_of_vxlan_takes_the_outer_ones_place},
	{"tags_inside_vxlan_come_behind_the_outer_ones",
	 tags_inside_vxlan_come_behind_the_outer_ones},
	{"faults_inside_vxlan_refuse_the_packet", faults_inside_vxlan_refuse_the_packet},
	{"vxlan_within_vxlan_is_followed_one_level", vxlan_within_vxlan_is_followed_one_level},
	{"what_only_looks_like_vxlan_is_a_udp_flow", what_only_looks_like_vxlan_is_a_udp_flow},
	{"packets_cut_at_every_byte_are_refused_or_counted_whole",
	 packets_cut_at_every_byte_are_refused_or_counted_whole},
	{"unsupported_links_are_refused", unsupported_links_are_refused},
	{"every_way_out_has_a_name_of_its_own", every_way_out_has_a_name_of_its_own},
};

int
main(void)
{
	return unit_run("decode", cases, COUNT(cases));
}
