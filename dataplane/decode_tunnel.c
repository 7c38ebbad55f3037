/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tunnels there are, and those that lie directly on Ethernet or IP. Every `open` reads its
 * header, decides whether it is sure of it, and says what begins behind it; the loop that goes from
 * tunnel to tunnel is decode_packet's.
 */
#include "dataplane/decode_internal.h"

#define MPLS_ENTRY 4
#define CONTROL_WORD 4
#define HEADERS_THAT_TELL (CONTROL_WORD + ETHERNET_HEADER + IPV6_HEADER)
#define PPPOE_HEADER 6
/* Behind a packet there may be a frame check sequence, and what a switch adds to it. */
#define TRAILER_MAX 8

static bool
may_begin(const struct frame *f, uint16_t ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_IPV4:
		return f->wire >= IPV4_HEADER_MIN && (f->captured == 0 || f->at[0] >> 4 == 4);
	case ETHERTYPE_IPV6:
		return f->wire >= IPV6_HEADER && (f->captured == 0 || f->at[0] >> 4 == 6);
	case ETHERTYPE_ETHERNET:
		return f->wire >= ETHERNET_HEADER;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return f->wire >= MPLS_ENTRY;
	default:
		return false;
	}
}

enum decode_result
tunnel_enter(struct tunnel_inside *in, const struct cursor *header, uint16_t ethertype)
{
	if (header->failed)
		return DECODE_NOT_IP;
	frame_advance(&in->frame, in->frame.captured - (uint32_t)cursor_left(header));
	in->ethertype = ethertype;
	return may_begin(&in->frame, ethertype) ? DECODE_TRACKED : DECODE_NOT_IP;
}

/* Passes over an Ethernet header and its tags; ETHERTYPE_NONE where they are cut. */
static uint16_t
pass_ethernet(struct frame *f)
{
	uint32_t type_offset = 12;

	/* The bound is the frame: every tag takes four bytes. */
	for (;;) {
		if (f->captured < type_offset + 2)
			return ETHERTYPE_NONE;
		uint16_t ethertype = read_be16(f->at + type_offset);
		frame_advance(f, type_offset + 2);
		if (ethertype != 0x8100 && ethertype != 0x88a8)
			return ethertype;
		type_offset = 2;
	}
}

static bool
ipv4_checksum_holds(const uint8_t *header, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i += 2)
		sum += read_be16(header + i);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

/* What an IP header says of itself, for where nothing else says that it is one. */
struct ip_look {
	bool fits;           /* captured whole, of this version, and its length within the wire's */
	bool is_exact;       /* and no byte is left over */
	bool checksum_holds; /* IPv4: RFC 791 3.1 */
	uint32_t left_over;  /* bytes behind the packet */
};

static struct ip_look
look_at_ip(const struct frame *f, uint16_t ethertype)
{
	struct ip_look look = {0};
	uint32_t header, len;

	if (ethertype == ETHERTYPE_IPV4 && f->captured >= IPV4_HEADER_MIN && f->at[0] >> 4 == 4) {
		header = (f->at[0] & 0x0fu) * 4;
		len = read_be16(f->at + 2);
		look.checksum_holds = header >= IPV4_HEADER_MIN && header <= f->captured &&
				      ipv4_checksum_holds(f->at, header);
	} else if (ethertype == ETHERTYPE_IPV6 && f->captured >= IPV6_HEADER &&
		   f->at[0] >> 4 == 6) {
		header = IPV6_HEADER;
		len = IPV6_HEADER + read_be16(f->at + 4);
	} else {
		return look;
	}
	look.fits = header >= IPV4_HEADER_MIN && len >= header && len <= f->wire;
	look.left_over = look.fits ? f->wire - len : 0;
	look.is_exact = look.fits && look.left_over == 0;
	return look;
}

static enum decode_result
open_ip_in_ip(const struct decoded *outer, struct tunnel_inside *in)
{
	struct cursor none = frame_cursor(&in->frame);
	bool is_v6 = outer->key.transport == PROTOCOL_IPV6;

	if (outer->key.version == 6)
		in->tunnel = is_v6 ? FLOW_TUNNEL_6IN6 : FLOW_TUNNEL_4IN6;
	return tunnel_enter(in, &none, is_v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
}

/* What IPv6 carries on a provider's network: extension headers, transports, tunnels. */
static bool
is_usual_next_header(uint8_t next)
{
	switch (next) {
	case 0:  /* hop-by-hop options */
	case 43: /* routing */
	case 44: /* fragment */
	case 51: /* authentication */
	case 60: /* destination options */
	case PROTOCOL_IPV4:
	case PROTOCOL_IPV6:
	case PROTOCOL_GRE:
	case TRANSPORT_TCP:
	case TRANSPORT_UDP:
	case TRANSPORT_ESP:
	case TRANSPORT_ICMPV6:
	case TRANSPORT_SCTP:
		return true;
	default:
		return false;
	}
}

/* Whether a header whose lengths or checksum fit is there; any bytes may look like the rest. */
static bool
is_surely_ip(const struct frame *f, uint16_t ethertype)
{
	struct ip_look look = look_at_ip(f, ethertype);

	if (!look.fits)
		return false;
	if (ethertype == ETHERTYPE_IPV4)
		return look.is_exact || look.checksum_holds;
	return look.left_over <= TRAILER_MAX && is_usual_next_header(f->at[6]);
}

static bool
is_surely_frame(struct frame f)
{
	uint16_t ethertype = pass_ethernet(&f);

	return is_surely_ip(&f, ethertype);
}

/* RFC 4448 4.6: a control word of four bits and twelve that are zero, and a sequence number. */
static bool
is_surely_pseudowire(struct frame f)
{
	if (f.captured < CONTROL_WORD || read_be16(f.at) != 0)
		return false;
	frame_advance(&f, CONTROL_WORD);
	return is_surely_frame(f);
}

/*
 * No field of MPLS says what follows, and addresses of Ethernet frames (RFC 4448 without a control
 * word) may begin with the digits 4 and 6 too. What reads as both is neither.
 */
static uint16_t
behind_labels(const struct frame *f)
{
	uint8_t version = f->captured != 0 ? f->at[0] >> 4 : 0;

	if (version == 4 && is_surely_ip(f, ETHERTYPE_IPV4) && !is_surely_frame(*f))
		return ETHERTYPE_IPV4;
	if (version == 6 && is_surely_ip(f, ETHERTYPE_IPV6) && !is_surely_frame(*f))
		return ETHERTYPE_IPV6;
	return is_surely_pseudowire(*f) ? ETHERTYPE_ETHERNET : ETHERTYPE_NONE;
}

/* RFC 3032 2.1. The bound of the stack is the frame. */
static enum decode_result
open_mpls(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct frame *f = &in->frame;
	bool is_bottom;

	do {
		if (f->captured < MPLS_ENTRY)
			return f->wire < MPLS_ENTRY ? DECODE_NOT_IP : DECODE_LINK_TRUNCATED;
		is_bottom = (f->at[2] & 1) != 0;
		frame_advance(f, MPLS_ENTRY);
	} while (!is_bottom);

	in->ethertype = behind_labels(f);
	if (in->ethertype == ETHERTYPE_ETHERNET)
		frame_advance(f, CONTROL_WORD);
	if (in->ethertype != ETHERTYPE_NONE)
		return DECODE_TRACKED;
	/* What would have told may lie behind the cut. */
	bool is_cut = f->captured < f->wire && f->captured < HEADERS_THAT_TELL;
	return is_cut ? DECODE_LINK_TRUNCATED : DECODE_NOT_IP;
}

/* RFC 2516 4 and 5: version 1, type 1, code 0; the length is what PPP takes, the rest is padding.
 */
static enum decode_result
open_pppoe(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct frame *f = &in->frame;

	if (f->captured < PPPOE_HEADER)
		return f->wire < PPPOE_HEADER ? DECODE_NOT_IP : DECODE_LINK_TRUNCATED;
	if (f->at[0] != 0x11 || f->at[1] != 0)
		return DECODE_NOT_IP;
	uint16_t len = read_be16(f->at + 4);
	frame_advance(f, PPPOE_HEADER);
	frame_cut(f, len);
	struct cursor c = frame_cursor(f);
	uint16_t ethertype = read_ppp(&c);
	if (c.failed && f->captured < f->wire)
		return DECODE_LINK_TRUNCATED;
	return tunnel_enter(in, &c, ethertype);
}

enum tunnel_place {
	OVER_ETHERNET,
	OVER_IP,
	OVER_UDP,      /* to this port */
	OVER_UDP_BOTH, /* to or from this port */
};

/* The first row that fits counts. */
static const struct tunnel {
	enum tunnel_place place;
	uint16_t number; /* ethertype, protocol or port */
	enum flow_tunnel tunnel;
	enum decode_result (*open)(const struct decoded *outer, struct tunnel_inside *in);
} tunnels[] = {
	{OVER_ETHERNET, ETHERTYPE_MPLS, FLOW_TUNNEL_NONE, open_mpls},
	{OVER_ETHERNET, ETHERTYPE_MPLS_MULTICAST, FLOW_TUNNEL_NONE, open_mpls},
	{OVER_ETHERNET, ETHERTYPE_PPPOE, FLOW_TUNNEL_NONE, open_pppoe},
	{OVER_IP, PROTOCOL_IPV4, FLOW_TUNNEL_4IN4, open_ip_in_ip}, /* RFC 2003, 2473 */
	{OVER_IP, PROTOCOL_IPV6, FLOW_TUNNEL_6IN4, open_ip_in_ip}, /* RFC 4213, 2473 */
	{OVER_IP, PROTOCOL_GRE, FLOW_TUNNEL_GRE, open_gre},
	{OVER_UDP, PORT_VXLAN, FLOW_TUNNEL_VXLAN, open_vxlan},
	{OVER_UDP, PORT_VXLAN_GPE, FLOW_TUNNEL_VXLAN_GPE, open_vxlan_gpe},
	{OVER_UDP, PORT_GENEVE, FLOW_TUNNEL_GENEVE, open_geneve},
	{OVER_UDP, PORT_GTP_U, FLOW_TUNNEL_GTP_U, open_gtp_u},
	{OVER_UDP_BOTH, PORT_TEREDO, FLOW_TUNNEL_TEREDO, open_teredo},
};

static bool
is_place(const struct tunnel *tunnel, const struct decoded *outer, uint16_t ethertype)
{
	if (outer == NULL)
		return tunnel->place == OVER_ETHERNET && tunnel->number == ethertype;
	bool is_udp = outer->key.transport == TRANSPORT_UDP;
	switch (tunnel->place) {
	case OVER_IP:
		return tunnel->number == outer->key.transport;
	case OVER_UDP:
		return is_udp && tunnel->number == outer->key.high_port;
	case OVER_UDP_BOTH:
		return is_udp && (tunnel->number == outer->key.high_port ||
				  tunnel->number == outer->key.low_port);
	case OVER_ETHERNET:
		break;
	}
	return false;
}

enum decode_result
tunnel_open(const struct decoded *outer, uint16_t ethertype, struct tunnel_inside *in)
{
	for (size_t i = 0; i < sizeof(tunnels) / sizeof(*tunnels); i++) {
		if (!is_place(&tunnels[i], outer, ethertype))
			continue;
		in->tunnel = (uint8_t)tunnels[i].tunnel;
		return tunnels[i].open(outer, in);
	}
	return DECODE_NOT_IP;
}
