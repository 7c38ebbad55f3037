/* SPDX-License-Identifier: Apache-2.0 */
/* Names, types and ids are held to the schema by tests/formats/ocsf_check.py. */
#include "tests/unit/formats/json_check.h"
#include "tests/unit/formats/sample_event.h"
#include "tests/unit/unit.h"

#include <jansson.h>

static void
samples_look_like_their_golden_files(void)
{
	json_check_golden(&format_ocsf);
}

static void
nothing_is_written_where_it_does_not_fit(void)
{
	json_check_bounds(&format_ocsf);
}

static void
the_longest_event_fits_in_short(void)
{
	json_check_brief(&format_ocsf);
}

static void
every_event_has_its_class(void)
{
	static const struct {
		const char *sample;
		json_int_t class, type, severity, time;
	} rows[] = {
		{"alert-ipv4", 2006, 200601, 4, 1796112903623},
		{"finding", 2006, 200601, 3, 1796112902123},
		{"sensor", 2004, 200401, 3, 1796113502123},
		{"test", 2004, 200401, 1, 1796112902123},
		{"flow-judged", 4001, 400106, 1, 1796112902123},
		{"flow-unjudged", 4001, 400106, 0, 1796112902123},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *root = json_check_sample(&format_ocsf, rows[i].sample);
		CU_ASSERT_TRUE(json_check_number(root, "class_uid", rows[i].class));
		CU_ASSERT_TRUE(json_check_number(root, "type_uid", rows[i].type));
		CU_ASSERT_TRUE(json_check_number(root, "severity_id", rows[i].severity));
		CU_ASSERT_TRUE(json_check_number(root, "time", rows[i].time));
		json_decref(root);
	}
}

static void
an_exception_suppresses(void)
{
	json_t *root = json_check_sample(&format_ocsf, "alert-exception");

	CU_ASSERT_TRUE(json_check_number(root, "status_id", 3));
	CU_ASSERT_TRUE(json_check_number(root, "disposition_id", 17));
	CU_ASSERT_TRUE(json_is_false(json_check_at(root, "is_alert")));
	CU_ASSERT_TRUE(json_check_text(root, "unmapped.vigie.exception", "EXC-2026-004"));
	json_decref(root);
	root = json_check_sample(&format_ocsf, "alert-ipv4");
	CU_ASSERT_TRUE(json_check_number(root, "status_id", 1));
	CU_ASSERT_TRUE(json_check_number(root, "disposition_id", 15));
	CU_ASSERT_TRUE(json_is_true(json_check_at(root, "is_alert")));
	json_decref(root);
}

/* The id is the alert's, the sequence tells one telling of it from the next. */
static void
an_alert_told_again_keeps_its_uid(void)
{
	json_t *root = json_check_sample(&format_ocsf, "alert-ipv4");

	CU_ASSERT_TRUE(json_check_text(root, "finding_info.uid", SAMPLE_ALERT_ID));
	CU_ASSERT_TRUE(json_check_text(root, "metadata.correlation_uid", SAMPLE_ALERT_ID));
	CU_ASSERT_TRUE(json_check_text(root, "metadata.uid", SAMPLE_ALERT_ID "-42"));
	CU_ASSERT_TRUE(json_check_number(root, "metadata.sequence", 42));
	json_decref(root);
}

/* Of a hidden host its pseudonym stands for it; where nothing is known, the schema still wants an
 * endpoint. */
static void
hidden_ends_are_still_endpoints(void)
{
	json_t *root = json_check_sample(&format_ocsf, "alert-hidden");

	CU_ASSERT_PTR_NULL(json_check_at(root, "src_endpoint.ip"));
	CU_ASSERT_TRUE(json_check_text(root, "src_endpoint.uid", "h-7f3a00c0ffee"));
	CU_ASSERT_TRUE(json_check_text(root, "src_endpoint.zone", "licences"));
	json_decref(root);
	root = json_check_sample(&format_ocsf, "alert-served");
	CU_ASSERT_TRUE(json_check_text(root, "dst_endpoint.uid", "h-7f3a00c0ffee"));
	CU_ASSERT_TRUE(json_check_number(root, "src_endpoint.network_scope_id", 2));
	CU_ASSERT_TRUE(json_check_number(root, "dst_endpoint.network_scope_id", 1));
	json_decref(root);
	root = json_check_sample(&format_ocsf, "flow-unjudged");
	CU_ASSERT_TRUE(json_check_text(root, "src_endpoint.name", "hidden"));
	json_decref(root);
}

/* `traffic` is what is new, and only the first record's sums are. */
static void
later_records_of_a_flow_are_cumulative(void)
{
	json_t *root = json_check_sample(&format_ocsf, "flow-judged");

	CU_ASSERT_TRUE(json_check_number(root, "traffic.bytes_out", 69601640));
	CU_ASSERT_TRUE(json_check_number(root, "cumulative_traffic.bytes_out", 69601640));
	CU_ASSERT_TRUE(json_is_true(json_check_at(root, "is_src_dst_assignment_known")));
	json_decref(root);
	root = json_check_sample(&format_ocsf, "flow-unjudged");
	CU_ASSERT_PTR_NULL(json_check_at(root, "traffic"));
	CU_ASSERT_TRUE(json_check_number(root, "cumulative_traffic.bytes", 528));
	CU_ASSERT_TRUE(json_is_false(json_check_at(root, "is_src_dst_assignment_known")));
	json_decref(root);
}

static void
classes_of_data_have_the_schemas_words(void)
{
	static const struct {
		const char *data_class;
		json_int_t category, confidentiality;
	} rows[] = {
		{"public", 99, 1},
		{"internal", 4, 5},
		{"personal", 1, 5},
		{"economic-secret", 4, 2},
		{"state-business-application", 2, 2},
		{"health", 1, 2},
		{"diffusion-restreinte", 2, 6},
		{"secret", 2, 3},
	};
	static char message[FORMAT_MESSAGE_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event event;
		sample_event_fill("alert-ipv4", &event);
		event.data_class = rows[i].data_class;
		size_t len = format_ocsf.write(&event, sample_context(), message, sizeof(message));
		json_t *root = json_loadb(message, len, 0, NULL);
		CU_ASSERT_TRUE(
			json_check_number(root, "data_security.category_id", rows[i].category));
		CU_ASSERT_TRUE(json_check_number(root, "data_security.confidentiality_id",
						 rows[i].confidentiality));
		json_decref(root);
	}
}

static void
hostile_texts_come_back_whole(void)
{
	struct event event;

	sample_event_fill("hostile", &event);
	json_t *root = json_check_sample(&format_ocsf, "hostile");
	CU_ASSERT_TRUE(json_check_text(root, "message", event.message));
	CU_ASSERT_TRUE(json_check_text(root, "finding_info.title", event.rule_name));
	CU_ASSERT_TRUE(json_check_text(root, "dst_endpoint.hostname", event.domain));
	CU_ASSERT_TRUE(json_check_text(root, "src_endpoint.zone", event.zone));
	CU_ASSERT_TRUE(json_check_text(root, "dst_endpoint.autonomous_system.name",
				       event.destination.as_organization));
	CU_ASSERT_TRUE(json_check_text(root, "unmapped.tls.sni", event.tls_server_name));
	CU_ASSERT_TRUE(json_check_text(root, "unmapped.vigie.capture", event.capture));
	CU_ASSERT_PTR_NULL(json_check_at(root, "src_endpoint.ip"));
	json_decref(root);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"samples_look_like_their_golden_files", samples_look_like_their_golden_files},
		{"nothing_is_written_where_it_does_not_fit",
		 nothing_is_written_where_it_does_not_fit},
		{"the_longest_event_fits_in_short", the_longest_event_fits_in_short},
		{"every_event_has_its_class", every_event_has_its_class},
		{"an_exception_suppresses", an_exception_suppresses},
		{"an_alert_told_again_keeps_its_uid", an_alert_told_again_keeps_its_uid},
		{"hidden_ends_are_still_endpoints", hidden_ends_are_still_endpoints},
		{"later_records_of_a_flow_are_cumulative", later_records_of_a_flow_are_cumulative},
		{"classes_of_data_have_the_schemas_words", classes_of_data_have_the_schemas_words},
		{"hostile_texts_come_back_whole", hostile_texts_come_back_whole},
	};
	return unit_run("format_ocsf", cases, sizeof(cases) / sizeof(*cases));
}
