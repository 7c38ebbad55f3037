/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the flows of a worker are due: a wheel of slots, one a tick, each a list through the flows
 * themselves. A packet does not move its flow (that would be a write to two other flows a packet):
 * when the slot comes round, the caller looks whether the flow is really due and puts it back if
 * not. Ticks are seconds of packet time since 1970, never the machine's clock.
 */
#pragma once

#include <stdint.h>

#include "dataplane/flow_table.h"

/** Length of a tick. */
#define FLOW_TICK_NS 1000000000u

/** Slots; a flow due later than that many ticks ahead waits in the last slot and is put back. */
#define FLOW_TIMER_SLOTS 512u

struct flow_timer {
	struct flow_table *flows;
	uint32_t now;                    /**< tick whose slot was taken last */
	uint32_t waiting;                /**< flows in the wheel */
	uint32_t slot[FLOW_TIMER_SLOTS]; /**< first flow, or FLOW_NONE */
};

/** Empties the wheel at tick 0; borrows the table. */
void flow_timer_init(struct flow_timer *timer, struct flow_table *flows);

/** Puts a flow into the slot of `due_tick` (at least the next tick). It must not be in the wheel.
 */
void flow_timer_add(struct flow_timer *timer, uint32_t index, uint32_t due_tick);

/** Takes a flow out. */
void flow_timer_remove(struct flow_timer *timer, uint32_t index);

/** First flow of the slot of tick timer->now, or FLOW_NONE; take it out and ask again. */
uint32_t flow_timer_first_due(const struct flow_timer *timer);
