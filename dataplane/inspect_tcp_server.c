/* SPDX-License-Identifier: Apache-2.0 */
/* What a server's bytes say: the chosen version and protocol, its certificate, DNS responses. */
#include <string.h>

#include "base/byte_hash.h"
#include "classifier/names/dns.h"
#include "classifier/names/http.h"
#include "dataplane/inspect_tcp_internal.h"
#include "dataplane/worker.h"

/* Messages of one connection after which it is let go: a zone transfer is no memory of names. */
#define DNS_MESSAGES_MAX 64

#define DNS_HEADER_LEN 12

/* Of the hash that compares session ids: both are on the wire, nothing is to be hidden. */
#define SESSION_SEED 0x73657373696f6e73u

bool
inspect_same_session(struct flow *flow, struct slice session_id)
{
	if (session_id.len == 0)
		return false;
	uint64_t hash = byte_hash(session_id, SESSION_SEED) | 1;
	if (flow->session_hash == 0) {
		flow->session_hash = hash;
		return false;
	}
	return flow->session_hash == hash;
}

static void
take_server_hello(struct inspector *ins, struct flow *flow, const struct tls_server_hello *hello,
		  unsigned direction)
{
	if (flow->protocol == APP_PROTOCOL_UNKNOWN)
		flow->protocol = APP_PROTOCOL_TLS;
	inspect_initiator(flow, 1 - direction);
	flow->tls_version = hello->version;
	inspect_alpn(ins, flow, hello->alpn);
	/* TLS 1.3 sends the client's session id back for the sake of old devices on the way. */
	bool same = inspect_same_session(flow, hello->session_id) && hello->version < 0x0304;
	if (hello->psk_chosen || same)
		flow->flags |= FLOW_FLAG_TLS_RESUMED;
	if (hello->is_retry)
		flow->flags |= FLOW_FLAG_TLS_RETRIED;
}

static void
take_certificate(struct inspector *ins, struct flow *flow, struct slice der)
{
	struct flow_detail *detail =
		ins->outlet.certificate != NULL ? inspect_detail(ins, flow) : NULL;
	if (detail == NULL)
		return;
	uint64_t id = byte_hash(der, ins->seed);
	if (id == 0)
		id = 1;
	if (ins->outlet.certificate(ins->outlet.owner, id, der))
		detail->certificate = id;
	else
		inspect_note(ins, NOTE_CERTIFICATE_NOT_SENT);
}

/* The certificate behind a ServerHello. FOUND also where none comes. */
static enum parse_result
read_certificate(struct inspector *ins, struct flow *flow, struct slice stream)
{
	struct slice der;

	if (flow->tls_version >= 0x0304 || (flow->flags & FLOW_FLAG_TLS_RESUMED) != 0)
		return PARSE_FOUND;
	switch (tls_server_certificate(stream, ins->scratch, INSPECTOR_SCRATCH, &der)) {
	case PARSE_NEED_MORE:
		return PARSE_NEED_MORE;
	case PARSE_FOUND:
		take_certificate(ins, flow, der);
		return PARSE_FOUND;
	case PARSE_MALFORMED:
		inspect_note(ins, NOTE_CERTIFICATE_MALFORMED);
		return PARSE_FOUND;
	case PARSE_NOT_MINE:
		break;
	}
	return PARSE_FOUND;
}

static bool
is_ssh(struct slice bytes)
{
	/* RFC 4253 4.2: both sides begin with their identification string. */
	return bytes.len >= 4 && memcmp(bytes.data, "SSH-", 4) == 0;
}

struct reading
inspect_read_server(struct inspector *ins, struct flow *flow, struct slice stream,
		    unsigned direction)
{
	struct tls_server_hello hello;
	enum parse_result result =
		tls_server_stream_parse(stream, ins->scratch, INSPECTOR_SCRATCH, &hello);

	if (result == PARSE_FOUND) {
		if (flow->tls_version == 0)
			take_server_hello(ins, flow, &hello, direction);
		result = hello.is_retry ? PARSE_FOUND : read_certificate(ins, flow, stream);
	}
	if (result == PARSE_FOUND || result == PARSE_NEED_MORE)
		return (struct reading){.result = result, .began = true};
	if (result == PARSE_MALFORMED && !inspect_is_guessed(flow, direction))
		inspect_note(ins, NOTE_SERVER_HELLO_MALFORMED);
	bool is_http = http_response_begins(stream);
	if (is_http)
		inspect_initiator(flow, 1 - direction);
	if (!is_http && !is_ssh(stream))
		return (struct reading){.result = result};
	if (flow->protocol == APP_PROTOCOL_UNKNOWN)
		flow->protocol = is_http ? APP_PROTOCOL_HTTP : APP_PROTOCOL_SSH;
	return (struct reading){.result = PARSE_FOUND};
}

/* An answer counts only where the client was seen to ask. */
static void
take_message(struct inspector *ins, const struct flow *flow, struct slice message,
	     unsigned direction)
{
	if (!dns_is_response(message))
		return;
	if (flow->payload[1 - direction] == 0)
		inspect_note(ins, NOTE_DNS_UNSOLICITED);
	else if (ins->outlet.dns != NULL)
		ins->outlet.dns(ins->outlet.owner, flow, direction, message);
}

/* Passes over one message and hands it on if it is whole and short enough; false when it is not
 * whole. */
static bool
next_message(struct inspector *ins, struct flow *flow, struct slice rest, unsigned direction,
	     struct reading *r)
{
	struct cursor c = cursor_over(rest);
	size_t len = cursor_be16(&c);

	if (len > DNS_MESSAGE_MAX) {
		inspect_note(ins, NOTE_DNS_TOO_LONG);
	} else if (cursor_left(&c) < len) {
		r->wanted = r->consumed + 2 + len;
		return false;
	} else {
		take_message(ins, flow, cursor_take(&c, len), direction);
	}
	r->consumed += 2 + len;
	flow->tries++;
	return true;
}

/* Whether the stream begins with a response; asked once, later messages need not be ones. */
static bool
is_dns_begin(struct slice stream)
{
	struct cursor c = cursor_over(stream);
	size_t len = cursor_be16(&c);

	return len >= DNS_HEADER_LEN && dns_is_response(cursor_take(&c, DNS_HEADER_LEN));
}

struct reading
inspect_read_dns(struct inspector *ins, struct flow *flow, struct slice stream, unsigned direction)
{
	struct reading r = {.result = PARSE_NEED_MORE, .wanted = 2 + DNS_HEADER_LEN};

	if (flow->protocol != APP_PROTOCOL_DNS) {
		if (stream.len < r.wanted)
			return r;
		if (!is_dns_begin(stream))
			return (struct reading){.result = PARSE_NOT_MINE};
		flow->protocol = APP_PROTOCOL_DNS;
	}
	while (flow->tries < DNS_MESSAGES_MAX) {
		r.wanted = r.consumed + 2;
		if (r.wanted > stream.len)
			return r;
		struct slice rest = slice_of(stream.data + r.consumed, stream.len - r.consumed);
		r.began = !next_message(ins, flow, rest, direction, &r);
		if (r.began)
			return r;
	}
	inspect_note(ins, NOTE_DNS_TOO_MANY);
	r.result = PARSE_FOUND;
	return r;
}
