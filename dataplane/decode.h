/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a frame to the innermost conversation it belongs to: link header, VLAN tags, IPv4 or IPv6
 * with its extension headers, tunnels, transport header. Every frame leaves by exactly one way out:
 * tracked, a fragment, or refused for one named reason. Reads headers only; knows no flow. Pure, no
 * allocation.
 *
 * Tunnels opened: IP in IP, GRE (IP, Ethernet, MPLS, ERSPAN I to III, PPP of PPTP), VXLAN,
 * VXLAN-GPE, GENEVE, GTP-U, Teredo over IP; MPLS and PPPoE over Ethernet; in each other, eight
 * deep. The rules:
 * - A tunnel's header that is cut, contradicts its lengths, sets bits that its RFC wants zero, or
 *   carries what is not opened here (the tunnel's own messages, encrypted PPP) makes no tunnel: the
 *   packet belongs to the outer conversation. MPLS and PPPoE have none around them: their packets
 *   are refused, `link-truncated` where cut, else `not-ip`.
 * - Behind a sound tunnel header the inner packet counts. Where that cannot be read to its
 *   transport (an ARP message in VXLAN, an inner header cut by the snap length, a ninth tunnel),
 * the packet belongs to the conversation around it: nobody hides what he sends by spoiling it. MPLS
 *   and PPPoE have none around them.
 * - A fragment is neither tracked nor opened: it is described, for whoever puts datagrams together
 *   (fragment_table.h) and then goes on with decode_datagram.
 * - Where no field says what follows (MPLS), IP is taken for it only if its lengths or its checksum
 *   fit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "dataplane/flow_key.h"
#include "dataplane/packet.h"

/**
 * The ways out of the decoder. Everything but TRACKED refuses the packet; each has its counter. The
 * two FRAGMENTs become a reason only where the datagram is never known: see worker_fragments.c.
 */
enum decode_result {
	DECODE_TRACKED,
	DECODE_LINK_UNSUPPORTED,
	DECODE_LINK_TRUNCATED,
	DECODE_LINK_MALFORMED, /**< attributes of NFLOG that contradict themselves */
	DECODE_NOT_IP,
	DECODE_VLAN_TOO_DEEP,
	DECODE_TUNNEL_TOO_DEEP, /**< tunnels in tunnels, more than any network has */
	DECODE_IPV4_TRUNCATED,
	DECODE_IPV4_MALFORMED,
	DECODE_IPV4_FRAGMENT, /**< `out` describes it */
	DECODE_IPV6_TRUNCATED,
	DECODE_IPV6_MALFORMED,
	DECODE_IPV6_FRAGMENT,      /**< likewise; RFC 6946: an atomic one is none */
	DECODE_FRAGMENT_MALFORMED, /**< length not in eights, none at all, or past 65,535 */
	DECODE_EXTENSION_TRUNCATED,
	DECODE_TRANSPORT_UNSUPPORTED,
	DECODE_TRANSPORT_TRUNCATED,
	DECODE_TCP_MALFORMED,
	DECODE_UDP_MALFORMED,
	DECODE_RESULT_COUNT,
};

/** The name of the way out, as counters show it: "not-ip", "ipv4-fragment", ... */
const char *decode_result_text(enum decode_result result);

/** TCP flag bits (RFC 9293 3.1). */
#define TCP_FIN 0x01u
#define TCP_SYN 0x02u
#define TCP_RST 0x04u
#define TCP_PSH 0x08u
#define TCP_ACK 0x10u

/** Tunnels in tunnels that are followed: more than any network stacks. */
#define DECODE_TUNNELS_MAX 8

/** Of the IP packets around a tunnel: their lengths, and what their transport carried. */
struct decode_sum {
	uint64_t ip_bytes;
	uint64_t payload_bytes;
};

/** What the decoder found; lengths named wire_* are the wire's, the payload slice is what was
 * captured. */
struct decoded {
	struct flow_key key;
	bool from_high; /**< the sender is the key's high end */
	bool leaves; /**< with key.path: its tunnel leaves the inside; the worker's, as that is */
	uint8_t tcp_flags;
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint16_t vlan; /**< outermost tag's id, or FLOW_NO_VLAN */
	uint16_t inner_vlan;
	uint32_t tcp_seq;
	uint32_t tcp_ack;          /**< means something with TCP_ACK only */
	const uint8_t *ip;         /**< innermost IP header */
	uint32_t ip_captured_len;  /**< captured bytes from there on */
	uint32_t wire_ip_len;      /**< IP header and all behind it */
	uint32_t wire_payload_len; /**< transport payload; ESP: IP payload */
	uint32_t payload_len;      /**< captured bytes at `payload` */
	const uint8_t *payload;
	/* The tunnels over IP that were opened to get here, the outermost first. */
	uint8_t outer_count;
	uint8_t outer_tunnel[DECODE_TUNNELS_MAX];    /**< enum flow_tunnel */
	const uint8_t *outer_ip[DECODE_TUNNELS_MAX]; /**< the IP header around each */
	struct decode_sum around;                    /**< the innermost of these; only with any */
	/* Of a fragment only. Of the fields above it has: the key's addresses (low is the source),
	 * version, transport and vni, the VLAN tags, wire_ip_len, the tunnels, and as payload its
	 * data. */
	uint32_t fragment_id;
	uint32_t fragment_offset; /**< in bytes; with the data at most 65,535 */
	bool fragment_more;
	uint8_t depth; /**< tunnels and datagrams around it */
};

/** Ends of the packet around tunnel `i`, as in its IP header. */
void decoded_outer_ends(const struct decoded *decoded, unsigned i, struct ip_address *source,
			struct ip_address *destination);

/** Where a datagram was found that is put together: what lay around its fragments. */
struct decode_place {
	uint32_t vni;
	uint16_t vlan;
	uint16_t inner_vlan;
	uint8_t depth;
	/* As in struct decoded. */
	struct decode_sum around;
	uint8_t outer_count;
	uint8_t outer_tunnel[DECODE_TUNNELS_MAX];
	const uint8_t *outer_ip[DECODE_TUNNELS_MAX];
};

/** Where a fragment was found; borrows what `decoded` does. */
void decode_place_of(const struct decoded *decoded, struct decode_place *place);

/**
 * The conversation around the innermost tunnel, as `out` would have it: that of the tunnel's ends
 * and transport, without ports. Lengths are zero: `place->around` has them. False without tunnels.
 */
bool decode_around(const struct decode_place *place, struct decoded *out);

/** Whether `out` describes a fragment. */
static inline bool
decode_is_fragment(enum decode_result result)
{
	return result == DECODE_IPV4_FRAGMENT || result == DECODE_IPV6_FRAGMENT;
}

/** Decodes one packet. `out` is meaningful only for DECODE_TRACKED and fragments; its payload
 * points into the packet. */
enum decode_result decode_packet(const struct packet *packet, struct decoded *out);

/**
 * The same for a datagram put together from fragments: `datagram` begins with its IP header, as a
 * packet of LINK_TYPE_RAW_IP. Counts as one tunnel more, so that fragments in fragments have an
 * end; it may be one again.
 */
enum decode_result decode_datagram(const struct packet *datagram, const struct decode_place *place,
				   struct decoded *out);
