/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes of a TCP flow. A side owes its first message until a parser has read it or none
 * wants it; whichever side sends a ClientHello or a request is the client, the other's first
 * segment tells the version.
 */
#include <string.h>

#include "classifier/names/http.h"
#include "dataplane/inspect_internal.h"

/* Parses that may end in "more" before further ones wait for the stream to grow by a part of
 * itself: a message sent a byte at a time must not cost its length squared. */
#define EAGER_ATTEMPTS 64

static bool
is_ssh(struct slice bytes)
{
	/* RFC 4253 4.2: both sides begin with their identification string. */
	return bytes.len >= 4 && memcmp(bytes.data, "SSH-", 4) == 0;
}

static void
take_request(struct inspector *ins, struct flow *flow, const struct http_request *request)
{
	char name[DOMAIN_NAME_MAX];

	flow->protocol = APP_PROTOCOL_HTTP;
	if (request->host.len == 0)
		return;
	inspect_name(ins, flow, name, domain_name_from_host(request->host, name),
		     request->is_connect ? NAME_SOURCE_HTTP_CONNECT : NAME_SOURCE_HTTP_HOST);
}

/* Reads a client's first bytes with each parser in turn; what it says goes into the flow. */
static enum parse_result
parse_client(struct inspector *ins, struct flow *flow, struct slice bytes, unsigned direction)
{
	struct tls_client_hello hello;
	struct http_request request;

	enum parse_result result =
		tls_client_stream_parse(bytes, ins->scratch, INSPECTOR_SCRATCH, &hello);
	if (result == PARSE_FOUND) {
		flow->protocol = APP_PROTOCOL_TLS;
		inspect_initiator(flow, direction);
		inspect_client_hello(ins, flow, &hello, NAME_SOURCE_TLS_SNI);
	}
	if (result == PARSE_MALFORMED)
		inspect_note(ins, NOTE_CLIENT_HELLO_MALFORMED);
	if (result != PARSE_NOT_MINE)
		return result;

	result = http_request_parse(bytes, &request);
	if (result == PARSE_FOUND) {
		inspect_initiator(flow, direction);
		take_request(ins, flow, &request);
	}
	if (result == PARSE_MALFORMED)
		inspect_note(ins, NOTE_HTTP_MALFORMED);
	return result;
}

/* Reads a server's first segment; never asks for more. */
static void
parse_server(struct flow *flow, struct slice bytes)
{
	uint16_t version;

	if (tls_server_stream_parse(bytes, &version) == PARSE_FOUND) {
		flow->protocol = APP_PROTOCOL_TLS;
		flow->tls_version = version;
	} else if (http_response_begins(bytes)) {
		flow->protocol = APP_PROTOCOL_HTTP;
	} else if (is_ssh(bytes)) {
		flow->protocol = APP_PROTOCOL_SSH;
	}
}

static void
settle(struct inspector *ins, struct flow *flow, unsigned direction)
{
	flow->owes &= (uint8_t) ~(FLOW_OWES_LOW << direction);
	if (flow->inspect != FLOW_NONE &&
	    inspection_pool_get(ins->pool, flow->inspect)->direction == direction)
		inspect_release(ins, flow);
}

/* Length of the stream from which a ClientHello that has begun can be complete. */
static uint32_t
wanted_length(struct slice bytes)
{
	if (bytes.len < 9 || bytes.data[0] != 0x16)
		return 0;
	/* Record header 5, handshake header 4 with the message's length (RFC 8446 4, 5.1). */
	return 9 + ((uint32_t)bytes.data[6] << 16 | (uint32_t)bytes.data[7] << 8 | bytes.data[8]);
}

/* The stream has begun and asks for more than `bytes`: sets when to look at it again. */
static void
expect_more(struct inspection *i, struct slice bytes)
{
	uint32_t have = (uint32_t)bytes.len;

	i->began = true;
	i->parse_at = have + 1;
	if (++i->attempts > EAGER_ATTEMPTS)
		i->parse_at = have + have / 16 + 1;
	if (wanted_length(bytes) > i->parse_at)
		i->parse_at = wanted_length(bytes);
}

/* Parses what is there without a gap, if that can give an answer by now. */
static void
parse_collected(struct inspector *ins, struct flow *flow, struct inspection *i)
{
	struct slice bytes = first_bytes_contiguous(&i->stream);
	if (bytes.len == 0 || bytes.len < i->parse_at)
		return;

	unsigned direction = i->direction;
	enum parse_result result = parse_client(ins, flow, bytes, direction);
	if (result == PARSE_NEED_MORE) {
		expect_more(i, bytes);
		return;
	}
	if (result == PARSE_NOT_MINE)
		parse_server(flow, bytes);
	settle(ins, flow, direction);
}

static void
give_up(struct inspector *ins, struct flow *flow, unsigned direction)
{
	flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
	settle(ins, flow, direction);
}

/*
 * The flow's inspection, if `direction` may have it: one direction is put together at a time. A
 * message that has begun takes it from pieces of the other side that lack their beginning; else
 * NULL.
 */
static struct inspection *
take_for(struct inspector *ins, uint32_t index, unsigned direction, bool has_begun)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (flow->inspect != FLOW_NONE) {
		const struct inspection *held = inspection_pool_get(ins->pool, flow->inspect);
		if (held->direction != direction) {
			if (!has_begun || held->began)
				return NULL;
			inspect_release(ins, flow);
		}
	}
	struct inspection *i = inspect_take(ins, index);
	i->direction = (uint8_t)direction;
	return i;
}

/* Keeps a piece for later, and reads what is complete by now. */
static void
collect(struct inspector *ins, uint32_t index, uint32_t offset, struct slice piece,
	unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct inspection *i = take_for(ins, index, direction, false);

	if (i == NULL)
		return;
	if (inspect_add(ins, flow, offset, piece))
		parse_collected(ins, flow, i);
	else
		give_up(ins, flow, direction);
}

/* The usual case: the first segment, read where it lies and kept only if it asks for more. */
static void
first_segment(struct inspector *ins, uint32_t index, struct slice bytes, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	enum parse_result result = parse_client(ins, flow, bytes, direction);

	if (result == PARSE_NEED_MORE) {
		struct inspection *i = take_for(ins, index, direction, true);
		if (i == NULL) /* the other side began likewise, and before */
			inspect_note(ins, NOTE_NAME_INCOMPLETE);
		if (i != NULL && inspect_add(ins, flow, 0, bytes))
			expect_more(i, bytes);
		else
			give_up(ins, flow, direction);
		return;
	}
	if (result == PARSE_NOT_MINE)
		parse_server(flow, bytes);
	settle(ins, flow, direction);
}

/* New bytes of the stream at `offset`, of a direction that still owes its first message. */
static void
take_bytes(struct inspector *ins, uint32_t index, uint32_t offset, struct slice bytes,
	   unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	bool is_server = flow->initiator_rank == INITIATOR_SYN && flow->initiator != direction;
	bool is_held = flow->inspect != FLOW_NONE &&
		       inspection_pool_get(ins->pool, flow->inspect)->direction == direction;

	if (is_server) {
		/* Nothing is put together for a server: what follows its first segment says
		 * nothing. */
		if (offset == 0)
			parse_server(flow, bytes);
		if (offset == 0 || offset >= INSPECTION_LARGE)
			settle(ins, flow, direction);
	} else if (offset >= INSPECTION_LARGE) {
		/* What is missing before will not come any more. */
		inspect_note(ins, NOTE_FIRST_BYTES_TOO_LONG);
		give_up(ins, flow, direction);
	} else if (offset == 0 && !is_held) {
		first_segment(ins, index, bytes, direction);
	} else {
		collect(ins, index, offset, bytes, direction);
	}
}

/*
 * Some devices count the padding of a short Ethernet frame into the IP length: a bare
 * acknowledgement then carries a few zero bytes where the client's first byte belongs. No protocol
 * begins like that.
 */
static bool
is_padding(const struct decoded *packet)
{
	static const uint8_t zeros[6];

	return packet->payload_len <= sizeof(zeros) && (packet->tcp_flags & TCP_PSH) == 0 &&
	       memcmp(packet->payload, zeros, packet->payload_len) == 0;
}

void
inspect_tcp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
	    unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
	uint8_t has_base = (uint8_t)(FLOW_BASE_LOW << direction);
	uint32_t seq = packet->tcp_seq + ((packet->tcp_flags & TCP_SYN) != 0);
	struct slice bytes = slice_of(packet->payload, packet->payload_len);

	/* A SYN sent again may carry another sequence number; it holds as long as nothing was put
	 * together. */
	bool renewed = (packet->tcp_flags & TCP_SYN) != 0 && flow->inspect == FLOW_NONE;
	if ((flow->state & has_base) == 0 || renewed) {
		flow->state |= has_base;
		flow->base_seq[direction] = seq;
	}
	if (packet->payload_len < packet->wire_payload_len)
		inspect_note(inspector, NOTE_PAYLOAD_CUT);
	if (bytes.len == 0 || is_padding(packet))
		return;
	uint32_t offset = seq - flow->base_seq[direction];
	if (offset > INT32_MAX) {
		/* It begins before the first byte: keep-alives and overlaps repeat what is known.
		 */
		uint32_t repeated = 0 - offset;
		if (repeated >= bytes.len)
			return;
		bytes = slice_of(bytes.data + repeated, bytes.len - repeated);
		offset = 0;
	}
	take_bytes(inspector, index, offset, bytes, direction);
}

void
inspect_end(struct inspector *inspector, uint32_t index)
{
	struct flow *flow = flow_table_get(inspector->flows, index);

	if ((flow->state & FLOW_INITIAL_UNOPENED) != 0 && flow->key.transport == TRANSPORT_UDP) {
		flow->state &= (uint8_t)~FLOW_INITIAL_UNOPENED;
		inspect_note(inspector, NOTE_QUIC_UNREADABLE);
	}
	if (flow->inspect == FLOW_NONE)
		return;

	struct inspection *i = inspection_pool_get(inspector->pool, flow->inspect);
	if (flow->key.transport == TRANSPORT_TCP && i->attempts > EAGER_ATTEMPTS) {
		i->parse_at = 0;
		parse_collected(inspector, flow, i);
	}
	if (flow->inspect == FLOW_NONE)
		return;
	if (i->began || i->stream.run_count != 0) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		inspect_note(inspector, NOTE_NAME_INCOMPLETE);
	}
	inspect_release(inspector, flow);
}
