/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the first bytes of a flow to its name: called only while a flow still owes an answer
 * (flow.owes). Segments that say all at once are read where they lie; others are put together in a
 * pool. The parsers are those of classifier/names; this knows order, buffers and when to give up.
 * One worker owns it.
 */
#pragma once

#include "dataplane/detail_pool.h"
#include "dataplane/flow_table.h"
#include "dataplane/inspection_pool.h"
#include "dataplane/name_pool.h"
#include "dataplane/repeat_table.h"
#include "dataplane/worker_counters.h"

/** Where messages go that are more than facts of a flow. Called while a packet is inspected. */
struct inspect_outlet {
	void *owner; /**< given to both */
	/** Takes a leaf certificate; false when there is no room for it now. */
	bool (*certificate)(void *owner, uint64_t id, struct slice der);
	/** Takes a DNS response that `direction` of the flow sent. */
	void (*dns)(void *owner, const struct flow *flow, unsigned direction, struct slice message);
};

struct inspector {
	struct flow_table *flows; /**< borrowed */
	struct inspection_pool *pool;
	struct name_pool *names;
	struct detail_pool *details;
	struct repeat_table *repeats;
	struct quic_opener *quic;
	struct client_reader *reader;
	struct ja4_maker *ja4;
	struct worker_counters *counters; /**< borrowed */
	struct inspect_outlet outlet;
	uint64_t seed;    /**< of ids of certificates */
	uint8_t *scratch; /**< for messages over several records and opened packets */
};

/** Longest packet payload that is opened, and longest joined message. */
#define INSPECTOR_SCRATCH 65536u

/**
 * Sets up pools for at most `max_flows` flows; borrows table and counters. 0 or -errno (nothing is
 * kept then). `outlet` and `seed` are zero and may be set afterwards: without an outlet messages
 * are dropped.
 */
int inspector_init(struct inspector *inspector, struct flow_table *flows,
		   struct worker_counters *counters);
void inspector_fini(struct inspector *inspector);

/** A SYN, with or without ACK, of a flow that owes first bytes: it tells where streams begin. */
void inspect_tcp_syn(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		     unsigned direction);

/** Looks at the payload of a TCP packet that `direction` (0 low, 1 high) sent and still owes. */
void inspect_tcp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		 unsigned direction);

/**
 * Compares a segment of which some was seen before with what was read in its place, as soon as so
 * many pieces are there that one can tell: other bytes are counted and flagged. The first ones keep
 * the name.
 */
void inspect_tcp_again(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		       unsigned direction);

/** Looks whether a segment of new bytes begins with a further request (FLOW_OWES_REQUESTS). */
void
inspect_tcp_request(struct inspector *inspector, struct flow *flow, const struct decoded *packet);

/** Looks at a UDP datagram. */
void inspect_udp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		 unsigned direction);

/** Whether a datagram of a flow that owes nothing may begin a QUIC connection. */
static inline bool
inspect_is_late(const struct decoded *packet)
{
	return packet->payload_len >= 1200 && (packet->payload[0] & 0xc0) == 0xc0;
}

/** Looks at such a datagram: at a hello behind much else, or at one more connection. */
void inspect_udp_late(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		      unsigned direction);

/** Last chance before the flow's final record: reads what is there and gives the memory back. */
void inspect_end(struct inspector *inspector, uint32_t index);
