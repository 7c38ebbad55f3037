/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flow with all that was found out about it, as it goes from judging to telling. Everything is
 * borrowed and valid during the call it is passed to.
 */
#pragma once

#include <stdbool.h>

#include "base/flow_record.h"
#include "classifier/policy/attribution.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/verdict.h"
#include "geo/origin.h"

/** Which of the inner addresses of a record's detail are on our side. */
struct inner_ends {
	bool source_inside, destination_inside;
};

struct judged_flow {
	const struct flow_record *record;
	enum flow_direction direction; /**< record's, or egress by a zone that names tags alone */
	const char *capture;           /**< file the flow was read from; NULL when live */
	const char *name; /**< record's name, else that of dns or certificate; NULL: none */
	enum name_source name_source;
	bool name_is_outer; /**< `name` is the public one in front of an encrypted ClientHello: it
			       names nobody */
	const struct origin *origin; /**< of the far end's address in the record, or of the end of a
					tunnel that alone leads there */
	/** What stands for the far end instead of the record's own: an address that an explicit
	 * proxy was asked for, the end of a tunnel that alone leads over the border. Else NULL. */
	const struct ip_address *asked;
	/** A tunnel alone leads it over the border: ends and name of the record, those inside, say
	 * nothing of who gets it. */
	bool by_tunnel;
	struct inner_ends inner;
	const struct attribution *attribution; /**< of the far end */
	const struct zone
		*zone;    /**< of the inside host; of the initiator where both are; or NULL */
	const char *host; /**< pseudonym of the inside host ("h-..."), NULL in transit */
	unsigned flags;   /**< enum judged_flag, or-ed: attribution's and those of the judgement */
	enum shape shape; /**< where `verdict` is there */
	const struct verdict *verdict;            /**< egress and served flows; else NULL */
	const struct exception_answer *exception; /**< with verdict */
	const char *message;                      /**< the sentence of this flow; with verdict */
	uint64_t day_limit; /**< the day's sum made it an export: its limit; else 0 */
	int32_t day;        /**< of its start, by the policy's time zone */
	bool hide_inside; /**< addresses of inside hosts are not to be written; the pseudonym is */
	bool excluded;    /**< privacy: of a zone of which nothing but sums is kept */
};

/** The end that is not ours, as it is shown where there is no name. */
static inline const struct ip_address *
judged_flow_far_end(const struct judged_flow *flow)
{
	if (flow->asked != NULL)
		return flow->asked;
	return flow->direction == FLOW_DIRECTION_INGRESS ? &flow->record->source
							 : &flow->record->destination;
}

/** A governance finding: once a day and subject (domain §5.3). Borrowed as above. */
struct judged_finding {
	const struct rule_finding *rule;
	const char
		*subject; /**< what it is about: an exception's id, a network; for the stable id */
	const struct zone *zone; /**< or NULL */
	const char *message;
	uint64_t time_ns; /**< of the flow that showed it */
	int32_t day;
};
