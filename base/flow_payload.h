/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transport payload by side of the tap: what leaves the inside and what comes in. The one place
 * that knows whose sending is "out", so that records and sums agree.
 */
#pragma once

#include "base/flow_record.h"

struct flow_payload {
	uint64_t out; /**< leaves the inside, whoever initiated */
	uint64_t in;
};

/** Where both ends are inside or neither is, `out` is what the initiator sent. */
static inline struct flow_payload
flow_payload_of(const struct flow_record *r)
{
	uint64_t source = r->from_source.payload;
	uint64_t destination = r->from_destination.payload;

	if (flow_record_direction(r) == FLOW_DIRECTION_INGRESS)
		return (struct flow_payload){.out = destination, .in = source};
	return (struct flow_payload){.out = source, .in = destination};
}
