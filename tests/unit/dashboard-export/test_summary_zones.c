/* SPDX-License-Identifier: Apache-2.0 */
/* The zones of a summary, as people and programs get them. */
#include "dashboard-export/summary.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_flow.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct summary *
create(void)
{
	struct summary *s = summary_create();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

/* To be freed; `width` 0 asks for the JSON. */
static char *
print(const struct summary *s, unsigned width)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	if (width == 0)
		summary_write_json(s, out);
	else
		summary_write_text(s, out, false, width);
	fclose(out);
	return text;
}

static json_t *
parse(const struct summary *s)
{
	char *text = print(s, 0);
	json_t *root = json_loads(text, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	free(text);
	return root;
}

static void
add(struct summary *s, const struct zone *zone, const char *host, enum severity severity)
{
	struct sample_flow flow;

	sample_flow_init(&flow, "52.95.154.1");
	sample_flow_set_payload(&flow, 1000000, 2000);
	sample_flow_set_operator(&flow, &sample_aws, &sample_s3, EVIDENCE_PREFIX);
	sample_flow_set_verdict(&flow, zone, "ECO-USA", severity);
	flow.flow.host = host;
	summary_add_flow(s, &flow.flow);
}

static void
add_day(struct summary *s)
{
	add(s, &sample_licences, "h-a", SEVERITY_LOW);
	add(s, &sample_licences, "h-b", SEVERITY_CRITICAL);
	add(s, &sample_licences, "h-a", SEVERITY_MEDIUM);
	add(s, &sample_desktops, "h-a", SEVERITY_INFORMATIONAL);
}

static void
prints_are_those_of_the_golden_files(void)
{
	struct summary *s = create();

	add_day(s);
	char *text = print(s, 80), *json = print(s, 0);
	CU_ASSERT(golden_matches("summary/zones-80.txt", text, strlen(text)));
	CU_ASSERT(golden_matches("summary/zones.json", json, strlen(json)));
	free(text);
	free(json);
	summary_destroy(s);
}

static void
rows_have_sums_hosts_and_the_worst(void)
{
	struct summary *s = create();

	add_day(s);
	json_t *root = parse(s);
	const json_t *zones = json_object_get(root, "zones");
	const json_t *first = json_array_get(zones, 0);
	CU_ASSERT_EQUAL(json_array_size(zones), 2);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "zone")), "licences");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "class")),
			       "economic-secret");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(first, "hosts")), 2);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(first, "up")), 3000000);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(first, "flows")), 3);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "worst_severity")),
			       "critical");
	json_decref(root);
	summary_destroy(s);
}

/* Of a zone that asked for privacy sums are kept, of operators and in all; nothing of its hosts. */
static void
an_excluded_zone_is_in_sums_alone(void)
{
	struct sample_flow flow;
	struct summary *s = create();

	sample_flow_init(&flow, "52.95.154.1");
	sample_flow_set_payload(&flow, 1000000, 2000);
	sample_flow_set_operator(&flow, &sample_aws, &sample_s3, EVIDENCE_PREFIX);
	sample_flow_set_verdict(&flow, &sample_desktops, "INT-USA", SEVERITY_HIGH);
	flow.flow.excluded = true;
	summary_add_flow(s, &flow.flow);
	json_t *root = parse(s);
	const json_t *egress = json_object_get(json_object_get(root, "flows"), "egress");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(egress, "up")), 1000000);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "operators")), 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "zones")), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "unnamed_destinations")), 0);
	json_decref(root);
	summary_destroy(s);
}

/* The public name in front of an encrypted ClientHello is nobody's. */
static void
an_outer_name_is_no_name(void)
{
	struct sample_flow flow;
	struct summary *s = create();

	sample_flow_init(&flow, "52.95.154.1");
	sample_flow_set_name(&flow, "cloudflare-ech.com", NAME_SOURCE_TLS_SNI);
	flow.flow.name_is_outer = true;
	summary_add_flow(s, &flow.flow);
	json_t *root = parse(s);
	const json_t *names = json_object_get(root, "egress_names");
	const json_t *outer = json_object_get(names, "outer_name_only");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(outer, "flows")), 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "unnamed_destinations")), 1);
	json_decref(root);
	summary_destroy(s);
}

/* Flows without a zone, and those that stay inside, are in no row. */
static void
only_what_crosses_the_border_counts(void)
{
	struct sample_flow flow;
	struct summary *s = create();

	sample_flow_init(&flow, "203.0.113.9");
	summary_add_flow(s, &flow.flow);
	flow.flow.zone = &sample_desktops;
	sample_flow_set_inside(&flow, true, true);
	summary_add_flow(s, &flow.flow);
	json_t *root = parse(s);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "zones")), 0);
	json_decref(root);
	char *text = print(s, 80);
	CU_ASSERT_PTR_NULL(strstr(text, "Zones"));
	free(text);
	summary_destroy(s);
}

static void
more_zones_than_rows_are_summed(void)
{
	struct summary *s = create();
	char id[32];

	for (unsigned i = 0; i < 9000; i++) {
		snprintf(id, sizeof(id), "zone-%04u", i);
		struct zone zone = {.id = id, .data_class = DATA_CLASS_INTERNAL};
		add(s, &zone, "h-a", SEVERITY_LOW);
	}
	json_t *root = parse(s);
	const json_t *rest = json_object_get(root, "zones_rest");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "zones")), 15);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(rest, "flows")), 9000 - 15);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(rest, "flows_beyond_rows")),
			9000 - 8192);
	json_decref(root);
	summary_destroy(s);
}

static void
more_hosts_than_are_kept_are_a_lower_bound(void)
{
	struct summary *s = create();
	char host[32];

	for (unsigned i = 0; i < 65536 + 10; i++) {
		snprintf(host, sizeof(host), "h-%012u", i);
		add(s, &sample_licences, host, SEVERITY_LOW);
	}
	json_t *root = parse(s);
	CU_ASSERT_TRUE(json_is_true(json_object_get(root, "hosts_lower_bound")));
	json_decref(root);
	char *text = print(s, 80);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "65,536+"));
	free(text);
	summary_destroy(s);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"prints_are_those_of_the_golden_files", prints_are_those_of_the_golden_files},
		{"rows_have_sums_hosts_and_the_worst", rows_have_sums_hosts_and_the_worst},
		{"an_outer_name_is_no_name", an_outer_name_is_no_name},
		{"an_excluded_zone_is_in_sums_alone", an_excluded_zone_is_in_sums_alone},
		{"only_what_crosses_the_border_counts", only_what_crosses_the_border_counts},
		{"more_zones_than_rows_are_summed", more_zones_than_rows_are_summed},
		{"more_hosts_than_are_kept_are_a_lower_bound",
		 more_hosts_than_are_kept_are_a_lower_bound},
	};
	return unit_run("summary_zones", cases, sizeof(cases) / sizeof(*cases));
}
