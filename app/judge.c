/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/dns.h"
#include "classifier/policy/dns_memory.h"
#include "dashboard-export/host_pseudonym.h"

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
	struct host_pseudonym *pseudonyms;
	struct cached_origin *cache;
	const char *capture;
	const char *const *captures;
	struct dns_answer answer;
	uint64_t dns_malformed;
};

struct judge *
judge_create(const struct ruleset *ruleset, const struct judge_outputs *outputs)
{
	struct judge *j = calloc(1, sizeof(*j));
	if (j == NULL)
		return NULL;
	j->ruleset = ruleset;
	j->outputs = *outputs;
	j->dns = dns_memory_create(DNS_FACTS_MAX);
	j->pseudonyms = outputs->host_key != NULL
				? host_pseudonym_create(outputs->host_key, JUDGE_HOST_KEY_LEN)
				: host_pseudonym_create(HOST_PSEUDONYM_PUBLIC_KEY,
							strlen(HOST_PSEUDONYM_PUBLIC_KEY));
	j->cache = calloc(ORIGIN_CACHE, sizeof(*j->cache));
	if (j->dns == NULL || j->pseudonyms == NULL || j->cache == NULL) {
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
	host_pseudonym_destroy(judge->pseudonyms);
	free(judge->cache);
	free(judge);
}

void
judge_begin(struct judge *judge, const char *capture)
{
	judge->capture = capture;
	judge->captures = NULL;
	dns_memory_clear(judge->dns);
}

void
judge_set_captures(struct judge *judge, const char *const *captures)
{
	judge->captures = captures;
}

void
judge_report(const struct judge *judge)
{
	const struct summary_counter notes[] = {
		{"dns-malformed", judge->dns_malformed},
		{"dns-memory-evicted", dns_memory_evicted(judge->dns)},
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
		slot->address = *address;
		origin_db_lookup(judge->ruleset->origins, address, &slot->origin);
	}
	return &slot->origin;
}

/* The name of the wire, else the one the client was told with the address it now talks to. */
static void
find_name(const struct judge *judge, const struct flow_record *record, struct judged_flow *flow)
{
	flow->name = record->name_len != 0 ? record->name : NULL;
	flow->name_source = record->name_source;
	if (flow->name != NULL || record->protocol == APP_PROTOCOL_DNS)
		return;
	flow->name = dns_memory_find_name(judge->dns, &record->source, &record->destination,
					  record->start_ns);
	flow->name_source = flow->name != NULL ? NAME_SOURCE_DNS : NAME_SOURCE_NONE;
}

static void
attribute(struct judge *judge, struct judged_flow *flow, struct attribution *attribution)
{
	const struct flow_record *record = flow->record;
	bool outbound = flow_record_direction(record) != FLOW_DIRECTION_INGRESS;
	struct attribution_query query = {
		.origin = flow->origin,
		/* On the way in, the name is our own server's: it says nothing of who comes (domain
		   §5.23). */
		.name = outbound ? flow->name : NULL,
		.name_source = outbound ? flow->name_source : NAME_SOURCE_NONE,
	};

	if (query.name != NULL)
		query.dns_seen = dns_memory_links(judge->dns, &record->source, &record->destination,
						  query.name, record->start_ns);
	attribution_decide(judge->ruleset->catalogue, &query, attribution);
}

static const char *
inside_host(struct judge *judge, const struct flow_record *record)
{
	if (record->source_inside)
		return host_pseudonym_get(judge->pseudonyms, &record->source);
	if (record->destination_inside)
		return host_pseudonym_get(judge->pseudonyms, &record->destination);
	return NULL;
}

static int
judge_flow(struct judge *judge, const struct flow_record *record)
{
	static const struct attribution nobody = {.exposure = EXPOSURE_UNKNOWN};
	static const struct origin nowhere;
	struct attribution attribution;

	if (!record->final && !judge->outputs.interim)
		return 0;
	struct judged_flow flow = {
		.record = record,
		.capture = judge->captures != NULL ? judge->captures[record->capture_port]
						   : judge->capture,
		.origin = &nowhere,
		.attribution = &nobody,
		.host = inside_host(judge, record),
		.hide_inside = judge->outputs.hide_inside,
	};
	find_name(judge, record, &flow);
	if (flow_record_direction(record) != FLOW_DIRECTION_INTERNAL) {
		flow.origin = find_origin(judge, flow_record_far_end(record));
		attribute(judge, &flow, &attribution);
		flow.attribution = &attribution;
	}
	if (record->final && judge->outputs.summary != NULL)
		summary_add_flow(judge->outputs.summary, &flow);
	return judge->outputs.flows != NULL ? flow_writer_add(judge->outputs.flows, &flow) : 0;
}

static void
judge_dns(struct judge *judge, const struct dns_message *message, uint64_t time_ns)
{
	switch (dns_answer_parse(slice_of(message->bytes, message->len), &judge->answer)) {
	case PARSE_FOUND:
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
