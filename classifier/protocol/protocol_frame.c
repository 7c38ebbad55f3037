/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_frame.h"

#include <string.h>

#define IP_HEADER 20u
#define TCP_HEADER 20u
#define UDP_HEADER 8u
#define PACKET_MAX 65535u

static void
put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* RFC 5737: 192.0.2.1 is the low end, 192.0.2.2 the high one. */
static size_t
write_ip(uint8_t *at, const struct protocol_packet *packet, size_t len)
{
	static const uint8_t header[IP_HEADER] = {
		0x45, [8] = 64, [12] = 192, [14] = 2, [15] = 1, [16] = 192, [18] = 2, [19] = 2};

	memcpy(at, header, sizeof(header));
	put16(at + 2, len);
	at[9] = packet->is_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
	if (packet->from_high) {
		at[15] = 2;
		at[19] = 1;
	}
	return sizeof(header);
}

static size_t
write_udp(uint8_t *at, const struct protocol_packet *packet)
{
	put16(at, packet->source_port);
	put16(at + 2, packet->destination_port);
	put16(at + 4, UDP_HEADER + packet->payload.len);
	put16(at + 6, 0);
	return UDP_HEADER;
}

/* The library takes the first acknowledgement for the other side's sequence number, and what then
 * lies before it for sent again: it gets one only where that number is known. */
static size_t
write_tcp(uint8_t *at, const struct protocol_packet *packet, struct protocol_sequence *sequence)
{
	static const uint8_t ack = 0x10;
	bool from = packet->from_high;

	memset(at, 0, TCP_HEADER);
	put16(at, packet->source_port);
	put16(at + 2, packet->destination_port);
	put32(at + 4, packet->tcp_seq);
	at[12] = TCP_HEADER / 4 << 4;
	at[13] = packet->tcp_flags & (uint8_t)~ack;
	if (sequence->is_known[!from]) {
		put32(at + 8, sequence->next[!from]);
		at[13] |= ack;
	}
	sequence->is_known[from] = true;
	sequence->next[from] = packet->tcp_seq + (uint32_t)packet->payload.len;
	return TCP_HEADER;
}

uint16_t
protocol_frame_write(uint8_t frame[PROTOCOL_FRAME_ROOM], const struct protocol_packet *packet,
		     struct protocol_sequence *sequence)
{
	size_t headers = IP_HEADER + (packet->is_udp ? UDP_HEADER : TCP_HEADER);

	if (packet->payload.len == 0 || packet->payload.len > PACKET_MAX - headers)
		return 0;
	size_t len = headers + packet->payload.len;
	uint8_t *at = frame + write_ip(frame, packet, len);
	at += packet->is_udp ? write_udp(at, packet) : write_tcp(at, packet, sequence);
	memcpy(at, packet->payload.data, packet->payload.len);
	memset(frame + len, 0, PROTOCOL_FRAME_ROOM - PACKET_MAX);
	return (uint16_t)len;
}
