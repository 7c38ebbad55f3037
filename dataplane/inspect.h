/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the first bytes of a flow to its name: called only while a flow still owes an answer
 * (flow.owes). Segments that say all at once are read where they lie; others are put together in a
 * pool. The parsers are those of classifier/names; this knows order, buffers and when to give up.
 * One worker owns it.
 */
#pragma once

#include "dataplane/flow_table.h"
#include "dataplane/inspection_pool.h"
#include "dataplane/name_pool.h"
#include "dataplane/worker_counters.h"

struct inspector {
	struct flow_table *flows; /**< borrowed */
	struct inspection_pool *pool;
	struct name_pool *names;
	struct quic_opener *quic;
	struct worker_counters *counters; /**< borrowed */
	uint8_t *scratch; /**< for messages over several records and opened packets */
};

/** Longest packet payload that is opened, and longest joined message. */
#define INSPECTOR_SCRATCH 65536u

/** Sets up pools for at most `max_flows` flows; borrows table and counters. 0 or -errno (nothing is
 * kept then). */
int inspector_init(struct inspector *inspector, struct flow_table *flows,
		   struct worker_counters *counters);
void inspector_fini(struct inspector *inspector);

/** Looks at the payload of a TCP packet that `direction` (0 low, 1 high) sent. */
void inspect_tcp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		 unsigned direction);

/** Looks at a UDP datagram. */
void inspect_udp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		 unsigned direction);

/** Last chance before the flow's final record: reads what is there and gives the memory back. */
void inspect_end(struct inspector *inspector, uint32_t index);
