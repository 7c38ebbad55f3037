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

/** No state of the second opinion. */
#define FLOW_NO_OPINION UINT16_MAX

/** Holes kept per direction: sequence ranges passed over and not yet seen. */
#define TCP_HOLES_MAX 3

/** How sure it is who began; a surer answer replaces a less sure one. */
enum initiator_rank {
	INITIATOR_FIRST,   /**< it sent the first packet that was seen */
	INITIATOR_GUESSED, /**< by ports, or inside map */
	INITIATOR_NAMED,   /**< it sent a ClientHello or a request, or the other end answered one */
	INITIATOR_SYN,     /**< it sent the SYN */
};

/** Bits of flow.state; of two ends the low one's, the high end's bit follows. */
enum flow_state {
	FLOW_INITIAL_UNOPENED = 1 << 0, /**< QUIC: an Initial was seen and none could be opened;
					   DTLS: records of a connection whose begin was not */
	FLOW_FIN_LOW = 1 << 1,          /**< it closed */
	FLOW_FIN_HIGH = 1 << 2,
	FLOW_RESET = 1 << 3,
	FLOW_SEQ_LOW = 1 << 4, /**< tcp_direction.next_seq is valid */
	FLOW_SEQ_HIGH = 1 << 5,
	FLOW_BASE_LOW = 1 << 6, /**< base_seq is valid: guessed from what came first, */
	FLOW_BASE_HIGH = 1 << 7,
	FLOW_ANCHORED_LOW = 1 << 8, /**< or known from a SYN, or from what acknowledged it */
	FLOW_ANCHORED_HIGH = 1 << 9,
	FLOW_HELLO_SEEN = 1 << 10,    /**< a ClientHello was read; hello_end is valid */
	FLOW_SECOND_HELLO = 1 << 11,  /**< the client owes the one after a HelloRetryRequest */
	FLOW_SERVER_BEHIND = 1 << 12, /**< a ServerHello comes behind a talk in clear */
	FLOW_NAME_PARTIAL = 1 << 13,  /**< the name is of a message not yet complete */
	FLOW_OVER = 1 << 14,          /**< another connection uses its ports; its record is owed */
	FLOW_FOLLOWED = 1 << 15, /**< HTTP/1: at hello_end begins the initiator's next request */
};

/** What a direction still owes to inspection; flow.owes. */
enum flow_owes {
	FLOW_OWES_LOW = 1 << 0, /**< first bytes of the low end; the high end's bit follows */
	FLOW_OWES_HIGH = 1 << 1,
	FLOW_OWES_QUIC = 1 << 2, /**< the next datagrams may be QUIC Initials or a DTLS ClientHello;
				    with a bit above alone: that end's DTLS ServerHello */
	FLOW_OWES_REQUESTS = 1 << 3, /**< HTTP/1: the initiator's further requests */
	FLOW_OWES_PROTOCOL = 1 << 4, /**< a second opinion on what is spoken */
	FLOW_OWES_COMPARE = 1 << 5,  /**< what seems new may have been seen before: numbers jumped,
				     or SYNs contradict */
};

/** Without these a flow is settled: our own parsers have said all they can. */
#define FLOW_OWES_FIRST_BYTES (FLOW_OWES_LOW | FLOW_OWES_HIGH | FLOW_OWES_QUIC)

/**
 * How far before the first byte seen a stream may begin: further off is another connection. As long
 * as the first bytes that are kept.
 */
#define TCP_REBASE_MAX 65536u

struct tcp_direction {
	uint32_t next_seq;                  /**< one past the highest byte seen */
	uint32_t hole_start[TCP_HOLES_MAX]; /**< start == end: free */
	uint32_t hole_end[TCP_HOLES_MAX];
};

struct flow {
	/* Line 0: found and decided by. */
	alignas(64) struct flow_key key;
	uint32_t last_tick;    /**< worker's clock at the last packet, in timer ticks */
	uint32_t inspect;      /**< inspection under way, index into the pool, or FLOW_NONE */
	uint32_t flags;        /**< enum flow_flag */
	uint16_t state;        /**< enum flow_state */
	uint8_t owes;          /**< enum flow_owes; 0: decided, only counted from here on */
	uint8_t initiator : 1; /**< 0 low, 1 high */
	/** Of a flow in a tunnel over the border: the low end is behind the tunnel's end here. */
	uint8_t low_is_near : 1;
	/** TCP: what was read from base_seq to hello_end is no more than one message: the same
	 * bytes have none that ends earlier. */
	uint8_t read_is_one : 1;
	uint8_t initiator_rank;
	uint8_t protocol; /**< enum app_protocol */
	union {
		uint8_t waited[2]; /**< TCP: segments since a beginning that is guessed and nobody
				      knows */
		uint8_t late;      /**< UDP: Initials looked at behind what was let go or read */
	};

	/* Line 1: counted for every packet. */
	/* Of a flow in a tunnel over the border the low end's are those that came from that end's
	 * side of the tunnel, whatever the addresses inside say. */
	alignas(64) uint64_t packets[2];
	uint64_t bytes[2];
	uint64_t payload[2];
	uint64_t first_ns;
	uint64_t last_ns;

	/* Line 2: TCP sequence numbers. */
	alignas(64) struct tcp_direction tcp[2];
	uint64_t session_hash; /**< of the session id of whoever spoke first; 0: none. QUIC: of the
				  id that the server chose */

	/* Line 3: touched at the beginning, at the end and by the timer. */
	alignas(64) uint32_t hash;
	uint32_t seq; /**< of the next record */
	uint32_t timer_next;
	uint32_t timer_prev;
	uint32_t due_tick;    /**< the timer slot it waits in */
	uint32_t active_tick; /**< when the next interim record is due */
	uint16_t generation;  /**< tells flows of one key and one first_ns apart */
	uint16_t syn_tag;     /**< of a SYN that fits nothing and nobody has answered; 0: none */
	uint32_t base_seq[2]; /**< sequence number of the first payload byte */
	uint32_t hello_end;   /**< sequence number behind the ClientHello */
	uint32_t name;        /**< index into the name pool, or FLOW_NONE */
	uint32_t detail;      /**< index into the detail pool, or FLOW_NONE */
	uint16_t vlan;
	uint16_t inner_vlan;
	uint16_t capture_port;
	uint16_t tls_version;
	uint16_t opinion; /**< state of the second opinion, or FLOW_NO_OPINION */
	uint8_t name_source;
	uint8_t tries; /**< datagrams looked at for QUIC and DTLS, segments for a ServerHello, DNS
			  messages */
	union {
		struct {
			uint8_t icmp_type;
			uint8_t icmp_code;
			uint8_t quic_unopened; /**< QUIC packets whose own keys did not open them */
			uint8_t quic_trials;   /**< Initials of unknown versions that keys were
						  tried on */
		};
		struct {
			uint16_t read_check; /**< TCP: of the client's first bytes, read or not,
						from base_seq to hello_end, and */
			uint16_t read_start; /**< of the first of them; both 0: nothing was read */
		};
	};
};

_Static_assert(sizeof(struct flow) == 256, "four cache lines a flow");
