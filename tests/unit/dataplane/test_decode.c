/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode.h"

#include "base/flow_record.h"
#include "tests/unit/dataplane/decode_fixture.h"
#include "tests/unit/unit.h"

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
	static const uint16_t types[] = {0x0806, 0x8863, 0x88e5, 0x0026, 0, 0xffff};

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

/* The packets that are cut at every byte, and how many bytes are headers. */
static size_t
build_sample(unsigned sample)
{
	size_t headers;

	build_begin(&b, sample == 3 ? LINK_TYPE_LINUX_SLL2 : LINK_TYPE_ETHERNET);
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
	build_fill(&b, 'p', CUT_PAYLOAD);
	return headers;
}

static void
packets_cut_at_every_byte_are_refused_or_counted_whole(void)
{
	for (unsigned sample = 0; sample < 4; sample++) {
		size_t headers = build_sample(sample);
		cut_everywhere(headers, headers);
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
	{"length_of_zero_means_what_the_wire_had", length_of_zero_means_what_the_wire_had},
	{"padding_behind_the_ip_packet_is_not_counted",
	 padding_behind_the_ip_packet_is_not_counted},
	{"ipv6_of_another_version_is_malformed", ipv6_of_another_version_is_malformed},
	{"extension_header_beyond_the_packet_is_refused",
	 extension_header_beyond_the_packet_is_refused},
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
