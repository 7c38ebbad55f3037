/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

static void
append_fragment_data(unsigned len)
{
	build_udp(&b, 1000, 2000);
	build_fill(&b, 'x', 65536);
	b.len -= 8 + 65536 - len;
	b.length_count--; /* the datagram's length is not the fragment's */
}

static void
set_ipv4_fragment(size_t header, unsigned offset, unsigned more)
{
	b.bytes[header + 5] = 77;
	b.bytes[header + 6] = (uint8_t)(more << 5 | offset / 8 >> 8);
	b.bytes[header + 7] = (uint8_t)(offset / 8);
}

static void
expect_fragment(enum decode_result expected, unsigned offset, unsigned more, unsigned len)
{
	static const uint8_t low[] = {192, 0, 2, 1};

	enum decode_result result = decode_built(&b, &d);
	CU_ASSERT_EQUAL(result, expected);
	if (result != DECODE_IPV4_FRAGMENT && result != DECODE_IPV6_FRAGMENT)
		return;
	bool is_v4 = result == DECODE_IPV4_FRAGMENT;
	CU_ASSERT_EQUAL(d.key.version, is_v4 ? 4 : 6);
	CU_ASSERT_EQUAL(d.key.transport, TRANSPORT_UDP);
	CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
	CU_ASSERT_EQUAL(d.vlan, FLOW_NO_VLAN);
	CU_ASSERT_EQUAL(d.depth, 0);
	CU_ASSERT(!is_v4 || memcmp(d.key.low_address, low, sizeof(low)) == 0);
	CU_ASSERT_EQUAL(d.fragment_id, is_v4 ? 77 : 0);
	CU_ASSERT_EQUAL(d.fragment_offset, offset);
	CU_ASSERT_EQUAL(d.fragment_more, more != 0);
	CU_ASSERT_EQUAL(d.wire_ip_len, (is_v4 ? 20 : 40 + 8 + 8) + len);
	CU_ASSERT_EQUAL(d.wire_payload_len, len);
	CU_ASSERT_EQUAL(d.payload_len, len);
}

static void
atomic_fragments_are_tracked_and_others_described(void)
{
	static const struct {
		unsigned offset, more, len;
		enum decode_result v4, v6;
	} cases[] = {
		{0, 0, 12, DECODE_TRACKED, DECODE_TRACKED}, /* RFC 6946: atomic */
		{0, 1, 16, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
		{8, 1, 16, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
		{8, 0, 1, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
		/* Not in eights; nothing. */
		{0, 1, 12, DECODE_FRAGMENT_MALFORMED, DECODE_FRAGMENT_MALFORMED},
		{8, 0, 0, DECODE_FRAGMENT_MALFORMED, DECODE_FRAGMENT_MALFORMED},
		{8, 1, 0, DECODE_FRAGMENT_MALFORMED, DECODE_FRAGMENT_MALFORMED},
		/* The longest, and one byte more: in IPv4 the header counts. */
		{65504, 0, 11, DECODE_IPV4_FRAGMENT, DECODE_IPV6_FRAGMENT},
		{65504, 0, 12, DECODE_FRAGMENT_MALFORMED, DECODE_IPV6_FRAGMENT},
		{65528, 0, 7, DECODE_FRAGMENT_MALFORMED, DECODE_IPV6_FRAGMENT},
		{65528, 0, 8, DECODE_FRAGMENT_MALFORMED, DECODE_FRAGMENT_MALFORMED},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_ipv6();
		build_extension(&b, 60, 0);
		build_fragment(&b, cases[i].offset, cases[i].more);
		append_fragment_data(cases[i].len);
		expect_fragment(cases[i].v6, cases[i].offset, cases[i].more, cases[i].len);

		begin_ipv4(V4_LOW, V4_HIGH);
		size_t header = build_last_ip(&b);
		append_fragment_data(cases[i].len);
		/* "Don't fragment" makes none. */
		set_ipv4_fragment(header, cases[i].offset, cases[i].more);
		b.bytes[header + 6] |= cases[i].offset == 0 ? 0x40 : 0;
		expect_fragment(cases[i].v4, cases[i].offset, cases[i].more, cases[i].len);
	}
}

/* Whoever cut a capture may have forgotten the wire's length; a host drops what is short. */
static void
fragments_shorter_than_their_header_says_stay_incomplete(void)
{
	for (unsigned is_last = 0; is_last < 2; is_last++) {
		begin_ipv4(V4_LOW, V4_HIGH);
		set_ipv4_fragment(build_last_ip(&b), 0, !is_last);
		b.bytes[build_last_ip(&b) + 7] |= (uint8_t)is_last;
		append_fragment_data(64);
		struct packet packet = build_end(&b);
		packet.wire_len -= 21;
		CU_ASSERT_EQUAL(decode_exact(packet, packet.wire_len, &d), DECODE_IPV4_FRAGMENT);
		CU_ASSERT(d.fragment_more);
		CU_ASSERT_EQUAL(d.wire_payload_len, 40);
		CU_ASSERT_EQUAL(d.payload_len, 40);
		CU_ASSERT_EQUAL(d.wire_ip_len, 20 + 43);

		packet.wire_len = packet.captured_len = 14 + 20 + 7;
		CU_ASSERT_EQUAL(decode_exact(packet, packet.wire_len, &d),
				DECODE_FRAGMENT_MALFORMED);
	}
}

static const struct unit_case cases[] = {
	{"atomic_fragments_are_tracked_and_others_described",
	 atomic_fragments_are_tracked_and_others_described},
	{"fragments_shorter_than_their_header_says_stay_incomplete",
	 fragments_shorter_than_their_header_says_stay_incomplete},
};

int
main(void)
{
	return unit_run("decode_fragment", cases, COUNT(cases));
}
