/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoder's tests begin with: one builder, one answer, and a sound packet between known
 * ends. */
#pragma once

#include "base/flow_record.h"
#include "tests/unit/dataplane/decode_exact.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define V4_LOW "192.0.2.1"
#define V4_HIGH "198.51.100.2"
#define V6_LOW "2001:db8::1"
#define V6_HIGH "2001:db8::2"

static struct builder b;
static struct decoded d;

#define OUTER_LOW "10.0.0.1"
#define OUTER_HIGH "10.0.0.2"

static inline void
begin_ipv4(const char *from, const char *to)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_ip(&b, from, to);
}

static inline void
begin_ipv6(void)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_ip(&b, V6_LOW, V6_HIGH);
}

/* UDP from the low end, port 1000, to 2000, with four bytes. */
static inline void
append_udp(void)
{
	build_udp(&b, 1000, 2000);
	build_bytes(&b, "data", 4);
}

/* What append_udp wrote, between the two low and high ends. */
static inline void
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

/* The inner packet between the low and high ends that a tunnel's test ends with. */
static inline void
expect_opened(uint8_t version)
{
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	expect_udp_of_low_end(version);
}

/* The conversation between the outer ends, whatever is in it. */
static inline void
expect_outer(uint8_t transport)
{
	static const uint8_t low[] = {10, 0, 0, 1};

	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.transport, transport);
	CU_ASSERT_EQUAL(memcmp(d.key.low_address, low, sizeof(low)), 0);
	CU_ASSERT_EQUAL(d.key.vni, FLOW_NO_VNI);
}

static inline bool
is_truncation(enum decode_result result)
{
	return result == DECODE_LINK_TRUNCATED || result == DECODE_IPV4_TRUNCATED ||
	       result == DECODE_IPV6_TRUNCATED || result == DECODE_EXTENSION_TRUNCATED ||
	       result == DECODE_TRANSPORT_TRUNCATED;
}

#define CUT_PAYLOAD 40

/*
 * Cuts what the builder has, `headers` bytes and CUT_PAYLOAD more, at every byte. From `outer` on
 * the outer conversation is known, from `headers` on all is; before that the packet is refused for
 * the header that was cut. The wire's lengths hold wherever the capture was cut.
 */
static inline void
cut_everywhere(size_t outer, size_t headers)
{
	struct packet packet = build_end(&b);

	CU_ASSERT_EQUAL(decode_exact(packet, packet.captured_len, &d), DECODE_TRACKED);
	struct decoded whole = d;
	CU_ASSERT_EQUAL(whole.wire_payload_len, CUT_PAYLOAD);
	for (uint32_t cut = 0; cut < packet.captured_len; cut++) {
		enum decode_result result = decode_exact(packet, cut, &d);
		bool is_outer = cut >= outer && cut < headers;
		CU_ASSERT_EQUAL(result == DECODE_TRACKED, cut >= headers || is_outer);
		CU_ASSERT(result == DECODE_TRACKED || is_truncation(result));
		if (result != DECODE_TRACKED)
			continue;
		CU_ASSERT_EQUAL(memcmp(&d.key, &whole.key, sizeof(d.key)) == 0, !is_outer);
		if (is_outer)
			continue;
		CU_ASSERT_EQUAL(d.wire_ip_len, whole.wire_ip_len);
		CU_ASSERT_EQUAL(d.wire_payload_len, CUT_PAYLOAD);
		CU_ASSERT_EQUAL(d.payload_len, cut - headers);
	}
}

/* Ends a sample for cut_everywhere: an inner UDP packet, of which `headers` is the first payload
 * byte. */
static inline size_t
append_cut_payload(void)
{
	build_udp(&b, 1000, 2000);
	size_t headers = b.len;
	build_fill(&b, 'p', CUT_PAYLOAD);
	return headers;
}
