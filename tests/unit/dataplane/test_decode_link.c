/* SPDX-License-Identifier: Apache-2.0 */
/* Link headers that only captures have: the first header of decode_packet's input. */
#include "dataplane/decode.h"

#include "tests/unit/dataplane/decode_fixture.h"

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

struct header {
	const char *bytes;
	size_t len;
	enum decode_result result;
};

/* Each header in front of the IPv4 packet. */
static void
expect_headers(enum link_type link, const struct header *headers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		build_begin(&b, link);
		build_bytes(&b, headers[i].bytes, headers[i].len);
		build_ip(&b, V4_LOW, V4_HIGH);
		append_udp();
		CU_ASSERT_EQUAL(decode_built(&b, &d), headers[i].result);
		if (headers[i].result == DECODE_TRACKED)
			expect_udp_of_low_end(4);
	}
}

static void
ppp_is_read_with_and_without_what_may_be_left_out(void)
{
	static const struct header headers[] = {
		{"\xff\x03\x00\x21", 4, DECODE_TRACKED},
		{"\xff\x03\x21", 3, DECODE_TRACKED},
		{"\x00\x21", 2, DECODE_TRACKED},
		{"\x21", 1, DECODE_TRACKED},
		{"\xff\x03\x00\x57", 4, DECODE_IPV6_TRUNCATED}, /* IPv6, says the header */
		{"\xff\x03\xc0\x21", 4, DECODE_NOT_IP},         /* link control */
		{"\x80\x21", 2, DECODE_NOT_IP},                 /* IP's control */
		{"\x00\xfd", 2, DECODE_NOT_IP},                 /* compressed */
		{"\x00\x2d", 2, DECODE_NOT_IP},                 /* TCP headers compressed */
		{"\xff\x00\x00\x21", 4, DECODE_NOT_IP},
		{"\x0f\x00\x08\x00", 4, DECODE_NOT_IP}, /* Cisco's framing */
	};
	static const struct header of_pppd[] = {
		{"\x00\x03\x00\x21", 4, DECODE_TRACKED},
		{"\x01\x03\x21", 3, DECODE_TRACKED},
		{"\x01\x00\x00\x21", 4, DECODE_NOT_IP},
	};

	expect_headers(LINK_TYPE_PPP, headers, COUNT(headers));
	expect_headers(LINK_TYPE_PPP_PPPD, of_pppd, COUNT(of_pppd));
}

static void
ppp_carries_ipv6(void)
{
	build_begin(&b, LINK_TYPE_PPP);
	build_bytes(&b, "\xff\x03\x00\x57", 4);
	build_ip(&b, V6_LOW, V6_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	expect_udp_of_low_end(6);
}

/* Attributes as a little-endian machine writes them, and as a big-endian one does. */
static void
append_attribute(bool is_little, unsigned type, size_t len)
{
	unsigned first = is_little ? 0 : 1;
	uint8_t header[4];

	header[first] = (uint8_t)len;
	header[1 - first] = (uint8_t)(len >> 8);
	header[2 + first] = (uint8_t)type;
	header[3 - first] = (uint8_t)(type >> 8);
	build_bytes(&b, header, 4);
}

static void
begin_nflog(bool is_little, uint8_t family)
{
	build_begin(&b, LINK_TYPE_NFLOG);
	build_bytes(&b, &family, 1);
	build_bytes(&b, "\0\0\x2a", 3);
	append_attribute(is_little, 1, 8);
	build_bytes(&b, "\x08\0\x03\0", 4);
	append_attribute(is_little, 10, 5); /* one byte, padded to four */
	build_bytes(&b, "\0\xee\xee\xee", 4);
	append_attribute(is_little, 0x8012, 4); /* nested and empty */
}

static void
nflog_holds_the_packet_as_an_attribute(void)
{
	for (unsigned is_little = 0; is_little < 2; is_little++) {
		for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
			begin_nflog(is_little, is_v6 ? 10 : 2);
			append_attribute(is_little, 9, 4 + (is_v6 ? 40 : 20) + 8 + 4);
			build_ip(&b, is_v6 ? V6_LOW : V4_LOW, is_v6 ? V6_HIGH : V4_HIGH);
			append_udp();
			struct packet packet = build_end(&b);
			append_attribute(is_little, 11, 8); /* behind it: no part of it */
			build_fill(&b, 0, 4);
			packet.captured_len = packet.wire_len = (uint32_t)b.len;
			CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d),
					DECODE_TRACKED);
			expect_udp_of_low_end(is_v6 ? 6 : 4);
		}
	}
}

static void
nflog_without_a_packet_or_with_lies_is_refused(void)
{
	begin_nflog(true, 2);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);

	begin_nflog(true, 7); /* a bridge's */
	append_attribute(true, 9, 4 + 32);
	build_ip(&b, V4_LOW, V4_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);

	for (unsigned len = 0; len < 4; len++) {
		begin_nflog(true, 2);
		append_attribute(true, 9, len);
		build_fill(&b, 0x45, 64);
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_LINK_MALFORMED);
	}
	begin_nflog(true, 2);
	append_attribute(true, 9, 4 + 65);
	build_fill(&b, 0x45, 64);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_LINK_MALFORMED);

	/* Padding that the last attribute does not have. */
	begin_nflog(true, 2);
	append_attribute(true, 3, 5);
	build_fill(&b, 0, 1);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_NOT_IP);

	build_begin(&b, LINK_TYPE_NFLOG);
	build_bytes(&b, "\x02\x01\0\0", 4);
	build_fill(&b, 0, 64);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_LINK_UNSUPPORTED);
}

static void
link_headers_cut_at_every_byte_are_refused(void)
{
	static const struct {
		enum link_type link;
		const char *bytes;
		size_t len;
	} cases[] = {
		{LINK_TYPE_NULL, "", 0},
		{LINK_TYPE_RAW_IP, "", 0},
		{LINK_TYPE_PPP, "\xff\x03\x00\x21", 4},
		{LINK_TYPE_PPP_PPPD, "\x00\x03\x00\x21", 4},
	};
	size_t headers;

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, cases[i].link);
		build_bytes(&b, cases[i].bytes, cases[i].len);
		build_ip(&b, V4_LOW, V4_HIGH);
		headers = append_cut_payload();
		cut_everywhere(headers, headers);
	}
	for (unsigned is_little = 0; is_little < 2; is_little++) {
		begin_nflog(is_little, 2);
		append_attribute(is_little, 9, 4 + 20 + 8 + CUT_PAYLOAD);
		build_ip(&b, V4_LOW, V4_HIGH);
		headers = append_cut_payload();
		cut_everywhere(headers, headers);
	}
}

static const struct unit_case cases[] = {
	{"null_link_takes_every_family_in_either_order",
	 null_link_takes_every_family_in_either_order},
	{"ppp_is_read_with_and_without_what_may_be_left_out",
	 ppp_is_read_with_and_without_what_may_be_left_out},
	{"ppp_carries_ipv6", ppp_carries_ipv6},
	{"nflog_holds_the_packet_as_an_attribute", nflog_holds_the_packet_as_an_attribute},
	{"nflog_without_a_packet_or_with_lies_is_refused",
	 nflog_without_a_packet_or_with_lies_is_refused},
	{"link_headers_cut_at_every_byte_are_refused", link_headers_cut_at_every_byte_are_refused},
};

int
main(void)
{
	return unit_run("decode_link", cases, COUNT(cases));
}
