/* SPDX-License-Identifier: Apache-2.0 */
/* Link headers that only captures have; Ethernet and its like are in decode.c. */
#include "dataplane/decode_internal.h"

/* Linux, <linux/netfilter/nfnetlink_log.h>, and the address families of Linux. */
#define NFLOG_PAYLOAD 9
#define NFLOG_IPV4 2
#define NFLOG_IPV6 10

#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057

/* BSD loopback: the address family of the capturing host, in its byte order (or network order). */
enum decode_result
decode_null(struct frame *f, uint16_t *ethertype)
{
	if (f->captured < 4)
		return DECODE_LINK_TRUNCATED;
	uint32_t family = read_be32(f->at);
	if (family > 0xffff)
		family = (uint32_t)f->at[0] | (uint32_t)f->at[1] << 8;
	frame_advance(f, 4);
	switch (family) {
	case 2:
		*ethertype = ETHERTYPE_IPV4;
		return DECODE_TRACKED;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		*ethertype = ETHERTYPE_IPV6;
		return DECODE_TRACKED;
	default:
		return DECODE_NOT_IP;
	}
}

enum decode_result
decode_raw_ip(const struct frame *f, uint16_t *ethertype)
{
	if (f->captured < 1)
		return DECODE_LINK_TRUNCATED;
	uint8_t version = f->at[0] >> 4;
	*ethertype = version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_NONE;
	return DECODE_TRACKED;
}

uint16_t
read_ppp(struct cursor *c)
{
	uint16_t protocol = cursor_u8(c);

	/* RFC 1662 3.1: all-stations address and unnumbered information; both may be left out. */
	if (protocol == 0xff && cursor_u8(c) == 0x03)
		protocol = cursor_u8(c);
	/* RFC 1661 6.5: an odd first byte is the whole protocol, whose own second byte is odd. */
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
	return protocol == PPP_IPV4   ? ETHERTYPE_IPV4
	       : protocol == PPP_IPV6 ? ETHERTYPE_IPV6
				      : ETHERTYPE_NONE;
}

enum decode_result
decode_ppp(struct frame *f, enum link_type link, uint16_t *ethertype)
{
	struct cursor c = frame_cursor(f);

	if (link == LINK_TYPE_PPP_PPPD) {
		cursor_skip(&c, 1); /* 0 in, 1 out */
		if (cursor_u8(&c) != 0x03 && !c.failed)
			return DECODE_NOT_IP;
	}
	*ethertype = read_ppp(&c);
	if (c.failed)
		return DECODE_LINK_TRUNCATED;
	frame_advance(f, (uint32_t)(c.at - f->at));
	return DECODE_TRACKED;
}

static uint16_t
read_16(const uint8_t *at, bool is_little)
{
	return is_little ? (uint16_t)(at[1] << 8 | at[0]) : read_be16(at);
}

/* Passes over attributes up to the packet. Each takes at least four bytes: the frame is the bound.
 */
static enum decode_result
find_nflog_packet(struct frame *f, bool is_little)
{
	while (f->wire >= 4) {
		if (f->captured < 4)
			return DECODE_LINK_TRUNCATED;
		uint32_t len = read_16(f->at, is_little);
		uint16_t type = read_16(f->at + 2, is_little);
		if (len < 4 || len > f->wire)
			return DECODE_LINK_MALFORMED;
		if (type == NFLOG_PAYLOAD) {
			frame_cut(f, len);
			frame_advance(f, 4);
			return DECODE_TRACKED;
		}
		len = (len + 3) & ~3u;
		if (len > f->captured)
			return len > f->wire ? DECODE_NOT_IP : DECODE_LINK_TRUNCATED;
		frame_advance(f, len);
	}
	return DECODE_NOT_IP;
}

/*
 * Family, version 0, a number in network order; then attributes in the order of the host that
 * captured, which is nowhere said. The first has a type below 256, which tells it.
 */
enum decode_result
decode_nflog(struct frame *f, uint16_t *ethertype)
{
	if (f->captured < 4)
		return DECODE_LINK_TRUNCATED;
	uint8_t family = f->at[0], version = f->at[1];
	if (version != 0)
		return DECODE_LINK_UNSUPPORTED;
	frame_advance(f, 4);
	if (f->wire >= 4 && f->captured < 4)
		return DECODE_LINK_TRUNCATED;
	enum decode_result result = find_nflog_packet(f, f->captured >= 4 && f->at[3] == 0);
	if (result == DECODE_TRACKED)
		*ethertype = family == NFLOG_IPV4   ? ETHERTYPE_IPV4
			     : family == NFLOG_IPV6 ? ETHERTYPE_IPV6
						    : ETHERTYPE_NONE;
	return result;
}
