/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of TCP streams tell inspect_tcp.c, which knows order and buffers. Nobody else
 * includes it. */
#pragma once

#include <string.h>

#include "dataplane/inspect_internal.h"

/** What a reader made of a stream's beginning. */
struct reading {
	enum parse_result result;
	size_t wanted;   /**< NEED_MORE: length from which another look is worth while; 0 any */
	size_t consumed; /**< bytes that are done with, also with NEED_MORE */
	bool began;      /**< NEED_MORE: the message that should give a name is cut by the end */
	bool is_one;     /**< FOUND: a single message, as far as it is here */
};

/** A segment where it lies. */
struct segment {
	uint32_t seq;
	struct slice bytes;
	bool is_cut; /**< by the snap length */
};

/** Keeps a check of what was read from base_seq to hello_end, for inspect_tcp_again; and the bytes,
 * where they were put together. */
void
inspect_stream_check(struct inspector *ins, uint32_t index, unsigned direction, struct slice read);

/**
 * Some devices count the padding of a short Ethernet frame into the IP length: a bare
 * acknowledgement then carries a few zero bytes where the client's first byte belongs. No protocol
 * begins like that.
 */
static inline bool
inspect_is_padding(const struct decoded *packet, uint32_t offset)
{
	static const uint8_t zeros[6];

	return offset == 0 && packet->payload_len <= sizeof(zeros) &&
	       (packet->tcp_flags & TCP_PSH) == 0 &&
	       memcmp(packet->payload, zeros, packet->payload_len) == 0;
}

/** RFC 1122 4.2.3.6: a keep-alive may carry a byte of garbage where the last one was. Those who
 * send one send zero. */
static inline bool
inspect_may_keep_alive(const struct decoded *packet)
{
	return packet->wire_payload_len == 1 && packet->payload_len == 1 && packet->payload[0] == 0;
}

/* Where streams begin: inspect_tcp_base.c. */

/** The flow's client owes the hello behind a HelloRetryRequest, and `direction` is its. */
static inline bool
inspect_owes_second_hello(const struct flow *flow, unsigned direction)
{
	return (flow->state & FLOW_SECOND_HELLO) != 0 && flow->initiator == direction;
}

/** Whether the stream may begin earlier than is thought. */
static inline bool
inspect_is_guessed(const struct flow *flow, unsigned direction)
{
	return (flow->state & (FLOW_ANCHORED_LOW << direction)) == 0 &&
	       !inspect_owes_second_hello(flow, direction);
}

/** What inspect_stream_place says of a segment. */
enum stream_place {
	STREAM_PLACED,
	STREAM_OLD,    /**< all of it repeats what is older than the stream */
	STREAM_ADRIFT, /**< once more from before the beginning: there is none to be found */
};

/**
 * Where in the stream the segment begins, taking it for the beginning if none is known; it is cut
 * in front where it repeats what is older than the stream.
 */
enum stream_place inspect_stream_place(struct inspector *ins, struct flow *flow, unsigned direction,
				       struct segment *segment, uint32_t *offset);

/** The stream begins at `base`, as a SYN says. True when what was put together on a guess has found
 * its place and is to be read. */
bool
inspect_stream_anchor(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base);

/** The same, as what acknowledged the SYN says: data of the SYN would still come before it. */
bool
inspect_stream_hint(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base);

/** A SYN says late that what was read on a guess was not the beginning: that is owed again, and
 * goes before what was taken for it. */
void
inspect_stream_reopen(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base);

/** A SYN sent again with another number: it holds as long as nothing was put together. */
void
inspect_stream_renew(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base);

/** The first `consumed` bytes are done with, possibly more than are here: the stream begins behind
 * them. `i`: the direction's inspection, or NULL. */
void inspect_stream_advance(struct flow *flow, struct inspection *i, unsigned direction,
			    size_t consumed);

/* What streams say: inspect_tcp_client.c, inspect_tcp_server.c. */

/** Reads a client's first bytes and enters what they say. With `whole` set a beginning that asks
 * for more says nothing. */
struct reading inspect_read_client(struct inspector *ins, struct flow *flow, struct slice stream,
				   unsigned direction, bool whole);

/** Enters what the stream says as far as it goes, where no more of it will come. */
void
inspect_read_cut(struct inspector *ins, struct flow *flow, struct slice stream, unsigned direction);

/** Reads the ClientHello behind a HelloRetryRequest. */
struct reading
inspect_read_second_hello(struct inspector *ins, struct flow *flow, struct slice stream);

/** Reads a server's first bytes; asks for more until the certificate of TLS up to 1.2 is there. */
struct reading inspect_read_server(struct inspector *ins, struct flow *flow, struct slice stream,
				   unsigned direction);

/** Reads DNS messages with their length in front (RFC 1035 4.2.2) as far as they are whole. */
struct reading
inspect_read_dns(struct inspector *ins, struct flow *flow, struct slice stream, unsigned direction);

/** The flow's client was asked for another hello, and both are known by now: it owes it. */
void inspect_await_second_hello(struct inspector *ins, struct flow *flow);

/** Notes the session id of one side; true when both sides have the same. */
bool inspect_same_session(struct flow *flow, struct slice session_id);

/** Whether the direction is surely the server's. */
static inline bool
inspect_is_server(const struct flow *flow, unsigned direction)
{
	return flow->initiator_rank > INITIATOR_GUESSED && flow->initiator != direction;
}

/**
 * Whether the direction's bytes are read as a client's: never surely the server's. Where their
 * beginning is a guess they may be the middle of anything, and do not overrule ports and inside
 * map; but that a ClientHello does, against the latter.
 */
static inline bool
inspect_may_be_client(const struct flow *flow, unsigned direction, struct slice stream)
{
	uint16_t port = direction == 0 ? flow->key.low_port : flow->key.high_port;
	uint16_t peer_port = direction == 0 ? flow->key.high_port : flow->key.low_port;

	if (flow->initiator == direction || flow->initiator_rank == INITIATOR_FIRST ||
	    !inspect_is_guessed(flow, direction))
		return !inspect_is_server(flow, direction);
	return flow->initiator_rank == INITIATOR_GUESSED && (port >= 1024 || peer_port < 1024) &&
	       stream.len != 0 && stream.data[0] == 0x16;
}

/** Whether the direction answers from DNS's port, and nothing else was recognised. */
static inline bool
inspect_is_dns(const struct flow *flow, unsigned direction)
{
	uint16_t port = direction == 0 ? flow->key.low_port : flow->key.high_port;
	bool is_client = flow->initiator == direction && flow->initiator_rank == INITIATOR_SYN;

	return port == 53 && !is_client &&
	       (flow->protocol == APP_PROTOCOL_UNKNOWN || flow->protocol == APP_PROTOCOL_DNS);
}
