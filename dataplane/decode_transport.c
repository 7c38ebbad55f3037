/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/decode_internal.h"

#include "base/flow_record.h"

#define TCP_HEADER_MIN 20
#define UDP_HEADER 8
#define SCTP_HEADER 12
#define ICMP_HEADER 8

/* RFC 8200 4.7: nothing follows. */
#define PROTOCOL_NO_NEXT_HEADER 59

/* Ports as source, destination; decode_packet orders them once both ends are known. */
static void
set_ports(struct decoded *out, uint16_t source, uint16_t destination)
{
	out->key.low_port = source;
	out->key.high_port = destination;
}

static enum decode_result
decode_tcp(struct frame *f, struct decoded *out)
{
	if (f->captured < TCP_HEADER_MIN)
		return DECODE_TRANSPORT_TRUNCATED;

	uint32_t header = (f->at[12] >> 4) * 4u;
	/* RFC 9293 3.1: the data offset counts the header too, and options lie inside the segment.
	 */
	if (header < TCP_HEADER_MIN || header > f->wire)
		return DECODE_TCP_MALFORMED;

	set_ports(out, read_be16(f->at), read_be16(f->at + 2));
	out->tcp_seq = read_be32(f->at + 4);
	out->tcp_ack = read_be32(f->at + 8);
	out->tcp_flags = f->at[13];
	if (header > f->captured) { /* options cut by the snap length: no payload was captured */
		out->wire_payload_len = f->wire - header;
		f->captured = 0;
		f->wire = 0;
		return DECODE_TRACKED;
	}
	frame_advance(f, header);
	out->wire_payload_len = f->wire;
	return DECODE_TRACKED;
}

static enum decode_result
decode_udp(struct frame *f, struct decoded *out)
{
	if (f->captured < UDP_HEADER)
		return DECODE_TRANSPORT_TRUNCATED;

	uint32_t len = read_be16(f->at + 4);
	/* RFC 2675 4: a UDP length of zero stands for "more than 65,535", as an offloaded capture
	 * also has. */
	if (len != 0 && len < UDP_HEADER)
		return DECODE_UDP_MALFORMED;
	set_ports(out, read_be16(f->at), read_be16(f->at + 2));
	if (len != 0)
		frame_cut(f, len);
	frame_advance(f, UDP_HEADER);
	out->wire_payload_len = f->wire;
	return DECODE_TRACKED;
}

static enum decode_result
decode_sctp(struct frame *f, struct decoded *out)
{
	if (f->captured < SCTP_HEADER)
		return DECODE_TRANSPORT_TRUNCATED;
	set_ports(out, read_be16(f->at), read_be16(f->at + 2));
	frame_advance(f, SCTP_HEADER);
	out->wire_payload_len = f->wire;
	return DECODE_TRACKED;
}

/* Echo messages of one identifier are one conversation; of the others only the addresses count. */
static bool
is_echo(uint8_t transport, uint8_t type)
{
	return transport == TRANSPORT_ICMP ? type == 8 || type == 0 : type == 128 || type == 129;
}

static enum decode_result
decode_icmp(struct frame *f, uint8_t transport, struct decoded *out)
{
	if (f->captured < ICMP_HEADER)
		return DECODE_TRANSPORT_TRUNCATED;
	out->icmp_type = f->at[0];
	out->icmp_code = f->at[1];
	uint16_t identifier = is_echo(transport, f->at[0]) ? read_be16(f->at + 4) : 0;
	set_ports(out, identifier, identifier);
	frame_advance(f, ICMP_HEADER);
	out->wire_payload_len = f->wire;
	return DECODE_TRACKED;
}

/* ESP, tunnels that are not opened, anything else over IP: what is inside is not ours to know, how
 * much goes where is. */
static enum decode_result
decode_opaque(struct frame *f, struct decoded *out)
{
	set_ports(out, 0, 0);
	out->wire_payload_len = f->wire;
	return DECODE_TRACKED;
}

enum decode_result
decode_transport(struct frame *f, uint8_t transport, struct decoded *out)
{
	switch (transport) {
	case TRANSPORT_TCP:
		return decode_tcp(f, out);
	case TRANSPORT_UDP:
		return decode_udp(f, out);
	case TRANSPORT_SCTP:
		return decode_sctp(f, out);
	case TRANSPORT_ICMP:
	case TRANSPORT_ICMPV6:
		return decode_icmp(f, transport, out);
	case PROTOCOL_NO_NEXT_HEADER:
		return DECODE_TRANSPORT_UNSUPPORTED;
	default:
		return decode_opaque(f, out);
	}
}
