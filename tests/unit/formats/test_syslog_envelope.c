/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/syslog_envelope.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

static const char *
framed(const struct event *event, const struct format_context *context)
{
	return line_event_message(&format_cef, true, event, context);
}

static bool
begins(const char *text, const char *with)
{
	bool good = strncmp(text, with, strlen(with)) == 0;

	if (!good)
		printf("# %.120s\n", text);
	return good;
}

static void
other_formats_stand_behind_a_bare_header(void)
{
	const char *text = framed(line_event("alert-ipv6"), line_event_context());

	CU_ASSERT(begins(text, "<163>1 2026-12-01T08:16:02.123Z sensor-1.phares.example vigie 4711 "
			       "ECO-USA+R9 - CEF:0|vigie|vigie|0.1.0|ECO-USA+R9|"));
	CU_ASSERT(golden_matches("formats/syslog/cef-in-envelope.txt", text, strlen(text)));
}

static void
priority_is_facility_and_severity(void)
{
	static const struct {
		enum severity severity;
		unsigned facility;
		const char *priority;
	} rows[] = {
		{SEVERITY_INFORMATIONAL, 20, "<166>1 "}, {SEVERITY_LOW, 20, "<165>1 "},
		{SEVERITY_MEDIUM, 20, "<164>1 "},        {SEVERITY_HIGH, 20, "<163>1 "},
		{SEVERITY_CRITICAL, 20, "<162>1 "},      {SEVERITY_CRITICAL, 0, "<2>1 "},
		{SEVERITY_INFORMATIONAL, 23, "<190>1 "},
	};
	struct event event = *line_event("flow");
	struct format_context context = *line_event_context();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		event.severity = rows[i].severity;
		context.facility = rows[i].facility;
		CU_ASSERT(begins(framed(&event, &context), rows[i].priority));
	}
	event.has_severity = false;
	context.facility = 20;
	CU_ASSERT(begins(framed(&event, &context), "<166>1 "));
}

/* RFC 5424 6: NILVALUE for what is not known, printable ASCII alone, each field bounded. */
static void
header_fields_keep_to_the_rules(void)
{
	struct event event = {.class = EVENT_CLASS_FLOW};
	struct format_context context = {.version = "1", .facility = 20};
	char sensor[301], expected[512];

	CU_ASSERT(begins(framed(&event, &context), "<166>1 - - vigie - FLOW - CEF:0|"));
	context.sensor = "";
	CU_ASSERT(begins(framed(&event, &context), "<166>1 - - vigie - FLOW - CEF:0|"));
	context.sensor = "h\xc3\xb4te 1\n";
	CU_ASSERT(begins(framed(&event, &context), "<166>1 - h__te_1_ vigie - FLOW - CEF:0|"));
	memset(sensor, 's', 300);
	sensor[300] = '\0';
	context.sensor = event.rule_id = sensor;
	snprintf(expected, sizeof(expected), "<166>1 - %.255s vigie - %.32s - CEF:0|", sensor,
		 sensor);
	CU_ASSERT(begins(framed(&event, &context), expected));
}

static void
the_time_is_of_the_latest_packet_and_has_three_digits(void)
{
	struct event event = {.timestamp_ns = UINT64_C(1796112902123999999)};

	CU_ASSERT(begins(framed(&event, line_event_context()), "<166>1 2026-12-01T08:15:02.123Z "));
	event.start_ns = 1;
	CU_ASSERT(begins(framed(&event, line_event_context()), "<166>1 1970-01-01T00:00:00.000Z "));
	event.end_ns = UINT64_MAX;
	CU_ASSERT(begins(framed(&event, line_event_context()), "<166>1 2554-07-21T23:34:33.709Z "));
}

static void
registered_elements_go_along_with_fields(void)
{
	struct event event = *line_event("finding");
	struct format_context context = *line_event_context();
	const char *text = line_event_message(&format_syslog, true, &event, &context);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, " GOV-EXC-EXPIRED [origin software=\"vigie\" "
					    "swVersion=\"0.1.0\"][meta sequenceId=\"42\"]"
					    "[vigie@32473 id=\"ffee"));
	context.enterprise_number = 4242;
	text = line_event_message(&format_syslog, true, &event, &context);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " enterpriseId=\"4242\"][meta "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "[vigie@4242 "));
	event.sequence = 0;
	text = line_event_message(&format_syslog, true, &event, &context);
	CU_ASSERT_PTR_NULL(strstr(text, "[meta"));
}

/* RFC 5424 7.3.1: behind 2147483647 comes 1. */
static void
sequence_ids_begin_again(void)
{
	static const struct {
		uint64_t sequence;
		const char *part;
	} rows[] = {
		{1, "[meta sequenceId=\"1\"]"},
		{2147483647, "[meta sequenceId=\"2147483647\"]"},
		{2147483648, "[meta sequenceId=\"1\"]"},
		{UINT64_MAX, "[meta sequenceId=\"3\"]"},
	};
	struct event event = *line_event("finding");

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		event.sequence = rows[i].sequence;
		CU_ASSERT_PTR_NOT_NULL(strstr(
			line_event_message(&format_syslog, true, &event, line_event_context()),
			rows[i].part));
	}
}

static void
what_does_not_fit_is_not_begun(void)
{
	static char out[FORMAT_MESSAGE_MAX];
	const struct event *event = line_event("alert-ipv6");
	size_t len =
		syslog_envelope_write(&format_cef, event, line_event_context(), out, sizeof(out));

	CU_ASSERT(len > 0);
	for (size_t size = 0; size < len; size++)
		CU_ASSERT_EQUAL_FATAL(
			syslog_envelope_write(&format_cef, event, line_event_context(), out, size),
			0);
	CU_ASSERT_EQUAL(syslog_envelope_write(&format_cef, event, line_event_context(), out, len),
			len);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"other_formats_stand_behind_a_bare_header",
		 other_formats_stand_behind_a_bare_header},
		{"priority_is_facility_and_severity", priority_is_facility_and_severity},
		{"header_fields_keep_to_the_rules", header_fields_keep_to_the_rules},
		{"the_time_is_of_the_latest_packet_and_has_three_digits",
		 the_time_is_of_the_latest_packet_and_has_three_digits},
		{"registered_elements_go_along_with_fields",
		 registered_elements_go_along_with_fields},
		{"sequence_ids_begin_again", sequence_ids_begin_again},
		{"what_does_not_fit_is_not_begun", what_does_not_fit_is_not_begun},
	};
	return unit_run("syslog_envelope", cases, sizeof(cases) / sizeof(*cases));
}
