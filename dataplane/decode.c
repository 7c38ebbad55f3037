/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layers are read outside in, each cutting the frame to the length its header gives. A length
 * that claims more than the wire had is cut to the wire: a lying header cannot inflate a flow's
 * bytes.
 */
#include "dataplane/decode.h"

#include <endian.h>
#include <string.h>

#include "base/flow_record.h"
#include "dataplane/decode_internal.h"

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define VLAN_TAGS_MAX 8
#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40
#define VXLAN_PORT 4789
#define VXLAN_HEADER 8
#define ETHERNET_HEADER 14

static const char *const result_texts[DECODE_RESULT_COUNT] = {
	[DECODE_TRACKED] = "tracked",
	[DECODE_LINK_UNSUPPORTED] = "link-unsupported",
	[DECODE_LINK_TRUNCATED] = "link-truncated",
	[DECODE_NOT_IP] = "not-ip",
	[DECODE_VLAN_TOO_DEEP] = "vlan-too-deep",
	[DECODE_IPV4_TRUNCATED] = "ipv4-truncated",
	[DECODE_IPV4_MALFORMED] = "ipv4-malformed",
	[DECODE_IPV4_FRAGMENT] = "ipv4-fragment",
	[DECODE_IPV6_TRUNCATED] = "ipv6-truncated",
	[DECODE_IPV6_MALFORMED] = "ipv6-malformed",
	[DECODE_IPV6_FRAGMENT] = "ipv6-fragment",
	[DECODE_EXTENSION_TRUNCATED] = "extension-truncated",
	[DECODE_TRANSPORT_UNSUPPORTED] = "transport-unsupported",
	[DECODE_TRANSPORT_TRUNCATED] = "transport-truncated",
	[DECODE_TCP_MALFORMED] = "tcp-malformed",
	[DECODE_UDP_MALFORMED] = "udp-malformed",
};

const char *
decode_result_text(enum decode_result result)
{
	return (unsigned)result < DECODE_RESULT_COUNT ? result_texts[result] : "";
}

/* Passes over 802.1Q and 802.1ad tags; the first two ids of the packet are kept, tunnel or not. */
static enum decode_result
skip_vlan_tags(struct frame *f, uint16_t *ethertype, struct decoded *out)
{
	for (unsigned tags = 0;; tags++) {
		/* IEEE 802.1Q, 802.1ad, and the two TPIDs that were used before 802.1ad. */
		if (*ethertype != 0x8100 && *ethertype != 0x88a8 && *ethertype != 0x9100 &&
		    *ethertype != 0x9200)
			return DECODE_TRACKED;
		if (tags == VLAN_TAGS_MAX)
			return DECODE_VLAN_TOO_DEEP;
		if (f->captured < 4)
			return DECODE_LINK_TRUNCATED;
		uint16_t id = read_be16(f->at) & 0x0fff;
		if (out->vlan == FLOW_NO_VLAN)
			out->vlan = id;
		else if (out->inner_vlan == FLOW_NO_VLAN)
			out->inner_vlan = id;
		*ethertype = read_be16(f->at + 2);
		frame_advance(f, 4);
	}
}

/* Reads the ethertype at `type_offset` of a link header of `len` bytes, and the tags behind it. */
static enum decode_result
decode_ethertype(struct frame *f, uint32_t type_offset, uint32_t len, struct decoded *out,
		 uint16_t *ethertype)
{
	if (f->captured < len)
		return DECODE_LINK_TRUNCATED;
	*ethertype = read_be16(f->at + type_offset);
	frame_advance(f, len);
	return skip_vlan_tags(f, ethertype, out);
}

/* BSD loopback: the address family of the capturing host, in its byte order (or network order). */
static enum decode_result
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

static enum decode_result
decode_raw_ip(const struct frame *f, uint16_t *ethertype)
{
	if (f->captured < 1)
		return DECODE_LINK_TRUNCATED;
	uint8_t version = f->at[0] >> 4;
	*ethertype = version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6 : 0;
	return DECODE_TRACKED;
}

static enum decode_result
decode_link(struct frame *f, enum link_type link, struct decoded *out, uint16_t *ethertype)
{
	switch (link) {
	case LINK_TYPE_ETHERNET:
		return decode_ethertype(f, 12, ETHERNET_HEADER, out, ethertype);
	case LINK_TYPE_LINUX_SLL:
		return decode_ethertype(f, 14, 16, out, ethertype);
	case LINK_TYPE_LINUX_SLL2:
		return decode_ethertype(f, 0, 20, out, ethertype);
	case LINK_TYPE_NULL:
		return decode_null(f, ethertype);
	case LINK_TYPE_RAW_IP:
		return decode_raw_ip(f, ethertype);
	case LINK_TYPE_UNSUPPORTED:
		break;
	}
	return DECODE_LINK_UNSUPPORTED;
}

/*
 * Passes over extension headers (RFC 8200 4; AH: RFC 4302 2.2, also met in IPv4) until something
 * else comes. The bound is the frame: every header takes at least eight bytes.
 */
static enum decode_result
skip_extensions(struct frame *f, uint8_t *next)
{
	for (;;) {
		uint32_t len;
		switch (*next) {
		case 0:   /* hop-by-hop options */
		case 43:  /* routing */
		case 60:  /* destination options */
		case 135: /* mobility */
		case 139: /* host identity */
		case 140: /* shim6 */
			if (f->captured < 8)
				return DECODE_EXTENSION_TRUNCATED;
			len = (f->at[1] + 1u) * 8;
			break;
		case 51: /* authentication: in words of four, less two */
			if (f->captured < 8)
				return DECODE_EXTENSION_TRUNCATED;
			len = (f->at[1] + 2u) * 4;
			break;
		case 44: /* fragment */
			if (f->captured < 8)
				return DECODE_EXTENSION_TRUNCATED;
			/* A first fragment has the ports; RFC 6946: offset 0 without M is whole. */
			if ((read_be16(f->at + 2) & 0xfff8) != 0)
				return DECODE_IPV6_FRAGMENT;
			len = 8;
			break;
		default:
			return DECODE_TRACKED;
		}
		if (len > f->captured)
			return DECODE_EXTENSION_TRUNCATED;
		*next = f->at[0];
		frame_advance(f, len);
	}
}

static enum decode_result
decode_ipv4(struct frame *f, struct decoded *out, uint8_t *next)
{
	if (f->captured < IPV4_HEADER_MIN)
		return DECODE_IPV4_TRUNCATED;
	uint32_t header = (f->at[0] & 0x0fu) * 4;
	uint32_t total = read_be16(f->at + 2);
	if (f->at[0] >> 4 != 4 || header < IPV4_HEADER_MIN || (total != 0 && total < header))
		return DECODE_IPV4_MALFORMED;
	if (header > f->captured)
		return DECODE_IPV4_TRUNCATED;
	/* A total of zero is left by segmentation offload: then the wire tells the length. */
	if (total != 0)
		frame_cut(f, total);
	out->wire_ip_len = f->wire;

	memset(&out->key, 0, sizeof(out->key));
	out->key.version = 4;
	memcpy(out->key.low_address, f->at + 12, 4);
	memcpy(out->key.high_address, f->at + 16, 4);
	*next = f->at[9];
	if ((read_be16(f->at + 6) & 0x1fff) != 0)
		return DECODE_IPV4_FRAGMENT;
	frame_advance(f, header);
	return *next == 51 ? skip_extensions(f, next) : DECODE_TRACKED;
}

static enum decode_result
decode_ipv6(struct frame *f, struct decoded *out, uint8_t *next)
{
	if (f->captured < IPV6_HEADER)
		return DECODE_IPV6_TRUNCATED;
	if (f->at[0] >> 4 != 6)
		return DECODE_IPV6_MALFORMED;
	uint32_t payload = read_be16(f->at + 4);
	/* RFC 2675: zero is a jumbogram or segmentation offload: then the wire tells the length. */
	if (payload != 0)
		frame_cut(f, payload + IPV6_HEADER);
	out->wire_ip_len = f->wire;

	memset(&out->key, 0, sizeof(out->key));
	out->key.version = 6;
	memcpy(out->key.low_address, f->at + 8, 16);
	memcpy(out->key.high_address, f->at + 24, 16);
	*next = f->at[6];
	frame_advance(f, IPV6_HEADER);
	return skip_extensions(f, next);
}

/* Makes the key direction-free: until here low is the source and high the destination. */
static void
order_ends(struct decoded *out)
{
	struct flow_key *key = &out->key;
	uint64_t source[2], destination[2];

	memcpy(source, key->low_address, sizeof(source));
	memcpy(destination, key->high_address, sizeof(destination));
	unsigned differ = source[0] == destination[0]; /* the half that decides */
	uint64_t a = be64toh(source[differ]), b = be64toh(destination[differ]);
	out->from_high = a > b || (a == b && key->low_port > key->high_port);
	if (!out->from_high)
		return;
	uint8_t address[16];
	memcpy(address, key->low_address, sizeof(address));
	memcpy(key->low_address, key->high_address, sizeof(address));
	memcpy(key->high_address, address, sizeof(address));
	uint16_t port = key->low_port;
	key->low_port = key->high_port;
	key->high_port = port;
}

/* IP and all behind it; leaves the frame at the transport's payload. */
static enum decode_result
decode_ip(struct frame *f, uint16_t ethertype, struct decoded *out)
{
	uint8_t next = 0;
	enum decode_result result;

	if (ethertype == ETHERTYPE_IPV4)
		result = decode_ipv4(f, out, &next);
	else if (ethertype == ETHERTYPE_IPV6)
		result = decode_ipv6(f, out, &next);
	else
		return DECODE_NOT_IP;
	if (result != DECODE_TRACKED)
		return result;
	out->key.transport = next;
	out->key.vni = FLOW_NO_VNI;
	out->tcp_flags = 0;
	out->tcp_seq = 0;
	out->icmp_type = 0;
	out->icmp_code = 0;
	return decode_transport(f, next, out);
}

/*
 * RFC 7348 5: UDP to port 4789 with flag I. The other reserved bits are asked to be zero, since any
 * UDP may use that port; but for the highest, by which a fabric says that it sends a group policy
 * id.
 */
static bool
is_vxlan(const struct frame *f, const struct decoded *out)
{
	return out->key.transport == TRANSPORT_UDP && out->key.high_port == VXLAN_PORT &&
	       f->captured >= VXLAN_HEADER && f->wire >= VXLAN_HEADER + ETHERNET_HEADER &&
	       (f->at[0] & 0x7f) == 0x08 && f->at[7] == 0;
}

/* The inner frame takes the outer's place; its own VLAN tags come behind the outer ones. */
static enum decode_result
decode_vxlan(struct frame *f, struct decoded *out)
{
	uint32_t vni = read_be32(f->at + 4) >> 8;
	uint16_t ethertype = 0;

	frame_advance(f, VXLAN_HEADER);
	enum decode_result result = decode_link(f, LINK_TYPE_ETHERNET, out, &ethertype);
	if (result == DECODE_TRACKED)
		result = decode_ip(f, ethertype, out);
	out->key.vni = vni;
	return result;
}

enum decode_result
decode_packet(const struct packet *packet, struct decoded *out)
{
	struct frame f = {packet->data, packet->captured_len, packet->wire_len};
	uint16_t ethertype = 0;

	out->vlan = FLOW_NO_VLAN;
	out->inner_vlan = FLOW_NO_VLAN;
	enum decode_result result = decode_link(&f, packet->link, out, &ethertype);
	if (result == DECODE_TRACKED)
		result = decode_ip(&f, ethertype, out);
	if (result == DECODE_TRACKED && is_vxlan(&f, out))
		result = decode_vxlan(&f, out);
	if (result != DECODE_TRACKED)
		return result;
	order_ends(out);
	out->payload = f.at;
	out->payload_len = f.captured;
	return DECODE_TRACKED;
}
