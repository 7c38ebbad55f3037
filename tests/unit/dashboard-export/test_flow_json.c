/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_json.h"

#include "classifier/policy/policy.h"
#include "classifier/policy/sentence.h"
#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_flow.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void
make_s3_upload(struct sample_flow *s)
{
	sample_flow_init(s, "52.95.154.1");
	sample_flow_set_payload(s, 104857600, 24000);
	sample_flow_set_name(s, "rh-archives.s3.eu-west-3.amazonaws.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_operator(s, &sample_aws, &sample_s3,
				 EVIDENCE_PREFIX | EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI);
	strcpy(s->attribution.region, "eu-west-3");
	s->attribution.region_country = "FR";
	s->origin.asn = 16509;
	strcpy(s->origin.as_org, "Amazon.com, Inc.");
	strcpy(s->origin.country, "FR");
	s->record.protocol = APP_PROTOCOL_TLS;
	s->record.tls_version = 0x0304;
}

/* Not the last record of its flow; two VLAN tags, VXLAN, IPv6, the name from QUIC. */
static void
make_quic_live(struct sample_flow *s)
{
	sample_flow_init(s, "2001:db8:cafe::80");
	CU_ASSERT_EQUAL(ip_address_parse("fd00::5", &s->record.source), 0);
	sample_flow_set_payload(s, 3200, 1500000);
	sample_flow_set_name(s, "cdn.example.org", NAME_SOURCE_QUIC_SNI);
	s->record.transport = TRANSPORT_UDP;
	s->record.protocol = APP_PROTOCOL_QUIC;
	s->record.tls_version = 0x0304;
	s->record.final = 0;
	s->record.seq = 2;
	s->record.vlan = 12;
	s->record.inner_vlan = 600;
	s->record.vni = 4097;
	s->record.flags = FLOW_FLAG_ECH_OR_GREASE | FLOW_FLAG_EVICTED;
	s->flow.capture = NULL;
	s->origin.asn = 64500;
}

/* The far end is the source; the name is that of our own server. */
static void
make_http_ingress(struct sample_flow *s)
{
	sample_flow_init(s, "198.51.100.7");
	sample_flow_make_ingress(s);
	sample_flow_set_payload(s, 50000, 700);
	sample_flow_set_name(s, "www.phares.example", NAME_SOURCE_HTTP_HOST);
	sample_flow_set_operator(s, &sample_ovhcloud, NULL, EVIDENCE_ASN);
	s->record.protocol = APP_PROTOCOL_HTTP;
	s->record.destination_port = 80;
	s->origin.asn = 64496;
	strcpy(s->origin.as_org, "Example Access");
	strcpy(s->origin.country, "DE");
}

static void
make_dns_internal(struct sample_flow *s)
{
	sample_flow_init(s, "10.0.0.53");
	sample_flow_set_payload(s, 40, 120);
	sample_flow_set_inside(s, true, true);
	s->record.transport = TRANSPORT_UDP;
	s->record.protocol = APP_PROTOCOL_DNS;
	s->record.destination_port = 53;
	s->record.vlan = 7;
}

/* ICMP has no ports; nobody inside, so no pseudonym and no exposure. */
static void
make_icmp_transit(struct sample_flow *s)
{
	sample_flow_init(s, "203.0.113.9");
	CU_ASSERT_EQUAL(ip_address_parse("198.51.100.9", &s->record.source), 0);
	sample_flow_set_payload(s, 56, 56);
	sample_flow_set_inside(s, false, false);
	s->record.transport = TRANSPORT_ICMP;
	s->record.source_port = 8;
	s->record.destination_port = 0;
	s->flow.host = NULL;
}

static void
make_nothing_known(struct sample_flow *s)
{
	sample_flow_init(s, "203.0.113.9");
	s->record.transport = TRANSPORT_ESP;
	s->record.end_ns = s->record.start_ns;
	s->flow.capture = NULL;
	s->flow.host = NULL;
	s->flow.origin = NULL;
	s->flow.attribution = NULL;
}

/* The name is shown, but it is no domain. */
static void
make_address_as_name(struct sample_flow *s)
{
	sample_flow_init(s, "203.0.113.9");
	sample_flow_set_payload(s, 500, 900);
	sample_flow_set_name(s, "203.0.113.9", NAME_SOURCE_HTTP_HOST);
	s->record.protocol = APP_PROTOCOL_HTTP;
	s->record.flags = FLOW_FLAG_MIDSTREAM | FLOW_FLAG_NO_SNI | FLOW_FLAG_NAME_INCOMPLETE |
			  FLOW_FLAG_NAME_REFUSED | FLOW_FLAG_EVICTED;
}

/* The service of one operator on the addresses of another. */
static void
make_hosted_service(struct sample_flow *s)
{
	sample_flow_init(s, "52.95.154.1");
	sample_flow_set_payload(s, 9000000, 9000);
	sample_flow_set_name(s, "storm-eu.wetransfer.net", NAME_SOURCE_DNS);
	sample_flow_set_operator(s, &sample_wetransfer, &sample_transfer,
				 EVIDENCE_ASN | EVIDENCE_DNS);
	s->attribution.host_operator = &sample_aws;
	s->attribution.exposure = EXPOSURE_US_DIRECT;
	s->record.protocol = APP_PROTOCOL_TLS;
	s->record.tls_version = 0x0303;
}

static void
make_hostile_texts(struct sample_flow *s)
{
	make_s3_upload(s);
	sample_flow_set_name(s, "a\"b\\c\x01\x7f\xff.example", NAME_SOURCE_TLS_SNI);
	s->flow.capture = "caf\xc3\xa9/\xe0\x80\xaf\n\t\"x\".pcap";
	strcpy(s->origin.as_org, "\"Org\" \xed\xa0\x80\r\n<script>");
}

/* A verdict that an exception has lowered, with all that a judgement can say. */
static void
make_judged_upload(struct sample_flow *s)
{
	static const struct exception exception = {.id = "EXC-2026-004"};
	static const struct tenancy tenancy = {.id = "aws-open-data"};

	make_s3_upload(s);
	s->attribution.pattern = ATTRIBUTION_TENANCY;
	s->attribution.confidence = CONFIDENCE_HIGH;
	s->attribution.tenancy = &tenancy;
	s->attribution.disagree = EVIDENCE_ASN | EVIDENCE_HOST;
	sample_flow_set_verdict(s, &sample_desktops, "INT-USA", SEVERITY_LOW);
	sample_flow_add_step(s, VERDICT_STEP_SHAPE, SEVERITY_MEDIUM);
	sample_flow_add_step(s, VERDICT_STEP_EXCEPTION, SEVERITY_INFORMATIONAL);
	s->exception.covering = &exception;
	s->flow.shape = SHAPE_BULK;
	s->flow.flags = JUDGED_FLAG_ECH | JUDGED_FLAG_NIGHT | JUDGED_FLAG_REVIEW;
	s->record.flags = FLOW_FLAG_MIDSTREAM | FLOW_FLAG_ECH_OR_GREASE;
	s->flow.message = "Desktops sent 100.0 MiB in 1 flow to \"somewhere\".";
}

static const struct {
	const char *name;
	void (*make)(struct sample_flow *sample);
} samples[] = {
	{"s3-upload", make_s3_upload},
	{"quic-live", make_quic_live},
	{"http-ingress", make_http_ingress},
	{"dns-internal", make_dns_internal},
	{"icmp-transit", make_icmp_transit},
	{"nothing-known", make_nothing_known},
	{"address-as-name", make_address_as_name},
	{"hosted-service", make_hosted_service},
	{"hostile-texts", make_hostile_texts},
	{"judged-upload", make_judged_upload},
};
#define SAMPLE_COUNT (sizeof(samples) / sizeof(*samples))

/* Formats into an exact heap block, so that a sanitizer sees a write past the end. */
static char *
format_line(const struct judged_flow *flow, size_t *len)
{
	char *out = malloc(FLOW_JSON_MAX);

	*len = flow_json_format(flow, out);
	CU_ASSERT_FATAL(*len > 0 && *len <= FLOW_JSON_MAX);
	CU_ASSERT_EQUAL(out[*len - 1], '\n');
	CU_ASSERT_PTR_NULL(memchr(out, '\n', *len - 1)); /* one line */
	return out;
}

static json_t *
parse_line(const struct judged_flow *flow)
{
	size_t len;
	char *line = format_line(flow, &len);
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(object);
	free(line);
	return object;
}

static void
lines_are_those_of_the_golden_files(void)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct sample_flow sample;
		char name[64];
		size_t len;

		samples[i].make(&sample);
		char *line = format_line(&sample.flow, &len);
		snprintf(name, sizeof(name), "flow_json/%s.json", samples[i].name);
		CU_ASSERT(golden_matches(name, line, len));
		free(line);
	}
}

static bool
is_empty(const json_t *value)
{
	if (json_is_object(value))
		return json_object_size(value) == 0;
	if (json_is_array(value))
		return json_array_size(value) == 0;
	return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
}

/* No null, "", {} or [] on two levels of objects; deeper ones have single members. */
static void
what_is_not_known_is_not_written(void)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct sample_flow sample;
		const char *key;
		json_t *value;

		samples[i].make(&sample);
		json_t *object = parse_line(&sample.flow);
		json_object_foreach(object, key, value)
		{
			const char *inner_key;
			json_t *inner;
			CU_ASSERT_FALSE(is_empty(value));
			json_object_foreach(value, inner_key, inner)
				CU_ASSERT_FALSE(is_empty(inner));
		}
		json_decref(object);
	}
}

/* Whether the text (or its absence: NULL) stands at object.key. */
static bool
has_text(const json_t *root, const char *object, const char *key, const char *expected)
{
	const char *text = json_string_value(json_object_get(json_object_get(root, object), key));

	if (expected == NULL)
		return text == NULL;
	return text != NULL && strcmp(text, expected) == 0;
}

static void
hostile_texts_arrive_as_text(void)
{
	struct sample_flow sample;

	make_hostile_texts(&sample);
	json_t *root = parse_line(&sample.flow);
	CU_ASSERT(has_text(root, "vigie", "name", "a\"b\\c\x01\x7f\xef\xbf\xbd.example"));
	CU_ASSERT(has_text(root, "vigie", "capture",
			   "caf\xc3\xa9/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n\t\"x\".pcap"));
	json_decref(root);
}

/* All texts as long as they can be, and each byte of them written as six. */
static void
the_longest_flow_fits(void)
{
	static char capture[4096];
	static char name[DOMAIN_NAME_MAX];
	static char id[1024];
	struct catalogue_operator owner = sample_aws;
	struct catalogue_service service = sample_s3;
	static char message[SENTENCE_MAX];
	struct exception exception = {.id = id};
	struct tenancy tenancy = {.id = id};
	struct zone zone = {.id = id, .data_class = DATA_CLASS_STATE_BUSINESS_APPLICATION};
	struct sample_flow s;

	memset(message, 1, sizeof(message) - 1);
	memset(capture, 1, sizeof(capture) - 1);
	memset(name, 1, sizeof(name) - 1);
	memset(id, 1, sizeof(id) - 1);
	owner.id = id;
	service.id = id;
	make_s3_upload(&s);
	sample_flow_set_name(&s, name, NAME_SOURCE_QUIC_SNI);
	sample_flow_set_operator(&s, &owner, &service, (1u << EVIDENCE_COUNT) - 1);
	memset(s.attribution.region, 1, sizeof(s.attribution.region) - 1);
	s.attribution.region_country = id;
	memset(s.origin.as_org, 1, sizeof(s.origin.as_org) - 1);
	memset(s.origin.country, 1, sizeof(s.origin.country) - 1);
	s.flow.capture = capture;
	s.flow.host = id;
	s.record.source.version = s.record.destination.version = 6;
	memset(s.record.source.bytes, 0xff, sizeof(s.record.source.bytes));
	memset(s.record.destination.bytes, 0xff, sizeof(s.record.destination.bytes));
	s.record.from_source = (struct flow_side){UINT64_MAX, UINT64_MAX, UINT64_MAX};
	s.record.from_destination = (struct flow_side){0};
	s.record.start_ns = 0;
	s.record.end_ns = UINT64_MAX;
	s.record.vni = s.record.seq = UINT32_MAX - 1;
	s.record.vlan = s.record.inner_vlan = UINT16_MAX - 1;
	s.record.flags = UINT32_MAX;
	s.record.detail = (struct flow_detail){
		.risks = UINT64_MAX,
		.inner_source = s.record.source,
		.inner_destination = s.record.destination,
		.inner_source_port = UINT16_MAX,
		.inner_destination_port = UINT16_MAX,
		.other_names = UINT16_MAX,
	};
	memset(s.record.detail.ja4, 1, sizeof(s.record.detail.ja4) - 1);
	memset(s.record.detail.alpn, 1, sizeof(s.record.detail.alpn) - 1);
	memset(s.record.detail.protocol, 1, sizeof(s.record.detail.protocol) - 1);
	memset(s.record.detail.category, 1, sizeof(s.record.detail.category) - 1);
	sample_flow_set_verdict(&s, &zone, "SBA-USA+R9", SEVERITY_INFORMATIONAL);
	s.verdict.severity_before_exception = SEVERITY_CRITICAL;
	s.exception.covering = &exception;
	s.attribution.tenancy = &tenancy;
	s.attribution.pattern = ATTRIBUTION_TENANCY;
	s.attribution.disagree = (1u << EVIDENCE_COUNT) - 1;
	s.flow.flags = (1u << JUDGED_FLAG_COUNT) - 1;
	s.flow.shape = SHAPE_INTERACTIVE;
	s.flow.message = message;
	json_decref(parse_line(&s.flow));
}

static void
exposure_is_told_only_of_what_crosses(void)
{
	static const struct {
		bool source_inside;
		bool destination_inside;
		const char *direction;
		const char *exposure;
	} rows[] = {
		{true, false, "egress", "unknown"},
		{false, true, "ingress", "unknown"},
		{true, true, "internal", NULL},
		{false, false, "transit", NULL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample_flow s;
		sample_flow_init(&s, "203.0.113.9");
		sample_flow_set_inside(&s, rows[i].source_inside, rows[i].destination_inside);
		json_t *root = parse_line(&s.flow);
		CU_ASSERT(has_text(root, "vigie", "direction", rows[i].direction));
		CU_ASSERT(has_text(root, "vigie", "exposure", rows[i].exposure));
		json_decref(root);
	}
}

/* Whether an end's address is written, by whose it is; what would give it away goes with it. */
static void
inside_addresses_are_hidden_on_demand(void)
{
	static const struct {
		bool hide, source_inside, destination_inside;
		const char *source, *destination;
		bool community_id, address_as_name;
	} rows[] = {
		{false, true, false, "10.0.0.5", "203.0.113.9", true, true},
		{true, true, false, NULL, "203.0.113.9", false, false},
		{true, false, true, "10.0.0.5", NULL, false, false},
		{true, true, true, NULL, NULL, false, false},
		/* Neither is known to be inside: one of them may be, undeclared. */
		{true, false, false, NULL, NULL, false, false},
		{false, false, false, "10.0.0.5", "203.0.113.9", true, true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample_flow s;
		sample_flow_init(&s, "203.0.113.9");
		sample_flow_set_name(&s, "192.168.7.7", NAME_SOURCE_HTTP_HOST);
		sample_flow_set_inside(&s, rows[i].source_inside, rows[i].destination_inside);
		s.flow.hide_inside = rows[i].hide;
		json_t *root = parse_line(&s.flow);
		CU_ASSERT(has_text(root, "source", "ip", rows[i].source));
		CU_ASSERT(has_text(root, "destination", "ip", rows[i].destination));
		CU_ASSERT_EQUAL(has_text(root, "network", "community_id", NULL),
				!rows[i].community_id);
		CU_ASSERT_EQUAL(has_text(root, "vigie", "name", NULL), !rows[i].address_as_name);
		CU_ASSERT(has_text(root, "vigie", "host", s.flow.host));
		json_decref(root);
	}
}

static void
tls_versions_are_spelled_as_ecs_does(void)
{
	static const struct {
		uint16_t version;
		const char *text;
	} rows[] = {
		{0, NULL},       {0x0300, NULL},  {0x0301, "1.0"}, {0x0302, "1.1"},
		{0x0303, "1.2"}, {0x0304, "1.3"}, {0x0305, NULL},  {0xffff, NULL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample_flow s;
		sample_flow_init(&s, "203.0.113.9");
		s.record.tls_version = rows[i].version;
		json_t *root = parse_line(&s.flow);
		CU_ASSERT(has_text(root, "tls", "version", rows[i].text));
		json_decref(root);
	}
}

/* A zone that names tags alone: neither address is known as inside, yet the host is hidden. */
static void
a_zone_by_tags_hides_its_host_too(void)
{
	struct sample_flow s;

	sample_flow_init(&s, "203.0.113.9");
	sample_flow_set_inside(&s, false, false);
	s.flow.direction = FLOW_DIRECTION_EGRESS;
	s.flow.hide_inside = true;
	json_t *root = parse_line(&s.flow);
	CU_ASSERT(has_text(root, "source", "ip", NULL));
	CU_ASSERT(has_text(root, "destination", "ip", "203.0.113.9"));
	CU_ASSERT(has_text(root, "network", "community_id", NULL));
	CU_ASSERT(has_text(root, "vigie", "direction", "egress"));
	CU_ASSERT(has_text(root, "vigie", "exposure", "unknown"));
	json_decref(root);
}

/* Of two such zones both ends are inside. */
static void
zones_by_tags_hide_both_ends_of_internal_flows(void)
{
	struct sample_flow s;

	sample_flow_init(&s, "203.0.113.9");
	sample_flow_set_inside(&s, false, false);
	s.flow.direction = FLOW_DIRECTION_INTERNAL;
	s.flow.hide_inside = true;
	json_t *root = parse_line(&s.flow);
	CU_ASSERT(has_text(root, "source", "ip", NULL));
	CU_ASSERT(has_text(root, "destination", "ip", NULL));
	CU_ASSERT(has_text(root, "network", "community_id", NULL));
	json_decref(root);
}

/* The public name in front of an encrypted ClientHello is what the wire says, and names nobody. */
static void
an_outer_name_is_no_destination(void)
{
	struct sample_flow s;

	make_s3_upload(&s);
	sample_flow_set_name(&s, "cloudflare-ech.com", NAME_SOURCE_TLS_SNI);
	s.flow.name_is_outer = true;
	json_t *root = parse_line(&s.flow);
	const json_t *client = json_object_get(json_object_get(root, "tls"), "client");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(client, "server_name")),
			       "cloudflare-ech.com");
	CU_ASSERT(has_text(root, "destination", "domain", NULL));
	CU_ASSERT(has_text(root, "vigie", "name", NULL));
	CU_ASSERT(has_text(root, "vigie", "name_source", NULL));
	json_decref(root);
}

/* Without a verdict the class is that of the zone; with one, what the content raised it to. */
static void
the_class_is_the_effective_one(void)
{
	struct sample_flow s;

	make_s3_upload(&s);
	s.flow.zone = &sample_desktops;
	json_t *root = parse_line(&s.flow);
	CU_ASSERT(has_text(root, "vigie", "zone", "bureautique"));
	CU_ASSERT(has_text(root, "vigie", "data_class", "internal"));
	CU_ASSERT(has_text(root, "vigie", "severity", NULL));
	CU_ASSERT_PTR_NULL(json_object_get(root, "rule"));
	json_decref(root);
	sample_flow_set_verdict(&s, &sample_desktops, "PER-USA", SEVERITY_MEDIUM);
	s.verdict.data_class = DATA_CLASS_PERSONAL;
	root = parse_line(&s.flow);
	CU_ASSERT(has_text(root, "vigie", "data_class", "personal"));
	CU_ASSERT(has_text(root, "vigie", "severity", "medium"));
	CU_ASSERT(has_text(root, "vigie", "severity_before_exception", NULL));
	CU_ASSERT(has_text(root, "vigie", "exception", NULL));
	CU_ASSERT(has_text(root, "rule", "id", "PER-USA"));
	json_decref(root);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_are_those_of_the_golden_files", lines_are_those_of_the_golden_files},
		{"what_is_not_known_is_not_written", what_is_not_known_is_not_written},
		{"hostile_texts_arrive_as_text", hostile_texts_arrive_as_text},
		{"the_longest_flow_fits", the_longest_flow_fits},
		{"exposure_is_told_only_of_what_crosses", exposure_is_told_only_of_what_crosses},
		{"inside_addresses_are_hidden_on_demand", inside_addresses_are_hidden_on_demand},
		{"a_zone_by_tags_hides_its_host_too", a_zone_by_tags_hides_its_host_too},
		{"zones_by_tags_hide_both_ends_of_internal_flows",
		 zones_by_tags_hide_both_ends_of_internal_flows},
		{"an_outer_name_is_no_destination", an_outer_name_is_no_destination},
		{"the_class_is_the_effective_one", the_class_is_the_effective_one},
		{"tls_versions_are_spelled_as_ecs_does", tls_versions_are_spelled_as_ecs_does},
	};
	return unit_run("flow_json", cases, sizeof(cases) / sizeof(*cases));
}
