/* SPDX-License-Identifier: Apache-2.0 */
#include "base/flow_record.h"

#include "tests/unit/unit.h"

static const struct {
	uint8_t source_inside, destination_inside;
	enum flow_direction direction;
	const char *text;
} directions[] = {
	{1, 0, FLOW_DIRECTION_EGRESS, "egress"},
	{0, 1, FLOW_DIRECTION_INGRESS, "ingress"},
	{1, 1, FLOW_DIRECTION_INTERNAL, "internal"},
	{0, 0, FLOW_DIRECTION_TRANSIT, "transit"},
};

static void
direction_follows_from_who_is_inside(void)
{
	for (size_t i = 0; i < sizeof(directions) / sizeof(*directions); i++) {
		struct flow_record r = {
			.source_inside = directions[i].source_inside,
			.destination_inside = directions[i].destination_inside,
		};
		CU_ASSERT_EQUAL(flow_record_direction(&r), directions[i].direction);
		CU_ASSERT_STRING_EQUAL(flow_direction_text(flow_record_direction(&r)),
				       directions[i].text);
	}
}

/* Only a tunnel over the border says more than the ends in it. */
static void
direction_is_that_of_a_tunnel_over_the_border(void)
{
	for (unsigned ends = 0; ends < 16; ends++) {
		struct flow_record r = {
			.source_inside = ends & 1,
			.destination_inside = ends >> 1 & 1,
			.detail.outer_source_inside = ends >> 2 & 1,
			.detail.outer_destination_inside = ends >> 3 & 1,
		};
		enum flow_direction inner = flow_record_inner_direction(&r);
		CU_ASSERT_EQUAL(inner, flow_direction_of(r.source_inside, r.destination_inside));
		enum flow_direction expected = ends >> 2 == 1   ? FLOW_DIRECTION_EGRESS
					       : ends >> 2 == 2 ? FLOW_DIRECTION_INGRESS
								: inner;
		CU_ASSERT_EQUAL(flow_record_direction(&r), expected);
		CU_ASSERT_EQUAL(flow_record_crosses_in_tunnel(&r),
				ends >> 2 == 1 || ends >> 2 == 2);
	}
}

static void
every_tunnel_has_a_word(void)
{
	for (unsigned t = FLOW_TUNNEL_4IN4; t <= FLOW_TUNNEL_TEREDO; t++)
		CU_ASSERT_STRING_NOT_EQUAL(flow_tunnel_text((enum flow_tunnel)t), "");
	CU_ASSERT_STRING_EQUAL(flow_tunnel_text(FLOW_TUNNEL_NONE), "");
	CU_ASSERT_STRING_EQUAL(flow_tunnel_text((enum flow_tunnel)99), "");
	CU_ASSERT_STRING_EQUAL(flow_tunnel_text(FLOW_TUNNEL_GTP_U), "gtp-u");
}

static void
values_have_the_words_of_the_contract(void)
{
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_TLS_SNI), "tls-sni");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_QUIC_SNI), "quic-sni");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_HTTP_HOST), "http-host");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_HTTP_CONNECT), "http-connect");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_SOCKS), "socks");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_STARTTLS_SNI), "starttls-sni");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_DNS), "dns");
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_CERTIFICATE), "certificate");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_TLS), "tls");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_QUIC), "quic");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_HTTP), "http");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_DNS), "dns");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_SSH), "ssh");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_POSTGRESQL), "postgresql");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_MYSQL), "mysql");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_TCP), "tcp");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_UDP), "udp");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_ICMP), "icmp");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_ICMPV6), "ipv6-icmp");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_SCTP), "sctp");
	CU_ASSERT_STRING_EQUAL(transport_text(TRANSPORT_ESP), "esp");
	CU_ASSERT_STRING_EQUAL(transport_text((enum transport)47), "gre");
}

static void
every_flag_has_a_word_of_its_own(void)
{
	for (unsigned a = FLOW_FLAG_MIDSTREAM; a <= FLOW_FLAG_TUNNELLED; a <<= 1) {
		CU_ASSERT_STRING_NOT_EQUAL(flow_flag_text((enum flow_flag)a), "");
		for (unsigned b = FLOW_FLAG_MIDSTREAM; b < a; b <<= 1)
			CU_ASSERT_STRING_NOT_EQUAL(flow_flag_text((enum flow_flag)a),
						   flow_flag_text((enum flow_flag)b));
	}
}

static void
unknown_values_give_an_empty_text(void)
{
	CU_ASSERT_STRING_EQUAL(name_source_text(NAME_SOURCE_NONE), "");
	CU_ASSERT_STRING_EQUAL(app_protocol_text(APP_PROTOCOL_UNKNOWN), "");
	CU_ASSERT_STRING_EQUAL(name_source_text((enum name_source)99), "");
	CU_ASSERT_STRING_EQUAL(app_protocol_text((enum app_protocol)99), "");
	CU_ASSERT_STRING_EQUAL(flow_direction_text((enum flow_direction)99), "");
	CU_ASSERT_STRING_EQUAL(flow_flag_text((enum flow_flag)(FLOW_FLAG_TUNNELLED << 1)), "");
	CU_ASSERT_STRING_EQUAL(transport_text((enum transport)99), "");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"direction_follows_from_who_is_inside", direction_follows_from_who_is_inside},
		{"direction_is_that_of_a_tunnel_over_the_border",
		 direction_is_that_of_a_tunnel_over_the_border},
		{"every_tunnel_has_a_word", every_tunnel_has_a_word},
		{"values_have_the_words_of_the_contract", values_have_the_words_of_the_contract},
		{"every_flag_has_a_word_of_its_own", every_flag_has_a_word_of_its_own},
		{"unknown_values_give_an_empty_text", unknown_values_give_an_empty_text},
	};
	return unit_run("flow_record", cases, sizeof(cases) / sizeof(*cases));
}
