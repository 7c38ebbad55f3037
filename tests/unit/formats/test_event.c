/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/event.h"

#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "00112233445566778899aabbccddeeff"
#define ALERT "{\"event\":{\"kind\":\"alert\",\"id\":\"" ID "\"},"
#define RULE "\"rule\":{\"id\":\"R\"},\"message\":\"m\","

static struct event event;
static struct arena *arena;
static char why[256];

static int
parse(const char *line)
{
	arena_destroy(arena);
	arena = arena_create();
	return event_parse(line, strlen(line), arena, &event, why);
}

static void
every_member_of_an_alert_is_read(void)
{
	const struct event *e = line_event("alert-ipv4");

	CU_ASSERT_EQUAL(e->class, EVENT_CLASS_ALERT);
	CU_ASSERT_FALSE(e->test);
	CU_ASSERT_STRING_EQUAL(e->id, ID);
	CU_ASSERT_EQUAL(e->timestamp_ns, UINT64_C(1796112902123456789));
	CU_ASSERT_EQUAL(e->start_ns, UINT64_C(1796112902123456789));
	CU_ASSERT_EQUAL(e->end_ns, UINT64_C(1796144531000000001));
	CU_ASSERT_EQUAL(e->duration_ns, UINT64_C(31628876543212));
	CU_ASSERT_TRUE(e->has_severity);
	CU_ASSERT_EQUAL(e->severity, SEVERITY_INFORMATIONAL);
	CU_ASSERT_EQUAL(e->severity_before_exception, SEVERITY_MEDIUM);
	CU_ASSERT_STRING_EQUAL(e->rule_id, "INT-USA");
	CU_ASSERT_STRING_EQUAL(e->rule_name, "internal data towards us-direct");
	CU_ASSERT_EQUAL(strncmp(e->message, "Desktops sent", 13), 0);
	CU_ASSERT_STRING_EQUAL(e->transport, "tcp");
	CU_ASSERT_STRING_EQUAL(e->type, "ipv4");
	CU_ASSERT_STRING_EQUAL(e->protocol, "tls");
	CU_ASSERT_STRING_EQUAL(e->community_id, "1:X74kUDa5CPPU6+slhPuNzmTfmMo=");
	CU_ASSERT_TRUE(e->has_counts);
	CU_ASSERT_EQUAL(e->bytes, 527458712);
	CU_ASSERT_EQUAL(e->packets, 363276);
	CU_ASSERT_STRING_EQUAL(e->source.ip, "10.0.0.5");
	CU_ASSERT_TRUE(e->source.has_port);
	CU_ASSERT_EQUAL(e->source.port, 51000);
	CU_ASSERT_TRUE(e->source.has_counts);
	CU_ASSERT_EQUAL(e->source.bytes, 526361512);
	CU_ASSERT_EQUAL(e->source.packets, 362514);
	CU_ASSERT_EQUAL(e->source.as_number, 0);
	CU_ASSERT_STRING_EQUAL(e->destination.ip, "52.95.154.1");
	CU_ASSERT_EQUAL(e->destination.port, 443);
	CU_ASSERT_EQUAL(e->destination.bytes, 1097200);
	CU_ASSERT_EQUAL(e->destination.as_number, 16509);
	CU_ASSERT_STRING_EQUAL(e->destination.as_organization, "Amazon.com, Inc.");
	CU_ASSERT_STRING_EQUAL(e->destination.country, "FR");
	CU_ASSERT_STRING_EQUAL(e->domain, "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_STRING_EQUAL(e->tls_version, "1.3");
	CU_ASSERT_STRING_EQUAL(e->tls_server_name, "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_PTR_NULL(e->tls_ja4);
	CU_ASSERT_PTR_NULL(e->subject);
	CU_ASSERT_FALSE(e->has_vni);
}

static void
every_member_of_vigie_is_read(void)
{
	const struct event *e = line_event("alert-ipv4");

	CU_ASSERT_STRING_EQUAL(e->capture, "office.pcap");
	CU_ASSERT_STRING_EQUAL(e->flow_id, "0123456789abcdef");
	CU_ASSERT_STRING_EQUAL(e->day, "2026-12-01");
	CU_ASSERT_EQUAL(e->flows, 2);
	CU_ASSERT_STRING_EQUAL(e->host, "h-7f3a00c0ffee");
	CU_ASSERT_STRING_EQUAL(e->exception, "EXC-2026-004");
	CU_ASSERT_STRING_EQUAL(e->zone, "bureautique");
	CU_ASSERT_STRING_EQUAL(e->zone_owner, "DSI");
	CU_ASSERT_STRING_EQUAL(e->data_class, "internal");
	CU_ASSERT_STRING_EQUAL(e->direction, "egress");
	CU_ASSERT_STRING_EQUAL(e->name, "bulk.s3.amazonaws.com");
	CU_ASSERT_STRING_EQUAL(e->name_source, "dns");
	CU_ASSERT_STRING_EQUAL(e->evidence_name, "bulk.s3.amazonaws.com");
	CU_ASSERT_STRING_EQUAL(e->operator_id, "aws");
	CU_ASSERT_STRING_EQUAL(e->host_operator, "aws");
	CU_ASSERT_STRING_EQUAL(e->service, "s3");
	CU_ASSERT_STRING_EQUAL(e->service_kind, "object-storage");
	CU_ASSERT_STRING_EQUAL(e->region, "eu-west-3");
	CU_ASSERT_STRING_EQUAL(e->region_country, "FR");
	CU_ASSERT_STRING_EQUAL(e->tenancy, "aws-open-data");
	CU_ASSERT_STRING_EQUAL(e->exposure, "us-direct");
	CU_ASSERT_STRING_EQUAL(e->confidence, "high");
	CU_ASSERT_STRING_EQUAL(e->shape, "bulk");
	CU_ASSERT_EQUAL(e->payload_out, 507510784);
	CU_ASSERT_EQUAL(e->payload_in, 1057576);
	CU_ASSERT_TRUE(e->more_names);
	CU_ASSERT_EQUAL_FATAL(e->names.count, 2);
	CU_ASSERT_STRING_EQUAL(e->names.words[1], "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_EQUAL_FATAL(e->exceptions_of_part.count, 2);
	CU_ASSERT_STRING_EQUAL(e->exceptions_of_part.words[1], "EXC-S");
	CU_ASSERT_EQUAL(e->exceptions_ended.count, 1);
	CU_ASSERT_EQUAL(e->evidence.count, 3);
	CU_ASSERT_EQUAL(e->disagree.count, 1);
	CU_ASSERT_EQUAL_FATAL(e->flags.count, 2);
	CU_ASSERT_STRING_EQUAL(e->flags.words[0], "night");
	CU_ASSERT_EQUAL_FATAL(e->step_count, 2);
	CU_ASSERT_STRING_EQUAL(e->steps[1].step, "exception");
	CU_ASSERT_STRING_EQUAL(e->steps[1].before, "medium");
	CU_ASSERT_STRING_EQUAL(e->steps[1].after, "informational");
}

static void
each_class_is_told_from_the_others(void)
{
	static const struct {
		const char *name;
		enum event_class class;
		bool test;
	} rows[] = {
		{"alert-ipv6", EVENT_CLASS_ALERT, false}, {"served", EVENT_CLASS_ALERT, false},
		{"finding", EVENT_CLASS_FINDING, false},  {"sensor", EVENT_CLASS_SENSOR, false},
		{"test", EVENT_CLASS_SENSOR, true},       {"flow", EVENT_CLASS_FLOW, false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct event *e = line_event(rows[i].name);
		CU_ASSERT_EQUAL(e->class, rows[i].class);
		CU_ASSERT_EQUAL(e->test, rows[i].test);
	}
}

static void
a_flow_is_known_by_its_flow_id(void)
{
	const struct event *e = line_event("flow");

	CU_ASSERT_STRING_EQUAL(e->id, "0123456789abcdef");
	CU_ASSERT_EQUAL(e->flow_seq, 3);
	CU_ASSERT_TRUE(e->final);
	CU_ASSERT_TRUE(e->has_severity);
	CU_ASSERT_EQUAL(parse("{\"event\":{\"kind\":\"event\"}}"), 0);
	CU_ASSERT_PTR_NULL(event.id);
	CU_ASSERT_FALSE(event.has_severity);
	CU_ASSERT_FALSE(event.final);
}

static void
tunnel_and_far_end_of_the_other_side_are_read(void)
{
	const struct event *e = line_event("alert-ipv6");

	CU_ASSERT_STRING_EQUAL(e->vlan_id, "12");
	CU_ASSERT_STRING_EQUAL(e->inner_vlan_id, "600");
	CU_ASSERT_TRUE(e->has_vni);
	CU_ASSERT_EQUAL(e->vni, 4097);
	CU_ASSERT_STRING_EQUAL(e->tls_ja4, "q13d0310h3_55b375c5d22e_cd85d2d88918");
	CU_ASSERT_STRING_EQUAL(e->tls_next_protocol, "h3");
	CU_ASSERT_TRUE(e->tls_resumed);
	CU_ASSERT_EQUAL(e->other_names, 2);
	CU_ASSERT_STRING_EQUAL(e->inner_source.ip, "2001:db8::9");
	CU_ASSERT_EQUAL(e->inner_source.port, 40000);
	CU_ASSERT_PTR_NULL(e->inner_destination.ip);
	CU_ASSERT_TRUE(e->inner_destination.has_port);
	CU_ASSERT_STRING_EQUAL(e->outer_source.ip, "2001:db8::a");
	CU_ASSERT_STRING_EQUAL(e->outer_destination.ip, "2a00:1450:4007:80e::9");
	CU_ASSERT_STRING_EQUAL(e->tunnel, "6in6");
	CU_ASSERT_STRING_EQUAL(e->protocol_category, "cloud");
	CU_ASSERT_EQUAL(e->risks.count, 2);
	CU_ASSERT_STRING_EQUAL(e->risks.words[0], "tls-certificate-expired");
	e = line_event("served");
	CU_ASSERT_EQUAL(e->source.as_number, 64501);
	CU_ASSERT_STRING_EQUAL(e->source.country, "DE");
	CU_ASSERT_PTR_NULL(e->destination.ip);
	CU_ASSERT_TRUE(e->destination.has_port);
}

static void
an_exception_that_changed_nothing_leaves_both_severities_alike(void)
{
	const struct event *e = line_event("served");

	CU_ASSERT_EQUAL(e->severity_before_exception, SEVERITY_MEDIUM);
	CU_ASSERT_EQUAL(e->severity, SEVERITY_MEDIUM);
}

static void
a_nul_becomes_a_replacement_character(void)
{
	CU_ASSERT_EQUAL_FATAL(parse(ALERT "\"rule\":{\"id\":\"R\"},\"message\":\"\\u0000a\\u0000\","
					  "\"vigie\":{\"severity\":\"low\"}}"),
			      0);
	CU_ASSERT_STRING_EQUAL(event.message, "\xef\xbf\xbd"
					      "a\xef\xbf\xbd");
}

static void
order_and_strangers_do_not_matter(void)
{
	CU_ASSERT_EQUAL_FATAL(parse("{\"vigie\":{\"zone\":\"z\",\"of_tomorrow\":[1],\"severity\":"
				    "\"high\",\"day\":"
				    "\"d\"},\"x\":{\"event\":7},\"message\":\"m\",\"rule\":{"
				    "\"name\":\"n\",\"id\":"
				    "\"GOV-X\"},\"event\":{\"id\":\"" ID "\",\"kind\":\"alert\"}}"),
			      0);
	CU_ASSERT_EQUAL(event.class, EVENT_CLASS_FINDING);
	CU_ASSERT_STRING_EQUAL(event.zone, "z");
	CU_ASSERT_STRING_EQUAL(event.day, "d");
	CU_ASSERT_STRING_EQUAL(event.rule_name, "n");
	CU_ASSERT_EQUAL(event.severity, SEVERITY_HIGH);
}

static void
what_is_no_event_is_refused_with_its_reason(void)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
		{"", "no JSON"},
		{"x", "no JSON"},
		{"{}{}", "no JSON"},
		{"[]", "expected an object"},
		{"{}", "`event.kind` is neither"},
		{"{\"event\":{\"kind\":\"metric\"}}", "`event.kind` is neither"},
		{"{\"event\":7}", "`event` is no object"},
		{"{\"event\":{\"kind\":\"alert\"}}", "`event.id` is not 32"},
		{ALERT "\"vigie\":{\"severity\":\"low\"}}", "lacks"},
		{ALERT RULE "\"vigie\":{}}", "lacks"},
		{ALERT RULE "\"vigie\":{\"severity\":\"grave\"}}", "`severity` is no severity"},
		{ALERT RULE "\"vigie\":{\"severity\":3}}", "`severity` is no text"},
		{ALERT RULE "\"vigie\":{\"flows\":-1}}", "`flows` is no count"},
		{ALERT RULE "\"vigie\":{\"flows\":1.5}}", "`flows` is no count"},
		{ALERT RULE "\"vigie\":{\"flows\":9223372036854775808}}", "no JSON"},
		{ALERT RULE "\"vigie\":{\"final\":1}}", "`final` is neither true nor false"},
		{ALERT RULE "\"vigie\":{\"steps\":[[]]}}", "a step lacks"},
		{ALERT RULE "\"vigie\":{\"names\":[1]}}", "`names` holds something"},
		{ALERT "\"source\":{\"port\":65536}}", "`port` is no port"},
		{ALERT "\"source\":{\"port\":\"80\"}}", "`port` is no port"},
		{ALERT "\"source\":{\"as\":[]}}", "`as` is no object"},
		{ALERT "\"@timestamp\":\"yesterday\"}", "`@timestamp` is no time"},
		{ALERT "\"@timestamp\":5}", "`@timestamp` is no time"},
		{ALERT RULE "\"message\":\"twice\"}", "no JSON"},
		{ALERT "\"message\":\"\xff\"}", "no JSON"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_EQUAL(parse(rows[i].line), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].why));
		if (strstr(why, rows[i].why) == NULL)
			printf("# %s\n# %s\n", rows[i].line, why);
	}
}

static void
lists_and_lines_are_bounded(void)
{
	static char line[EVENT_LINE_MAX + 2];
	size_t len =
		strlen(strcpy(line, ALERT RULE "\"vigie\":{\"severity\":\"low\",\"flags\":[\"a\""));

	for (unsigned i = 1; i < EVENT_WORDS_MAX; i++)
		len += strlen(strcpy(line + len, ",\"a\""));
	strcpy(line + len, "]}}");
	CU_ASSERT_EQUAL(parse(line), 0);
	CU_ASSERT_EQUAL(event.flags.count, EVENT_WORDS_MAX);
	strcpy(line + len, ",\"a\"]}}");
	CU_ASSERT_EQUAL(parse(line), -EINVAL);
	memset(line, ' ', EVENT_LINE_MAX + 1);
	memcpy(line, "{\"event\":{\"kind\":\"event\"}}", 26);
	CU_ASSERT_EQUAL(parse(line), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "more than 65536 bytes"));
	line[EVENT_LINE_MAX] = '\0';
	CU_ASSERT_EQUAL(parse(line), 0);
	memset(line, '[', EVENT_LINE_MAX);
	CU_ASSERT_EQUAL(parse(line), -EINVAL);
}

static void
cleaning_reaches_every_text(void)
{
	static const char unit[] = "\x1b";
	struct event e = *line_event_longest(unit, 5);
	struct arena *own = arena_create();

	CU_ASSERT_EQUAL_FATAL(event_clean(&e, own), 0);
	const char *clean = "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd";
	CU_ASSERT_STRING_EQUAL(e.message, clean);
	CU_ASSERT_STRING_EQUAL(e.rule_id, clean);
	CU_ASSERT_STRING_EQUAL(e.source.ip, clean);
	CU_ASSERT_STRING_EQUAL(e.destination.as_organization, clean);
	CU_ASSERT_STRING_EQUAL(e.tls_ja4, clean);
	CU_ASSERT_STRING_EQUAL(e.inner_vlan_id, clean);
	CU_ASSERT_STRING_EQUAL(e.subject, clean);
	CU_ASSERT_STRING_EQUAL(e.names.words[EVENT_WORDS_MAX - 1], clean);
	CU_ASSERT_STRING_EQUAL(e.steps[EVENT_STEPS_MAX - 1].after, clean);
	CU_ASSERT_STRING_EQUAL(e.id, ID);
	arena_destroy(own);
}

static void
what_is_clean_stays_as_it_is(void)
{
	struct event e = *line_event("alert-ipv6"), before = e;

	CU_ASSERT_EQUAL(event_clean(&e, NULL), 0);
	CU_ASSERT_EQUAL(memcmp(&e, &before, sizeof(e)), 0);
}

static void
an_event_is_told_when_it_was_written_down(void)
{
	struct event e = {.timestamp_ns = 1};

	CU_ASSERT_EQUAL(event_time_ns(&e), 1);
	e.start_ns = 2;
	CU_ASSERT_EQUAL(event_time_ns(&e), 2);
	e.end_ns = 3;
	CU_ASSERT_EQUAL(event_time_ns(&e), 3);
	CU_ASSERT_EQUAL(event_told_ns(&e), 3);
	e.recorded_ns = 4;
	CU_ASSERT_EQUAL(event_time_ns(&e), 3);
	CU_ASSERT_EQUAL(event_told_ns(&e), 4);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_member_of_an_alert_is_read", every_member_of_an_alert_is_read},
		{"every_member_of_vigie_is_read", every_member_of_vigie_is_read},
		{"each_class_is_told_from_the_others", each_class_is_told_from_the_others},
		{"a_flow_is_known_by_its_flow_id", a_flow_is_known_by_its_flow_id},
		{"tunnel_and_far_end_of_the_other_side_are_read",
		 tunnel_and_far_end_of_the_other_side_are_read},
		{"an_exception_that_changed_nothing_leaves_both_severities_alike",
		 an_exception_that_changed_nothing_leaves_both_severities_alike},
		{"a_nul_becomes_a_replacement_character", a_nul_becomes_a_replacement_character},
		{"order_and_strangers_do_not_matter", order_and_strangers_do_not_matter},
		{"what_is_no_event_is_refused_with_its_reason",
		 what_is_no_event_is_refused_with_its_reason},
		{"lists_and_lines_are_bounded", lists_and_lines_are_bounded},
		{"cleaning_reaches_every_text", cleaning_reaches_every_text},
		{"an_event_is_told_when_it_was_written_down",
		 an_event_is_told_when_it_was_written_down},
		{"what_is_clean_stays_as_it_is", what_is_clean_stays_as_it_is},
	};
	int status = unit_run("event", cases, sizeof(cases) / sizeof(*cases));

	arena_destroy(arena);
	return status;
}
