/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/format_json.h"

#include "tests/unit/formats/json_check.h"
#include "tests/unit/formats/sample_event.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

static void
samples_look_like_their_golden_files(void)
{
	json_check_golden(&format_ecs);
}

static void
nothing_is_written_where_it_does_not_fit(void)
{
	json_check_bounds(&format_ecs);
}

static void
the_longest_event_fits_in_short(void)
{
	json_check_brief(&format_ecs);
}

static void
hostile_texts_come_back_whole(void)
{
	static const char *const names[] = {"\xff", "\"", "", "2001:db8::1"};
	struct event event;

	sample_event_fill("hostile", &event);
	json_t *root = json_check_sample(&format_ecs, "hostile");
	CU_ASSERT_TRUE(json_check_text(root, "message", event.message));
	CU_ASSERT_TRUE(json_check_text(root, "rule.name", event.rule_name));
	CU_ASSERT_TRUE(json_check_text(root, "destination.domain", event.domain));
	CU_ASSERT_TRUE(json_check_text(root, "tls.client.server_name", event.tls_server_name));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.name", event.name));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.capture", event.capture));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.zone", event.zone));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.subject", event.subject));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.flags.0", "\x02"));
	CU_ASSERT_TRUE(json_check_text(root, "destination.as.organization.name",
				       event.destination.as_organization));
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[32];
		snprintf(path, sizeof(path), "vigie.names.%u", i);
		CU_ASSERT_TRUE(json_check_text(root, path, names[i]));
	}
	/* Elasticsearch would refuse the whole message for an address that is none. */
	CU_ASSERT_PTR_NULL(json_check_at(root, "source.ip"));
	json_decref(root);
}

/* By class and sample. */
static void
receivers_find_the_kind_of_event(void)
{
	static const struct {
		const char *sample, *kind, *category, *type, *dataset, *stream, *action;
	} rows[] = {
		{"alert-ipv4", "alert", "intrusion_detection", "connection", "vigie.alert",
		 "vigie.alert", "data-export"},
		{"alert-served", "alert", "intrusion_detection", "connection", "vigie.alert",
		 "vigie.alert", "data-served"},
		{"finding", "alert", "configuration", NULL, "vigie.alert", "vigie.alert",
		 "governance-finding"},
		{"sensor", "alert", NULL, NULL, "vigie.sensor", "vigie.alert", "sensor-note"},
		{"sensor-start", "alert", NULL, "start", "vigie.sensor", "vigie.alert",
		 "sensor-note"},
		{"flow-judged", "event", NULL, "end", "vigie.flow", "vigie.flow", "network-flow"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *root = json_check_sample(&format_ecs, rows[i].sample);
		CU_ASSERT_TRUE(json_check_text(root, "event.kind", rows[i].kind));
		CU_ASSERT_TRUE(json_check_text(root, "event.dataset", rows[i].dataset));
		CU_ASSERT_TRUE(json_check_text(root, "data_stream.dataset", rows[i].stream));
		CU_ASSERT_TRUE(json_check_text(root, "event.action", rows[i].action));
		CU_ASSERT_TRUE(json_check_text(root, "event.category.1", rows[i].category));
		CU_ASSERT_TRUE(json_check_text(root, "event.type.1", rows[i].type));
		json_decref(root);
	}
}

static void
a_test_says_so(void)
{
	json_t *root = json_check_sample(&format_ecs, "test");

	CU_ASSERT_TRUE(json_is_true(json_check_at(root, "vigie.test")));
	CU_ASSERT_TRUE(json_check_text(root, "tags.0", "test"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(json_string_value(json_check_at(root, "event.reason")), "nothing happened"));
	json_decref(root);
	root = json_check_sample(&format_ecs, "sensor");
	CU_ASSERT_PTR_NULL(json_check_at(root, "vigie.test"));
	CU_ASSERT_PTR_NULL(json_check_at(root, "tags"));
	json_decref(root);
}

/* The technique is claimed where its form is there, and nowhere else. */
static void
the_technique_needs_an_export_to_storage_outside(void)
{
	static const struct {
		enum event_class class;
		const char *direction, *kind, *shape;
		bool test, claimed;
	} rows[] = {
		{EVENT_CLASS_ALERT, "egress", "object-storage", "export", false, true},
		{EVENT_CLASS_ALERT, "egress", "file-sharing", "bulk", false, true},
		{EVENT_CLASS_ALERT, "egress", "object-storage", "interactive", false, false},
		{EVENT_CLASS_ALERT, "egress", "mail", "export", false, false},
		{EVENT_CLASS_ALERT, "ingress", "object-storage", "export", false, false},
		{EVENT_CLASS_ALERT, "egress", "object-storage", "export", true, false},
		{EVENT_CLASS_FLOW, "egress", "object-storage", "export", false, false},
		{EVENT_CLASS_ALERT, NULL, NULL, NULL, false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event event = {.class = rows[i].class,
				      .direction = rows[i].direction,
				      .service_kind = rows[i].kind,
				      .shape = rows[i].shape,
				      .test = rows[i].test};
		CU_ASSERT_EQUAL(event_technique(&event) != NULL, rows[i].claimed);
	}
}

/* Lists go first, then what repeats something; which alert and which telling of it stay. */
static void
short_messages_keep_the_identity(void)
{
	struct format_context context = *sample_context();
	char message[FORMAT_LIMIT_MIN];
	struct event event;

	context.brief = true;
	sample_event_fill("alert-exception", &event);
	size_t len = format_ecs.write(&event, &context, message, sizeof(message));
	json_t *root = json_loadb(message, len, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_TRUE(json_check_text(root, "event.id", SAMPLE_ALERT_ID));
	CU_ASSERT_TRUE(json_check_number(root, "event.sequence", 42));
	CU_ASSERT_TRUE(json_check_text(root, "rule.id", "INT-USA"));
	CU_ASSERT_TRUE(json_check_text(root, "message", event.message));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.exception", "EXC-2026-004"));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.severity_before_exception", "medium"));
	CU_ASSERT_PTR_NULL(json_check_at(root, "vigie.steps"));
	CU_ASSERT_PTR_NULL(json_check_at(root, "related"));
	json_decref(root);
}

/* Half an identifier is another one; 48 bytes are kept in any case, more where there is room. */
static void
identifiers_are_whole_or_absent(void)
{
	struct format_context context = *sample_context();
	char message[FORMAT_JSON_BRIEF_MAX];

	context.brief = true;
	for (size_t len = 30; len < 300; len++) {
		struct event event;
		sample_event_longest(EVENT_CLASS_ALERT, 'a', len, &event);
		size_t written = format_ecs.write(&event, &context, message, sizeof(message));
		json_t *root = json_loadb(message, written, 0, NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(root);
		const json_t *zone = json_check_at(root, "vigie.zone");
		CU_ASSERT_TRUE(zone == NULL ? len > 48 : strlen(json_string_value(zone)) == len);
		json_decref(root);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"samples_look_like_their_golden_files", samples_look_like_their_golden_files},
		{"nothing_is_written_where_it_does_not_fit",
		 nothing_is_written_where_it_does_not_fit},
		{"the_longest_event_fits_in_short", the_longest_event_fits_in_short},
		{"hostile_texts_come_back_whole", hostile_texts_come_back_whole},
		{"receivers_find_the_kind_of_event", receivers_find_the_kind_of_event},
		{"a_test_says_so", a_test_says_so},
		{"the_technique_needs_an_export_to_storage_outside",
		 the_technique_needs_an_export_to_storage_outside},
		{"short_messages_keep_the_identity", short_messages_keep_the_identity},
		{"identifiers_are_whole_or_absent", identifiers_are_whole_or_absent},
	};
	return unit_run("format_ecs", cases, sizeof(cases) / sizeof(*cases));
}
