/* SPDX-License-Identifier: Apache-2.0 */
/* GRE: version 0 (RFC 2784, 2890) with what networks send in it, and version 1 (PPTP, RFC 2637). */
#include "dataplane/decode_internal.h"

#define GRE_CHECKSUM 0x8000u
#define GRE_KEY 0x2000u
#define GRE_SEQUENCE 0x1000u
#define GRE_ACKNOWLEDGMENT 0x0080u /* version 1 */
#define GRE_VERSION 0x0007u

#define GRE_PPP 0x880b
#define GRE_ERSPAN 0x88be /* types I and II */
#define GRE_ERSPAN_III 0x22eb

/*
 * RFC 2637 4.1: a key is always there, of which the upper half is the payload's length. Without a
 * sequence number there is no payload, only an acknowledgment.
 */
static enum decode_result
open_pptp(struct cursor *c, uint16_t flags, uint16_t protocol, struct tunnel_inside *in)
{
	if ((flags & ~GRE_ACKNOWLEDGMENT) != (GRE_KEY | GRE_SEQUENCE | 1) || protocol != GRE_PPP)
		return DECODE_NOT_IP;
	uint16_t len = cursor_be16(c);
	cursor_skip(c, 2 + 4);
	if ((flags & GRE_ACKNOWLEDGMENT) != 0)
		cursor_skip(c, 4);
	if (c->failed)
		return DECODE_NOT_IP;
	frame_advance(&in->frame, (uint32_t)(c->at - in->frame.at));
	frame_cut(&in->frame, len);
	struct cursor ppp = frame_cursor(&in->frame);
	uint16_t ethertype = read_ppp(&ppp);
	return tunnel_enter(in, &ppp, ethertype);
}

/*
 * draft-foschiano-erspan: type I has no header of its own, and no sequence number in GRE's; type II
 * has eight bytes.
 */
static uint16_t
read_erspan(struct cursor *c, uint16_t flags)
{
	if (flags == 0)
		return ETHERTYPE_ETHERNET;
	uint8_t version = cursor_u8(c) >> 4;
	cursor_skip(c, 7);
	return version == 1 ? ETHERTYPE_ETHERNET : ETHERTYPE_NONE;
}

/* The same, type III: twelve bytes, and eight more where the last bit says so. */
static uint16_t
read_erspan_iii(struct cursor *c, struct frame rest)
{
	uint8_t version = cursor_u8(c) >> 4;
	cursor_skip(c, 9);
	uint16_t word = cursor_be16(c);
	if ((word & 1) != 0)
		cursor_skip(c, 8);
	if (version != 2 || c->failed)
		return ETHERTYPE_NONE;
	switch (word >> 10 & 0x1f) { /* frame type */
	case 0:
		return ETHERTYPE_ETHERNET;
	case 2:
		frame_advance(&rest, (uint32_t)(c->at - rest.at));
		uint16_t ethertype = ETHERTYPE_NONE;
		(void)decode_raw_ip(&rest, &ethertype);
		return ethertype;
	default:
		return ETHERTYPE_NONE;
	}
}

enum decode_result
open_gre(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct cursor c = frame_cursor(&in->frame);
	uint16_t flags = cursor_be16(&c), protocol = cursor_be16(&c);

	if ((flags & GRE_VERSION) == 1)
		return open_pptp(&c, flags, protocol, in);
	/* Routing (RFC 1701) is history; other bits are asked to be zero. */
	if ((flags & ~(GRE_CHECKSUM | GRE_KEY | GRE_SEQUENCE)) != 0)
		return DECODE_NOT_IP;
	if ((flags & GRE_CHECKSUM) != 0)
		cursor_skip(&c, 4);
	if ((flags & GRE_KEY) != 0)
		cursor_skip(&c, 4);
	if ((flags & GRE_SEQUENCE) != 0)
		cursor_skip(&c, 4);
	if (protocol == GRE_ERSPAN)
		protocol = read_erspan(&c, flags);
	else if (protocol == GRE_ERSPAN_III)
		protocol = read_erspan_iii(&c, in->frame);
	return tunnel_enter(in, &c, protocol);
}
