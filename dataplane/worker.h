/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worker: packets in, flow records and DNS answers out, in one order of packet time. It shares
 * nothing with other workers; several of them may be shown the same packets (replay) and each takes
 * those that fall to it by the hash of the conversation, or each has packets of its own (live). One
 * thread calls it; only its ring is read by another.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/flow_record.h"
#include "base/inside_map.h"
#include "base/message_ring.h"
#include "dataplane/packet.h"
#include "dataplane/worker_counters.h"

/** Seconds of packet time without a packet after which a flow is over, and between records of a
 * long one. */
struct flow_timeouts {
	uint32_t tcp_s;
	uint32_t tcp_closed_s; /**< after both FINs, or a reset */
	uint32_t udp_s;
	uint32_t other_s;
	uint32_t active_s; /**< an interim record that often; 0: only the final one */
};

#define FLOW_TIMEOUTS_DEFAULT                                                                  \
	{                                                                                      \
		.tcp_s = 300, .tcp_closed_s = 10, .udp_s = 120, .other_s = 60, .active_s = 300 \
	}

/** Which flows nDPI is asked about, beside our own parsers. */
enum protocol_detection {
	PROTOCOL_DETECTION_OFF,
	PROTOCOL_DETECTION_UNNAMED, /**< those of which our parsers know neither protocol nor name
				     */
	PROTOCOL_DETECTION_ALL,     /**< every TCP and UDP flow */
};

struct worker_config {
	uint32_t index; /**< which of `count` workers this is */
	uint32_t count; /**< 1 takes every packet without asking */
	uint32_t max_flows;
	bool wait_for_ring; /**< replay: sleep until the ring has room; live: send at a later tick
			     */
	uint64_t hash_seed; /**< the same for all workers; not to be guessed from outside */
	uint64_t id_seed; /**< of flow ids: 0, the same in every run; secret where addresses are */
	struct flow_timeouts timeouts;
	enum protocol_detection protocol_detection;
	const struct inside_map *inside; /**< borrowed for the worker's life */
};

/** Kinds of messages in a worker's ring. */
enum worker_message {
	WORKER_MESSAGE_FLOW,         /**< struct flow_message */
	WORKER_MESSAGE_DNS,          /**< struct dns_message */
	WORKER_MESSAGE_CERTIFICATE,  /**< struct certificate_message */
	WORKER_MESSAGE_NAME_DISPUTE, /**< struct name_dispute_message */
};

/**
 * Where a message stands among those of the same time: messages of all workers sorted by (time,
 * packet, flow) have one order, whatever the number of workers. `packet` is the number of the
 * packet that caused it.
 */
struct message_order {
	uint64_t packet;
	uint64_t flow;
};

/** A flow record; cut behind the name's NUL. */
struct flow_message {
	struct message_order order;
	struct flow_record record;
};

/** A DNS response as it was on the wire; parsed on the analysis side. */
struct dns_message {
	struct message_order order;
	struct ip_address client;
	struct ip_address server;
	uint16_t len;
	uint8_t bytes[];
};

/**
 * The leaf certificate of a TLS server, DER, as it was on the wire: it comes before every record
 * whose detail has its id. Parsed on the analysis side.
 */
struct certificate_message {
	struct message_order order;
	uint64_t id; /**< hash of the bytes with the workers' common seed; never 0 */
	uint16_t len;
	uint8_t bytes[];
};

/** The second opinion read another name in a flow than we did. For whoever develops the parsers. */
struct name_dispute_message {
	struct message_order order;
	struct ip_address source; /**< the initiator */
	struct ip_address destination;
	/** As in the record, for whoever has to know whose flow it is. Version 0: no tunnel. */
	struct ip_address outer_source, outer_destination;
	uint8_t outer_source_inside, outer_destination_inside;
	uint32_t vni;
	uint16_t vlan, inner_vlan, capture_port;
	uint16_t source_port;
	uint16_t destination_port;
	char protocol[FLOW_PROTOCOL_MAX]; /**< where the second opinion read it */
	char theirs[DOMAIN_NAME_MAX];     /**< printable or not: as it was on the wire */
	char ours[DOMAIN_NAME_MAX];       /**< canonical; "": none */
};

/** Longest certificate handed on. */
#define CERTIFICATE_MESSAGE_MAX 8192

/** Longest DNS message handed on. */
#define DNS_MESSAGE_MAX 4096

struct worker;

/** NULL with errno; free with worker_destroy (NULL allowed). */
struct worker *worker_create(const struct worker_config *config);
void worker_destroy(struct worker *worker);

/** The ring to read from, in another thread. Lives as long as the worker. */
struct message_ring *worker_ring(const struct worker *worker);

/** Takes in at most PACKET_BURST_MAX packets, in the order they were captured. */
void worker_process(struct worker *worker, const struct packet *packets, size_t count);

/** Moves the clock to `time_ns` where no packet does (live): sends off what is due by then. */
void worker_advance(struct worker *worker, uint64_t time_ns);

/** The end of the packets: every flow becomes a final record and the ring ends. Waits for room;
 * only destroy is left. */
void worker_drain(struct worker *worker);

/** Counters; other threads may read them after the worker's thread has ended. */
const struct worker_counters *worker_get_counters(const struct worker *worker);

/** Flows in the table now, and packets taken in; any thread may ask for a rough figure. */
uint32_t worker_flow_count(const struct worker *worker);
