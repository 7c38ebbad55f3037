/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An alert is shown as the flow that its group is like: ends and wire of the first flow with the
 * sums of all, the judgement of the highest. What the two do not share - the network of an address
 * that is not shown - is left out.
 */
#include "dashboard-export/alert.h"

#include "base/rfc3339.h"
#include "base/time_zone.h"
#include "dashboard-export/flow_json_parts.h"

#include <assert.h>
#include <stdlib.h>

/* Written lengths. Names on the wire have no character that needs an escape (base/domain_name.h).
 */
#define LISTED_NAME_MAX_LEN 256
#define RULE_NAME_MAX_LEN 768
#define SUBJECT_MAX_LEN 768

static_assert(JSON_TEXTS_MAX_LEN + JSON_WORDS_MAX_LEN +
			      (ALERT_NAMES_MAX + 1) * (LISTED_NAME_MAX_LEN + 3) +
			      (EXCEPTION_ENDED_MAX + ALERT_COVERS_MAX) * (JSON_CODE_MAX_LEN + 3) +
			      RULE_NAME_MAX_LEN + SUBJECT_MAX_LEN + JSON_CODE_MAX_LEN + 1024 <
		      ALERT_JSON_MAX,
	      "an alert with the longest texts fits");

/* The flow that the group is shown as, and what it points to. */
struct shown {
	struct flow_record record;
	struct attribution attribution;
	struct judged_flow wire; /* with the name that goes with its address */
	struct judged_flow flow; /* with the name that got most */
};

static const struct ip_address *
first_far_end(const struct alert *alert)
{
	return alert->direction == FLOW_DIRECTION_INGRESS ? &alert->first->source
							  : &alert->first->destination;
}

static void
set_name(struct judged_flow *flow, const char *name, enum name_source source)
{
	flow->name = source != NAME_SOURCE_NONE ? name : NULL;
	flow->name_source = flow->name != NULL ? source : NAME_SOURCE_NONE;
}

/* A server of our own keeps its name, which is the first record's; who came has none. */
static void
set_names(struct shown *shown, const struct alert *alert)
{
	const struct alert_name *largest = alert_largest_name(alert);
	bool incoming = alert->direction == FLOW_DIRECTION_INGRESS;

	shown->wire.name_is_outer = alert->first_is_outer;
	if (alert->first->name_len != 0) {
		set_name(&shown->wire, alert->first->name, alert->first->name_source);
		set_name(&shown->flow, alert->first->name, alert->first->name_source);
	}
	if (largest == NULL || incoming)
		return;
	set_name(&shown->flow, largest->name, largest->source);
	/* All flows have it, the first too, which shows another one to the wire alone. */
	if (alert->name_count == 1 && !alert->first_is_outer)
		set_name(&shown->wire, largest->name, largest->source);
}

static void
show(struct shown *shown, const struct alert *alert)
{
	bool incoming = alert->direction == FLOW_DIRECTION_INGRESS;
	const struct alert_judgement *highest = alert->highest;
	struct flow_record *record = &shown->record;

	shown->attribution = alert_attribution(alert);
	memcpy(record, alert->first, flow_record_len(alert->first));
	record->from_source = incoming ? alert->from_outside : alert->from_inside;
	record->from_destination = incoming ? alert->from_inside : alert->from_outside;
	record->start_ns = alert->start_ns;
	record->end_ns = alert->end_ns;
	shown->wire = (struct judged_flow){
		.record = record,
		.direction = alert->direction,
		.capture = alert->capture,
		.origin = ip_address_equal(first_far_end(alert), &highest->far_end)
				  ? &highest->origin
				  : NULL,
		.attribution = &shown->attribution,
		.zone = alert->zone,
		.host = alert->host,
		.flags = alert->flags,
		.shape = highest->shape,
		.verdict = &highest->verdict,
		.exception = &highest->exception,
		.by_tunnel = alert->first_by_tunnel,
		.inner = alert->first_inner,
		.hide_inside = alert->hide_inside,
	};
	shown->flow = shown->wire;
	set_names(shown, alert);
}

static void
write_event(struct json_writer *w, const struct alert *alert)
{
	struct flow_record span = {.start_ns = alert->start_ns, .end_ns = alert->end_ns};
	char start[RFC3339_LEN + 1];

	rfc3339_format(alert->start_ns, start);
	json_writer_plain_member(w, "@timestamp", start);
	json_writer_open_object(w, "event");
	json_writer_plain_member(w, "kind", "alert");
	json_writer_plain_member(w, "id", alert->id);
	json_writer_open_array(w, "category");
	json_writer_plain(w, "network", strlen("network"));
	json_writer_close(w, ']');
	json_writer_open_array(w, "type");
	json_writer_plain(w, "info", strlen("info"));
	json_writer_close(w, ']');
	json_writer_uint_member(w, "severity", severity_ecs(alert_severity(alert)));
	json_writer_uint_member(w, "risk_score", severity_risk_score(alert_severity(alert)));
	flow_json_times(w, &span, start);
	json_writer_close(w, '}');
}

static void
write_rule(struct json_writer *w, const struct alert *alert, const struct rule_book *rules)
{
	char text[SENTENCE_MAX];

	json_writer_open_object(w, "rule");
	json_writer_text_member(w, "id", alert_rule_id(alert), JSON_CODE_MAX_LEN);
	(void)alert_rule_name(alert, rules, text);
	json_optional_member(w, "name", text, RULE_NAME_MAX_LEN);
	json_writer_close(w, '}');
	(void)alert_message(alert, rules, text);
	json_optional_member(w, "message", text, JSON_MESSAGE_MAX_LEN);
}

static void
write_steps(struct json_writer *w, const struct verdict *verdict)
{
	if (verdict->step_count == 0)
		return;
	json_writer_open_array(w, "steps");
	for (size_t i = 0; i < verdict->step_count; i++) {
		const struct verdict_step *step = &verdict->steps[i];
		json_writer_open(w, '{');
		json_writer_plain_member(w, "step", verdict_step_text(step->kind));
		json_writer_plain_member(w, "before", severity_text(step->before));
		json_writer_plain_member(w, "after", severity_text(step->after));
		json_writer_close(w, '}');
	}
	json_writer_close(w, ']');
}

static void
write_owner(struct json_writer *w, const struct zone *zone)
{
	if (zone != NULL)
		json_optional_member(w, "zone_owner", zone->owner, JSON_CODE_MAX_LEN);
}

static void
write_day(struct json_writer *w, const struct alert *alert)
{
	char day[TIME_ZONE_DATE_LEN];

	time_zone_format_day(alert->day, day);
	json_writer_plain_member(w, "day", day);
}

/* Most bytes first, then by letters. */
static int
compare_names(const void *a, const void *b)
{
	const struct alert_name *x = *(const struct alert_name *const *)a;
	const struct alert_name *y = *(const struct alert_name *const *)b;

	if (x->up != y->up)
		return x->up > y->up ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void
write_names(struct json_writer *w, const struct alert *alert)
{
	const struct alert_name *sorted[ALERT_NAMES_MAX];

	if (alert->name_count < 2)
		return;
	for (size_t i = 0; i < alert->name_count; i++)
		sorted[i] = &alert->names[i];
	qsort(sorted, alert->name_count, sizeof(*sorted), compare_names);
	json_writer_open_array(w, "names");
	for (size_t i = 0; i < alert->name_count; i++)
		json_writer_text(w, sorted[i]->name, LISTED_NAME_MAX_LEN);
	json_writer_close(w, ']');
	if (alert->more_names)
		json_writer_bool_member(w, "more_names", true);
}

/* Whose the evidence is, where it does not hold for all flows. */
static void
write_evidence_name(struct json_writer *w, const struct alert *alert)
{
	if (alert->forms_differ)
		json_writer_text_member(w, "evidence_name", alert->highest->name,
					LISTED_NAME_MAX_LEN);
}

/* Where `exception` does not stand for the whole group. */
static void
write_covers(struct json_writer *w, const struct alert *alert)
{
	struct sentence_cover covers[ALERT_COVERS_MAX];
	size_t count = alert_covers(alert, covers);

	if (count == 0)
		return;
	json_writer_open_array(w, "exceptions_of_part");
	for (size_t i = 0; i < count; i++)
		json_writer_text(w, covers[i].exception->id, JSON_CODE_MAX_LEN);
	json_writer_close(w, ']');
}

static void
write_ended(struct json_writer *w, const struct exception_answer *exception)
{
	if (exception->ended_count == 0)
		return;
	json_writer_open_array(w, "exceptions_ended");
	for (size_t i = 0; i < exception->ended_count; i++)
		json_writer_text(w, exception->ended[i]->id, JSON_CODE_MAX_LEN);
	json_writer_close(w, ']');
}

static void
write_group(struct json_writer *w, const struct alert *alert)
{
	struct shown shown;

	show(&shown, alert);
	flow_json_wire(w, &shown.wire);
	json_writer_open_object(w, "vigie");
	flow_json_capture(w, &shown.flow);
	write_day(w, alert);
	json_writer_uint_member(w, "flows", alert->flows);
	flow_json_place(w, &shown.flow);
	write_covers(w, alert);
	write_ended(w, &alert->highest->exception);
	write_owner(w, alert->zone);
	write_steps(w, &alert->highest->verdict);
	flow_json_far_end(w, &shown.flow);
	write_names(w, alert);
	write_evidence_name(w, alert);
	flow_json_detail(w, &shown.flow);
	flow_json_grounds(w, &shown.flow);
	json_writer_close(w, '}');
}

/* No source, no destination, no network: it is not about one flow. */
static void
write_finding(struct json_writer *w, const struct alert *alert)
{
	json_writer_open_object(w, "vigie");
	write_day(w, alert);
	json_writer_plain_member(w, "severity", severity_text(alert_severity(alert)));
	if (alert->zone != NULL)
		json_writer_text_member(w, "zone", alert->zone->id, JSON_CODE_MAX_LEN);
	write_owner(w, alert->zone);
	json_optional_member(w, "subject", alert->subject, SUBJECT_MAX_LEN);
	json_writer_close(w, '}');
}

size_t
alert_json_format(const struct alert *alert, const struct rule_book *rules, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, ALERT_JSON_MAX);
	json_writer_open(&w, '{');
	write_event(&w, alert);
	write_rule(&w, alert, rules);
	if (alert->finding != NULL)
		write_finding(&w, alert);
	else
		write_group(&w, alert);
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	assert(!w.overflow);
	return json_writer_len(&w);
}
