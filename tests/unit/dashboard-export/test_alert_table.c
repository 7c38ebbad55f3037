/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_table.h"

#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)

/* What the table has handed on, in that order. */
#define HEARD_MAX 64

struct heard {
	char id[ALERT_ID_LEN + 1];
	char rule[VERDICT_RULE_MAX + 8];
	char host[32];
	enum severity severity;
	uint64_t flows, start_ns, end_ns;
};

static struct {
	struct heard alerts[HEARD_MAX];
	size_t count;
	int answer;
} receiver;

static int
receive(void *context, const struct alert *alert)
{
	struct heard *h = &receiver.alerts[receiver.count < HEARD_MAX ? receiver.count : 0];

	CU_ASSERT_PTR_EQUAL(context, &receiver);
	CU_ASSERT(alert_reached_minimum(alert));
	receiver.count++;
	strcpy(h->id, alert->id);
	snprintf(h->rule, sizeof(h->rule), "%s", alert_rule_id(alert));
	snprintf(h->host, sizeof(h->host), "%s", alert->host != NULL ? alert->host : "");
	h->severity = alert_severity(alert);
	h->flows = alert->flows;
	h->start_ns = alert->start_ns;
	h->end_ns = alert->end_ns;
	return receiver.answer;
}

static struct alert_table *
create_table(uint32_t max_alerts, bool live)
{
	struct alert_table_config config = {
		.minimum = SEVERITY_LOW,
		.max_alerts = max_alerts,
		.live = live,
		.on_alert = receive,
		.context = &receiver,
	};

	receiver.count = 0;
	receiver.answer = 0;
	site_key_public(&config.key);
	struct alert_table *t = alert_table_create(&config);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	return t;
}

static struct sample_flow sample;

/* The sample upload of a host, so many seconds later. */
static struct sample_flow *
upload(const char *host, uint64_t seconds, enum severity severity)
{
	static uint64_t ids;

	sample_upload_init(&sample);
	sample.record.flow_id = ++ids;
	sample.record.start_ns += seconds * SECOND;
	sample.record.end_ns += seconds * SECOND;
	sample.flow.host = host;
	sample.verdict.severity = sample.verdict.severity_before_exception = severity;
	return &sample;
}

static int
add(struct alert_table *table, const struct sample_flow *flow)
{
	struct flow_fresh fresh = sample_fresh(flow);

	return alert_table_add(table, &flow->flow, &fresh);
}

static struct judged_finding
finding_of(const char *subject)
{
	return (struct judged_finding){
		.rule = rule_book_finding(sample_rules(), "GOV-EXC-EXPIRED"),
		.subject = subject,
		.message = "It ended.",
		.time_ns = 5 * SECOND,
		.day = SAMPLE_DAY,
	};
}

/* HMAC-SHA-256 of the parts by Python's hmac module, under the public key. */
static void
ids_are_the_first_16_bytes_of_the_hmac(void)
{
	struct judged_finding finding = finding_of("EXC-2025-011");
	struct alert_table *t = create_table(8, false);

	CU_ASSERT_EQUAL(add(t, upload("h-7f3a00c0ffee", 0, SEVERITY_HIGH)), 0);
	(void)upload("h-7f3a00c0ffee", 1, SEVERITY_HIGH);
	sample.attribution = (struct attribution){.exposure = EXPOSURE_UNKNOWN};
	strcpy(sample.verdict.rule_id, "INT-UNK");
	sample.flow.zone = NULL;
	CU_ASSERT_EQUAL(add(t, &sample), 0);
	CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL_FATAL(receiver.count, 3);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[0].id, "579e76c899aa38fc4e38d22120f6d739");
	CU_ASSERT_STRING_EQUAL(receiver.alerts[1].id, "2ec1253e48aa6ce3586f6740a19c3f7c");
	CU_ASSERT_STRING_EQUAL(receiver.alerts[2].id, "f8788c444f32bd11f6f6e1ed2de1dd02");
	alert_table_destroy(t);
}

static void
change_nothing(struct sample_flow *s)
{
	(void)s;
}

static void
change_zone(struct sample_flow *s)
{
	s->flow.zone = &sample_desktops;
}

static void
change_host(struct sample_flow *s)
{
	s->flow.host = "h-000000000000";
}

static void
change_operator(struct sample_flow *s)
{
	s->attribution.owner = &sample_ovhcloud;
}

static void
change_kind(struct sample_flow *s)
{
	s->attribution.kind = SERVICE_KIND_BACKUP;
}

static void
change_rule(struct sample_flow *s)
{
	strcpy(s->verdict.rule_id, "ECO-USA+R9");
}

static void
change_day(struct sample_flow *s)
{
	s->flow.day++;
}

static void
change_service(struct sample_flow *s)
{
	s->attribution.service = NULL;
}

static void
change_name(struct sample_flow *s)
{
	s->flow.name = "another.example.com";
}

static void
six_things_make_an_alert(void)
{
	static const struct {
		const char *what;
		void (*change)(struct sample_flow *s);
		size_t alerts;
	} rows[] = {
		{"nothing", change_nothing, 1}, {"zone", change_zone, 2},
		{"host", change_host, 2},       {"operator", change_operator, 2},
		{"kind", change_kind, 2},       {"rule", change_rule, 2},
		{"day", change_day, 2},         {"service", change_service, 1},
		{"name", change_name, 1},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct alert_table *t = create_table(8, false);
		CU_ASSERT_EQUAL(add(t, upload("h-7f3a00c0ffee", 0, SEVERITY_HIGH)), 0);
		rows[i].change(upload("h-7f3a00c0ffee", 1, SEVERITY_HIGH));
		CU_ASSERT_EQUAL(add(t, &sample), 0);
		CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
		CU_ASSERT_EQUAL(receiver.count, rows[i].alerts);
		alert_table_destroy(t);
	}
}

/* Measured before any exception; below it is counted, and may come to count. */
static void
below_the_minimum_nothing_is_handed_on(void)
{
	struct alert_table *t = create_table(8, false);

	CU_ASSERT_EQUAL(add(t, upload("h-a", 0, SEVERITY_INFORMATIONAL)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-b", 1, SEVERITY_INFORMATIONAL)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-b", 2, SEVERITY_LOW)), 0);
	(void)upload("h-c", 3, SEVERITY_INFORMATIONAL);
	sample.verdict.severity_before_exception = SEVERITY_MEDIUM;
	CU_ASSERT_EQUAL(add(t, &sample), 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL_FATAL(receiver.count, 2);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[0].host, "h-b");
	CU_ASSERT_EQUAL(receiver.alerts[0].flows, 2);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[1].host, "h-c");
	CU_ASSERT_EQUAL(receiver.alerts[1].severity, SEVERITY_INFORMATIONAL);
	alert_table_destroy(t);
}

static void
a_replay_hands_on_in_order_of_start(void)
{
	struct alert_table *t = create_table(8, false);

	CU_ASSERT_EQUAL(add(t, upload("h-late", 30, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-one", 10, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-two", 10, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-late", 5, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(receiver.count, 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL_FATAL(receiver.count, 3);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[0].host, "h-late");
	CU_ASSERT_EQUAL(receiver.alerts[1].start_ns, receiver.alerts[2].start_ns);
	CU_ASSERT(strcmp(receiver.alerts[1].id, receiver.alerts[2].id) < 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 3);
	alert_table_destroy(t);
}

static void
days_that_are_over_are_flushed_alone(void)
{
	struct alert_table *t = create_table(8, false);

	CU_ASSERT_EQUAL(add(t, upload("h-a", 0, SEVERITY_HIGH)), 0);
	(void)upload("h-a", 86400, SEVERITY_HIGH);
	sample.flow.day++;
	CU_ASSERT_EQUAL(add(t, &sample), 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, SAMPLE_DAY), 0);
	CU_ASSERT_EQUAL(receiver.count, 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, SAMPLE_DAY + 1), 0);
	CU_ASSERT_EQUAL(receiver.count, 1);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 2);
	alert_table_destroy(t);
}

/* At once when the minimum is reached, when the severity changes, and at the end what is new. */
static void
live_alerts_are_told_as_soon_as_they_are(void)
{
	static const struct {
		enum severity severity;
		size_t told;
	} steps[] = {
		{SEVERITY_INFORMATIONAL, 0}, {SEVERITY_LOW, 1}, {SEVERITY_LOW, 1},
		{SEVERITY_HIGH, 2},          {SEVERITY_LOW, 2},
	};
	struct alert_table *t = create_table(8, true);

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		CU_ASSERT_EQUAL(add(t, upload("h-a", i, steps[i].severity)), 0);
		CU_ASSERT_EQUAL(receiver.count, steps[i].told);
	}
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 3);
	CU_ASSERT_EQUAL(receiver.alerts[2].flows, 5);
	CU_ASSERT_EQUAL(add(t, upload("h-a", 9, SEVERITY_LOW)), 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 4);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[3].id, receiver.alerts[0].id);
	alert_table_destroy(t);
}

static void
a_full_table_hands_on_what_rested_longest(void)
{
	struct alert_table *t = create_table(2, false);

	CU_ASSERT_EQUAL(add(t, upload("h-a", 0, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-b", 1, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-a", 2, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-c", 3, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL_FATAL(receiver.count, 1);
	CU_ASSERT_STRING_EQUAL(receiver.alerts[0].host, "h-b");
	CU_ASSERT_EQUAL(alert_table_evicted(t), 1);
	/* Below the minimum, nothing is told and nothing lost that counts. */
	CU_ASSERT_EQUAL(add(t, upload("h-d", 4, SEVERITY_INFORMATIONAL)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-c", 5, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(add(t, upload("h-e", 6, SEVERITY_HIGH)), 0);
	CU_ASSERT_EQUAL(receiver.count, 2);
	CU_ASSERT_EQUAL(alert_table_evicted(t), 2);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 4);
	alert_table_destroy(t);
}

/* Many more than there is room for: each is told once for each time it was in the table. */
static void
nothing_is_lost_in_a_small_table(void)
{
	struct alert_table *t = create_table(7, false);
	char host[16];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(host, sizeof(host), "h-%03u", i % 100);
		CU_ASSERT_EQUAL(add(t, upload(host, i, SEVERITY_HIGH)), 0);
	}
	CU_ASSERT_EQUAL(alert_table_evicted(t), 993);
	CU_ASSERT_EQUAL(receiver.count, 993);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 1000);
	alert_table_destroy(t);
}

static void
a_finding_is_told_once_a_day_and_subject(void)
{
	struct judged_finding finding = finding_of("EXC-1");
	struct alert_table *t = create_table(8, true);

	for (unsigned i = 0; i < 3; i++) {
		finding.message = i == 0 ? "It ended." : "It has ended.";
		CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
		CU_ASSERT_EQUAL(receiver.count, 1);
	}
	finding.zone = &sample_licences;
	CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	finding.subject = "EXC-2";
	CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	finding.day++;
	CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	CU_ASSERT_EQUAL(receiver.count, 4);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 4);
	alert_table_destroy(t);
}

/* From the first flow that showed it to the latest, whatever order they are told in. */
static void
a_finding_lasts_until_the_latest_flow(void)
{
	static const uint64_t times[] = {5, 9, 2, 7};
	struct judged_finding finding = finding_of("EXC-1");
	struct alert_table *t = create_table(8, false);

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		finding.time_ns = times[i] * SECOND;
		CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	}
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL_FATAL(receiver.count, 1);
	CU_ASSERT_EQUAL(receiver.alerts[0].start_ns, 2 * SECOND);
	CU_ASSERT_EQUAL(receiver.alerts[0].end_ns, 9 * SECOND);
	alert_table_destroy(t);
}

static void
findings_below_the_minimum_are_not_told(void)
{
	struct judged_finding finding = finding_of("1");
	struct alert_table *t = create_table(8, true);

	finding.rule = rule_book_finding(sample_rules(), "GOV-POLICY-CHANGED");
	CU_ASSERT_EQUAL(alert_table_add_finding(t, &finding), 0);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), 0);
	CU_ASSERT_EQUAL(receiver.count, 0);
	alert_table_destroy(t);
}

static void
the_receivers_error_stays(void)
{
	struct alert_table *t = create_table(8, true);

	receiver.answer = -ENOSPC;
	CU_ASSERT_EQUAL(add(t, upload("h-a", 0, SEVERITY_HIGH)), -ENOSPC);
	receiver.answer = 0;
	CU_ASSERT_EQUAL(add(t, upload("h-b", 0, SEVERITY_HIGH)), -ENOSPC);
	CU_ASSERT_EQUAL(receiver.count, 1);
	CU_ASSERT_EQUAL(alert_table_flush(t, INT32_MAX), -ENOSPC);
	alert_table_destroy(t);
}

static void
a_table_without_room_is_refused(void)
{
	struct alert_table_config config = {.on_alert = receive};

	errno = 0;
	CU_ASSERT_PTR_NULL(alert_table_create(&config));
	CU_ASSERT_EQUAL(errno, EINVAL);
	alert_table_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"ids_are_the_first_16_bytes_of_the_hmac", ids_are_the_first_16_bytes_of_the_hmac},
		{"six_things_make_an_alert", six_things_make_an_alert},
		{"below_the_minimum_nothing_is_handed_on", below_the_minimum_nothing_is_handed_on},
		{"a_replay_hands_on_in_order_of_start", a_replay_hands_on_in_order_of_start},
		{"days_that_are_over_are_flushed_alone", days_that_are_over_are_flushed_alone},
		{"live_alerts_are_told_as_soon_as_they_are",
		 live_alerts_are_told_as_soon_as_they_are},
		{"a_full_table_hands_on_what_rested_longest",
		 a_full_table_hands_on_what_rested_longest},
		{"nothing_is_lost_in_a_small_table", nothing_is_lost_in_a_small_table},
		{"a_finding_is_told_once_a_day_and_subject",
		 a_finding_is_told_once_a_day_and_subject},
		{"a_finding_lasts_until_the_latest_flow", a_finding_lasts_until_the_latest_flow},
		{"findings_below_the_minimum_are_not_told",
		 findings_below_the_minimum_are_not_told},
		{"the_receivers_error_stays", the_receivers_error_stays},
		{"a_table_without_room_is_refused", a_table_without_room_is_refused},
	};
	return unit_run("alert_table", cases, sizeof(cases) / sizeof(*cases));
}
