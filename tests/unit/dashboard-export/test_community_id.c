/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/community_id.h"

#include "tests/unit/unit.h"

struct vector {
	uint8_t transport;
	const char *source;
	const char *destination;
	uint16_t source_port;      /* ICMP: type */
	uint16_t destination_port; /* ICMP: code */
	const char *community_id;
};

static void
check_vectors(const struct vector *vectors, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct flow_record flow = {
			.transport = vectors[i].transport,
			.source_port = vectors[i].source_port,
			.destination_port = vectors[i].destination_port,
		};
		char text[COMMUNITY_ID_LEN + 1];
		CU_ASSERT_EQUAL(ip_address_parse(vectors[i].source, &flow.source), 0);
		CU_ASSERT_EQUAL(ip_address_parse(vectors[i].destination, &flow.destination), 0);
		community_id_format(&flow, text);
		CU_ASSERT_STRING_EQUAL(text, vectors[i].community_id);
	}
}

/*
 * github.com/corelight/community-id-spec, baseline/baseline_deflt.json. Its ICMP rows give the
 * answering type as second port; a record has the code there, which the messages that are answered
 * do not use.
 */
static void
baseline_vectors_of_the_specification(void)
{
	static const struct vector vectors[] = {
		{TRANSPORT_TCP, "128.232.110.120", "66.35.250.204", 34855, 80,
		 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
		{TRANSPORT_TCP, "66.35.250.204", "128.232.110.120", 80, 34855,
		 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
		{TRANSPORT_UDP, "192.168.1.52", "8.8.8.8", 54585, 53,
		 "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
		{TRANSPORT_UDP, "8.8.8.8", "192.168.1.52", 53, 54585,
		 "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
		{TRANSPORT_SCTP, "192.168.170.8", "192.168.170.56", 7, 7,
		 "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="},
		{TRANSPORT_SCTP, "192.168.170.56", "192.168.170.8", 7, 7,
		 "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="},
		{TRANSPORT_TCP, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a",
		 63943, 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
		{TRANSPORT_TCP, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887",
		 25, 63943, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
		{TRANSPORT_ICMP, "192.168.0.89", "192.168.0.1", 8, 0,
		 "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
		{TRANSPORT_ICMP, "192.168.0.1", "192.168.0.89", 0, 0,
		 "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM="},
		{TRANSPORT_ICMPV6, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0,
		 "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
		{TRANSPORT_ICMPV6, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0,
		 "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
		{TRANSPORT_ICMPV6, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0,
		 "1:zavyT/cezQr1fmImYCwYnMXbgck="},
		{TRANSPORT_ICMPV6, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 136, 0,
		 "1:zavyT/cezQr1fmImYCwYnMXbgck="},
		{TRANSPORT_ICMPV6, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
		 "1:2ObVBgIn28oZvibYZhZMBgh7WdQ="},
		{TRANSPORT_ICMPV6, "3ffe:501:410:0:2c0:dfff:fe47:33e",
		 "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4, "1:hLZd0XGWojozrvxqE0dWB1iM6R0="},
		{TRANSPORT_ICMPV6, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0,
		 "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
		{TRANSPORT_ICMPV6, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0,
		 "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
		{TRANSPORT_ICMPV6, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0,
		 "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="},
		{TRANSPORT_ICMPV6, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0,
		 "1:pkvHqCL88/tg1k4cPigmZXUtL00="},
	};
	check_vectors(vectors, sizeof(vectors) / sizeof(*vectors));
}

/* What Wireshark 4.0 computes for packets of these kinds, which the baseline does not have. */
static void
vectors_of_wireshark(void)
{
	static const struct vector vectors[] = {
		{TRANSPORT_UDP, "2001:db8::1", "fe80::2", 1000, 40000,
		 "1:3L++5Tc1MDRB9Mw4I0RxDXfEgXU="},
		{TRANSPORT_UDP, "fe80::2", "2001:db8::1", 40000, 1000,
		 "1:3L++5Tc1MDRB9Mw4I0RxDXfEgXU="},
		{TRANSPORT_SCTP, "2001:db8::1", "fe80::2", 0, 65535,
		 "1:hFfFqxO17nLBUX7EuIOqeRtsDJk="},
		{TRANSPORT_SCTP, "fe80::2", "2001:db8::1", 33333, 33333,
		 "1:0/QYMNU2QHDlaT7EHGw2RlQy60Y="},
		{TRANSPORT_ESP, "10.0.0.1", "10.0.0.2", 0, 0, "1:dX+1pd7Z9Y9hJE/IuQlfvK7bxuA="},
		{TRANSPORT_ESP, "10.0.0.2", "10.0.0.1", 0, 0, "1:dX+1pd7Z9Y9hJE/IuQlfvK7bxuA="},
	};
	check_vectors(vectors, sizeof(vectors) / sizeof(*vectors));
}

static void
one_address_with_itself_is_ordered_by_port(void)
{
	static const struct vector vectors[] = {
		{TRANSPORT_TCP, "10.0.0.1", "10.0.0.1", 1000, 40000,
		 "1:ygGizHmnBxnrJZKKUnZ/BwKbFCk="},
		{TRANSPORT_TCP, "10.0.0.1", "10.0.0.1", 40000, 1000,
		 "1:ygGizHmnBxnrJZKKUnZ/BwKbFCk="},
		{TRANSPORT_TCP, "10.0.0.1", "10.0.0.1", 33333, 33333,
		 "1:g2DOMxDD4oJUE2x8zAyXTVqn97U="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.1", 13, 1, "1:WqaPm2dt+QmIC9I/3o21GgE7710="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.1", 14, 1, "1:WqaPm2dt+QmIC9I/3o21GgE7710="},
	};
	check_vectors(vectors, sizeof(vectors) / sizeof(*vectors));
}

static void
icmp_messages_meet_their_answers(void)
{
	static const struct vector vectors[] = {
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 13, 1, "1:6zK3cgZa+RmEpj3VhWmGXnOWUZk="},
		{TRANSPORT_ICMP, "10.0.0.2", "10.0.0.1", 14, 1, "1:6zK3cgZa+RmEpj3VhWmGXnOWUZk="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 15, 1, "1:cB4rCi6yiOWeiOghtxw4EOnHisM="},
		{TRANSPORT_ICMP, "10.0.0.2", "10.0.0.1", 16, 1, "1:cB4rCi6yiOWeiOghtxw4EOnHisM="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 10, 1, "1:qhJTvE/Qez7ZPSOGlcKJAzRpSO0="},
		{TRANSPORT_ICMP, "10.0.0.2", "10.0.0.1", 9, 1, "1:qhJTvE/Qez7ZPSOGlcKJAzRpSO0="},
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 17, 1, "1:pBxqyIdNW2nuGKUHpPBwrujq1iE="},
		{TRANSPORT_ICMP, "10.0.0.2", "10.0.0.1", 18, 1, "1:pBxqyIdNW2nuGKUHpPBwrujq1iE="},
		{TRANSPORT_ICMPV6, "fe80::2", "2001:db8::1", 131, 0,
		 "1:0urs3Nf0vqClH8NjG/tWDyvhw6Y="},
		{TRANSPORT_ICMPV6, "2001:db8::1", "fe80::2", 130, 0,
		 "1:0urs3Nf0vqClH8NjG/tWDyvhw6Y="},
		{TRANSPORT_ICMPV6, "2001:db8::1", "fe80::2", 139, 0,
		 "1:SeMRHThOFTaqi+q97LMwwz3pXnQ="},
		{TRANSPORT_ICMPV6, "fe80::2", "2001:db8::1", 140, 0,
		 "1:SeMRHThOFTaqi+q97LMwwz3pXnQ="},
		{TRANSPORT_ICMPV6, "2001:db8::1", "fe80::2", 144, 0,
		 "1:JdTYu1guFSmOzEWRCpSv7z3rsv4="},
		{TRANSPORT_ICMPV6, "fe80::2", "2001:db8::1", 145, 0,
		 "1:JdTYu1guFSmOzEWRCpSv7z3rsv4="},
	};
	check_vectors(vectors, sizeof(vectors) / sizeof(*vectors));
}

static void
icmp_messages_without_answer_keep_their_direction(void)
{
	static const struct vector vectors[] = {
		{TRANSPORT_ICMP, "10.0.0.1", "10.0.0.2", 3, 1, "1:gkoOC4ouXvyYq0Ek/WqwbLoqcxM="},
		{TRANSPORT_ICMP, "10.0.0.2", "10.0.0.1", 3, 1, "1:JHjlyD5IJJjl3wHWOMj46lLWZag="},
		{TRANSPORT_ICMP, "192.168.0.89", "192.168.0.1", 20, 0,
		 "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="},
		{TRANSPORT_ICMP, "192.168.0.89", "192.168.0.1", 20, 1,
		 "1:tz/fHIDUHs19NkixVVoOZywde+I="},
		{TRANSPORT_ICMPV6, "2001:db8::1", "fe80::2", 2, 0,
		 "1:rZ5/hTHEfcobc8DxwPG6YHVYm9U="},
		{TRANSPORT_ICMPV6, "fe80::2", "2001:db8::1", 2, 0,
		 "1:PHtAyUFhVvb4jrH8O8+DAmaHwlk="},
	};
	check_vectors(vectors, sizeof(vectors) / sizeof(*vectors));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"baseline_vectors_of_the_specification", baseline_vectors_of_the_specification},
		{"vectors_of_wireshark", vectors_of_wireshark},
		{"one_address_with_itself_is_ordered_by_port",
		 one_address_with_itself_is_ordered_by_port},
		{"icmp_messages_meet_their_answers", icmp_messages_meet_their_answers},
		{"icmp_messages_without_answer_keep_their_direction",
		 icmp_messages_without_answer_keep_their_direction},
	};
	return unit_run("community_id", cases, sizeof(cases) / sizeof(*cases));
}
