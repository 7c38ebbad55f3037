/* SPDX-License-Identifier: Apache-2.0 */
/* What the worker's files share: its state. Nobody else includes it. */
#pragma once

#include "dataplane/due_flow.h"
#include "dataplane/flow_timer.h"
#include "dataplane/fragment_table.h"
#include "dataplane/inspect.h"
#include "dataplane/inspect_protocol.h"
#include "dataplane/worker.h"

/** Datagrams that a worker puts together at a time: 68 KiB each where they are that long. */
#define DATAGRAMS_MAX 1024u

/** Certificates that a worker knows to have sent. */
#define CERTIFICATES_SENT_MAX 1024u

/** A certificate that was handed on. */
struct certificate_sent {
	uint64_t id;     /**< 0: none */
	uint64_t number; /**< of the certificate among all that were sent */
	uint64_t time_ns;
};

struct worker {
	struct worker_config config;
	struct flow_table *flows;
	struct fragment_table *fragments;
	struct flow_timer timer;
	struct inspector inspector;
	struct protocol_inspector protocols;
	struct message_ring *ring;
	struct worker_counters counters;
	uint64_t now_ns;              /* latest packet time seen by anybody: never goes back */
	uint64_t packet;              /* number of the packet being handled, over all workers */
	struct due_flow *due;         /* room for every flow, touched as far as used */
	struct flow_message *message; /* the record being written */
	uint32_t evict_at;            /* where the next search for a flow to evict begins */
	uint64_t certificates;        /* that were sent */
	struct certificate_sent sent[CERTIFICATES_SENT_MAX]; /* by their id's low bits */
};

/** Whose a conversation is comes from the high half of the hash, its bucket from the low half. */
static inline bool
worker_owns(const struct worker *worker, uint64_t hash)
{
	return worker->config.count == 1 ||
	       (uint32_t)((hash >> 32) * worker->config.count >> 32) == worker->config.index;
}

/** One packet, or a datagram put together, into its flow, which is given; FLOW_NONE when there is
 * no room. The clock already stands at its time. */
uint32_t worker_take_packet(struct worker *worker, const struct packet *packet,
			    const struct decoded *d, uint32_t hash);

/** Takes in a fragment, and its datagram if that is whole with it. worker_fragments.c. */
void worker_take_fragment(struct worker *worker, const struct packet *packet,
			  const struct decoded *fragment);

/** Gives up the datagrams that are not whole in time; and all. */
void worker_expire_fragments(struct worker *worker, uint64_t time_ns);
void worker_drain_fragments(struct worker *worker);

/** Begins a flow; FLOW_NONE when there is no room. worker_flow.c. */
uint32_t worker_new_flow(struct worker *worker, const struct packet *packet,
			 const struct decoded *d, uint32_t hash);

/**
 * The flow of a SYN or of its answer: the one found, or another one where it begins a connection on
 * the same ports. FLOW_NONE when there is no room for that, and until the old one's record is sent.
 */
uint32_t worker_renew_flow(struct worker *worker, uint32_t index, const struct packet *packet,
			   const struct decoded *d);

/** A number of a SYN's sequence number, never 0. */
static inline uint16_t
worker_syn_tag(uint32_t seq)
{
	uint16_t tag = (uint16_t)(seq ^ seq >> 16);
	return tag != 0 ? tag : 1;
}

/** Whether the packet is a SYN in the middle of a connection that nobody has answered: it counts,
 * and says nothing of the connection. */
static inline bool
worker_is_stray_syn(const struct flow *flow, const struct decoded *d)
{
	return (d->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       flow->syn_tag == worker_syn_tag(d->tcp_seq);
}

/** The flow of a packet, begun if there is none; FLOW_NONE when there is no room. */
static inline uint32_t
worker_find_flow(struct worker *worker, const struct packet *packet, const struct decoded *d,
		 uint32_t hash)
{
	uint32_t index = flow_table_find(worker->flows, &d->key, hash);

	if (index == FLOW_NONE)
		return worker_new_flow(worker, packet, d, hash);
	if ((d->tcp_flags & TCP_SYN) != 0 ||
	    (flow_table_get(worker->flows, index)->state & FLOW_OVER) != 0)
		return worker_renew_flow(worker, index, packet, d);
	return index;
}

/** Whose packet it is for what is counted, 0 low or 1 high: in a tunnel over the border the end on
 * that side of the tunnel, for the addresses inside are what the sender wrote. */
static inline unsigned
worker_sender(const struct flow *flow, const struct decoded *d)
{
	if (d->key.path == 0)
		return d->from_high;
	return d->leaves != (flow->low_is_near != 0);
}

/** Counts the packet in its flow; gives the payload bytes that were not seen before. */
uint32_t worker_count_packet(struct worker *worker, uint32_t index, const struct packet *packet,
			     const struct decoded *d);

/** Completes the key of a packet that came in tunnels, once it is decoded. worker_outer.c. */
void worker_key_outer(const struct worker *worker, struct decoded *d);

/** Completes the key and gives its hash: all that is known of whose a packet is. */
static inline uint64_t
worker_hash(const struct worker *worker, struct decoded *d)
{
	if (d->outer_count != 0)
		worker_key_outer(worker, d);
	return flow_key_hash(&d->key, worker->config.hash_seed);
}

/** Notes the tunnels that a packet came in, and their ends where the flow has none yet. */
void worker_take_outer(struct worker *worker, struct flow *flow, const struct decoded *d);

/** A number of the outer ends, the same in every run: 0 where the flow's key has no path. */
uint64_t worker_outer_id(const struct worker *worker, const struct flow *flow);

/** The flow's detail as its record has it; all zero where it has none. */
void
worker_copy_detail(const struct worker *worker, const struct flow *flow, struct flow_detail *out);

/** Hands on a DNS response in a datagram, if it was asked for. worker_messages.c. */
void worker_take_dns(struct worker *worker, const struct flow *flow, const struct decoded *d);

/** What the inspector hands messages to. */
struct inspect_outlet worker_outlet(struct worker *worker);

/** Tick of a packet time; saturates far in the future. */
uint32_t worker_tick(uint64_t time_ns);

/** Sends off what is due up to `time_ns`. */
void worker_expire(struct worker *worker, uint64_t time_ns);

/** Ends a flow now: final record, out of the table. False when the ring is full and the worker does
 * not wait: then the flow is as it was. */
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
