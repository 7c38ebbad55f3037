/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)

static void
make_upload(struct alert *alert)
{
	struct sample_flow s;

	sample_upload_init(&s);
	sample_alert_init(alert, &s);
}

/* Two addresses and names; the second flow is the highest, and an exception covers it. */
static void
make_covered_group(struct alert *alert)
{
	static const struct exception exception = {.id = "EXC-2026-004",
						   .expires_on = "2027-03-31"};
	struct sample_flow s;

	sample_upload_init(&s);
	sample_flow_set_verdict(&s, &sample_desktops, "INT-USA", SEVERITY_LOW);
	sample_flow_add_step(&s, VERDICT_STEP_SHAPE, SEVERITY_INFORMATIONAL);
	strcpy(s.record.name, "archives.s3.eu-west-3.amazonaws.com");
	s.record.name_len = (uint8_t)strlen(s.record.name);
	s.record.name_source = NAME_SOURCE_TLS_SNI;
	sample_alert_init(alert, &s);

	sample_upload_init(&s);
	sample_flow_set_verdict(&s, &sample_desktops, "INT-USA", SEVERITY_LOW);
	sample_flow_add_step(&s, VERDICT_STEP_SHAPE, SEVERITY_MEDIUM);
	sample_flow_add_step(&s, VERDICT_STEP_EXCEPTION, SEVERITY_INFORMATIONAL);
	CU_ASSERT_EQUAL(ip_address_parse("3.5.140.2", &s.record.destination), 0);
	sample_flow_set_name(&s, "bulk.s3.amazonaws.com", NAME_SOURCE_DNS);
	sample_flow_set_payload(&s, 420 * 1048576, 9000);
	s.exception.covering = &exception;
	s.attribution.disagree = EVIDENCE_ASN;
	s.record.flow_id++;
	s.record.start_ns += 60 * SECOND;
	s.record.end_ns += 90 * SECOND;
	s.flow.shape = SHAPE_BULK;
	s.flow.flags = JUDGED_FLAG_NIGHT | JUDGED_FLAG_RECURRING;
	sample_alert_add(alert, &s);
}

/* Whose the ends of the first flow are says how that one went, not the flow that decided; nor is
 * the network of a tunnel's end that of an address inside. */
static void
ends_are_hidden_as_the_first_flow_hides_them(void)
{
	for (unsigned i = 0; i < 4; i++) {
		bool first_by_tunnel = (i & 1) != 0, decided_by_tunnel = (i & 2) != 0;
		char line[ALERT_JSON_MAX];
		struct sample_flow s;
		struct alert alert;

		sample_upload_init(&s);
		s.flow.hide_inside = true;
		s.flow.by_tunnel = first_by_tunnel;
		s.record.source_inside = s.record.destination_inside = 0;
		sample_alert_init(&alert, &s);
		sample_upload_init(&s);
		s.flow.hide_inside = true;
		s.flow.by_tunnel = decided_by_tunnel;
		s.record.flow_id++;
		s.record.start_ns += SECOND;
		sample_alert_add(&alert, &s);
		size_t len = alert_json_format(&alert, sample_rules(), line);
		json_t *root = json_loadb(line, len, 0, NULL);
		const json_t *end = json_object_get(root, "destination");
		CU_ASSERT_EQUAL(json_object_get(end, "ip") == NULL, first_by_tunnel);
		CU_ASSERT_EQUAL(json_object_get(end, "as") == NULL,
				first_by_tunnel || decided_by_tunnel);
		json_decref(root);
		alert_fini(&alert);
	}
}

/* A client outside took it from a server of ours, whose address is hidden. */
static void
make_served(struct alert *alert)
{
	struct sample_flow s;

	sample_flow_init(&s, "198.51.100.7");
	sample_flow_make_ingress(&s);
	sample_flow_set_payload(&s, 80 * 1048576, 700);
	sample_flow_set_name(&s, "www.phares.example", NAME_SOURCE_HTTP_HOST);
	strcpy(s.record.name, "www.phares.example");
	s.record.name_len = (uint8_t)strlen(s.record.name);
	s.record.name_source = NAME_SOURCE_HTTP_HOST;
	sample_flow_set_verdict(&s, &sample_licences, "ECO-UNK", SEVERITY_MEDIUM);
	s.attribution.pattern = ATTRIBUTION_NOTHING;
	s.attribution.flags = JUDGED_FLAG_SERVED;
	s.flow.flags = JUDGED_FLAG_SERVED | JUDGED_FLAG_REVIEW;
	s.flow.hide_inside = true;
	sample_alert_init(alert, &s);
}

static const struct {
	const char *name;
	void (*make)(struct alert *alert);
} samples[] = {
	{"upload", make_upload},
	{"covered-group", make_covered_group},
	{"served", make_served},
	{"finding", sample_finding_init},
};
#define SAMPLE_COUNT (sizeof(samples) / sizeof(*samples))

/* Formats into an exact heap block, so that a sanitizer sees a write past the end. */
static char *
format_line(const struct alert *alert, size_t *len)
{
	char *out = malloc(ALERT_JSON_MAX);

	*len = alert_json_format(alert, sample_rules(), out);
	CU_ASSERT(*len > 0 && *len <= ALERT_JSON_MAX);
	CU_ASSERT_EQUAL(out[*len - 1], '\n');
	return out;
}

static json_t *
parse_line(const struct alert *alert)
{
	size_t len;
	char *line = format_line(alert, &len);
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	free(line);
	return root;
}

static void
lines_are_those_of_the_golden_files(void)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct alert alert;
		char name[64];
		size_t len;

		samples[i].make(&alert);
		char *line = format_line(&alert, &len);
		snprintf(name, sizeof(name), "alert_json/%s.json", samples[i].name);
		CU_ASSERT(golden_matches(name, line, len));
		free(line);
		alert_fini(&alert);
	}
}

static const json_t *
find(const json_t *root, const char *object, const char *key)
{
	return json_object_get(json_object_get(root, object), key);
}

static void
severity_stands_in_the_numbers_of_ecs(void)
{
	static const struct {
		enum severity severity;
		int number, risk;
	} rows[] = {
		{SEVERITY_INFORMATIONAL, 1, 0}, {SEVERITY_LOW, 3, 21},
		{SEVERITY_MEDIUM, 5, 47},       {SEVERITY_HIGH, 8, 73},
		{SEVERITY_CRITICAL, 10, 99},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct alert alert;
		make_upload(&alert);
		alert.highest->verdict.severity = rows[i].severity;
		json_t *root = parse_line(&alert);
		CU_ASSERT_EQUAL(json_integer_value(find(root, "event", "severity")),
				rows[i].number);
		CU_ASSERT_EQUAL(json_integer_value(find(root, "event", "risk_score")),
				rows[i].risk);
		json_decref(root);
		alert_fini(&alert);
	}
}

/* The network that is told is that of the address that is told. */
static void
facts_of_another_address_are_left_out(void)
{
	struct alert alert;

	make_covered_group(&alert);
	json_t *root = parse_line(&alert);
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "destination", "ip")), "52.95.154.1");
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "destination", "domain")),
			       "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_PTR_NULL(find(root, "destination", "as"));
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "vigie", "name")),
			       "bulk.s3.amazonaws.com");
	json_decref(root);
	alert_fini(&alert);
}

/* Exceptions that have ended, and whose the evidence is where flows differ. */
static void
ended_exceptions_and_the_evidence_of_one_flow_are_named(void)
{
	static const struct exception ended = {.id = "EXC-2025-011", .expires_on = "2026-11-30"};
	struct sample_flow s;
	struct alert alert;

	sample_upload_init(&s);
	s.exception.ended[0] = &ended;
	s.exception.ended_count = 1;
	sample_alert_init(&alert, &s);
	json_t *root = parse_line(&alert);
	const json_t *ids = find(root, "vigie", "exceptions_ended");
	CU_ASSERT_EQUAL(json_array_size(ids), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(ids, 0)), "EXC-2025-011");
	CU_ASSERT_PTR_NULL(find(root, "vigie", "evidence_name"));
	json_decref(root);

	s.attribution.pattern = ATTRIBUTION_MISMATCH;
	s.attribution.service_operator = &sample_wetransfer;
	strcpy(s.attribution.region, "us-east-1");
	sample_flow_set_name(&s, "wetransfer.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_payload(&s, 1 << 20, 1000);
	s.record.start_ns++;
	sample_alert_add(&alert, &s);
	root = parse_line(&alert);
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "vigie", "evidence_name")),
			       "wetransfer.com");
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "vigie", "name")),
			       "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_PTR_NULL(find(root, "vigie", "region"));
	CU_ASSERT_PTR_NULL(find(root, "vigie", "region_country"));
	json_decref(root);
	alert_fini(&alert);
}

/* What the wire says stays; it is nobody's name. */
static void
an_outer_name_is_no_name_of_the_alert(void)
{
	struct sample_flow s;
	struct alert alert;

	sample_upload_init(&s);
	strcpy(s.record.name, "cloudflare-ech.com");
	s.record.name_len = (uint8_t)strlen(s.record.name);
	s.record.name_source = NAME_SOURCE_TLS_SNI;
	sample_flow_set_name(&s, "cloudflare-ech.com", NAME_SOURCE_TLS_SNI);
	s.flow.name_is_outer = true;
	sample_alert_init(&alert, &s);
	json_t *root = parse_line(&alert);
	const json_t *client = find(root, "tls", "client");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(client, "server_name")),
			       "cloudflare-ech.com");
	CU_ASSERT_PTR_NULL(find(root, "destination", "domain"));
	CU_ASSERT_PTR_NULL(find(root, "vigie", "name"));
	CU_ASSERT_PTR_NULL(find(root, "vigie", "name_source"));
	json_decref(root);
	alert_fini(&alert);
}

static void
a_finding_has_no_ends(void)
{
	static const char *const absent[] = {"source", "destination", "network", "tls"};
	struct alert alert;

	sample_finding_init(&alert);
	json_t *root = parse_line(&alert);
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		CU_ASSERT_PTR_NULL(json_object_get(root, absent[i]));
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "vigie", "subject")), "EXC-2025-011");
	json_decref(root);
	alert_fini(&alert);
}

static void
an_inside_address_is_hidden_on_demand(void)
{
	struct alert alert;

	make_upload(&alert);
	alert.hide_inside = true;
	json_t *root = parse_line(&alert);
	CU_ASSERT_PTR_NULL(find(root, "source", "ip"));
	CU_ASSERT_PTR_NULL(find(root, "network", "community_id"));
	CU_ASSERT_STRING_EQUAL(json_string_value(find(root, "vigie", "host")), "h-7f3a00c0ffee");
	json_decref(root);
	alert_fini(&alert);
}

/* All texts as long as they can be, and each byte of them written as six. */
static void
the_longest_alert_fits(void)
{
	static char capture[4096], name[DOMAIN_NAME_MAX], id[1024];
	struct catalogue_operator owner = sample_aws;
	struct catalogue_service service = sample_s3;
	struct exception exception = {.id = id, .expires_on = id};
	struct zone zone = sample_licences;
	struct sample_flow s;
	struct alert alert;

	memset(capture, 1, sizeof(capture) - 1);
	memset(id, 1, sizeof(id) - 1);
	memset(name, 1, sizeof(name) - 1);
	owner.id = owner.name = service.id = zone.id = zone.label = zone.owner = id;
	sample_upload_init(&s);
	sample_flow_set_operator(&s, &owner, &service, (1u << EVIDENCE_COUNT) - 1);
	sample_flow_set_verdict(&s, &zone, "SBA-USA+R9", SEVERITY_CRITICAL);
	for (unsigned i = 0; i < VERDICT_STEP_COUNT; i++)
		sample_flow_add_step(&s, (enum verdict_step_kind)i, SEVERITY_INFORMATIONAL);
	s.attribution.disagree = (1u << EVIDENCE_COUNT) - 1;
	s.attribution.pattern = ATTRIBUTION_AGREED;
	s.attribution.region_country = id;
	memset(s.attribution.region, 1, sizeof(s.attribution.region) - 1);
	memset(s.origin.as_org, 1, sizeof(s.origin.as_org) - 1);
	memcpy(s.record.name, name, sizeof(name));
	s.record.name_len = DOMAIN_NAME_MAX - 1;
	s.record.name_source = NAME_SOURCE_QUIC_SNI;
	s.record.flags = UINT16_MAX;
	s.record.start_ns = 0;
	s.record.end_ns = UINT64_MAX;
	s.record.vni = UINT32_MAX - 1;
	s.record.vlan = s.record.inner_vlan = UINT16_MAX - 1;
	s.record.source.version = s.record.destination.version = 6;
	memset(s.record.source.bytes, 0xff, sizeof(s.record.source.bytes));
	memset(s.record.destination.bytes, 0xff, sizeof(s.record.destination.bytes));
	s.record.from_source =
		(struct flow_side){UINT64_MAX / 64, UINT64_MAX / 64, UINT64_MAX / 64};
	s.flow.flags = (1u << JUDGED_FLAG_COUNT) - 1;
	s.flow.capture = capture;
	s.flow.host = id;
	s.exception.covering = &exception;
	s.exception.ended_count = EXCEPTION_ENDED_MAX;
	for (size_t i = 0; i < EXCEPTION_ENDED_MAX; i++)
		s.exception.ended[i] = &exception;
	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	for (unsigned i = 0; i <= ALERT_NAMES_MAX; i++) {
		name[0] = (char)(i + 1);
		sample_flow_set_name(&s, name, NAME_SOURCE_QUIC_SNI);
		sample_alert_add(&alert, &s);
	}
	alert.forms_differ = alert.uncovered = true;
	json_t *root = parse_line(&alert);
	CU_ASSERT_PTR_NOT_NULL(find(root, "vigie", "evidence_name"));
	CU_ASSERT_EQUAL(json_array_size(find(root, "vigie", "names")), ALERT_NAMES_MAX);
	CU_ASSERT_TRUE(json_is_true(find(root, "vigie", "more_names")));
	json_decref(root);
	alert_fini(&alert);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"ends_are_hidden_as_the_first_flow_hides_them",
		 ends_are_hidden_as_the_first_flow_hides_them},
		{"lines_are_those_of_the_golden_files", lines_are_those_of_the_golden_files},
		{"severity_stands_in_the_numbers_of_ecs", severity_stands_in_the_numbers_of_ecs},
		{"facts_of_another_address_are_left_out", facts_of_another_address_are_left_out},
		{"ended_exceptions_and_the_evidence_of_one_flow_are_named",
		 ended_exceptions_and_the_evidence_of_one_flow_are_named},
		{"an_outer_name_is_no_name_of_the_alert", an_outer_name_is_no_name_of_the_alert},
		{"a_finding_has_no_ends", a_finding_has_no_ends},
		{"an_inside_address_is_hidden_on_demand", an_inside_address_is_hidden_on_demand},
		{"the_longest_alert_fits", the_longest_alert_fits},
	};
	return unit_run("alert_json", cases, sizeof(cases) / sizeof(*cases));
}
