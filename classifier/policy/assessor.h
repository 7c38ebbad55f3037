/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a flow and what is known of its far end to the verdict: zone, attribution, shape, table and
 * steps, exception, findings. Holds what has to be remembered between flows (history, exceptions'
 * bytes); everything that decides is in the pure parts it calls. One thread owns it; flows come in
 * one order, and the answers depend on that order alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/attribution.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/flow_place.h"
#include "classifier/policy/flow_progress.h"
#include "classifier/policy/judged_flow.h"
#include "classifier/policy/policy.h"
#include "classifier/policy/sentence.h"

struct assessor;

/** Borrows the policy. NULL with errno; free with assessor_destroy (NULL allowed). */
struct assessor *assessor_create(const struct policy *policy);
void assessor_destroy(struct assessor *assessor);

/** Forgets what was learnt: files are judged apart. */
void assessor_clear(struct assessor *assessor);

/** Places a flow; `port` is zone_table_port's number of the capture port. */
void assessor_place(const struct assessor *assessor, const struct flow_record *record,
		    uint16_t port, struct flow_place *out);

/** What is assessed; `query` without `day`, which is found here. */
struct assessor_flow {
	const struct flow_record *record;
	const struct flow_place *place;
	struct attribution_query query;
};

/** Findings that one flow can show. */
#define ASSESSMENT_FINDINGS_MAX (EXCEPTION_ENDED_MAX + 6)

struct assessment_finding {
	const struct rule_finding *rule;
	const struct zone *zone; /**< NULL: what it says holds in all of them */
	char subject[128];
	char message[SENTENCE_MAX];
};

/** Everything found out; what it points to lives as long as policy and catalogue. */
struct assessment {
	struct attribution attribution;
	struct verdict verdict; /**< where `judged` */
	struct exception_answer exception;
	struct flow_fresh fresh;
	enum shape shape;
	unsigned flags; /**< enum judged_flag */
	uint64_t up, down;
	uint64_t day_limit;     /**< the day's sum made it an export: its limit; else 0 */
	struct wall_time start; /**< of the flow, by the policy's clock */
	bool judged;            /**< it leaves, or is served: there is a verdict */
	struct assessment_finding findings[ASSESSMENT_FINDINGS_MAX];
	size_t finding_count;
};

/** Assesses one record. Records of one flow may come several times, with growing sums. */
void assessor_assess(struct assessor *assessor, const struct assessor_flow *flow,
		     struct assessment *out);

/** The sentence of an assessed flow with its own sums. `name` may be NULL. Length without NUL. */
size_t assessor_message(const struct assessor *assessor, const struct assessor_flow *flow,
			const struct assessment *assessment, char out[SENTENCE_MAX]);

/** Entries of history that were dropped to make room, and unfinished flows forgotten. */
uint64_t assessor_evicted(const struct assessor *assessor);
