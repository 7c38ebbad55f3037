/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datagrams put together from IP fragments (RFC 791 3.2, RFC 8200 4.5), in any order. Bounded: so
 * many datagrams at a time, each at most as long as IP allows and of so many fragments; memory is
 * reserved at the start and touched as it is used. It counts nothing and knows no flow: whoever
 * owns it says what becomes of each datagram. One worker owns it.
 *
 * Who wins where fragments overlap:
 * - the same bytes again are a duplicate, and change nothing;
 * - IPv6 (RFC 5722): any other overlap spoils the datagram;
 * - IPv4: bytes seen first stay, and the datagram is marked if others contradict them;
 * - two ends of one datagram, or bytes behind its end, spoil it: hosts do not agree on them.
 * What is spoilt stays, so that its further fragments do not begin a new one, until it is released.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/decode.h"

/** Fragments of one datagram; all of eight bytes, the longest has as many. */
#define FRAGMENTS_MAX 8192u

/** Bytes kept of an IP header around a datagram: up to its addresses, of either version. */
#define FRAGMENT_OUTER_HEADER 40u

/** Two fragments of one key are of one datagram. No padding: compared and hashed as bytes. */
struct fragment_key {
	uint64_t path; /**< hash of the ends of the tunnels around it; 0: none */
	uint8_t source[16];
	uint8_t destination[16];
	uint32_t id;
	uint32_t vni;
	uint16_t vlan;
	uint16_t inner_vlan;
	uint8_t version;
	uint8_t transport; /**< IPv4 only: RFC 8200 4.5 leaves it out */
	uint8_t zero[2];
};

/** What came with a fragment: one packet, or all packets of the datagram around it. */
struct fragment_carrier {
	uint64_t packets;
	uint64_t bytes; /**< wire bytes of their frames */
	uint64_t first_ns;
	uint64_t last_ns;
	struct decode_sum around; /**< the packets around the tunnel that it came in, if any */
	uint16_t port;
	bool has_conflict; /**< of the datagram around it */
};

/** Read-only outside fragment_table.c. */
struct datagram {
	struct fragment_key key;
	struct fragment_carrier carrier; /**< sums of what came */
	uint64_t since_ns;               /**< worker's clock when it began */
	uint32_t ip_bytes;               /**< sum of the fragments' IP lengths */
	uint32_t fragments;
	uint32_t end;       /**< of its data; 0: the last fragment has not come */
	uint32_t reach;     /**< highest end of a fragment */
	uint32_t units;     /**< eights of bytes that are there */
	uint32_t known_end; /**< from here on the capture cut a fragment */
	uint32_t next;      /**< younger one, or free list */
	uint32_t prev;
	uint32_t chain; /**< next of the same bucket */
	uint8_t transport;
	uint8_t depth;
	/* The tunnels around it, as in struct decoded, with copies of the headers. */
	uint8_t outer_count;
	uint8_t outer_tunnel[DECODE_TUNNELS_MAX];
	uint8_t outer_header[DECODE_TUNNELS_MAX][FRAGMENT_OUTER_HEADER];
	bool has_conflict; /**< IPv4: other bytes came for what was there */
	bool is_spoilt;
	bool is_whole; /**< not in the table any more: only to be released */
};

struct fragment_table;

/** Room for `count` datagrams (a power of two). `seed` is not to be guessed from outside. NULL with
 * errno; free with fragment_table_destroy (NULL allowed). */
struct fragment_table *fragment_table_create(uint32_t count, uint64_t seed);
void fragment_table_destroy(struct fragment_table *table);

/** What became of a fragment. */
enum fragment_result {
	FRAGMENT_WAITS,     /**< taken in, with what carried it */
	FRAGMENT_COMPLETES, /**< taken in; the datagram is the caller's until it is released */
	FRAGMENT_SPOILS,    /**< taken in, and the datagram is spoilt: its sums are for the caller
			       to account for now */
	FRAGMENT_REFUSED,   /**< of a spoilt datagram, or too many: not taken in */
	FRAGMENT_NO_ROOM,   /**< not taken in: release the oldest, and try again */
};

/**
 * Takes in a fragment as the decoder described it. `datagram` is its datagram, NULL without one.
 * `now_ns` never goes back.
 */
enum fragment_result
fragment_table_add(struct fragment_table *table, const struct decoded *fragment,
		   const struct fragment_carrier *carrier, uint64_t now_ns,
		   struct datagram **datagram);

/** The datagram begun longest ago, NULL when there is none. */
struct datagram *fragment_table_oldest(const struct fragment_table *table);

/** Forgets a datagram, whatever its state. */
void fragment_table_release(struct fragment_table *table, struct datagram *datagram);

/**
 * The datagram as one packet, for decode_datagram: with an IP header of its own, without options
 * and extension headers in front of the fragments. An incomplete one ends where its first gap
 * begins; false if that is at its start. Valid until it is released.
 */
bool fragment_table_packet(const struct fragment_table *table, const struct datagram *datagram,
			   struct packet *packet);

/** Where it was found; borrowed until it is released. */
struct decode_place datagram_place(const struct datagram *datagram);
