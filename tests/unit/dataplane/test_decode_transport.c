/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode.h"

#include "base/flow_record.h"
#include "tests/unit/dataplane/decode_fixture.h"
#include "tests/unit/unit.h"

/* One byte of a sound IPv4 packet of 20 + header + 4 bytes replaced; offsets from the IP header. */
struct lie {
	unsigned at;
	uint8_t byte;
	enum decode_result result;
	uint32_t payload; /* where tracked */
};

static void
check_lies(void (*header)(void), const struct lie *lies, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		begin_ipv4(V4_LOW, V4_HIGH);
		header();
		struct packet packet = build_end(&b);
		b.bytes[14 + lies[i].at] = lies[i].byte;
		enum decode_result result = decode_exact(packet, packet.captured_len, &d);
		CU_ASSERT_EQUAL(result, lies[i].result);
		if (result != DECODE_TRACKED || lies[i].result != DECODE_TRACKED)
			continue;
		CU_ASSERT_EQUAL(d.wire_payload_len, lies[i].payload);
		CU_ASSERT_EQUAL(d.payload_len, lies[i].payload);
	}
}

static void
lying_udp_lengths_never_count_more_than_the_wire_had(void)
{
	static const struct lie lies[] = {
		{0, 0x44, DECODE_IPV4_MALFORMED, 0},    /* header of 16 */
		{0, 0x40, DECODE_IPV4_MALFORMED, 0},    /* header of 0 */
		{0, 0x4f, DECODE_IPV4_MALFORMED, 0},    /* header of 60 in a packet of 32 */
		{0, 0x65, DECODE_IPV4_MALFORMED, 0},    /* version 6 behind ethertype 0x0800 */
		{2, 0xff, DECODE_TRACKED, 4},           /* longer than the wire */
		{3, 19, DECODE_IPV4_MALFORMED, 0},      /* shorter than its own header */
		{3, 20, DECODE_TRANSPORT_TRUNCATED, 0}, /* nothing behind the header */
		{3, 27, DECODE_TRANSPORT_TRUNCATED, 0},
		{3, 28, DECODE_TRACKED, 0},
		{3, 30, DECODE_TRACKED, 2},
		{24, 0xff, DECODE_TRACKED, 4}, /* UDP longer than IP */
		{25, 7, DECODE_UDP_MALFORMED, 0},
		{25, 8, DECODE_TRACKED, 0},
		{25, 10, DECODE_TRACKED, 2},
		{25, 0, DECODE_TRACKED, 4},
	};

	check_lies(append_udp, lies, COUNT(lies));
}

static void
append_tcp(void)
{
	build_tcp(&b, &(struct build_tcp){.source = 1000, .destination = 2000});
	build_bytes(&b, "data", 4);
}

static void
lying_tcp_offsets_are_malformed(void)
{
	static const struct lie lies[] = {
		{32, 0x40, DECODE_TCP_MALFORMED, 0}, /* header of 16 */
		{32, 0x00, DECODE_TCP_MALFORMED, 0},
		{32, 0x60, DECODE_TRACKED, 0}, /* the four bytes are options */
		{32, 0x70, DECODE_TCP_MALFORMED, 0},
		{32, 0xf0, DECODE_TCP_MALFORMED, 0},
		{3, 39, DECODE_TRANSPORT_TRUNCATED, 0},
		{3, 40, DECODE_TRACKED, 0},
	};

	check_lies(append_tcp, lies, COUNT(lies));
}

static void
tcp_header_is_read(void)
{
	for (unsigned options = 0; options <= 40; options += 4) {
		begin_ipv4(V4_HIGH, V4_LOW);
		build_tcp(&b, &(struct build_tcp){.source = 443,
						  .destination = 50000,
						  .seq = 0xfedcba98,
						  .flags = TCP_SYN | TCP_ACK,
						  .options_len = options});
		build_bytes(&b, "early", 5);
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_TRUE(d.from_high);
		CU_ASSERT_EQUAL(d.key.high_port, 443);
		CU_ASSERT_EQUAL(d.key.low_port, 50000);
		CU_ASSERT_EQUAL(d.tcp_seq, 0xfedcba98);
		CU_ASSERT_EQUAL(d.tcp_flags, TCP_SYN | TCP_ACK);
		CU_ASSERT_EQUAL(d.wire_payload_len, 5);
		CU_ASSERT(decoded_payload_is(&d, "early"));
	}
}

static void
transports_without_tcp_count_what_is_behind_their_header(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	build_sctp(&b, 36412, 36413);
	build_fill(&b, 0, 16);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.low_port, 36412);
	CU_ASSERT_EQUAL(d.key.high_port, 36413);
	CU_ASSERT_EQUAL(d.wire_payload_len, 16);

	/* ESP: the whole IP payload, security parameters index included. */
	begin_ipv6();
	build_esp(&b);
	build_fill(&b, 0, 92);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.transport, TRANSPORT_ESP);
	CU_ASSERT_EQUAL(d.key.low_port, 0);
	CU_ASSERT_EQUAL(d.wire_payload_len, 100);
	CU_ASSERT_EQUAL(d.tcp_flags, 0);

	/* What is no transport of ours is counted all the same. */
	begin_ipv4(V4_LOW, V4_HIGH);
	build_protocol(&b, 99); /* any private encryption scheme */
	build_fill(&b, 0, 40);
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	CU_ASSERT_EQUAL(d.key.transport, 99);
	CU_ASSERT_EQUAL(d.key.low_port, 0);
	CU_ASSERT_EQUAL(d.wire_payload_len, 40);

	begin_ipv6();
	build_protocol(&b, 59); /* no next header */
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRANSPORT_UNSUPPORTED);
}

static void
echo_messages_of_one_identifier_are_one_conversation(void)
{
	static const struct {
		const char *from, *to;
		uint8_t type, code;
		uint16_t identifier, port;
	} cases[] = {
		{V4_LOW, V4_HIGH, 8, 0, 77, 77}, {V4_HIGH, V4_LOW, 0, 0, 77, 77},
		{V4_LOW, V4_HIGH, 3, 13, 77, 0}, {V6_LOW, V6_HIGH, 128, 0, 5, 5},
		{V6_HIGH, V6_LOW, 129, 0, 5, 5}, {V6_LOW, V6_HIGH, 135, 0, 5, 0},
		{V6_LOW, V6_HIGH, 8, 0, 5, 0}, /* echo request of the other version */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, cases[i].from, cases[i].to);
		build_icmp(&b, cases[i].type, cases[i].code, cases[i].identifier);
		build_fill(&b, 'p', 56);
		CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.icmp_type, cases[i].type);
		CU_ASSERT_EQUAL(d.icmp_code, cases[i].code);
		CU_ASSERT_EQUAL(d.key.low_port, cases[i].port);
		CU_ASSERT_EQUAL(d.key.high_port, cases[i].port);
		CU_ASSERT_EQUAL(d.wire_payload_len, 56);
	}
}

/* Ports, flags and sequence number lie before the options: enough to count the segment. */
static void
tcp_options_may_be_cut(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	build_tcp(&b, &(struct build_tcp){.source = 1, .destination = 2, .options_len = 12});
	build_fill(&b, 'p', 40);
	struct packet packet = build_end(&b);
	for (uint32_t cut = 14 + 20 + 20; cut <= 14 + 20 + 32; cut++) {
		CU_ASSERT_EQUAL(decode_exact(packet, cut, &d), DECODE_TRACKED);
		CU_ASSERT_EQUAL(d.wire_payload_len, 40);
		CU_ASSERT_EQUAL(d.payload_len, 0);
	}
}

static const struct unit_case cases[] = {
	{"lying_udp_lengths_never_count_more_than_the_wire_had",
	 lying_udp_lengths_never_count_more_than_the_wire_had},
	{"lying_tcp_offsets_are_malformed", lying_tcp_offsets_are_malformed},
	{"tcp_header_is_read", tcp_header_is_read},
	{"transports_without_tcp_count_what_is_behind_their_header",
	 transports_without_tcp_count_what_is_behind_their_header},
	{"echo_messages_of_one_identifier_are_one_conversation",
	 echo_messages_of_one_identifier_are_one_conversation},
	{"tcp_options_may_be_cut", tcp_options_may_be_cut},
};

int
main(void)
{
	return unit_run("decode_transport", cases, COUNT(cases));
}
