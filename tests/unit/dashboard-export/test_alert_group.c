/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_group.h"

#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)

static struct sample_flow sample;

/* The sample upload, so many seconds later, with a severity of its own. */
static const struct sample_flow *
upload(int64_t seconds, enum severity before, enum severity after)
{
	static uint64_t ids;

	sample_upload_init(&sample);
	sample.record.flow_id = ++ids;
	sample.record.start_ns += (uint64_t)(seconds * (int64_t)SECOND);
	sample.record.end_ns += (uint64_t)(seconds * (int64_t)SECOND);
	sample.verdict.severity_before_exception = before;
	sample.verdict.severity = after;
	return &sample;
}

static void
flows_are_summed(void)
{
	struct alert alert;

	sample_alert_init(&alert, upload(0, SEVERITY_HIGH, SEVERITY_HIGH));
	sample_alert_add(&alert, upload(10, SEVERITY_HIGH, SEVERITY_HIGH));
	CU_ASSERT_EQUAL(alert.flows, 2);
	CU_ASSERT_EQUAL(alert.up, 2 * sample.record.from_source.payload);
	CU_ASSERT_EQUAL(alert.down, 2 * sample.record.from_destination.payload);
	CU_ASSERT_EQUAL(alert.from_inside.bytes, 2 * sample.record.from_source.bytes);
	CU_ASSERT_EQUAL(alert.from_outside.packets, 2 * sample.record.from_destination.packets);
	CU_ASSERT_EQUAL(alert.end_ns, sample.record.end_ns);
	CU_ASSERT_EQUAL(alert.start_ns, sample.record.start_ns - 10 * SECOND);
	alert_fini(&alert);
}

/* What was told before is not added again, and the flow is not counted again. */
static void
only_what_is_fresh_is_added(void)
{
	struct flow_fresh fresh = {.from_source = {1, 100, 48}};
	struct alert alert;

	sample_alert_init(&alert, upload(0, SEVERITY_HIGH, SEVERITY_HIGH));
	uint64_t up = alert.up;
	CU_ASSERT_EQUAL(alert_add_flow(&alert, &sample.flow, &fresh), 0);
	CU_ASSERT_EQUAL(alert.flows, 1);
	CU_ASSERT_EQUAL(alert.up, up + 48);
	CU_ASSERT_EQUAL(alert.names[0].up, up + 48);
	CU_ASSERT_EQUAL(alert.name_count, 1);
	alert_fini(&alert);
}

/* Flows end in another order than they began; the answer depends on none of it. */
static void
the_first_flow_is_the_one_that_began_first(void)
{
	struct alert alert;

	sample_alert_init(&alert, upload(5, SEVERITY_HIGH, SEVERITY_HIGH));
	(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
	sample.flow.capture = "earlier.pcap";
	sample.record.source_port = 4444;
	sample_alert_add(&alert, &sample);
	sample_alert_add(&alert, upload(9, SEVERITY_HIGH, SEVERITY_HIGH));
	CU_ASSERT_EQUAL(alert.first->source_port, 4444);
	CU_ASSERT_STRING_EQUAL(alert.capture, "earlier.pcap");
	alert_fini(&alert);
}

/* Without a name, what a proxy was asked for stands for the far end: never the proxy's address. */
static void
an_address_asked_of_a_proxy_stands_for_the_name(void)
{
	struct ip_address asked;
	struct alert alert;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse("203.0.113.44", &asked), 0);
	(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
	sample.flow.name = NULL;
	sample.flow.asked = &asked;
	sample.flow.inner.destination_inside = true;
	sample_alert_init(&alert, &sample);
	CU_ASSERT_EQUAL_FATAL(alert.name_count, 1);
	CU_ASSERT_STRING_EQUAL(alert.names[0].name, "203.0.113.44");
	CU_ASSERT_STRING_EQUAL(alert.highest->name, "203.0.113.44");
	CU_ASSERT_TRUE(alert.first_inner.destination_inside);
	alert_fini(&alert);
}

/* Starts and severities of three flows, in any order -> start of the one that is shown. */
static void
the_highest_flow_is_shown(void)
{
	static const struct {
		const char *why;
		struct {
			int64_t start;
			enum severity before, after;
		} flows[3];
		int64_t shown;
	} rows[] = {
		{"highest", {{0, 1, 1}, {1, 3, 3}, {2, 2, 2}}, 1},
		{"latest of equals", {{0, 3, 3}, {2, 3, 3}, {1, 3, 3}}, 2},
		{"no exception hides another flow", {{0, 2, 0}, {1, 2, 2}, {2, 2, 0}}, 1},
		{"nor a lower one", {{0, 3, 0}, {1, 2, 2}, {2, 1, 1}}, 1},
		{"of equals the highest before exceptions", {{0, 3, 1}, {1, 2, 1}, {2, 1, 1}}, 0},
	};
	static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (size_t o = 0; o < sizeof(orders) / sizeof(*orders); o++) {
			struct alert alert;
			alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
			for (unsigned f = 0; f < 3; f++) {
				unsigned n = orders[o][f];
				sample_alert_add(&alert, upload(rows[i].flows[n].start,
								rows[i].flows[n].before,
								rows[i].flows[n].after));
			}
			sample_upload_init(&sample);
			CU_ASSERT_EQUAL(alert.highest->start_ns - sample.record.start_ns,
					(uint64_t)rows[i].shown * SECOND);
			CU_ASSERT_EQUAL(alert_severity(&alert), rows[i].flows[rows[i].shown].after);
			CU_ASSERT_EQUAL(alert.highest->verdict.severity_before_exception,
					rows[i].flows[rows[i].shown].before);
			alert_fini(&alert);
		}
	}
}

/* Of the many flows that make no alert nothing but sums and the first is kept. */
static void
what_was_judged_below_the_minimum_is_not_kept(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_MEDIUM);
	sample_alert_add(&alert, upload(3, SEVERITY_LOW, SEVERITY_LOW));
	CU_ASSERT_FALSE(alert_reached_minimum(&alert));
	CU_ASSERT_PTR_NULL(alert.highest);
	sample_alert_add(&alert, upload(1, SEVERITY_MEDIUM, SEVERITY_LOW));
	sample_alert_add(&alert, upload(5, SEVERITY_LOW, SEVERITY_LOW));
	CU_ASSERT_TRUE(alert_reached_minimum(&alert));
	sample_upload_init(&sample);
	CU_ASSERT_EQUAL(alert.highest->start_ns - sample.record.start_ns, 1 * SECOND);
	CU_ASSERT_EQUAL(alert.first->start_ns - sample.record.start_ns, 1 * SECOND);
	CU_ASSERT_EQUAL(alert.flows, 3);
	alert_fini(&alert);
}

/* A flow that goes on says something else of itself than before. */
static void
a_later_record_of_the_highest_flow_replaces_it(void)
{
	struct flow_fresh nothing = {.first = false};
	struct alert alert;

	sample_alert_init(&alert, upload(0, SEVERITY_MEDIUM, SEVERITY_MEDIUM));
	sample.flow.shape = SHAPE_BULK;
	CU_ASSERT_EQUAL(alert_add_flow(&alert, &sample.flow, &nothing), 0);
	CU_ASSERT_EQUAL(alert.highest->shape, SHAPE_BULK);
	alert_fini(&alert);
}

static void
flags_are_those_of_all_flows(void)
{
	struct alert alert;

	(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
	sample.flow.flags = JUDGED_FLAG_NIGHT;
	sample_alert_init(&alert, &sample);
	(void)upload(1, SEVERITY_HIGH, SEVERITY_HIGH);
	sample.flow.flags = JUDGED_FLAG_LOW_SLOW;
	sample_alert_add(&alert, &sample);
	CU_ASSERT_EQUAL(alert.flags, JUDGED_FLAG_NIGHT | JUDGED_FLAG_LOW_SLOW);
	alert_fini(&alert);
}

static void
add_named(struct alert *alert, const char *name, uint64_t up)
{
	(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
	sample_flow_set_name(&sample, name, NAME_SOURCE_TLS_SNI);
	sample_flow_set_payload(&sample, up, 10);
	sample_alert_add(alert, &sample);
}

static bool
has_name(const struct alert *alert, const char *name)
{
	for (size_t i = 0; i < alert->name_count; i++) {
		if (strcmp(alert->names[i].name, name) == 0)
			return true;
	}
	return false;
}

/* One that comes last, one that comes first, and one that comes in small pieces among many. */
static void
of_many_names_the_largest_are_kept(void)
{
	struct alert alert;
	char name[64];

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	add_named(&alert, "first.example.com", 9000000);
	for (unsigned i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "host-%u.example.com", i);
		add_named(&alert, name, 2000);
		add_named(&alert, "small.example.com", 4000);
	}
	add_named(&alert, "last.example.com", 20000000);
	add_named(&alert, "nothing.example.com", 0);
	CU_ASSERT_EQUAL(alert.name_count, ALERT_NAMES_MAX);
	CU_ASSERT_TRUE(alert.more_names);
	CU_ASSERT(has_name(&alert, "first.example.com"));
	CU_ASSERT(has_name(&alert, "small.example.com"));
	CU_ASSERT_FALSE(has_name(&alert, "nothing.example.com"));
	CU_ASSERT_STRING_EQUAL(alert_largest_name(&alert)->name, "last.example.com");
	CU_ASSERT_EQUAL(alert_largest_name(&alert)->up, 20000000);
	alert_fini(&alert);
}

static void
names_are_kept_up_to_a_limit(void)
{
	struct alert alert;
	char name[64];

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	for (unsigned i = 0; i < 2 * ALERT_NAMES_MAX; i++) {
		(void)upload(i, SEVERITY_HIGH, SEVERITY_HIGH);
		snprintf(name, sizeof(name), "host-%u.example.com", i % (ALERT_NAMES_MAX + 3));
		sample.flow.name = name;
		sample_alert_add(&alert, &sample);
		CU_ASSERT_EQUAL(alert.more_names, i >= ALERT_NAMES_MAX);
	}
	CU_ASSERT_EQUAL(alert.name_count, ALERT_NAMES_MAX);
	CU_ASSERT_EQUAL(alert.flows, 2 * ALERT_NAMES_MAX);
	alert_fini(&alert);
}

/* Addresses stand for flows without a name, or with one that names nobody; on the way in, the name
 * is our own server's. */
static void
a_flow_without_a_name_counts_by_its_address(void)
{
	static const struct {
		const char *name;
		bool ingress, outer;
		const char *kept;
		enum name_source source;
	} rows[] = {
		{"drive.google.com", false, false, "drive.google.com", NAME_SOURCE_TLS_SNI},
		{NULL, false, false, "52.95.154.1", NAME_SOURCE_NONE},
		{"", false, false, "52.95.154.1", NAME_SOURCE_NONE},
		{"10.1.2.3", false, false, "52.95.154.1", NAME_SOURCE_NONE},
		{"www.phares.example", true, false, "52.95.154.1", NAME_SOURCE_NONE},
		{"cloudflare-ech.com", false, true, "52.95.154.1", NAME_SOURCE_NONE},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct alert alert;
		(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
		sample_flow_set_name(&sample, rows[i].name, NAME_SOURCE_TLS_SNI);
		if (rows[i].ingress)
			sample_flow_make_ingress(&sample);
		sample.flow.name_is_outer = rows[i].outer;
		sample_alert_init(&alert, &sample);
		CU_ASSERT_STRING_EQUAL(alert.names[0].name, rows[i].kept);
		CU_ASSERT_EQUAL(alert.names[0].source, rows[i].source);
		alert_fini(&alert);
	}
}

/* Up leaves the inside, whoever began; a group may have both. */
static void
served_flows_are_summed_the_other_way_round(void)
{
	struct alert alert;

	sample_alert_init(&alert, upload(0, SEVERITY_HIGH, SEVERITY_HIGH));
	uint64_t up = alert.up, down = alert.down;
	(void)upload(1, SEVERITY_HIGH, SEVERITY_HIGH);
	sample_flow_make_ingress(&sample);
	sample_flow_set_payload(&sample, 5000, 70);
	sample_alert_add(&alert, &sample);
	CU_ASSERT_EQUAL(alert.up, up + 5000);
	CU_ASSERT_EQUAL(alert.down, down + 70);
	CU_ASSERT_EQUAL(alert.from_inside.payload, up + 5000);
	CU_ASSERT_EQUAL(alert.direction, FLOW_DIRECTION_EGRESS);
	alert_fini(&alert);
}

/* Nothing of the flow is borrowed but what lives as long as policy and catalogue. */
static void
an_alert_outlives_its_flows(void)
{
	struct alert alert;
	char name[] = "drive.google.com", host[] = "h-7f3a00c0ffee", capture[] = "office.pcap";

	(void)upload(0, SEVERITY_HIGH, SEVERITY_HIGH);
	sample_flow_set_name(&sample, name, NAME_SOURCE_TLS_SNI);
	sample.flow.host = host;
	sample.flow.capture = capture;
	sample_alert_init(&alert, &sample);
	memset(&sample, 0xff, sizeof(sample));
	memset(name, 'x', sizeof(name) - 1);
	memset(host, 'x', sizeof(host) - 1);
	memset(capture, 'x', sizeof(capture) - 1);
	CU_ASSERT_STRING_EQUAL(alert.names[0].name, "drive.google.com");
	CU_ASSERT_STRING_EQUAL(alert.host, "h-7f3a00c0ffee");
	CU_ASSERT_STRING_EQUAL(alert.capture, "office.pcap");
	CU_ASSERT_PTR_EQUAL(alert.highest->attribution.owner, &sample_aws);
	CU_ASSERT_STRING_EQUAL(alert.highest->verdict.rule_id, "ECO-USA");
	alert_fini(&alert);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"flows_are_summed", flows_are_summed},
		{"only_what_is_fresh_is_added", only_what_is_fresh_is_added},
		{"the_first_flow_is_the_one_that_began_first",
		 the_first_flow_is_the_one_that_began_first},
		{"the_highest_flow_is_shown", the_highest_flow_is_shown},
		{"an_address_asked_of_a_proxy_stands_for_the_name",
		 an_address_asked_of_a_proxy_stands_for_the_name},
		{"what_was_judged_below_the_minimum_is_not_kept",
		 what_was_judged_below_the_minimum_is_not_kept},
		{"a_later_record_of_the_highest_flow_replaces_it",
		 a_later_record_of_the_highest_flow_replaces_it},
		{"flags_are_those_of_all_flows", flags_are_those_of_all_flows},
		{"of_many_names_the_largest_are_kept", of_many_names_the_largest_are_kept},
		{"names_are_kept_up_to_a_limit", names_are_kept_up_to_a_limit},
		{"a_flow_without_a_name_counts_by_its_address",
		 a_flow_without_a_name_counts_by_its_address},
		{"served_flows_are_summed_the_other_way_round",
		 served_flows_are_summed_the_other_way_round},
		{"an_alert_outlives_its_flows", an_alert_outlives_its_flows},
	};
	return unit_run("alert_group", cases, sizeof(cases) / sizeof(*cases));
}
