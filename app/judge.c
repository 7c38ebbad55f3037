/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judge.h"

#include "app/far_ends.h"
#include "classifier/policy/assessor.h"
#include "dashboard-export/flow_json_parts.h"
#include "dashboard-export/host_pseudonym.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judge {
	const struct ruleset *ruleset;
	struct judge_outputs outputs;
	struct far_ends *far_ends;
	struct assessor *assessor;
	struct host_pseudonym *pseudonyms;
	const char *capture;
	const char *const *captures;
	bool names_hosts; /* somebody is told of them */
	judge_port_function port;
	const void *port_context;
	struct assessment assessment;
	char message[SENTENCE_MAX];
	int worst;
	char worst_rule[JUDGE_RULE_MAX];
};

struct judge *
judge_create(const struct ruleset *ruleset, const struct judge_outputs *outputs)
{
	struct judge *j = calloc(1, sizeof(*j));
	struct site_key public_key;

	if (j == NULL)
		return NULL;
	site_key_public(&public_key);
	j->ruleset = ruleset;
	j->outputs = *outputs;
	j->worst = -1;
	j->names_hosts = outputs->flows != NULL || outputs->summary != NULL ||
			 outputs->alerts != NULL || outputs->on_flow != NULL;
	j->far_ends = far_ends_create(ruleset);
	j->assessor = assessor_create(ruleset->policy);
	j->pseudonyms = outputs->key != NULL ? host_pseudonym_create(outputs->key, true)
					     : host_pseudonym_create(&public_key, false);
	if (j->far_ends == NULL || j->assessor == NULL || j->pseudonyms == NULL) {
		judge_destroy(j);
		errno = ENOMEM;
		return NULL;
	}
	return j;
}

void
judge_destroy(struct judge *judge)
{
	if (judge == NULL)
		return;
	far_ends_destroy(judge->far_ends);
	assessor_destroy(judge->assessor);
	host_pseudonym_destroy(judge->pseudonyms);
	free(judge);
}

void
judge_begin(struct judge *judge, const char *capture)
{
	judge->capture = capture;
	judge->captures = NULL;
	judge->port = NULL;
	far_ends_clear(judge->far_ends);
	assessor_clear(judge->assessor);
}

void
judge_set_captures(struct judge *judge, const char *const *captures)
{
	judge->captures = captures;
}

void
judge_set_ports(struct judge *judge, judge_port_function port, const void *context)
{
	judge->port = port;
	judge->port_context = context;
}

int
judge_end(struct judge *judge)
{
	return judge->outputs.alerts != NULL ? alert_table_flush(judge->outputs.alerts, INT32_MAX)
					     : 0;
}

int
judge_end_days(struct judge *judge, uint64_t now_ns)
{
	/* A flow belongs to the day in which it began and may be told of well after midnight. */
	return judge->outputs.alerts != NULL
		       ? alert_table_flush(judge->outputs.alerts,
					   policy_day(judge->ruleset->policy, now_ns) - 1)
		       : 0;
}

int
judge_update(struct judge *judge, uint64_t now_ns)
{
	return judge->outputs.alerts != NULL ? alert_table_update(judge->outputs.alerts, now_ns)
					     : 0;
}

int
judge_worst(const struct judge *judge)
{
	return judge->worst;
}

const char *
judge_worst_rule(const struct judge *judge)
{
	return judge->worst_rule;
}

static void
note_worst(struct judge *judge, enum severity severity, const char *rule_id)
{
	if ((int)severity <= judge->worst)
		return;
	judge->worst = (int)severity;
	(void)snprintf(judge->worst_rule, sizeof(judge->worst_rule), "%s", rule_id);
}

void
judge_report(const struct judge *judge)
{
	const struct far_ends_counters learnt = far_ends_get_counters(judge->far_ends);
	const struct summary_counter notes[] = {
		{"dns-malformed", learnt.dns_malformed},
		{"dns-services-malformed", learnt.dns_services_malformed},
		{"dns-memory-evicted", learnt.dns_evicted},
		{"dns-memory-client-full", learnt.dns_evicted_own},
		{"certificate-malformed", learnt.certificate_malformed},
		{"certificate-memory-evicted", learnt.certificate_evicted},
		{"history-evicted", assessor_evicted(judge->assessor)},
		{"alert-table-evicted",
		 judge->outputs.alerts != NULL ? alert_table_evicted(judge->outputs.alerts) : 0},
		{"origin-record-corrupt", origin_db_lookup_errors(judge->ruleset->origins)},
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		struct summary_packets only_note = {.notes = &notes[i], .note_count = 1};
		if (notes[i].count != 0 && judge->outputs.summary != NULL)
			summary_add_packets(judge->outputs.summary, &only_note);
	}
}

static void
keep_first(int *error, int another)
{
	if (*error == 0)
		*error = another;
}

static int
tell_findings(struct judge *judge, const struct flow_record *record)
{
	const struct assessment *a = &judge->assessment;
	int error = 0;

	for (size_t i = 0; i < a->finding_count; i++) {
		const struct assessment_finding *f = &a->findings[i];
		struct judged_finding finding = {
			.rule = f->rule,
			.subject = f->subject,
			.zone = f->zone,
			.message = f->message,
			.time_ns = record->start_ns,
			.day = a->start.day,
		};
		note_worst(judge, f->rule->severity, f->rule->id);
		if (judge->outputs.alerts != NULL)
			keep_first(&error,
				   alert_table_add_finding(judge->outputs.alerts, &finding));
	}
	return error;
}

static int
tell(struct judge *judge, const struct judged_flow *flow)
{
	const struct judge_outputs *to = &judge->outputs;
	int error = 0;

	if (flow->verdict != NULL && !flow->excluded)
		note_worst(judge, flow->verdict->severity, flow->verdict->rule_id);
	if (flow->verdict != NULL && !flow->excluded && to->alerts != NULL)
		alert_table_prefetch(to->alerts, flow);
	if (flow->record->final && to->summary != NULL)
		summary_add_flow(to->summary, flow);
	if (to->on_flow != NULL)
		to->on_flow(to->on_flow_context, flow, &judge->assessment.fresh);
	/* Between two zones the one finding is a crossing, which names the zones and no host. */
	if (flow->excluded)
		return flow->direction == FLOW_DIRECTION_INTERNAL
			       ? tell_findings(judge, flow->record)
			       : 0;
	/* Each gets all that is for it, whatever became of the others. */
	if (to->flows != NULL)
		error = flow_writer_add(to->flows, flow);
	if (flow->verdict != NULL && to->alerts != NULL)
		keep_first(&error, alert_table_add(to->alerts, flow, &judge->assessment.fresh));
	keep_first(&error, tell_findings(judge, flow->record));
	return error;
}

/* The address of the record is the proxy's; that of one inside belongs nowhere. */
static const struct origin *
shown_origin(const struct assessor_flow *flow)
{
	return flow->place->proxied != NULL ? flow->query.proxy_origin : flow->query.origin;
}

static const char *
host_of(struct judge *judge, const struct flow_place *place)
{
	if (!judge->names_hosts || place->inside == NULL)
		return NULL;
	struct calendar_day start = time_zone_calendar(judge->assessment.start.day);
	return host_pseudonym_get(judge->pseudonyms, place->inside, (unsigned)start.year,
				  start.month);
}

/* What was found out, as the outputs take it. */
static struct judged_flow
judged(struct judge *judge, const struct assessor_flow *flow)
{
	const struct assessment *a = &judge->assessment;
	const struct flow_place *place = flow->place;
	bool of_wire = place->direction == FLOW_DIRECTION_INGRESS || place->by_tunnel;
	/* A record shows the server's name though it says nothing of the client, and the one inside
	 * a tunnel though it says nothing of the tunnel's end. */
	const char *of_server = flow->record->name_len != 0 ? flow->record->name : NULL;

	return (struct judged_flow){
		.record = flow->record,
		.direction = place->direction,
		.capture = judge->captures != NULL ? judge->captures[flow->record->capture_port]
						   : judge->capture,
		.name = of_wire ? of_server : flow->query.name,
		.name_source = of_wire ? flow->record->name_source : flow->query.name_source,
		.name_is_outer = a->attribution.pattern == ATTRIBUTION_HIDDEN,
		.origin = shown_origin(flow),
		.asked = place->proxied != NULL || place->by_tunnel ? flow->query.address : NULL,
		.by_tunnel = place->by_tunnel,
		.inner = far_ends_inner(judge->far_ends, &flow->record->detail),
		.attribution = &a->attribution,
		.zone = place->zone,
		.host = host_of(judge, place),
		.flags = a->flags,
		.shape = a->shape,
		.verdict = a->judged ? &a->verdict : NULL,
		.exception = a->judged ? &a->exception : NULL,
		.day_limit = a->day_limit,
		.day = a->start.day,
		.hide_inside = judge->outputs.hide_inside || flow_place_hides_inside(place),
		.excluded = flow_place_is_excluded(place),
	};
}

static uint16_t
port_of(const struct judge *judge, uint16_t capture_port)
{
	return judge->port != NULL ? judge->port(judge->port_context, capture_port) : ZONE_NO_PORT;
}

bool
judge_may_tell(const struct judge *judge, const struct name_dispute_message *dispute,
	       struct inner_ends *hidden)
{
	const struct inside_map *inside = &judge->ruleset->settings.inside;
	const struct flow_record record = {
		.source = dispute->source,
		.destination = dispute->destination,
		.source_inside = inside_map_contains(inside, &dispute->source),
		.destination_inside = inside_map_contains(inside, &dispute->destination),
		.vni = dispute->vni,
		.vlan = dispute->vlan,
		.inner_vlan = dispute->inner_vlan,
		.detail = {.outer_source = dispute->outer_source,
			   .outer_destination = dispute->outer_destination,
			   .outer_source_inside = dispute->outer_source_inside,
			   .outer_destination_inside = dispute->outer_destination_inside},
	};
	struct flow_place place;

	assessor_place(judge->assessor, &record, port_of(judge, dispute->capture_port), &place);
	const struct judged_flow flow = {
		.record = &record,
		.direction = place.direction,
		.by_tunnel = place.by_tunnel,
		.hide_inside = judge->outputs.hide_inside || flow_place_hides_inside(&place),
	};
	*hidden = flow_json_hidden_ends(&flow);
	return !flow_place_is_excluded(&place);
}

static int
judge_flow(struct judge *judge, const struct flow_record *record)
{
	struct flow_place place;
	struct proxied proxied;

	if (!record->final && !judge->outputs.interim)
		return 0;
	assessor_place(judge->assessor, record, port_of(judge, record->capture_port), &place);
	if (far_ends_find_proxied(judge->far_ends, record, &proxied))
		flow_place_set_proxied(&proxied, &place);
	struct assessor_flow assessed = {.record = record, .place = &place};
	far_ends_ask(judge->far_ends, record, &place, &assessed.query);
	assessor_assess(judge->assessor, &assessed, &judge->assessment);
	struct judged_flow flow = judged(judge, &assessed);
	bool needs_message = judge->outputs.flows != NULL || judge->outputs.messages;
	if (flow.verdict != NULL && needs_message && !flow.excluded) {
		(void)assessor_message(judge->assessor, &assessed, &judge->assessment,
				       judge->message);
		flow.message = judge->message;
	}
	return tell(judge, &flow);
}

int
judge_message(struct judge *judge, const struct message *message)
{
	const struct flow_message *flow;

	switch ((enum worker_message)message->kind) {
	case WORKER_MESSAGE_FLOW:
		flow = message->body;
		return judge_flow(judge, &flow->record);
	case WORKER_MESSAGE_DNS:
		far_ends_add_dns(judge->far_ends, message->body, message->time_ns);
		return 0;
	case WORKER_MESSAGE_CERTIFICATE:
		far_ends_add_certificate(judge->far_ends, message->body);
		return 0;
	case WORKER_MESSAGE_NAME_DISPUTE:
		return 0;
	}
	return 0;
}
