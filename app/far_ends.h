/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the other ends of flows beside the flows: answers of DNS, certificates, where
 * addresses belong. Makes the question out of it that attribution answers. One thread owns it;
 * what comes in comes in one order.
 */
#pragma once

#include "app/ruleset.h"
#include "classifier/policy/assessor.h"
#include "classifier/policy/judged_flow.h"
#include "dataplane/worker.h"

struct far_ends;

/** Borrows the ruleset. NULL with errno; free with far_ends_destroy (NULL allowed). */
struct far_ends *far_ends_create(const struct ruleset *ruleset);
void far_ends_destroy(struct far_ends *far_ends);

/** Forgets what was learnt: sources are judged apart. */
void far_ends_clear(struct far_ends *far_ends);

/** Learns from an answer of DNS seen at `time_ns`, and from a server's certificate. */
void
far_ends_add_dns(struct far_ends *far_ends, const struct dns_message *message, uint64_t time_ns);
void far_ends_add_certificate(struct far_ends *far_ends, const struct certificate_message *message);

/** Whether the flow asked an explicit proxy for something outside, which `out` then tells. */
bool far_ends_find_proxied(const struct far_ends *far_ends, const struct flow_record *record,
			   struct proxied *out);

/** The question for a flow that goes there, without the day; borrowed until the next call. */
void far_ends_ask(struct far_ends *far_ends, const struct flow_record *record,
		  const struct flow_place *place, struct attribution_query *out);

/** Which of the inner addresses are on our side. */
struct inner_ends far_ends_inner(const struct far_ends *far_ends, const struct flow_detail *detail);

struct far_ends_counters {
	uint64_t dns_malformed; /**< answers that are no DNS */
	uint64_t dns_services_malformed;
	uint64_t dns_evicted;     /**< facts dropped to make room */
	uint64_t dns_evicted_own; /**< and those that went since their client had too many */
	uint64_t certificate_malformed;
	uint64_t certificate_evicted;
};

struct far_ends_counters far_ends_get_counters(const struct far_ends *far_ends);
