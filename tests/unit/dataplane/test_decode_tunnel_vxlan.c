/* SPDX-License-Identifier: Apache-2.0 */
/* Networks over UDP with an identifier: VXLAN, VXLAN-GPE, GENEVE. */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

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

/* The fault lies in the inner frame; the bytes were sent all the same. */
static void
what_is_spoilt_inside_vxlan_is_the_outer_conversation(void)
{
	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ethertype(&b, 0x0806);
	build_fill(&b, 0, 28);
	expect_outer(TRANSPORT_UDP);

	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	b.bytes[build_last_ip(&b)] = 0x41;
	expect_outer(TRANSPORT_UDP);
}

static void
network_of_vxlan_within_vxlan_is_the_outer_one(void)
{
	begin_ipv4("10.0.0.1", "10.0.0.2");
	append_vxlan(7);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_vxlan(8);
	build_inner_ethernet(&b);
	build_ip(&b, V6_LOW, V6_HIGH);
	append_udp();
	expect_opened(6);
	CU_ASSERT_EQUAL(d.key.vni, 7);
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

static void
append_gpe(const char *header)
{
	build_udp(&b, 55555, 4790);
	build_bytes(&b, header, 8);
}

static void
vxlan_gpe_says_what_follows(void)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	append_gpe("\x0c\0\0\x03\0\x01\x02\0");
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	expect_opened(4);
	CU_ASSERT_EQUAL(d.key.vni, 0x102);
	for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		append_gpe(is_v6 ? "\x0e\0\0\x02\0\x01\x02\0" : "\x0c\0\0\x01\0\x01\x02\0");
		build_ip(&b, is_v6 ? V6_LOW : V4_LOW, is_v6 ? V6_HIGH : V4_HIGH);
		append_udp();
		expect_opened(is_v6 ? 6 : 4);
	}

	static const char *const others[] = {
		"\x08\0\0\x01\0\0\0\0",   "\x04\0\0\x01\0\0\0\0",   "\x0d\0\0\x01\0\0\0\0",
		"\x1c\0\0\x01\0\0\0\0",   "\x0c\x01\0\x01\0\0\0\0", "\x0c\0\x01\x01\0\0\0\0",
		"\x0c\0\0\x01\0\0\0\x01", "\x0c\0\0\0\0\0\0\0",     "\x0c\0\0\x04\0\0\0\0",
		"\x0c\0\0\xff\0\0\0\0",   "\x0c\0\0\x02\0\0\0\0",
	};
	for (size_t i = 0; i < COUNT(others); i++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		append_gpe(others[i]);
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		expect_outer(TRANSPORT_UDP);
	}
}

/* Two options, of none and of two words: 3 words in all. */
#define OPTIONS                          \
	"\x01\x02\x80\0\x01\x02\x03\x01" \
	"data"

static void
append_geneve(uint16_t port, const char *header, const char *options, size_t options_len)
{
	build_udp(&b, 55555, port);
	build_bytes(&b, header, 8);
	build_bytes(&b, options, options_len);
}

static void
geneve_is_opened_behind_its_options(void)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	append_geneve(6081, "\x03\x40\x65\x58\x0c\x01\x2e\0", OPTIONS, 12);
	build_inner_ethernet(&b);
	build_vlan(&b, 0x8100, 6);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	expect_opened(4);
	CU_ASSERT_EQUAL(d.key.vni, 0x0c012e);
	CU_ASSERT_EQUAL(d.vlan, 6);

	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	append_geneve(6081, "\0\0\x86\xdd\0\0\0\0", "", 0);
	build_ip(&b, V6_LOW, V6_HIGH);
	append_udp();
	expect_opened(6);
	CU_ASSERT_EQUAL(d.key.vni, 0);
}

static void
geneve_that_is_not_sure_is_a_udp_flow(void)
{
	static const struct {
		const char *header, *options;
		size_t options_len;
	} cases[] = {
		{"\x43\0\x65\x58\0\0\0\0", OPTIONS, 12},             /* version 1 */
		{"\x03\x80\x65\x58\0\0\0\0", OPTIONS, 12},           /* control */
		{"\x03\x01\x65\x58\0\0\0\0", OPTIONS, 12},           /* reserved */
		{"\x03\0\x65\x58\0\0\0\x01", OPTIONS, 12},           /* reserved */
		{"\x02\0\x65\x58\0\0\0\0", OPTIONS, 12},             /* an option cut */
		{"\x02\0\x65\x58\0\0\0\0", "\0\0\0\x1f\0\0\0\0", 8}, /* beyond the options */
		{"\x3f\0\x65\x58\0\0\0\0", "", 0},                   /* beyond the packet */
		{"\0\0\x88\x64\0\0\0\0", "", 0},
		{"\0\0\0\0\0\0\0\0", "", 0},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		append_geneve(6081, cases[i].header, cases[i].options, cases[i].options_len);
		build_inner_ethernet(&b);
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		expect_outer(TRANSPORT_UDP);
	}
}

/* Who could choose the port could hide any conversation. */
static void
geneve_at_another_port_is_a_udp_flow(void)
{
	begin_ipv4(OUTER_LOW, OUTER_HIGH);
	append_geneve(6667, "\x03\0\x65\x58\0\0\x05\0", OPTIONS, 12);
	build_inner_ethernet(&b);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	expect_outer(TRANSPORT_UDP);
}

static void
networks_cut_at_every_byte_are_the_outer_conversation(void)
{
	size_t outer = 14 + 20 + 8, headers;

	for (unsigned kind = 0; kind < 3; kind++) {
		begin_ipv4(OUTER_LOW, OUTER_HIGH);
		if (kind == 0)
			append_vxlan(7);
		else if (kind == 1)
			append_gpe("\x0c\0\0\x03\0\x01\x02\0");
		else
			append_geneve(6081, "\x03\0\x65\x58\0\0\0\0", OPTIONS, 12);
		build_inner_ethernet(&b);
		build_ip(&b, V4_LOW, V4_HIGH);
		headers = append_cut_payload();
		cut_everywhere(outer, headers);
	}
}

static const struct unit_case cases[] = {
	{"inner_frame_of_vxlan_takes_the_outer_ones_place",
	 inner_frame_of_vxlan_takes_the_outer_ones_place},
	{"tags_inside_vxlan_come_behind_the_outer_ones",
	 tags_inside_vxlan_come_behind_the_outer_ones},
	{"what_is_spoilt_inside_vxlan_is_the_outer_conversation",
	 what_is_spoilt_inside_vxlan_is_the_outer_conversation},
	{"network_of_vxlan_within_vxlan_is_the_outer_one",
	 network_of_vxlan_within_vxlan_is_the_outer_one},
	{"what_only_looks_like_vxlan_is_a_udp_flow", what_only_looks_like_vxlan_is_a_udp_flow},
	{"vxlan_gpe_says_what_follows", vxlan_gpe_says_what_follows},
	{"geneve_is_opened_behind_its_options", geneve_is_opened_behind_its_options},
	{"geneve_that_is_not_sure_is_a_udp_flow", geneve_that_is_not_sure_is_a_udp_flow},
	{"geneve_at_another_port_is_a_udp_flow", geneve_at_another_port_is_a_udp_flow},
	{"networks_cut_at_every_byte_are_the_outer_conversation",
	 networks_cut_at_every_byte_are_the_outer_conversation},
};

int
main(void)
{
	return unit_run("decode_tunnel_vxlan", cases, COUNT(cases));
}
