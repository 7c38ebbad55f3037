/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of a flow are cumulative, sums over flows are not: this remembers what was told last of
 * each flow that goes on, so that only what is new is added. Bounded; when full, the flow told of
 * longest ago is forgotten, and what comes of it is then new again, which is counted. One thread
 * owns it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/flow_record.h"

struct flow_progress;

/** What a record adds to the one before. */
struct flow_fresh {
	struct flow_side from_source;
	struct flow_side from_destination;
	bool first; /**< no record before */
};

/** Room for `max_flows` flows that go on. NULL with errno; free with flow_progress_destroy. */
struct flow_progress *flow_progress_create(uint32_t max_flows);
void flow_progress_destroy(struct flow_progress *progress);
void flow_progress_clear(struct flow_progress *progress);

/** Tells what is new and remembers the rest; a final record leaves nothing behind. */
void flow_progress_take(struct flow_progress *progress, const struct flow_record *record,
			struct flow_fresh *out);

/** Flows forgotten to make room. */
uint64_t flow_progress_evicted(const struct flow_progress *progress);
