/* SPDX-License-Identifier: Apache-2.0 */
/* What lines say of the first packets beside the name. */
#include "dashboard-export/flow_json.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_flow.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <string.h>

/* Of a proxy inside, all that the wire can tell beside the name: only the destination of the proxy
 * is shown. */
static void
make_proxied(struct sample_flow *s)
{
	struct flow_detail *d = &s->record.detail;

	sample_flow_init(s, "10.0.0.80");
	sample_flow_set_inside(s, true, true);
	sample_flow_set_payload(s, 64000, 2000);
	sample_flow_set_name(s, "s3.eu-west-3.amazonaws.com", NAME_SOURCE_STARTTLS_SNI);
	sample_flow_set_operator(s, &sample_aws, &sample_s3, EVIDENCE_HOST | EVIDENCE_CERTIFICATE);
	s->attribution.via_proxy = true;
	s->flow.direction = FLOW_DIRECTION_EGRESS;
	s->flow.hide_inside = true;
	s->flow.origin = NULL;
	s->record.protocol = APP_PROTOCOL_TLS;
	s->record.tls_version = 0x0303;
	s->record.flags = FLOW_FLAG_VIA_PROXY | FLOW_FLAG_NAMES_DIFFER | FLOW_FLAG_TLS_RESUMED;
	strcpy(d->ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	strcpy(d->alpn, "h2");
	strcpy(d->category, "cloud");
	CU_ASSERT_EQUAL(ip_address_parse("52.95.154.1", &d->inner_destination), 0);
	d->inner_destination_port = 8443;
	d->other_names = 3;
	d->risks = 1 << 5 | 1 << 9;
}

/* A protocol that no parser of ours knows; ends behind a load balancer, in clear. */
static void
make_balanced(struct sample_flow *s)
{
	struct flow_detail *d = &s->record.detail;

	sample_flow_init(s, "10.0.0.80");
	sample_flow_set_inside(s, true, true);
	strcpy(d->protocol, "bittorrent");
	s->record.flags = FLOW_FLAG_PROXY_PROTOCOL;
	CU_ASSERT_EQUAL(ip_address_parse("198.51.100.9", &d->inner_source), 0);
	CU_ASSERT_EQUAL(ip_address_parse("10.0.0.9", &d->inner_destination), 0);
	d->inner_source_port = 40000;
	d->inner_destination_port = 443;
	s->flow.inner.destination_inside = true;
}

/* Ends inside a tunnel, and those of the tunnel. */
static void
make_tunnelled(struct sample_flow *s)
{
	struct flow_detail *d = &s->record.detail;

	sample_flow_init(s, "10.0.0.80");
	sample_flow_set_inside(s, true, true);
	s->record.flags = FLOW_FLAG_TUNNELLED;
	s->flow.direction = FLOW_DIRECTION_EGRESS;
	s->attribution.tunnel = FLOW_TUNNEL_GRE;
	s->flow.by_tunnel = true;
	d->tunnel = FLOW_TUNNEL_GRE;
	CU_ASSERT_EQUAL(ip_address_parse("10.0.0.9", &d->outer_source), 0);
	CU_ASSERT_EQUAL(ip_address_parse("52.95.154.1", &d->outer_destination), 0);
	d->outer_source_inside = true;
}

static void
lines_are_those_of_the_golden_files(void)
{
	static char line[FLOW_JSON_MAX];
	struct sample_flow s;

	make_proxied(&s);
	CU_ASSERT(golden_matches("flow_json/proxied.json", line, flow_json_format(&s.flow, line)));
	make_balanced(&s);
	CU_ASSERT(golden_matches("flow_json/balanced.json", line, flow_json_format(&s.flow, line)));
	make_tunnelled(&s);
	CU_ASSERT(
		golden_matches("flow_json/tunnelled.json", line, flow_json_format(&s.flow, line)));
}

static json_t *
parse_line(const struct judged_flow *flow)
{
	static char line[FLOW_JSON_MAX];
	size_t len = flow_json_format(flow, line);
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	return root;
}

/* Whether inner addresses are written, by whose they are; ports give nobody away. */
static void
inner_addresses_of_our_side_are_hidden_too(void)
{
	static const struct {
		bool hide, header, source_inside, destination_inside, source, destination;
	} rows[] = {
		{false, true, true, true, true, true},
		{true, true, false, true, true, false},
		{true, true, true, false, false, true},
		{true, true, true, true, false, false},
		/* As with the flow's own: one of them may be inside, undeclared. */
		{true, true, false, false, false, false},
		/* What a proxy was asked for. */
		{true, false, false, false, false, true},
		{true, false, false, true, false, false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample_flow s;
		make_balanced(&s);
		if (!rows[i].header)
			s.record.detail.inner_source = (struct ip_address){0};
		s.flow.hide_inside = rows[i].hide;
		s.flow.inner =
			(struct inner_ends){rows[i].source_inside, rows[i].destination_inside};
		json_t *root = parse_line(&s.flow);
		const json_t *inner = json_object_get(json_object_get(root, "vigie"), "inner");
		const json_t *source = json_object_get(inner, "source");
		const json_t *destination = json_object_get(inner, "destination");
		CU_ASSERT_EQUAL(json_object_get(source, "ip") != NULL, rows[i].source);
		CU_ASSERT_EQUAL(json_object_get(destination, "ip") != NULL, rows[i].destination);
		json_decref(root);
	}
}

static void
outer_addresses_of_our_side_are_hidden_too(void)
{
	static const struct {
		bool hide, source_inside, destination_inside, source, destination;
	} rows[] = {
		{false, true, false, true, true},   {true, true, false, false, true},
		{true, false, true, true, false},   {true, true, true, false, false},
		{true, false, false, false, false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample_flow s;
		make_tunnelled(&s);
		s.flow.hide_inside = rows[i].hide;
		s.record.detail.outer_source_inside = rows[i].source_inside;
		s.record.detail.outer_destination_inside = rows[i].destination_inside;
		json_t *root = parse_line(&s.flow);
		const json_t *outer = json_object_get(json_object_get(root, "vigie"), "outer");
		const json_t *source = json_object_get(outer, "source");
		const json_t *destination = json_object_get(outer, "destination");
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(outer, "tunnel")), "gre");
		CU_ASSERT_EQUAL(json_object_get(source, "ip") != NULL, rows[i].source);
		CU_ASSERT_EQUAL(json_object_get(destination, "ip") != NULL, rows[i].destination);
		json_decref(root);
	}
}

/* That the tunnel leads out does not say whose the ends in it are; and they are not where it leads.
 */
static void
ends_in_a_tunnel_have_no_origin_and_no_known_side(void)
{
	struct sample_flow s;

	make_tunnelled(&s);
	sample_flow_set_inside(&s, false, false);
	s.flow.direction = FLOW_DIRECTION_EGRESS;
	s.flow.hide_inside = true;
	json_t *root = parse_line(&s.flow);
	const json_t *destination = json_object_get(root, "destination");
	CU_ASSERT_PTR_NULL(json_object_get(json_object_get(root, "source"), "ip"));
	CU_ASSERT_PTR_NULL(json_object_get(destination, "ip"));
	CU_ASSERT_PTR_NULL(json_object_get(destination, "as"));
	CU_ASSERT_PTR_NULL(json_object_get(destination, "geo"));
	json_decref(root);
}

/* dns tells what is behind ECH: the hello's own name stays what it was. */
static void
the_server_name_is_the_hellos_own(void)
{
	struct sample_flow s;

	sample_flow_init(&s, "203.0.113.9");
	strcpy(s.record.name, "public.example");
	s.record.name_len = (uint8_t)strlen(s.record.name);
	s.record.name_source = NAME_SOURCE_TLS_SNI;
	s.flow.name = "behind.example";
	s.flow.name_source = NAME_SOURCE_DNS;
	json_t *root = parse_line(&s.flow);
	const json_t *client = json_object_get(json_object_get(root, "tls"), "client");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(client, "server_name")),
			       "public.example");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(json_object_get(root, "destination"), "domain")),
		"behind.example");
	json_decref(root);
	s.record.name_source = NAME_SOURCE_HTTP_HOST;
	root = parse_line(&s.flow);
	client = json_object_get(json_object_get(root, "tls"), "client");
	CU_ASSERT_PTR_NULL(json_object_get(client, "server_name"));
	json_decref(root);
}

/* Who runs a proxy outside is who runs the address. */
static void
the_host_of_a_proxied_flow_is_the_proxys(void)
{
	struct sample_flow s;

	sample_flow_init(&s, "203.0.113.9");
	sample_flow_set_operator(&s, &sample_ovhcloud, NULL, EVIDENCE_HOST);
	s.attribution.host_operator = NULL;
	s.attribution.proxy_operator = &sample_aws;
	s.attribution.proxy_evidence = EVIDENCE_ASN;
	json_t *root = parse_line(&s.flow);
	const json_t *vigie = json_object_get(root, "vigie");
	const json_t *evidence = json_object_get(vigie, "evidence");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(vigie, "operator")), "ovhcloud");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(vigie, "host_operator")), "aws");
	const json_t *way = json_object_get(vigie, "way_evidence");
	CU_ASSERT_EQUAL(json_array_size(evidence), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(evidence, 0)), "host");
	CU_ASSERT_EQUAL(json_array_size(way), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(way, 0)), "asn");
	json_decref(root);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_are_those_of_the_golden_files", lines_are_those_of_the_golden_files},
		{"inner_addresses_of_our_side_are_hidden_too",
		 inner_addresses_of_our_side_are_hidden_too},
		{"outer_addresses_of_our_side_are_hidden_too",
		 outer_addresses_of_our_side_are_hidden_too},
		{"ends_in_a_tunnel_have_no_origin_and_no_known_side",
		 ends_in_a_tunnel_have_no_origin_and_no_known_side},
		{"the_server_name_is_the_hellos_own", the_server_name_is_the_hellos_own},
		{"the_host_of_a_proxied_flow_is_the_proxys",
		 the_host_of_a_proxied_flow_is_the_proxys},
	};
	return unit_run("flow_json_detail", cases, sizeof(cases) / sizeof(*cases));
}
