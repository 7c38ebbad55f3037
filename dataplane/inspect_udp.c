/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first datagrams of a UDP flow: which of its protocols reads them, and when to give up. Hellos
 * may come late: behind STUN, RTP, 0-RTT, or packets that overtook them.
 */
#include "dataplane/inspect_udp.h"

/*
 * Datagrams after which a flow without a hello is let go, and after which a hello that is not
 * complete is given up: 64 KiB of it need 55 Initials, and what the server answers counts too.
 */
#define DATAGRAMS_MAX 64
#define DATAGRAMS_BEGUN_MAX 200

/* Datagrams looked at once more when an Initial comes behind them, and how often that is done. */
#define DATAGRAMS_LATE 8
#define LATE_MAX 16

void
inspect_udp_settle(struct inspector *ins, struct flow *flow)
{
	flow->owes &= (uint8_t)~FLOW_OWES_QUIC;
	inspect_release(ins, flow);
}

void
inspect_udp_unopened(struct flow *flow)
{
	flow->state |= FLOW_INITIAL_UNOPENED;
	flow->flags |= FLOW_FLAG_ENCRYPTED;
}

void
inspect_udp_opened(struct flow *flow)
{
	if ((flow->state & FLOW_INITIAL_UNOPENED) == 0)
		return;
	flow->state &= (uint16_t)~FLOW_INITIAL_UNOPENED;
	flow->flags &= ~(uint32_t)FLOW_FLAG_ENCRYPTED;
}

void
inspect_udp_malformed(struct inspector *ins, struct flow *flow, const struct decoded *packet,
		      enum worker_note note)
{
	if (packet->payload_len < packet->wire_payload_len) {
		flow->flags |= FLOW_FLAG_CUT_SNAPLEN;
		note = NOTE_PAYLOAD_CUT;
	}
	inspect_note(ins, note);
}

void
inspect_udp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
	    unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);

	if (packet->payload_len == 0)
		return;
	if (flow->protocol == APP_PROTOCOL_DTLS ||
	    !inspect_quic(inspector, index, packet, direction))
		inspect_dtls(inspector, index, packet, direction);
	if ((flow->owes & FLOW_OWES_FIRST_BYTES) == 0)
		return;
	unsigned limit = flow->inspect != FLOW_NONE ? DATAGRAMS_BEGUN_MAX : DATAGRAMS_MAX;
	if (++flow->tries < limit)
		return;
	inspect_end(inspector, index);
	flow->owes &= (uint8_t)~FLOW_OWES_FIRST_BYTES;
}

void
inspect_udp_late(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		 unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
	struct slice datagram = slice_of(packet->payload, packet->payload_len);
	struct quic_long_header header;

	if (flow->late >= LATE_MAX || flow->protocol == APP_PROTOCOL_DTLS ||
	    quic_long_header_parse(datagram, &header) != PARSE_FOUND ||
	    header.type != QUIC_PACKET_INITIAL)
		return;
	if ((flow->state & FLOW_HELLO_SEEN) != 0) {
		inspect_quic_again(inspector, index, packet, &header, direction);
		return;
	}
	flow->late++;
	flow->owes |= FLOW_OWES_QUIC;
	flow->tries = DATAGRAMS_MAX - DATAGRAMS_LATE;
	inspect_udp(inspector, index, packet, direction);
}

void
inspect_udp_end(struct inspector *inspector, struct flow *flow)
{
	if ((flow->state & FLOW_INITIAL_UNOPENED) == 0)
		return;
	flow->state &= (uint16_t)~FLOW_INITIAL_UNOPENED;
	inspect_note(inspector, flow->protocol == APP_PROTOCOL_DTLS ? NOTE_DTLS_UNREADABLE
								    : NOTE_QUIC_UNREADABLE);
}
