/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <string.h>

static const char *
told(const struct event *event)
{
	return line_event_message(&format_cef, false, event, line_event_context());
}

static void
messages_are_those_of_the_golden_files(void)
{
	CU_ASSERT(line_event_all_match(&format_cef, false, "cef"));
}

/* By the standard's letter an upload is `in`, by most vendors' use `out`. */
static void
the_setting_says_where_an_upload_goes(void)
{
	struct format_context context = *line_event_context();
	const struct event *event = line_event("flow");

	CU_ASSERT_PTR_NOT_NULL(strstr(told(event), " in=25092 out=108752504 "));
	context.upload = FORMAT_UPLOAD_IN;
	const char *text = line_event_message(&format_cef, false, event, &context);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " in=108752504 out=25092 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " cn2=104857600 cn2Label=UploadBytes "));
}

/* Who serves sends as the destination. */
static void
the_upload_of_what_is_served_is_the_destinations(void)
{
	const char *text = told(line_event("served"));

	CU_ASSERT_PTR_NOT_NULL(strstr(text, " in=908 out=87002024 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " deviceDirection=0 "));
	CU_ASSERT_PTR_NULL(strstr(text, " shost="));
	CU_ASSERT_PTR_NULL(strstr(text, " dst="));
}

static void
addresses_go_where_their_version_belongs(void)
{
	const char *text = told(line_event("alert-ipv6"));

	CU_ASSERT_PTR_NOT_NULL(strstr(text, " c6a2=fd00::5 c6a2Label=Source IPv6 Address "));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, " c6a3=2001:db8:cafe::80 c6a3Label=Destination IPv6 Address "));
	CU_ASSERT_PTR_NULL(strstr(text, " src="));
	CU_ASSERT_PTR_NULL(strstr(text, " dst="));
	text = told(line_event("flow"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " src=10.0.0.5 "));
	CU_ASSERT_PTR_NULL(strstr(text, "c6a"));
}

static void
several_flows_are_an_aggregated_event(void)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(told(line_event("alert-ipv4")), " type=1 cnt=2 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(told(line_event("served")), " cnt=1 "));
	CU_ASSERT_PTR_NULL(strstr(told(line_event("served")), " type="));
	CU_ASSERT_PTR_NULL(strstr(told(line_event("finding")), " cnt="));
}

static void
severities_are_those_of_the_standard(void)
{
	static const struct {
		const char *name, *part;
	} rows[] = {
		{"alert-ipv4", "|internal data towards us-direct|1|"},
		{"flow", "|Network flow judged|3|"},
		{"finding", "|5|"},
		{"alert-ipv6", "|8|"},
		{"hostile", "|10|"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(told(line_event(rows[i].name)), rows[i].part));
	struct event flow = *line_event("flow");
	flow.has_severity = false;
	flow.rule_id = flow.message = NULL;
	CU_ASSERT_PTR_NOT_NULL(strstr(told(&flow), "|FLOW|Network flow|0|"));
	CU_ASSERT_PTR_NOT_NULL(strstr(told(&flow), " msg=tcp flow from 10.0.0.5 to 52.95.154.1 ("));
}

static void
values_keep_to_the_limits_of_the_standard(void)
{
	static const struct {
		const char *key;
		size_t max_len;
	} rows[] = {
		{" externalId=", 40}, {" dhost=", 1023},       {" destinationDnsDomain=", 255},
		{" proto=", 31},      {" app=", 31},           {" cs1=", 4000},
		{" cs5=", 4000},      {" flexString1=", 1023}, {" reason=", 1023},
		{" msg=", 1023},      {" dvchost=", 100},      {" deviceExternalId=", 255},
	};
	struct format_context context = *line_event_context();
	char sensor[301];

	memset(sensor, 's', 300);
	sensor[300] = '\0';
	context.sensor = context.version = sensor;
	const char *text =
		line_event_message(&format_cef, false, line_event_longest("xy.", 6000), &context);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value = strstr(text, rows[i].key);
		CU_ASSERT_PTR_NOT_NULL_FATAL(value);
		value += strlen(rows[i].key);
		CU_ASSERT(strcspn(value, " ") <= rows[i].max_len);
	}
	CU_ASSERT_EQUAL(strcspn(text + strlen("CEF:0|vigie|vigie|"), "|"), 31);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"messages_are_those_of_the_golden_files", messages_are_those_of_the_golden_files},
		{"the_setting_says_where_an_upload_goes", the_setting_says_where_an_upload_goes},
		{"the_upload_of_what_is_served_is_the_destinations",
		 the_upload_of_what_is_served_is_the_destinations},
		{"addresses_go_where_their_version_belongs",
		 addresses_go_where_their_version_belongs},
		{"several_flows_are_an_aggregated_event", several_flows_are_an_aggregated_event},
		{"severities_are_those_of_the_standard", severities_are_those_of_the_standard},
		{"values_keep_to_the_limits_of_the_standard",
		 values_keep_to_the_limits_of_the_standard},
	};
	return unit_run("format_cef", cases, sizeof(cases) / sizeof(*cases));
}
