/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes of a TCP flow. A side owes its first message until a parser has read it or none wants it;
 * whichever side sends a ClientHello or a request is the client, the other's first segment tells the version.
 */
#include <string.h>

#include "classifier/names/http.h"
#include "dataplane/inspect_internal.h"

/* Parses that may end in "more" before further ones wait for the stream to grow by a part of itself: a
 * message sent a byte at a time must not cost its length squared. */
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

/* Parses what is there without a gap, if that can give an answer by now. */
static void
parse_collected(struct inspector *ins, struct flow *flow, struct inspection *i)
{
	struct slice bytes = first_bytes_contiguous(&i->stream);
	if (bytes.len == 0 || bytes.len < i->parse_at)
		return;

	unsigned direction = i->direction;
	enum parse_result result = parse_client(ins, flow, bytes, direction);
	if (result != PARSE_NEED_MORE) {
		if (result == PARSE_NOT_MINE)
			parse_server(flow, bytes);
		settle(ins, flow, direction);
		return;
	}
	i->began = true;
	uint32_t have = (uint32_t)bytes.len;
	i->parse_at = have + 1;
	if (++i->attempts > EAGER_ATTEMPTS)
		i->parse_at = have + have / 16 + 1;
	if (wanted_length(bytes) > i->parse_at)
		i->parse_at = wanted_length(bytes);
}

/* Keeps a piece for later, and reads what is complete by now. */
static void
collect(struct inspector *ins, uint32_t index, uint32_t offset, struct slice piece,
	unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	bool fresh = flow->inspect == FLOW_NONE;
	struct inspection *i = inspect_take(ins, index);

	if (fresh)
		i->direction = (uint8_t)direction;
	else if (i->direction != direction)
		return; /* the other side is being put together; this one's beginning is lost */
	if (!inspect_add(ins, flow, offset, piece)) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		settle(ins, flow, direction);
		return;
	}
	parse_collected(ins, flow, i);
}

/* The usual case: the first segment, read where it lies. */
static void
first_segment(struct inspector *ins, uint32_t index, struct slice bytes, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	bool is_server = flow->initiator_rank == INITIATOR_SYN && flow->initiator != direction;
	enum parse_result result = PARSE_NOT_MINE;

	if (!is_server)
		result = parse_client(ins, flow, bytes, direction);
	if (result == PARSE_NEED_MORE) {
		collect(ins, index, 0, bytes, direction);
		return;
	}
	if (result == PARSE_NOT_MINE)
		parse_server(flow, bytes);
	settle(ins, flow, direction);
}

/*
 * Some devices count the padding of a short Ethernet frame into the IP length: a bare acknowledgement then carries a
 * few zero bytes where the client's first byte belongs. No protocol begins like that.
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

	/* A SYN sent again may carry another sequence number; it holds as long as nothing was put together. */
	bool renewed = (packet->tcp_flags & TCP_SYN) != 0 && flow->inspect == FLOW_NONE;
	if ((flow->state & has_base) == 0 || renewed) {
		flow->state |= has_base;
		flow->base_seq[direction] = seq;
	}
	if (packet->payload_len < packet->wire_payload_len)
		inspect_note(inspector, NOTE_PAYLOAD_CUT);
	if (bytes.len == 0 || is_padding(packet))
		return;

	int32_t offset = (int32_t)(seq - flow->base_seq[direction]);
	if (offset < 0) {
		/* Keep-alives and overlaps repeat what is known. */
		if ((uint32_t)-offset >= bytes.len)
			return;
		bytes = slice_of(bytes.data - offset, bytes.len - (uint32_t)-offset);
		offset = 0;
	}
	if (offset == 0 && flow->inspect == FLOW_NONE)
		first_segment(inspector, index, bytes, direction);
	else
		collect(inspector, index, (uint32_t)offset, bytes, direction);
}

void
inspect_end(struct inspector *inspector, uint32_t index)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
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
