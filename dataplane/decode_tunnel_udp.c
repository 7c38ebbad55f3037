/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tunnels in UDP. Any conversation may use these ports, so each tunnel has to prove itself by what
 * else its header says.
 */
#include "dataplane/decode_internal.h"

#define GENEVE_CRITICAL 0x40u
#define GTP_EXTENSION 0x04u
#define GTP_OPTIONAL 0x07u /* extension, sequence number, N-PDU number */
#define GTP_G_PDU 0xff
#define GTP_HEADER 8
#define GPE_BUM 0x02u /* broadcast, unknown unicast, multicast */

/* The datagram's payload as UDP's header gives it, which may be more than this fragment has. */
static uint32_t
datagram_len(const struct frame *f)
{
	uint32_t len = read_be16(f->at - 4);

	return len != 0 ? len - 8 : f->wire;
}

/*
 * RFC 7348 5: flag I. The other reserved bits are asked to be zero, but for the highest, by which a
 * fabric says that it sends a group policy id.
 */
enum decode_result
open_vxlan(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct cursor c = frame_cursor(&in->frame);
	uint8_t flags = cursor_u8(&c);
	cursor_skip(&c, 3);
	in->vni = cursor_be24(&c);
	uint8_t reserved = cursor_u8(&c);
	if ((flags & 0x7f) != 0x08 || reserved != 0)
		return DECODE_NOT_IP;
	return tunnel_enter(in, &c, ETHERTYPE_ETHERNET);
}

/*
 * draft-ietf-nvo3-vxlan-gpe 3: version 0, flags I and P, and what follows; reserved bits are zero.
 * A packet with flag O is the tunnel's own.
 */
enum decode_result
open_vxlan_gpe(const struct decoded *outer, struct tunnel_inside *in)
{
	static const uint16_t ethertypes[] = {ETHERTYPE_NONE, ETHERTYPE_IPV4, ETHERTYPE_IPV6,
					      ETHERTYPE_ETHERNET};
	(void)outer;
	struct cursor c = frame_cursor(&in->frame);
	uint8_t flags = cursor_u8(&c);
	uint16_t reserved = cursor_be16(&c);
	uint8_t next = cursor_u8(&c);
	in->vni = cursor_be24(&c);
	reserved |= cursor_u8(&c);
	if ((flags & ~GPE_BUM) != 0x0c || reserved != 0 ||
	    next >= sizeof(ethertypes) / sizeof(*ethertypes))
		return DECODE_NOT_IP;
	return tunnel_enter(in, &c, ethertypes[next]);
}

/*
 * RFC 8926 3.4: version 0, reserved bits zero, options that end where their length says. A control
 * packet (bit O) is the tunnel's own. ETHERTYPE_NONE: not GENEVE.
 */
static uint16_t
read_geneve(struct cursor *c, uint32_t *vni)
{
	uint8_t version_and_len = cursor_u8(c);
	uint8_t flags = cursor_u8(c);
	uint16_t protocol = cursor_be16(c);
	*vni = cursor_be24(c);
	uint8_t reserved = cursor_u8(c);
	/* The two bits of the version are zero, or the length is out of reach. */
	struct slice options = cursor_take(c, version_and_len * 4u);
	if (version_and_len > 0x3f || (flags & ~GENEVE_CRITICAL) != 0 || reserved != 0)
		return ETHERTYPE_NONE;
	struct cursor o = cursor_over(options);
	while (cursor_left(&o) != 0) {
		cursor_skip(&o, 3);
		cursor_skip(&o, (cursor_u8(&o) & 0x1fu) * 4);
	}
	return o.failed ? ETHERTYPE_NONE : protocol;
}

enum decode_result
open_geneve(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct cursor c = frame_cursor(&in->frame);
	uint16_t ethertype = read_geneve(&c, &in->vni);

	return tunnel_enter(in, &c, ethertype);
}

/*
 * 3GPP TS 29.281 5.1: version 1, GTP (not GTP'), a G-PDU whose length is the datagram's. What it
 * carries begins with IP's version; other kinds of sessions stay outside.
 */
enum decode_result
open_gtp_u(const struct decoded *outer, struct tunnel_inside *in)
{
	(void)outer;
	struct cursor c = frame_cursor(&in->frame);
	uint8_t flags = cursor_u8(&c), type = cursor_u8(&c);
	uint32_t len = cursor_be16(&c);
	cursor_skip(&c, 4); /* endpoint identifier */

	if ((flags & 0xf8) != 0x30 || type != GTP_G_PDU ||
	    len + GTP_HEADER != datagram_len(&in->frame))
		return DECODE_NOT_IP;
	if ((flags & GTP_OPTIONAL) != 0) {
		cursor_skip(&c, 3);
		uint8_t next = cursor_u8(&c);
		if ((flags & GTP_EXTENSION) == 0)
			next = 0;
		/* 5.2.1: a length in units of four bytes, which counts itself and the next type. */
		while (next != 0 && !c.failed) {
			uint32_t units = cursor_u8(&c);
			if (units == 0)
				return DECODE_NOT_IP;
			cursor_skip(&c, units * 4 - 2);
			next = cursor_u8(&c);
		}
	}
	if (cursor_left(&c) == 0)
		return DECODE_NOT_IP;
	return tunnel_enter(in, &c, c.at[0] >> 4 == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
}

/* RFC 4380 5.1.1: authentication first, then the origin, each where it is there. */
static void
pass_teredo_headers(struct cursor *c)
{
	if (cursor_left(c) >= 2 && read_be16(c->at) == 0x0001) {
		cursor_skip(c, 2);
		uint32_t client_len = cursor_u8(c);
		uint32_t value_len = cursor_u8(c);
		cursor_skip(c, client_len + value_len + 8 + 1); /* nonce, confirmation */
	}
	if (cursor_left(c) >= 2 && read_be16(c->at) == 0x0000)
		cursor_skip(c, 2 + 2 + 4);
}

static bool
is_link_local(const uint8_t *address)
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

/* RFC 4380 2.6: 2001:0::/32. */
static bool
is_teredo(const uint8_t *address)
{
	return read_be32(address) == 0x20010000;
}

/*
 * IPv6 in UDP over IPv4, of exactly the datagram's length, from or to an address of Teredo. The
 * talk of a client with its server (link-local addresses, the same for all clients; bubbles, which
 * are empty) stays the conversation of these two.
 */
enum decode_result
open_teredo(const struct decoded *outer, struct tunnel_inside *in)
{
	struct cursor c = frame_cursor(&in->frame);
	pass_teredo_headers(&c);
	struct cursor behind = c;
	const uint8_t *ip = cursor_take(&behind, IPV6_HEADER).data;

	if (outer->key.version != 4 || ip == NULL || ip[0] >> 4 != 6)
		return DECODE_NOT_IP;
	uint32_t payload = read_be16(ip + 4), headers = (uint32_t)(ip - in->frame.at);
	if (payload == 0 || headers + IPV6_HEADER + payload != datagram_len(&in->frame))
		return DECODE_NOT_IP;
	const uint8_t *source = ip + 8, *destination = ip + 24;
	if (is_link_local(source) || is_link_local(destination) ||
	    (!is_teredo(source) && !is_teredo(destination)))
		return DECODE_NOT_IP;
	return tunnel_enter(in, &c, ETHERTYPE_IPV6);
}
