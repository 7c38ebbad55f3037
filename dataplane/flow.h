/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One tracked conversation in a worker's table: four cache lines, ordered by how often they are
 * touched. Index 0 in pairs is the key's low end, index 1 the high end. Only the worker that owns
 * the table reads or writes it.
 */
#pragma once

#include <stdalign.h>
#include <stdint.h>

#include "dataplane/decode.h"

/** No flow, no inspection, no name. */
#define FLOW_NONE UINT32_MAX

/** Holes kept per direction: sequence ranges passed over and not yet seen. */
#define TCP_HOLES_MAX 3

/** How sure it is who began; a surer answer replaces a less sure one. */
enum initiator_rank {
	INITIATOR_GUESSED, /**< by ports, inside map, or the first packet */
	INITIATOR_NAMED,   /**< it sent a ClientHello or a request */
	INITIATOR_SYN,     /**< it sent the SYN */
};

/** Bits of flow.state. */
enum flow_state {
	FLOW_INITIAL_UNOPENED = 1 << 0, /**< QUIC: an Initial was seen and none could be opened */
	FLOW_FIN_LOW = 1 << 1,          /**< low end closed; the high end's bit follows */
	FLOW_FIN_HIGH = 1 << 2,
	FLOW_RESET = 1 << 3,
	FLOW_SEQ_LOW =
		1 << 4, /**< tcp_direction[0].next_seq is valid; the high end's bit follows */
	FLOW_SEQ_HIGH = 1 << 5,
	FLOW_BASE_LOW = 1 << 6, /**< base_seq[0] is valid; the high end's bit follows */
	FLOW_BASE_HIGH = 1 << 7,
};

/** What a direction still owes to inspection; flow.owes. */
enum flow_owes {
	FLOW_OWES_LOW = 1 << 0, /**< first bytes of the low end; the high end's bit follows */
	FLOW_OWES_HIGH = 1 << 1,
	FLOW_OWES_QUIC = 1 << 2, /**< the next datagrams may be QUIC Initials */
};

struct tcp_direction {
	uint32_t next_seq;                  /**< one past the highest byte seen */
	uint32_t hole_start[TCP_HOLES_MAX]; /**< start == end: free */
	uint32_t hole_end[TCP_HOLES_MAX];
};

struct flow {
	/* Line 0: found and decided by. */
	alignas(64) struct flow_key key;
	uint32_t last_tick; /**< worker's clock at the last packet, in timer ticks */
	uint32_t inspect;   /**< inspection under way, index into the pool, or FLOW_NONE */
	uint32_t name;      /**< index into the name pool, or FLOW_NONE */
	uint16_t flags;     /**< enum flow_flag */
	uint8_t state;      /**< enum flow_state */
	uint8_t owes;       /**< enum flow_owes; 0: decided, only counted from here on */
	uint8_t initiator;  /**< 0 low, 1 high */
	uint8_t initiator_rank;
	uint8_t tries;    /**< datagrams looked at for QUIC */
	uint8_t protocol; /**< enum app_protocol */

	/* Line 1: counted for every packet. */
	alignas(64) uint64_t packets[2];
	uint64_t bytes[2];
	uint64_t payload[2];
	uint64_t first_ns;
	uint64_t last_ns;

	/* Line 2: TCP sequence numbers. */
	alignas(64) struct tcp_direction tcp[2];

	/* Line 3: touched at the beginning, at the end and by the timer. */
	alignas(64) uint32_t hash;
	uint32_t seq; /**< of the next record */
	uint32_t timer_next;
	uint32_t timer_prev;
	uint32_t due_tick;    /**< the timer slot it waits in */
	uint32_t active_tick; /**< when the next interim record is due */
	uint32_t generation;  /**< tells flows of one key and one first_ns apart */
	uint32_t base_seq[2]; /**< sequence number of the first payload byte */
	uint16_t vlan;
	uint16_t inner_vlan;
	uint16_t capture_port;
	uint16_t tls_version;
	uint8_t name_source;
	uint8_t icmp_type;
	uint8_t icmp_code;
};

_Static_assert(sizeof(struct flow) == 256, "four cache lines a flow");
