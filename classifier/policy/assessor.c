/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/assessor.h"

#include "base/flow_payload.h"
#include "classifier/policy/assessor_findings.h"
#include "classifier/policy/attribution_memory.h"
#include "classifier/policy/history.h"

#include <errno.h>
#include <stdlib.h>

/* Flows that go on while records of them are told: live only. */
#define UNFINISHED_FLOWS 262144u

struct assessor {
	const struct policy *policy;
	struct attribution_memory *attributions;
	struct history *history;
	struct flow_progress *progress;
	struct exception_ledger *ledger;
};

struct assessor *
assessor_create(const struct policy *policy)
{
	struct assessor *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->policy = policy;
	a->attributions = attribution_memory_create(policy);
	a->history = history_create(HISTORY_DAYS_DEFAULT, HISTORY_SERVICES_DEFAULT);
	a->progress = flow_progress_create(UNFINISHED_FLOWS);
	a->ledger = exception_ledger_create(policy->exceptions);
	if (a->attributions == NULL || a->history == NULL || a->progress == NULL ||
	    a->ledger == NULL) {
		assessor_destroy(a);
		errno = ENOMEM;
		return NULL;
	}
	return a;
}

void
assessor_destroy(struct assessor *assessor)
{
	if (assessor == NULL)
		return;
	attribution_memory_destroy(assessor->attributions);
	history_destroy(assessor->history);
	flow_progress_destroy(assessor->progress);
	exception_ledger_destroy(assessor->ledger);
	free(assessor);
}

void
assessor_clear(struct assessor *assessor)
{
	history_clear(assessor->history);
	flow_progress_clear(assessor->progress);
	exception_ledger_clear(assessor->ledger);
}

uint64_t
assessor_evicted(const struct assessor *assessor)
{
	return history_evicted(assessor->history) + flow_progress_evicted(assessor->progress);
}

void
assessor_place(const struct assessor *assessor, const struct flow_record *record, uint16_t port,
	       struct flow_place *out)
{
	flow_place_find(assessor->policy->zones, record, port, out);
}

/* ---- shape ---- */

/* A Host or SNI that is an address is no name (domain §5.11). */
static const char *
name_of(const struct assessor_flow *flow)
{
	const char *name = flow->query.name;

	return name != NULL && !domain_name_is_address(name) ? name : NULL;
}

/* A host talks to a service, else to a name, else to an address (domain §5.20). */
static uint64_t
service_key(const struct assessor_flow *flow, const struct attribution *attribution)
{
	if (attribution->service != NULL)
		return (uint64_t)(uintptr_t)attribution->service;
	const char *name = name_of(flow);
	return name != NULL ? history_text_key(name) : history_address_key(flow->place->outside);
}

static void
find_shape(struct assessor *a, const struct assessor_flow *flow, struct assessment *out)
{
	const struct zone *zone = flow->place->zone;
	const struct shape_thresholds *limits = &zone->thresholds;
	bool served = flow->place->direction == FLOW_DIRECTION_INGRESS;
	struct history_flow past = {
		.zone = zone,
		.host = flow->place->inside,
		.operator_record = out->attribution.owner,
		.is_claimed = attribution_is_claimed(&out->attribution),
		.service_key = service_key(flow, &out->attribution),
		.start_ns = flow->record->start_ns,
		.start = out->start,
		.up = out->up,
		.down = out->down,
		.fresh_up = served ? out->fresh.from_destination.payload
				   : out->fresh.from_source.payload,
		.fresh_down = served ? out->fresh.from_source.payload
				     : out->fresh.from_destination.payload,
		.first = out->fresh.first,
		.day_limit = limits->day[flow->place->data_class],
	};
	struct history_answer answer;

	history_add(a->history, &past, &answer);
	struct shape_facts facts = {
		.up = out->up,
		.down = out->down,
		.window_up = answer.window_up,
		.window_down = answer.window_down,
	};
	enum shape alone = shape_decide(limits, &facts);
	facts.day_reached = answer.day_reached;
	out->shape = shape_decide(limits, &facts);
	if (alone < SHAPE_EXPORT && out->shape == SHAPE_EXPORT)
		out->day_limit = past.day_limit;
	out->flags |= answer.night ? JUDGED_FLAG_NIGHT : 0;
	out->flags |= answer.recurring ? JUDGED_FLAG_RECURRING : 0;
	out->flags |= answer.low_slow ? JUDGED_FLAG_LOW_SLOW : 0;
}

/* ---- verdict ---- */

static void
apply_exception(struct assessor *a, const struct assessor_flow *flow, struct assessment *out)
{
	bool served = flow->place->direction == FLOW_DIRECTION_INGRESS;
	struct exception_query query = {
		.zone = flow->place->zone,
		.service_operator = out->attribution.service_operator,
		.host_operator = out->attribution.host_operator,
		.proxy_operator = out->attribution.proxy_operator,
		.proxy_outside = out->attribution.proxy_address.version != 0,
		.in_tunnel = out->attribution.tunnel_end.version != 0,
		.service = out->attribution.service,
		.kind = out->attribution.kind,
		.data_class = out->verdict.data_class,
		.confidence = out->attribution.confidence,
		.day = out->start.day,
		.bytes = served ? out->fresh.from_destination.payload
				: out->fresh.from_source.payload,
	};

	exception_ledger_apply(a->ledger, &query, &out->exception);
	if (out->exception.covering != NULL)
		verdict_apply_cap(&out->verdict, out->exception.covering->cap);
}

static void
judge(struct assessor *a, const struct assessor_flow *flow, struct assessment *out)
{
	const struct attribution *attribution = &out->attribution;
	struct verdict_facts facts = {
		.zone_class = flow->place->data_class,
		.r9 = flow->place->r9,
		.exposure = attribution->exposure,
		.hds = attribution->hds != NULL,
		.shape = out->shape,
		.low_sink = attribution->low_sink,
		.confidence = attribution->confidence,
		.mismatch = (attribution->flags & JUDGED_FLAG_NAME_ADDRESS_MISMATCH) != 0,
		.dns_contradicts = flow->query.dns.contradicted,
		.address_more_exposed = attribution->address_more_exposed,
	};

	verdict_decide(a->policy->rules, &facts, &out->verdict);
	apply_exception(a, flow, out);
	/* Who reads a finding of some weight has to know that it rests on a claim (domain §5.4). */
	if (attribution_is_doubtful(attribution) && out->verdict.severity >= SEVERITY_LOW)
		out->flags |= JUDGED_FLAG_REVIEW;
}

void
assessor_assess(struct assessor *assessor, const struct assessor_flow *flow, struct assessment *out)
{
	const struct flow_place *place = flow->place;
	struct flow_payload payload = flow_payload_of(flow->record);

	out->attribution = (struct attribution){.exposure = EXPOSURE_UNKNOWN};
	out->exception = (struct exception_answer){0};
	out->flags = 0;
	out->day_limit = 0;
	out->finding_count = 0;
	out->start = time_zone_wall(assessor->policy->time_zone, flow->record->start_ns);
	out->up = payload.out;
	out->down = payload.in;
	out->judged = place->direction == FLOW_DIRECTION_EGRESS ||
		      place->direction == FLOW_DIRECTION_INGRESS;
	flow_progress_take(assessor->progress, flow->record, &out->fresh);
	if (place->direction != FLOW_DIRECTION_INTERNAL) {
		struct attribution_query query = flow->query;
		query.day = out->start.day;
		attribution_memory_decide(assessor->attributions, &query, &out->attribution);
		out->attribution.tunnel_zone = place->inner_zone;
	}
	if (out->judged) {
		if (place->direction == FLOW_DIRECTION_INGRESS)
			out->attribution.flags |= JUDGED_FLAG_SERVED;
		out->flags = out->attribution.flags;
		find_shape(assessor, flow, out);
		judge(assessor, flow, out);
	}
	assessor_find(assessor->policy, flow, out);
}

size_t
assessor_message(const struct assessor *assessor, const struct assessor_flow *flow,
		 const struct assessment *assessment, char out[SENTENCE_MAX])
{
	char address[IP_ADDRESS_TEXT_MAX];
	struct sentence_facts facts = {
		.rules = assessor->policy->rules,
		.zone = flow->place->zone,
		.verdict = &assessment->verdict,
		.attribution = &assessment->attribution,
		.name = name_of(flow),
		.address = address,
		.up = assessment->up,
		.flows = 1,
		.day_limit = assessment->day_limit,
		.exception = &assessment->exception,
	};

	(void)ip_address_format(flow->place->outside, address);
	return sentence_format(&facts, out);
}
