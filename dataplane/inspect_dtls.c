/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DTLS in the first datagrams of a flow, whatever its ports: the ClientHello gives the name, the
 * ServerHello the version. A hello may come in fragments over several datagrams; after a
 * HelloVerifyRequest or HelloRetryRequest the client sends a second one, which counts where the
 * first was not whole. Media on the same ports (RFC 7983) comes before, between and behind.
 */
#include "classifier/names/dtls.h"
#include "dataplane/inspect_udp.h"

static void
read_client_hello(struct inspector *ins, struct flow *flow, struct slice body, unsigned direction)
{
	struct tls_client_hello hello;

	if (tls_client_hello_body_parse(body, TLS_CARRIER_DTLS, &hello) != PARSE_FOUND) {
		inspect_note(ins, NOTE_CLIENT_HELLO_MALFORMED);
		inspect_release(ins, flow);
		return;
	}
	flow->protocol = APP_PROTOCOL_DTLS;
	inspect_client_hello(ins, flow, &hello, NAME_SOURCE_TLS_SNI);
	inspect_udp_settle(ins, flow);
	if (flow->tls_version == 0)
		flow->owes |= (uint8_t)(FLOW_OWES_LOW << !direction);
}

/* Where a fragment of another ClientHello comes, the one that was sent later stays. */
static bool
goes_on(struct inspection *i, const struct dtls_fragment *f)
{
	if (i->dtls_length != 0 && f->message_seq < i->dtls_message)
		return false;
	if (i->dtls_message != f->message_seq || i->dtls_length != f->message_len) {
		first_bytes_init(&i->stream, i->stream.buffer, i->stream.size);
		i->dtls_message = f->message_seq;
		i->dtls_length = f->message_len;
	}
	return true;
}

static void
collect_fragment(struct inspector *ins, uint32_t index, const struct dtls_fragment *f,
		 unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct inspection *i = inspect_take(ins, index);

	i->direction = (uint8_t)direction;
	i->began = true;
	if (!goes_on(i, f))
		return;
	if (!inspect_add(ins, flow, f->offset, f->data)) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		inspect_udp_settle(ins, flow);
		return;
	}
	struct slice body = first_bytes_contiguous(&i->stream);
	if (body.len >= f->message_len)
		read_client_hello(ins, flow, slice_of(body.data, f->message_len), direction);
}

static void
client_hello(struct inspector *ins, uint32_t index, const struct dtls_fragment *f,
	     unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if ((flow->owes & FLOW_OWES_QUIC) == 0)
		return;
	if (flow->inspect != FLOW_NONE) {
		const struct inspection *i = inspection_pool_get(ins->pool, flow->inspect);
		if (i->direction != direction || i->quic_attempt_count != 0)
			return;
	}
	inspect_udp_opened(flow);
	inspect_initiator(flow, direction);
	if (f->data.len == f->message_len)
		read_client_hello(ins, flow, f->data, direction);
	else
		collect_fragment(ins, index, f, direction);
}

/* Only one that came whole: in fragments it would say no more than a version. */
static void
server_hello(struct inspector *ins, struct flow *flow, const struct dtls_fragment *f,
	     unsigned direction)
{
	struct tls_server_hello hello;

	if (f->data.len != f->message_len ||
	    tls_server_hello_body_parse(f->data, TLS_CARRIER_DTLS, &hello) != PARSE_FOUND)
		return;
	inspect_initiator(flow, !direction);
	if (hello.is_retry) {
		flow->flags |= FLOW_FLAG_TLS_RETRIED;
		return;
	}
	if (hello.psk_chosen)
		flow->flags |= FLOW_FLAG_TLS_RESUMED;
	flow->tls_version = dtls_tls_version(hello.version);
	inspect_alpn(ins, flow, hello.alpn);
	flow->owes &= (uint8_t) ~(FLOW_OWES_LOW << direction);
}

void
inspect_dtls(struct inspector *ins, uint32_t index, const struct decoded *packet,
	     unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct slice datagram = slice_of(packet->payload, packet->payload_len);
	struct dtls_reader reader;
	struct dtls_fragment f;
	enum parse_result result = dtls_datagram_parse(datagram, &reader);
	bool unread = (flow->owes & FLOW_OWES_QUIC) != 0 && flow->inspect == FLOW_NONE;

	if (result == PARSE_NOT_MINE && (!unread || !dtls_is_midstream(datagram)))
		return;
	if (flow->protocol == APP_PROTOCOL_UNKNOWN)
		flow->protocol = APP_PROTOCOL_DTLS;
	if (result == PARSE_MALFORMED)
		inspect_udp_malformed(ins, flow, packet, NOTE_DTLS_MALFORMED);
	if (unread)
		inspect_udp_unopened(flow);
	while (result == PARSE_FOUND && dtls_fragment_next(&reader, &f)) {
		if (f.type == DTLS_CLIENT_HELLO)
			client_hello(ins, index, &f, direction);
		else if (f.type == DTLS_SERVER_HELLO)
			server_hello(ins, flow, &f, direction);
	}
}
