/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judge.h"

#include "classifier/names/dns.h"
#include "classifier/policy/assessor.h"
#include "classifier/policy/dns_memory.h"
#include "dashboard-export/host_pseudonym.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* (client, address, name) facts kept: some 40 MiB where all are used. */
#define DNS_FACTS_MAX 262144u

/* Far ends asked for lately: the same few thousand addresses serve most flows. */
#define ORIGIN_CACHE 4096u

struct cached_origin {
	struct ip_address address; /* version 0: free */
	struct origin origin;
};

struct judge {
	const struct ruleset *ruleset;
	struct judge_outputs outputs;
	struct dns_memory *dns;
	struct assessor *assessor;
	struct host_pseudonym *pseudonyms;
	struct cached_origin *cache;
	const char *capture;
	const char *const *captures;
	judge_port_function port;
	const void *port_context;
	struct dns_answer answer;
	struct assessment assessment;
	char message[SENTENCE_MAX];
	uint64_t dns_malformed;
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
	j->dns = dns_memory_create(DNS_FACTS_MAX);
	j->assessor = assessor_create(ruleset->policy);
	j->pseudonyms = outputs->key != NULL ? host_pseudonym_create(outputs->key, true)
					     : host_pseudonym_create(&public_key, false);
	j->cache = calloc(ORIGIN_CACHE, sizeof(*j->cache));
	if (j->dns == NULL || j->assessor == NULL || j->pseudonyms == NULL || j->cache == NULL) {
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
	dns_memory_destroy(judge->dns);
	assessor_destroy(judge->assessor);
	host_pseudonym_destroy(judge->pseudonyms);
	free(judge->cache);
	free(judge);
}

void
judge_begin(struct judge *judge, const char *capture)
{
	judge->capture = capture;
	judge->captures = NULL;
	judge->port = NULL;
	dns_memory_clear(judge->dns);
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
	const struct summary_counter notes[] = {
		{"dns-malformed", judge->dns_malformed},
		{"dns-memory-evicted", dns_memory_evicted(judge->dns)},
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

static const struct origin *
find_origin(struct judge *judge, const struct ip_address *address)
{
	uint64_t high, low;
	memcpy(&high, address->bytes, sizeof(high));
	memcpy(&low, address->bytes + sizeof(high), sizeof(low));
	uint64_t hash = (high ^ low * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
	struct cached_origin *slot = &judge->cache[(hash >> 40) % ORIGIN_CACHE];

	if (!ip_address_equal(&slot->address, address)) {
		struct ip_address end = *address;
		(void)ip_address_embedded(address, &end);
		slot->address = *address;
		origin_db_lookup(judge->ruleset->origins, &end, &slot->origin);
	}
	return &slot->origin;
}

/*
 * The name of the wire, else the one the client was told with the address it now talks to. A public
 * name in front of an encrypted ClientHello gives way to that too: it names nobody.
 */
static void
find_name(const struct judge *judge, const struct flow_record *record,
	  struct attribution_query *query)
{
	const char *on_the_wire = record->name_len != 0 ? record->name : NULL;
	bool hides = query->ech_or_grease && on_the_wire != NULL &&
		     catalogue_find_ech_public_name(judge->ruleset->catalogue, on_the_wire) != NULL;

	query->name = on_the_wire;
	query->name_source = record->name_source;
	if ((on_the_wire != NULL && !hides) || record->protocol == APP_PROTOCOL_DNS)
		return;
	const char *told = dns_memory_find_name(judge->dns, &record->source, &record->destination,
						record->start_ns);
	if (told == NULL)
		return;
	query->outer_name = hides ? on_the_wire : NULL;
	query->name = told;
	query->name_source = NAME_SOURCE_DNS;
}

static struct attribution_query
ask(struct judge *judge, const struct flow_record *record, const struct flow_place *place)
{
	static const struct origin nowhere;
	bool crosses = place->direction != FLOW_DIRECTION_INTERNAL;
	struct attribution_query query = {
		.address = place->outside,
		.origin = crosses ? find_origin(judge, place->outside) : &nowhere,
	};

	/* On the way in, name and port are those of our own server: they say nothing of who comes
	   (domain §5.23). */
	if (place->direction == FLOW_DIRECTION_INGRESS)
		return query;
	query.ech_or_grease = (record->flags & FLOW_FLAG_ECH_OR_GREASE) != 0;
	query.transport = record->transport;
	query.protocol = record->protocol;
	query.port = record->destination_port;
	find_name(judge, record, &query);
	struct dns_question question = {&record->source, &record->destination, query.name,
					record->start_ns};
	dns_memory_tell(judge->dns, &question, &query.dns);
	return query;
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

/* Of a zone that asked for it nothing goes out but sums (domain §5.7), and that it was sent what it
 * should not have. */
static bool
is_excluded(const struct flow_place *place)
{
	return (place->zone != NULL && place->zone->excluded) ||
	       (place->peer != NULL && place->peer->excluded);
}

static int
tell(struct judge *judge, const struct judged_flow *flow)
{
	const struct judge_outputs *to = &judge->outputs;
	int error = 0;

	if (flow->verdict != NULL && !flow->excluded)
		note_worst(judge, flow->verdict->severity, flow->verdict->rule_id);
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

/* What was found out, as the outputs take it. */
static struct judged_flow
judged(struct judge *judge, const struct assessor_flow *flow)
{
	const struct assessment *a = &judge->assessment;
	const struct flow_place *place = flow->place;
	bool incoming = place->direction == FLOW_DIRECTION_INGRESS;
	/* A record shows the server's name though it says nothing of the client. */
	const char *of_server = flow->record->name_len != 0 ? flow->record->name : NULL;

	return (struct judged_flow){
		.record = flow->record,
		.direction = place->direction,
		.capture = judge->captures != NULL ? judge->captures[flow->record->capture_port]
						   : judge->capture,
		.name = incoming ? of_server : flow->query.name,
		.name_source = incoming ? flow->record->name_source : flow->query.name_source,
		.name_is_outer = a->attribution.pattern == ATTRIBUTION_HIDDEN,
		.origin = flow->query.origin,
		.attribution = &a->attribution,
		.zone = place->zone,
		.host = place->inside != NULL ? host_pseudonym_get(judge->pseudonyms, place->inside,
								   a->start.year, a->start.month)
					      : NULL,
		.flags = a->flags,
		.shape = a->shape,
		.verdict = a->judged ? &a->verdict : NULL,
		.exception = a->judged ? &a->exception : NULL,
		.day_limit = a->day_limit,
		.day = a->start.day,
		.hide_inside = judge->outputs.hide_inside,
		.excluded = is_excluded(place),
	};
}

static int
judge_flow(struct judge *judge, const struct flow_record *record)
{
	struct flow_place place;

	if (!record->final && !judge->outputs.interim)
		return 0;
	uint16_t port = judge->port != NULL ? judge->port(judge->port_context, record->capture_port)
					    : ZONE_NO_PORT;
	assessor_place(judge->assessor, record, port, &place);
	struct assessor_flow assessed = {record, &place, ask(judge, record, &place)};
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

static void
judge_dns(struct judge *judge, const struct dns_message *message, uint64_t time_ns)
{
	switch (dns_answer_parse(slice_of(message->bytes, message->len), &judge->answer)) {
	case PARSE_FOUND:
		if (policy_is_resolver(judge->ruleset->policy, &message->client))
			dns_memory_add_shared(judge->dns, time_ns, &judge->answer);
		else
			dns_memory_add(judge->dns, &message->client, time_ns, &judge->answer);
		break;
	case PARSE_MALFORMED:
		judge->dns_malformed++;
		break;
	case PARSE_NOT_MINE:
	case PARSE_NEED_MORE:
		break;
	}
}

int
judge_message(struct judge *judge, const struct message *message)
{
	if (message->kind == WORKER_MESSAGE_FLOW) {
		const struct flow_message *flow = message->body;
		return judge_flow(judge, &flow->record);
	}
	judge_dns(judge, message->body, message->time_ns);
	return 0;
}
