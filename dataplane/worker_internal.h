/* SPDX-License-Identifier: Apache-2.0 */
/* What the worker's files share: its state. Nobody else includes it. */
#pragma once

#include "dataplane/flow_timer.h"
#include "dataplane/inspect.h"
#include "dataplane/worker.h"

/** A flow to be sent off, and its place among others of the same tick: by rank, then by id. */
struct due_flow {
	uint64_t rank;
	uint64_t flow_id;
	uint32_t index;
};

struct worker {
	struct worker_config config;
	struct flow_table *flows;
	struct flow_timer timer;
	struct inspector inspector;
	struct message_ring *ring;
	struct worker_counters counters;
	uint64_t now_ns;              /* latest packet time seen by anybody: never goes back */
	uint64_t packet;              /* number of the packet being handled, over all workers */
	struct due_flow *due;         /* room for every flow, touched as far as used */
	struct flow_message *message; /* the record being written */
	uint32_t evict_at;            /* where the next search for a flow to evict begins */
};

/** Tick of a packet time; saturates far in the future. */
uint32_t worker_tick(uint64_t time_ns);

/** Sends off what is due up to `time_ns`. */
void worker_expire(struct worker *worker, uint64_t time_ns);

/** Ends a flow now: final record, out of the table. False when the ring is full and the worker does
 * not wait. */
bool worker_end_flow(struct worker *worker, uint32_t index, const struct message_order *order);

/**
 * Makes room in a full table: ends the flow silent for longest, of a few that are looked at. False
 * when the ring is full and the worker does not wait: then no flow was ended.
 */
bool worker_evict(struct worker *worker);

/** The flow's idle time-out in ticks, by transport and state. */
uint32_t worker_idle_ticks(const struct worker *worker, const struct flow *flow);

/** Pushes a message at the worker's time, waiting for room where that is configured. */
bool worker_push(struct worker *worker, struct message *message);
