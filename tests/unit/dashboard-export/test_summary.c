/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/summary.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_flow.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MIB UINT64_C(1048576)

static void
add_flow(struct summary *s, struct sample_flow *flow, uint64_t up, uint64_t down)
{
	sample_flow_set_payload(flow, up, down);
	summary_add_flow(s, &flow->flow);
}

static void
add_named_flows(struct summary *s)
{
	struct sample_flow f;

	sample_flow_init(&f, "52.95.154.1");
	sample_flow_set_name(&f, "rh-archives.s3.eu-west-3.amazonaws.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_operator(&f, &sample_aws, &sample_s3, EVIDENCE_PREFIX | EVIDENCE_SNI);
	add_flow(s, &f, 300 * MIB, 24000);
	f.attribution.evidence = EVIDENCE_PREFIX | EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI;
	f.record.protocol = APP_PROTOCOL_TLS;
	add_flow(s, &f, 12 * MIB, 3000);

	sample_flow_set_name(&f, "storm-eu.wetransfer.net", NAME_SOURCE_TLS_SNI);
	sample_flow_set_operator(&f, &sample_wetransfer, &sample_transfer,
				 EVIDENCE_ASN | EVIDENCE_SNI);
	f.attribution.host_operator = &sample_aws;
	f.attribution.exposure = EXPOSURE_US_DIRECT;
	add_flow(s, &f, 9000000, 9000);

	sample_flow_init(&f, "203.0.113.80");
	sample_flow_set_name(&f, "www.example.org", NAME_SOURCE_HTTP_HOST);
	f.record.protocol = APP_PROTOCOL_HTTP;
	add_flow(s, &f, 900, 1600000);
}

static void
add_nameless_flows(struct summary *s)
{
	struct sample_flow f;

	sample_flow_init(&f, "54.240.1.1");
	sample_flow_set_operator(&f, &sample_aws, NULL, EVIDENCE_ASN);
	f.origin.asn = 16509;
	strcpy(f.origin.as_org, "Amazon.com, Inc.");
	strcpy(f.origin.country, "IE");
	f.origin.asn_source = "@ip-location-db/asn 2.3.2026061719";
	f.origin.country_source = "DB-IP Country Lite, https://db-ip.com 2026-06-01";
	add_flow(s, &f, 40000, 2 * MIB);

	sample_flow_init(&f, "203.0.113.9");
	sample_flow_set_name(&f, "203.0.113.9", NAME_SOURCE_HTTP_HOST);
	f.origin.asn = 64500;
	strcpy(f.origin.as_org, "Soci\xc3\xa9t\xc3\xa9 d'exploitation de r\xc3\xa9seaux du Ponant");
	f.origin.asn_source = "House ASN\x1b[31m 2026-08-18";
	add_flow(s, &f, 3 * MIB, 0);

	sample_flow_init(&f, "2001:db8:cafe:1234:5678:9abc:def0:80");
	strcpy(f.origin.as_org, "\x1b[31mHostile\xff Net");
	sample_flow_set_name(&f, "ech.example.net", NAME_SOURCE_QUIC_SNI);
	f.flow.name_is_outer = true;
	f.record.protocol = APP_PROTOCOL_QUIC;
	add_flow(s, &f, 700, 100);
}

static void
add_other_directions(struct summary *s)
{
	struct sample_flow f;

	sample_flow_init(&f, "198.51.100.7");
	sample_flow_make_ingress(&f);
	sample_flow_set_operator(&f, &sample_ovhcloud, NULL, EVIDENCE_ASN);
	add_flow(s, &f, 5 * MIB, 1200);

	sample_flow_init(&f, "10.0.0.53");
	sample_flow_set_inside(&f, true, true);
	add_flow(s, &f, 40, 120);

	sample_flow_init(&f, "198.51.100.8");
	sample_flow_set_inside(&f, false, false);
	add_flow(s, &f, 56, 56);
}

static void
add_coverage(struct summary *s)
{
	static const struct summary_counter refused[] = {
		{"not-ip", 4000}, {"ipv4-truncated", 560}, {"ipv6-header-chain-too-long", 0}};
	static const struct summary_counter more_refused[] = {{"ipv4-truncated", 7}};
	static const struct summary_counter notes[] = {{"names-given-up", 12},
						       {"flows-evicted", 3}};

	summary_add_packets(s, &(struct summary_packets){
				       .packets_in = 1234000,
				       .bytes_in = 1300000000,
				       .packets_tracked = 1229440,
				       .refused = refused,
				       .refused_count = 3,
				       .notes = notes,
				       .note_count = 2,
			       });
	summary_add_packets(s, &(struct summary_packets){
				       .packets_in = 567,
				       .bytes_in = 40000,
				       .packets_tracked = 560,
				       .refused = more_refused,
				       .refused_count = 1,
			       });
	summary_add_capture(s, false);
	summary_add_capture(s, true);
	summary_add_passed_over(s);
}

static struct summary *
create_summary(void)
{
	struct summary *s = summary_create();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

static struct summary *
create_office_day(void)
{
	struct summary *s = create_summary();

	add_coverage(s);
	add_named_flows(s);
	add_nameless_flows(s);
	add_other_directions(s);
	return s;
}

/* The text for people, to be freed; `width` 0 asks for the JSON. */
static char *
print_summary(const struct summary *s, unsigned width, bool colour, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	if (width == 0)
		summary_write_json(s, out);
	else
		summary_write_text(s, out, colour, width);
	fclose(out);
	return text;
}

static json_t *
parse_summary(const struct summary *s)
{
	size_t len;
	char *text = print_summary(s, 0, false, &len);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	free(text);
	return root;
}

static void
prints_are_those_of_the_golden_files(void)
{
	static const struct {
		const char *golden;
		unsigned width;
		bool colour;
	} rows[] = {
		{"summary/office-80.txt", 80, false},
		{"summary/office-100.txt", 100, false},
		{"summary/office-100-colour.txt", 100, true},
		{"summary/office-160.txt", 160, false},
		{"summary/office.json", 0, false},
	};
	struct summary *s = create_office_day();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len;
		char *text = print_summary(s, rows[i].width, rows[i].colour, &len);
		CU_ASSERT(golden_matches(rows[i].golden, text, len));
		free(text);
	}
	summary_destroy(s);
}

static void
nothing_seen_is_said_so(void)
{
	struct summary *s = create_summary();
	size_t len;
	char *text = print_summary(s, 80, false, &len);
	char *json = print_summary(s, 0, false, &len);

	CU_ASSERT(golden_matches("summary/empty.txt", text, strlen(text)));
	CU_ASSERT(golden_matches("summary/empty.json", json, strlen(json)));
	free(text);
	free(json);
	summary_destroy(s);
}

/* Columns of a line; all characters of the golden texts take one. */
static size_t
columns_of_line(const char *line, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)line[i] & 0xc0) != 0x80;
	return columns;
}

static void
no_line_is_wider_than_asked(void)
{
	struct summary *s = create_office_day();

	for (unsigned width = 80; width <= 160; width++) {
		size_t len;
		char *text = print_summary(s, width, false, &len);
		for (char *line = text; *line != '\0';) {
			size_t line_len = strcspn(line, "\n");
			CU_ASSERT(columns_of_line(line, line_len) <= width);
			CU_ASSERT(line_len == 0 || line[line_len - 1] != ' ');
			line += line_len + 1;
		}
		free(text);
	}
	summary_destroy(s);
}

static void
texts_of_others_cannot_drive_the_terminal(void)
{
	struct summary *s = create_office_day();
	size_t len;
	char *text = print_summary(s, 160, false, &len);

	CU_ASSERT_PTR_NULL(memchr(text, '\x1b', len));
	CU_ASSERT_PTR_NULL(memchr(text, '\xff', len));
	free(text);
	summary_destroy(s);
}

/* What may not be claimed of anybody (a law broken, data safe, access taken). */
static void
no_forbidden_claim_is_made(void)
{
	static const char *const claims[] = {"illegal", "violation", "leak",      "theft",
					     "stolen",  "safe",      "compliant", "GDPR"};
	struct summary *s = create_office_day();
	size_t len;
	char *text = print_summary(s, 160, false, &len);

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++)
		CU_ASSERT_PTR_NULL(strstr(text, claims[i]));
	free(text);
	summary_destroy(s);
}

static bool
text_says(const struct summary *s, const char *sentence)
{
	size_t len;
	char *text = print_summary(s, 160, false, &len);
	bool says = strstr(text, sentence) != NULL;

	free(text);
	return says;
}

static void
nothing_under_us_law_is_told_with_the_losses(void)
{
	struct summary *s = create_summary();
	struct sample_flow f;

	sample_flow_init(&f, "203.0.113.80");
	sample_flow_set_operator(&f, &sample_ovhcloud, NULL, EVIDENCE_ASN);
	add_flow(s, &f, 1000, 1000);
	CU_ASSERT(text_says(s, "(us-direct, us-parent): 0 B seen.\n"));
	add_coverage(s);
	CU_ASSERT(
		text_says(s, "(us-direct, us-parent): 0 B seen; 0.4% of packets were refused.\n"));
	CU_ASSERT(text_says(s, "Totals are lower bounds: 4,567 packets were refused."));
	summary_destroy(s);
}

static void
transit_alone_says_why_there_is_no_exposure(void)
{
	struct summary *s = create_summary();
	struct sample_flow f;

	sample_flow_init(&f, "203.0.113.80");
	sample_flow_set_inside(&f, false, false);
	add_flow(s, &f, 1000, 1000);
	CU_ASSERT(text_says(s, "No flow crosses between inside and outside"));
	CU_ASSERT(text_says(s, "100.0% of flows have neither end inside"));
	CU_ASSERT(text_says(s, "policy.inside"));
	summary_destroy(s);
}

static void
transit_is_a_hint_only_where_most_flows_are(void)
{
	struct summary *s = create_summary();
	struct sample_flow in_transit, f;

	sample_flow_init(&f, "203.0.113.80");
	in_transit = f;
	in_transit.flow.record = &in_transit.record;
	sample_flow_set_inside(&in_transit, false, false);
	add_flow(s, &f, 10, 10);
	add_flow(s, &in_transit, 10, 10);
	CU_ASSERT_FALSE(text_says(s, "policy.inside"));
	add_flow(s, &in_transit, 10, 10);
	CU_ASSERT(text_says(s, "66.7% of flows have neither end inside: name public addresses of "
			       "your own under `policy.inside` in the settings.\n"));
	summary_destroy(s);
}

static void
sources_are_those_of_what_is_shown(void)
{
	struct summary *s = create_summary();
	struct sample_flow f;

	/* Named, so it is in no table of destinations; and a source that said nothing. */
	sample_flow_init(&f, "203.0.113.80");
	sample_flow_set_name(&f, "www.example.org", NAME_SOURCE_HTTP_HOST);
	f.origin.asn = 64500;
	f.origin.asn_source = "not shown";
	add_flow(s, &f, 10, 10);
	sample_flow_init(&f, "203.0.113.81");
	f.origin.asn_source = "nothing said";
	strcpy(f.origin.country, "FR");
	f.origin.country_source = "Bravo";
	add_flow(s, &f, 10, 10);
	sample_flow_init(&f, "203.0.113.82");
	strcpy(f.origin.country, "DE");
	f.origin.country_source = "Alpha";
	add_flow(s, &f, 10, 10);
	CU_ASSERT(text_says(s, "Source of \"country\": Alpha; Bravo."));
	CU_ASSERT_FALSE(text_says(s, "announced by\":"));
	CU_ASSERT_FALSE(text_says(s, "not shown"));
	summary_destroy(s);
}

static void
operator_names_of_24_stand_whole_in_100_columns(void)
{
	struct summary *s = create_summary();
	struct catalogue_operator owner = sample_aws;
	struct catalogue_service service = sample_s3;
	struct sample_flow f;

	owner.name = "Deutsche Telekom Cloud X";
	service.name = "A service whose name is very long";
	sample_flow_init(&f, "203.0.113.80");
	sample_flow_set_operator(&f, &owner, &service,
				 EVIDENCE_PREFIX | EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI);
	add_flow(s, &f, 1000 * MIB, 1000 * MIB);
	size_t len;
	char *text = print_summary(s, 100, false, &len);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  Deutsche Telekom Cloud X  "));
	free(text);
	summary_destroy(s);
}

static uint64_t
figure(const json_t *root, const char *object, const char *key)
{
	const json_t *value = json_object_get(json_object_get(root, object), key);

	CU_ASSERT(json_is_integer(value));
	return (uint64_t)json_integer_value(value);
}

/* Order of the rows must not depend on which worker was first. */
static void
the_order_of_arrival_does_not_show(void)
{
	struct summary *forward = create_summary();
	struct summary *backward = create_summary();
	size_t len;

	add_named_flows(forward);
	add_nameless_flows(forward);
	add_other_directions(forward);
	add_other_directions(backward);
	add_nameless_flows(backward);
	add_named_flows(backward);
	char *a = print_summary(forward, 0, false, &len);
	char *b = print_summary(backward, 0, false, &len);
	CU_ASSERT_STRING_EQUAL(a, b);
	free(a);
	free(b);
	summary_destroy(forward);
	summary_destroy(backward);
}

static void
internal_and_transit_have_no_exposure(void)
{
	struct summary *s = create_summary();
	struct sample_flow f;

	sample_flow_init(&f, "10.0.0.53");
	sample_flow_set_operator(&f, &sample_aws, NULL, EVIDENCE_ASN);
	sample_flow_set_inside(&f, true, true);
	add_flow(s, &f, 1000, 1000);
	f.record.source_inside = f.record.destination_inside = 0;
	add_flow(s, &f, 1000, 1000);
	json_t *root = parse_summary(s);
	CU_ASSERT_EQUAL(figure(root, "under_us_law", "flows"), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "operators")), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "unnamed_destinations")), 0);
	json_decref(root);
	summary_destroy(s);
}

static void
up_leaves_the_inside_whoever_initiated(void)
{
	struct summary *s = create_summary();
	struct sample_flow f;

	sample_flow_init(&f, "198.51.100.7");
	sample_flow_make_ingress(&f);
	sample_flow_set_operator(&f, &sample_aws, NULL, EVIDENCE_ASN);
	add_flow(s, &f, 5000, 70);
	json_t *root = parse_summary(s);
	CU_ASSERT_EQUAL(figure(root, "under_us_law", "up"), 5000);
	CU_ASSERT_EQUAL(figure(root, "under_us_law", "down"), 70);
	json_decref(root);
	summary_destroy(s);
}

/* More destinations and operators than are kept: their flows are summed, none is lost. */
static void
keys_beyond_the_limit_are_summed_as_others(void)
{
	const unsigned flows = 70000;
	struct summary *s = create_summary();
	struct sample_flow f;
	char id[16];
	struct catalogue_operator owner = sample_aws;

	sample_flow_init(&f, "203.0.113.0");
	sample_flow_set_operator(&f, &owner, NULL, EVIDENCE_ASN);
	owner.id = id;
	for (unsigned i = 0; i < flows; i++) {
		snprintf(id, sizeof(id), "op%u", i);
		memcpy(f.record.destination.bytes, &i, sizeof(i));
		add_flow(s, &f, 2, 1);
	}
	json_t *root = parse_summary(s);
	CU_ASSERT_EQUAL(figure(root, "operators_rest", "rows"), 65536 - 15);
	CU_ASSERT_EQUAL(figure(root, "operators_rest", "flows"), flows - 15);
	CU_ASSERT_EQUAL(figure(root, "operators_rest", "flows_beyond_rows"), flows - 65536);
	CU_ASSERT_EQUAL(figure(root, "operators_rest", "up"), 2 * (flows - 15));
	CU_ASSERT_EQUAL(figure(root, "unnamed_destinations_rest", "flows"), flows - 10);
	CU_ASSERT_EQUAL(figure(root, "unnamed_destinations_rest", "flows_beyond_rows"),
			flows - 65536);
	json_decref(root);
	summary_destroy(s);
}

static void
more_counters_than_kept_are_summed(void)
{
	struct summary *s = create_summary();
	char name[80];

	memset(name, 'x', sizeof(name));
	for (unsigned i = 0; i < 100; i++) {
		struct summary_counter counter = {.name = name, .count = 1};
		snprintf(name, sizeof(name), "reason-%u", i);
		summary_add_packets(s, &(struct summary_packets){
					       .packets_in = 1,
					       .refused = &counter,
					       .refused_count = 1,
				       });
	}
	json_t *root = parse_summary(s);
	CU_ASSERT_EQUAL(figure(root, "packets", "refused"), 100);
	json_decref(root);
	summary_destroy(s);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"prints_are_those_of_the_golden_files", prints_are_those_of_the_golden_files},
		{"nothing_seen_is_said_so", nothing_seen_is_said_so},
		{"no_line_is_wider_than_asked", no_line_is_wider_than_asked},
		{"texts_of_others_cannot_drive_the_terminal",
		 texts_of_others_cannot_drive_the_terminal},
		{"no_forbidden_claim_is_made", no_forbidden_claim_is_made},
		{"nothing_under_us_law_is_told_with_the_losses",
		 nothing_under_us_law_is_told_with_the_losses},
		{"transit_alone_says_why_there_is_no_exposure",
		 transit_alone_says_why_there_is_no_exposure},
		{"transit_is_a_hint_only_where_most_flows_are",
		 transit_is_a_hint_only_where_most_flows_are},
		{"sources_are_those_of_what_is_shown", sources_are_those_of_what_is_shown},
		{"operator_names_of_24_stand_whole_in_100_columns",
		 operator_names_of_24_stand_whole_in_100_columns},
		{"the_order_of_arrival_does_not_show", the_order_of_arrival_does_not_show},
		{"internal_and_transit_have_no_exposure", internal_and_transit_have_no_exposure},
		{"up_leaves_the_inside_whoever_initiated", up_leaves_the_inside_whoever_initiated},
		{"keys_beyond_the_limit_are_summed_as_others",
		 keys_beyond_the_limit_are_summed_as_others},
		{"more_counters_than_kept_are_summed", more_counters_than_kept_are_summed},
	};
	return unit_run("summary", cases, sizeof(cases) / sizeof(*cases));
}
