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

#define VLAN_TAGS_MAX 8

static const char *const result_texts[DECODE_RESULT_COUNT] = {
	[DECODE_TRACKED] = "tracked",
	[DECODE_LINK_UNSUPPORTED] = "link-unsupported",
	[DECODE_LINK_TRUNCATED] = "link-truncated",
	[DECODE_LINK_MALFORMED] = "link-malformed",
	[DECODE_NOT_IP] = "not-ip",
	[DECODE_VLAN_TOO_DEEP] = "vlan-too-deep",
	[DECODE_TUNNEL_TOO_DEEP] = "tunnel-too-deep",
	[DECODE_IPV4_TRUNCATED] = "ipv4-truncated",
	[DECODE_IPV4_MALFORMED] = "ipv4-malformed",
	[DECODE_IPV4_FRAGMENT] = "ipv4-fragment",
	[DECODE_IPV6_TRUNCATED] = "ipv6-truncated",
	[DECODE_IPV6_MALFORMED] = "ipv6-malformed",
	[DECODE_IPV6_FRAGMENT] = "ipv6-fragment",
	[DECODE_FRAGMENT_MALFORMED] = "fragment-malformed",
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
	case LINK_TYPE_PPP:
	case LINK_TYPE_PPP_PPPD:
		return decode_ppp(f, link, ethertype);
	case LINK_TYPE_PPPOE:
		*ethertype = ETHERTYPE_PPPOE;
		return DECODE_TRACKED;
	case LINK_TYPE_NFLOG:
		return decode_nflog(f, ethertype);
	case LINK_TYPE_UNSUPPORTED:
		break;
	}
	return DECODE_LINK_UNSUPPORTED;
}

/*
 * Passes over extension headers (RFC 8200 4; AH: RFC 4302 2.2, also met in IPv4) until something
 * else comes, or a fragment. The bound is the frame: every header takes at least eight bytes.
 */
static enum decode_result
skip_extensions(struct frame *f, uint8_t *next, struct decoded *out)
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
		case 44: /* fragment: IPv6 only */
			if (out->key.version != 6)
				return DECODE_TRACKED;
			if (f->captured < 8)
				return DECODE_EXTENSION_TRUNCATED;
			/* RFC 6946: offset 0 without M is whole. */
			if ((read_be16(f->at + 2) & 0xfff9) != 0)
				return decode_ipv6_fragment(f, out);
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
	/* More fragments, or an offset. */
	if ((read_be16(f->at + 6) & 0x3fff) != 0)
		return decode_ipv4_fragment(f, header, out);
	frame_advance(f, header);
	return *next == 51 ? skip_extensions(f, next, out) : DECODE_TRACKED;
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
	return skip_extensions(f, next, out);
}

static inline void
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

void
decode_order_ends(struct decoded *out)
{
	order_ends(out);
}

/* IP and all behind it; leaves the frame at the transport's payload. */
static enum decode_result
decode_ip(struct frame *f, uint16_t ethertype, struct decoded *out)
{
	uint8_t next = 0;
	enum decode_result result;

	out->ip = f->at;
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

/* The identifier of the outermost network, and the tunnels and datagrams around. */
struct nesting {
	uint32_t vni;
	uint8_t depth;
};

/* A packet on its way into tunnels. */
struct layer {
	struct frame frame;
	struct decoded decoded;
	struct nesting nesting;
	uint16_t ethertype;
	enum decode_result result; /* TRACKED: IP; NOT_IP: a link header with another ethertype */
};

/* Enters what was opened: the inner packet takes the place of the one around it. */
static void
enter_tunnel(struct layer *l, const struct tunnel_inside *in)
{
	struct decoded *d = &l->decoded;

	if (l->result == DECODE_TRACKED) {
		d->outer_ip[d->outer_count] = d->ip;
		d->outer_tunnel[d->outer_count++] = in->tunnel;
		d->around = (struct decode_sum){d->wire_ip_len, d->wire_payload_len};
	}
	l->nesting.depth++;
	l->frame = in->frame;
	l->ethertype = in->ethertype;
	if (l->nesting.vni == FLOW_NO_VNI)
		l->nesting.vni = in->vni;
	l->result = DECODE_TRACKED;
	if (l->ethertype == ETHERTYPE_ETHERNET)
		l->result = decode_link(&l->frame, LINK_TYPE_ETHERNET, d, &l->ethertype);
	if (l->result == DECODE_TRACKED)
		l->result = decode_ip(&l->frame, l->ethertype, d);
}

/*
 * Goes one tunnel further; false where there is none. A packet that nests deeper than is followed
 * was made to keep us busy.
 */
static bool
go_on(struct layer *l)
{
	const struct decoded *outer = l->result == DECODE_TRACKED ? &l->decoded : NULL;
	struct tunnel_inside in = {.frame = l->frame, .vni = FLOW_NO_VNI};
	enum decode_result opened = tunnel_open(outer, l->ethertype, &in);

	if (opened == DECODE_TRACKED && l->nesting.depth == DECODE_TUNNELS_MAX)
		opened = DECODE_TUNNEL_TOO_DEEP;
	if (opened == DECODE_TRACKED)
		enter_tunnel(l, &in);
	else if (opened != DECODE_NOT_IP)
		l->result = opened;
	return opened == DECODE_TRACKED;
}

/*
 * Goes into tunnels as long as there are any, beginning behind what `result` tells: TRACKED, an IP
 * packet whose transport may hold one, or NOT_IP, a link header with another ethertype. VLAN tags
 * inside come behind the outer ones, and of several network identifiers the outermost counts. Where
 * the way ends in something that is refused, the last IP packet around it counts; not where it ends
 * in a fragment, which is to be put together first.
 */
static enum decode_result
decode_tunnels(struct frame *f, uint16_t ethertype, struct nesting *nesting, struct decoded *out,
	       enum decode_result result)
{
	struct layer l = {*f, *out, *nesting, ethertype, result}, last = l;

	while (go_on(&l)) {
		if (l.result == DECODE_TRACKED)
			last = l;
		else if (l.result != DECODE_NOT_IP)
			break;
	}
	if (l.result != DECODE_TRACKED && !decode_is_fragment(l.result) &&
	    last.result == DECODE_TRACKED)
		l = last;
	*f = l.frame;
	*out = l.decoded;
	*nesting = l.nesting;
	out->key.vni = nesting->vni;
	return l.result;
}

/* Goes on behind an IP header's transport, or behind a link header with another ethertype. */
static inline enum decode_result
decode_inside(struct frame *f, uint16_t ethertype, struct nesting *nesting, struct decoded *out,
	      enum decode_result result)
{
	if (result == DECODE_TRACKED ? may_hold_tunnel(out) : result == DECODE_NOT_IP)
		result = decode_tunnels(f, ethertype, nesting, out, result);
	if (result != DECODE_TRACKED) {
		out->key.vni = nesting->vni;
		out->depth = nesting->depth;
		return result;
	}
	order_ends(out);
	out->ip_captured_len = (uint32_t)(f->at - out->ip) + f->captured;
	out->payload = f->at;
	out->payload_len = f->captured;
	return DECODE_TRACKED;
}

enum decode_result
decode_packet(const struct packet *packet, struct decoded *out)
{
	struct frame f = {packet->data, packet->captured_len, packet->wire_len};
	struct nesting nesting = {.vni = FLOW_NO_VNI};
	uint16_t ethertype = 0;

	out->vlan = FLOW_NO_VLAN;
	out->inner_vlan = FLOW_NO_VLAN;
	out->outer_count = 0;
	enum decode_result result = decode_link(&f, packet->link, out, &ethertype);
	if (result == DECODE_TRACKED)
		result = decode_ip(&f, ethertype, out);
	return decode_inside(&f, ethertype, &nesting, out, result);
}

enum decode_result
decode_datagram(const struct packet *datagram, const struct decode_place *place,
		struct decoded *out)
{
	struct frame f = {datagram->data, datagram->captured_len, datagram->wire_len};
	struct nesting inside = {place->vni, place->depth};
	uint16_t ethertype = 0;

	if (inside.depth++ == DECODE_TUNNELS_MAX)
		return DECODE_TUNNEL_TOO_DEEP;
	out->vlan = place->vlan;
	out->inner_vlan = place->inner_vlan;
	out->around = place->around;
	out->outer_count = place->outer_count;
	for (unsigned i = 0; i < place->outer_count; i++) {
		out->outer_tunnel[i] = place->outer_tunnel[i];
		out->outer_ip[i] = place->outer_ip[i];
	}
	enum decode_result result = decode_raw_ip(&f, &ethertype);
	if (result == DECODE_TRACKED)
		result = decode_ip(&f, ethertype, out);
	result = decode_inside(&f, ethertype, &inside, out, result);
	out->key.vni = inside.vni;
	return result;
}
