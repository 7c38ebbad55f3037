/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUIC in the first datagrams of a UDP flow: the client's Initials are opened with the keys of the
 * first Destination Connection ID, their CRYPTO frames put together until the ClientHello is whole.
 */
#include "dataplane/inspect_internal.h"

/* Datagrams without a client Initial after which a flow is no QUIC (0-RTT and the server may come
 * first), and datagrams after which a ClientHello that is not complete is given up. */
#define DATAGRAMS_UNOPENED_MAX 8
#define DATAGRAMS_MAX 64

static void
give_up(struct inspector *ins, struct flow *flow)
{
	flow->owes = 0;
	inspect_release(ins, flow);
}

/* Opens an Initial with the flow's keys, or with those of its own connection id (the first packet,
 * and the one after a Retry: RFC 9001 5.2). The keys that fit are left in `keys`. */
static enum parse_result
open_initial(struct inspector *ins, const struct flow *flow, const struct quic_long_header *header,
	     struct quic_keys *keys, struct slice *frames)
{
	if (flow->inspect != FLOW_NONE) {
		const struct inspection *i = inspection_pool_get(ins->pool, flow->inspect);
		*keys = i->keys;
		enum parse_result result = quic_initial_open(ins->quic, keys, header, ins->scratch,
							     INSPECTOR_SCRATCH, frames);
		if (result != PARSE_NOT_MINE)
			return result;
	}
	if (!quic_keys_derive(ins->quic, header->version, header->dcid, keys))
		return PARSE_NOT_MINE;
	return quic_initial_open(ins->quic, keys, header, ins->scratch, INSPECTOR_SCRATCH, frames);
}

/* Puts the CRYPTO frames of an opened Initial where they belong. */
static bool
collect_frames(struct inspector *ins, struct flow *flow, struct slice frames)
{
	struct cursor c = cursor_over(frames);
	struct quic_crypto_frame frame;

	while (quic_crypto_frame_next(&c, &frame)) {
		if (!inspect_add(ins, flow, frame.offset, frame.data))
			return false;
	}
	if (c.failed)
		inspect_note(ins, NOTE_QUIC_MALFORMED);
	return true;
}

/* Reads the ClientHello if it is whole by now; the flow is settled unless more has to come. */
static void
parse_crypto(struct inspector *ins, struct flow *flow)
{
	struct inspection *i = inspection_pool_get(ins->pool, flow->inspect);
	struct slice bytes = first_bytes_contiguous(&i->stream);
	struct tls_client_hello hello;

	i->began = true;
	if (bytes.len == 0)
		return;
	switch (tls_client_hello_parse(bytes, &hello)) {
	case PARSE_NEED_MORE:
		return;
	case PARSE_FOUND:
		inspect_client_hello(ins, flow, &hello, NAME_SOURCE_QUIC_SNI);
		break;
	case PARSE_NOT_MINE:
	case PARSE_MALFORMED:
		inspect_note(ins, NOTE_CLIENT_HELLO_MALFORMED);
		break;
	}
	give_up(ins, flow);
}

/* Reads an Initial. False when it did not open: it is no client's, or changed on its way. */
static bool
client_initial(struct inspector *ins, uint32_t index, const struct quic_long_header *header,
	       unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct quic_keys keys;
	struct slice frames;

	/* Once the client has spoken, what the other side sends has keys of its own. */
	if (flow->inspect != FLOW_NONE &&
	    inspection_pool_get(ins->pool, flow->inspect)->direction != direction)
		return false;
	enum parse_result result = open_initial(ins, flow, header, &keys, &frames);
	if (result == PARSE_MALFORMED)
		inspect_note(ins, NOTE_QUIC_MALFORMED);
	if (result != PARSE_FOUND) {
		if (flow->protocol != APP_PROTOCOL_QUIC)
			flow->state |= FLOW_INITIAL_UNOPENED;
		return false;
	}
	flow->protocol = APP_PROTOCOL_QUIC;
	flow->state &= (uint8_t)~FLOW_INITIAL_UNOPENED;
	inspect_initiator(flow, direction);
	struct inspection *i = inspect_take(ins, index);
	i->keys = keys;
	i->direction = (uint8_t)direction;
	if (!collect_frames(ins, flow, frames)) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		give_up(ins, flow);
	} else {
		parse_crypto(ins, flow);
	}
	return true;
}

/*
 * Reads the Initials of a datagram: several packets may share it, all of one connection (RFC 9000
 * 12.2). So the first one that does not open ends it; else a datagram full of short ones would cost
 * a derivation of keys for each.
 */
static void
read_datagram(struct inspector *ins, uint32_t index, const struct decoded *packet,
	      unsigned direction)
{
	const struct flow *flow = flow_table_get(ins->flows, index);
	struct slice rest = slice_of(packet->payload, packet->payload_len);

	while ((flow->owes & FLOW_OWES_QUIC) != 0 && rest.len != 0) {
		struct quic_long_header header;
		enum parse_result result = quic_long_header_parse(rest, &header);
		if (result == PARSE_MALFORMED)
			inspect_note(ins, packet->payload_len < packet->wire_payload_len
						  ? NOTE_PAYLOAD_CUT
						  : NOTE_QUIC_MALFORMED);
		if (result != PARSE_FOUND)
			return;
		if (header.is_initial && !client_initial(ins, index, &header, direction))
			return;
		rest = slice_of(rest.data + header.packet.len, rest.len - header.packet.len);
	}
}
void
inspect_udp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
	    unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);

	if (packet->payload_len == 0)
		return;
	read_datagram(inspector, index, packet, direction);
	if (flow->owes == 0)
		return;
	unsigned limit = flow->inspect != FLOW_NONE ? DATAGRAMS_MAX : DATAGRAMS_UNOPENED_MAX;
	if (++flow->tries < limit)
		return;
	inspect_end(inspector, index);
	flow->owes = 0;
}
