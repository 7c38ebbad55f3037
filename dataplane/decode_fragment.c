/* SPDX-License-Identifier: Apache-2.0 */
/* What a fragment says of itself. Away from the common path: fragments are rare. */
#include "dataplane/decode_internal.h"

#define IP_LENGTH_MAX 65535u

/* Bytes from the frame's start to the end that the IP header gives. */
static uint32_t
claimed_len(const struct frame *f, const struct decoded *out)
{
	uint32_t before = (uint32_t)(f->at - out->ip);
	uint32_t total = out->key.version == 4 ? read_be16(out->ip + 2) : read_be16(out->ip + 4);

	if (total == 0)
		return f->wire;
	return (out->key.version == 4 ? total : total + IPV6_HEADER) - before;
}

/*
 * The data at the frame's start, of a datagram that has room for `room` bytes. RFC 791 3.2, RFC
 * 8200 4.5: all but the last fragment are a multiple of eight bytes long, and no datagram is longer
 * than its length field can say.
 */
static bool
describe_data(struct frame *f, uint32_t offset, uint32_t room, struct decoded *out)
{
	uint32_t len = claimed_len(f, out);

	if (len == 0 || len > room || offset > room - len || (out->fragment_more && len % 8 != 0))
		return false;
	/* The wire had less than that, or the capture does not know what it had: whole eights
	 * count, and the rest stays missing. */
	if (f->wire < len) {
		out->fragment_more = true;
		frame_cut(f, f->wire & ~7u);
	}
	out->fragment_offset = offset;
	out->payload = f->at;
	out->payload_len = f->captured;
	out->wire_payload_len = f->wire;
	return f->wire != 0;
}

enum decode_result
decode_ipv4_fragment(struct frame *f, uint32_t header_len, struct decoded *out)
{
	uint16_t field = read_be16(f->at + 6);

	out->fragment_id = read_be16(f->at + 4);
	out->fragment_more = (field & 0x2000) != 0;
	out->key.transport = f->at[9];
	frame_advance(f, header_len);
	bool holds = describe_data(f, (field & 0x1fffu) * 8, IP_LENGTH_MAX - header_len, out);
	return holds ? DECODE_IPV4_FRAGMENT : DECODE_FRAGMENT_MALFORMED;
}

enum decode_result
decode_ipv6_fragment(struct frame *f, struct decoded *out)
{
	uint16_t field = read_be16(f->at + 2);

	out->fragment_id = read_be32(f->at + 4);
	out->fragment_more = (field & 1) != 0;
	out->key.transport = f->at[0];
	frame_advance(f, 8);
	bool holds = describe_data(f, field & 0xfff8u, IP_LENGTH_MAX, out);
	return holds ? DECODE_IPV6_FRAGMENT : DECODE_FRAGMENT_MALFORMED;
}
