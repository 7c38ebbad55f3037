/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the decoder's files share: the part of a frame still to be read, link headers other than
 * Ethernet's, what is inside a tunnel. Nobody else includes it.
 */
#pragma once

#include <stdint.h>

#include "base/bytes.h"
#include "base/flow_record.h"
#include "dataplane/decode.h"

/* What a header says that follows it, in the numbers of IEEE 802; other numbers become these. */
#define ETHERTYPE_NONE 0x0000
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ETHERNET 0x6558 /* a frame within a frame */
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_MPLS 0x8847
#define ETHERTYPE_MPLS_MULTICAST 0x8848
#define ETHERTYPE_PPPOE 0x8864

#define ETHERNET_HEADER 14
#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40

/* Where tunnels are looked for: over IP (IANA protocol numbers), and over UDP. */
#define PROTOCOL_IPV4 4
#define PROTOCOL_IPV6 41
#define PROTOCOL_GRE 47
#define PORT_GTP_U 2152
#define PORT_TEREDO 3544
#define PORT_VXLAN 4789
#define PORT_VXLAN_GPE 4790
#define PORT_GENEVE 6081

/** The rest of a frame: captured bytes, and how many there were on the wire. */
struct frame {
	const uint8_t *at;
	uint32_t captured;
	uint32_t wire; /**< at least `captured` */
};

/** Passes over a header that is known to be captured. */
static inline void
frame_advance(struct frame *f, uint32_t len)
{
	f->at += len;
	f->captured -= len;
	f->wire -= len;
}

/** Cuts what lies behind a length given by a header: padding, trailers. */
static inline void
frame_cut(struct frame *f, uint32_t len)
{
	if (f->wire > len)
		f->wire = len;
	if (f->captured > len)
		f->captured = len;
}

static inline uint16_t
read_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
read_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* A cursor over the captured bytes. */
static inline struct cursor
frame_cursor(const struct frame *f)
{
	return cursor_over(slice_of(f->at, f->captured));
}

/* BSD loopback, raw IP, PPP, NFLOG: pass over the link header and say what follows. */
enum decode_result decode_null(struct frame *f, uint16_t *ethertype);
enum decode_result decode_raw_ip(const struct frame *f, uint16_t *ethertype);
enum decode_result decode_ppp(struct frame *f, enum link_type link, uint16_t *ethertype);
enum decode_result decode_nflog(struct frame *f, uint16_t *ethertype);

/* Reads PPP's header (RFC 1661 2, RFC 1662 3.1); ETHERTYPE_NONE for all that is not IP. */
uint16_t read_ppp(struct cursor *c);

/*
 * Describe a fragment: the frame begins with its IPv4 header of `header_len` bytes, or with its
 * fragment header. Addresses and version are in the key already.
 */
enum decode_result decode_ipv4_fragment(struct frame *f, uint32_t header_len, struct decoded *out);
enum decode_result decode_ipv6_fragment(struct frame *f, struct decoded *out);

/** Reads the header of `transport` at the frame's start; fills key ports, flags and payload. */
enum decode_result decode_transport(struct frame *f, uint8_t transport, struct decoded *out);

/* Makes the key direction-free: until here low is the source and high the destination. */
void decode_order_ends(struct decoded *out);

/* What a tunnel holds: the rest of the frame, what it begins with, and the network's identifier. */
struct tunnel_inside {
	struct frame frame;
	uint16_t ethertype;
	uint32_t vni;   /* or FLOW_NO_VNI */
	uint8_t tunnel; /* enum flow_tunnel; none of those without IP ends */
};

/*
 * Whether tunnel_open is worth a call behind a transport header: for TCP one comparison, for UDP a
 * few with values at hand.
 */
static inline bool
may_hold_tunnel(const struct decoded *d)
{
	uint8_t over = d->key.transport;
	if (over == TRANSPORT_TCP)
		return false;
	if (over != TRANSPORT_UDP)
		return over == PROTOCOL_IPV4 || over == PROTOCOL_IPV6 || over == PROTOCOL_GRE;
	uint16_t to = d->key.high_port;
	return to == PORT_VXLAN || to == PORT_VXLAN_GPE || to == PORT_GENEVE || to == PORT_GTP_U ||
	       to == PORT_TEREDO || d->key.low_port == PORT_TEREDO;
}

/*
 * Opens the tunnel that begins at in->frame: over the transport of `outer`, or, where that is NULL,
 * by `ethertype`. NOT_IP: there is none, and the packet stays what it is outside; other reasons
 * refuse it.
 */
enum decode_result
tunnel_open(const struct decoded *outer, uint16_t ethertype, struct tunnel_inside *in);

/*
 * Enters behind the header that the cursor has read. NOT_IP where that was cut, or where nothing of
 * this ethertype can begin.
 */
enum decode_result
tunnel_enter(struct tunnel_inside *in, const struct cursor *header, uint16_t ethertype);

/* One kind of tunnel each; as tunnel_open. */
enum decode_result open_gre(const struct decoded *outer, struct tunnel_inside *in);
enum decode_result open_vxlan(const struct decoded *outer, struct tunnel_inside *in);
enum decode_result open_vxlan_gpe(const struct decoded *outer, struct tunnel_inside *in);
enum decode_result open_geneve(const struct decoded *outer, struct tunnel_inside *in);
enum decode_result open_gtp_u(const struct decoded *outer, struct tunnel_inside *in);
enum decode_result open_teredo(const struct decoded *outer, struct tunnel_inside *in);
