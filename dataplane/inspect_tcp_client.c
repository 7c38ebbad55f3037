/* SPDX-License-Identifier: Apache-2.0 */
/* What a client's bytes say, entered into its flow. */
#include <string.h>

#include "classifier/names/client_stream.h"
#include "classifier/names/http.h"
#include "dataplane/inspect_tcp_internal.h"

/* The whole message's name goes before that of its beginning: a proxy may have been asked twice. */
static void
take_name(struct inspector *ins, struct flow *flow, const struct client_stream *s, bool partial)
{
	if (s->name_refused && (flow->flags & FLOW_FLAG_NAME_REFUSED) == 0)
		inspect_name(ins, flow, NULL, 0, NAME_SOURCE_NONE);
	if (s->name_len != 0) {
		if ((flow->state & FLOW_NAME_PARTIAL) != 0 && flow->name != FLOW_NONE &&
		    !inspect_name_is(ins, flow, s->name, s->name_len)) {
			name_pool_remove(ins->names, flow->name);
			flow->name = FLOW_NONE;
		}
		inspect_name(ins, flow, s->name, s->name_len, s->name_source);
	}
	if (partial)
		flow->state |= FLOW_NAME_PARTIAL;
	else
		flow->state &= (uint16_t)~FLOW_NAME_PARTIAL;
}

static void
take_addresses(struct inspector *ins, struct flow *flow, const struct client_stream *s)
{
	if (s->inner_source.version == 0 && s->inner_destination.version == 0 &&
	    s->inner_destination_port == 0)
		return;
	struct flow_detail *detail = inspect_detail(ins, flow);
	if (detail == NULL)
		return;
	detail->inner_source = s->inner_source;
	detail->inner_destination = s->inner_destination;
	detail->inner_source_port = s->inner_source_port;
	detail->inner_destination_port = s->inner_destination_port;
}

static void
take_flags(struct inspector *ins, struct flow *flow, const struct client_stream *s)
{
	if (s->via_proxy)
		flow->flags |= FLOW_FLAG_VIA_PROXY;
	if (s->has_proxy_header)
		flow->flags |= FLOW_FLAG_PROXY_PROTOCOL;
	if (s->names_differ && (flow->flags & FLOW_FLAG_NAMES_DIFFER) == 0) {
		flow->flags |= FLOW_FLAG_NAMES_DIFFER;
		inspect_note(ins, NOTE_NAMES_DIFFER);
	}
}

/* What is known before and after the message is whole. */
static void
take_facts(struct inspector *ins, struct flow *flow, unsigned direction,
	   const struct client_stream *s, bool partial)
{
	if (s->protocol != APP_PROTOCOL_UNKNOWN)
		flow->protocol = (uint8_t)s->protocol;
	inspect_initiator(flow, direction);
	take_name(ins, flow, s, partial);
	take_addresses(ins, flow, s);
	take_flags(ins, flow, s);
}

static void
take_hello(struct inspector *ins, struct flow *flow, unsigned direction,
	   const struct client_stream *s)
{
	inspect_hello_detail(ins, flow, &s->hello);
	flow->state |= FLOW_HELLO_SEEN;
	if (inspect_same_session(flow, s->hello.session_id) && flow->tls_version != 0 &&
	    flow->tls_version < 0x0304)
		flow->flags |= FLOW_FLAG_TLS_RESUMED;
	/* Behind a proxy's answer, or a server's greeting, its hello begins some later segment. */
	if (s->via_proxy || s->protocol != APP_PROTOCOL_TLS) {
		flow->state |= FLOW_SERVER_BEHIND;
		flow->owes |= (uint8_t)(FLOW_OWES_LOW << (1 - direction));
		flow->tries = 0;
		inspect_release_side(ins, flow, 1 - direction);
	}
}

/* What it is is known, and that it names nobody whom all would agree on. */
static void
note_malformed(struct inspector *ins, struct flow *flow, enum app_protocol protocol)
{
	flow->flags |= FLOW_FLAG_NAME_REFUSED;
	if (protocol != APP_PROTOCOL_UNKNOWN)
		flow->protocol = (uint8_t)protocol;
	if (protocol == APP_PROTOCOL_TLS)
		inspect_note(ins, NOTE_CLIENT_HELLO_MALFORMED);
	else if (protocol == APP_PROTOCOL_HTTP)
		inspect_note(ins, NOTE_HTTP_MALFORMED);
	else
		inspect_note(ins, NOTE_OPENING_MALFORMED);
}

/* Whether what asks for more is a message that gives a name: not a talk that may lead to one, nor
 * openings that are whole and nothing behind them. */
static bool
has_begun(const struct client_stream *s, size_t len)
{
	bool is_message = s->protocol == APP_PROTOCOL_UNKNOWN || s->protocol == APP_PROTOCOL_TLS ||
			  s->protocol == APP_PROTOCOL_HTTP;

	return s->consumed != len && (is_message || s->consumed != 0);
}

static void
await_requests(struct flow *flow, bool is_followed)
{
	flow->owes |= FLOW_OWES_REQUESTS;
	if (is_followed)
		flow->state |= FLOW_FOLLOWED;
}

struct reading
inspect_read_client(struct inspector *ins, struct flow *flow, struct slice stream,
		    unsigned direction, bool whole)
{
	struct client_stream s;
	bool is_guessed = inspect_is_guessed(flow, direction);
	enum parse_result result = (is_guessed ? client_stream_guessed_parse : client_stream_parse)(
		ins->reader, stream, ins->scratch, INSPECTOR_SCRATCH, &s);
	struct reading r = {.result = result};

	switch (result) {
	case PARSE_FOUND:
		r.consumed = s.consumed;
		r.is_one = s.message_end == 0 || s.message_end == s.consumed;
		flow->flags &= ~(uint32_t)(FLOW_FLAG_NAME_INCOMPLETE | FLOW_FLAG_ENCRYPTED);
		take_facts(ins, flow, direction, &s, false);
		inspect_other_names(ins, flow, s.other_names);
		if (s.has_hello)
			take_hello(ins, flow, direction, &s);
		else if (s.protocol == APP_PROTOCOL_HTTP && !s.has_tunnel)
			await_requests(flow, s.is_followed);
		break;
	case PARSE_NEED_MORE:
		r.wanted = s.wanted;
		r.began = has_begun(&s, stream.len);
		if (s.name_len != 0 && !whole)
			take_facts(ins, flow, direction, &s, true);
		break;
	case PARSE_MALFORMED:
		if (whole || is_guessed)
			break;
		note_malformed(ins, flow, s.protocol);
		/* A proxy was asked for a name, and what follows is broken. */
		if (s.name_len != 0)
			take_facts(ins, flow, direction, &s, false);
		break;
	case PARSE_NOT_MINE:
		if (whole)
			break;
		take_flags(ins, flow, &s);
		if (flow->protocol == APP_PROTOCOL_UNKNOWN)
			flow->protocol = (uint8_t)s.protocol;
		break;
	}
	return r;
}

void
inspect_read_cut(struct inspector *ins, struct flow *flow, struct slice stream, unsigned direction)
{
	struct client_stream s;

	if (client_stream_cut_parse(ins->reader, stream, ins->scratch, INSPECTOR_SCRATCH,
				    inspect_is_guessed(flow, direction), &s) == PARSE_FOUND)
		take_facts(ins, flow, direction, &s, false);
}

/* The names of both hellos have to be the same (RFC 8446 4.1.2). */
static void
compare_second(struct inspector *ins, struct flow *flow, const struct tls_client_hello *hello)
{
	char name[DOMAIN_NAME_MAX];
	size_t len =
		hello->server_name.len != 0 ? domain_name_canonical(hello->server_name, name) : 0;
	bool from_hello = flow->name_source == NAME_SOURCE_TLS_SNI ||
			  flow->name_source == NAME_SOURCE_STARTTLS_SNI;
	bool differs;

	if (flow->name == FLOW_NONE)
		differs = len != 0;
	else
		differs = from_hello && (len == 0 || !inspect_name_is(ins, flow, name, len));
	if (!differs)
		return;
	flow->flags |= FLOW_FLAG_NAMES_DIFFER;
	inspect_note(ins, NOTE_NAMES_DIFFER);
}

struct reading
inspect_read_second_hello(struct inspector *ins, struct flow *flow, struct slice stream)
{
	struct tls_client_hello hello;
	enum parse_result result =
		tls_client_stream_parse(stream, ins->scratch, INSPECTOR_SCRATCH, &hello);

	if (result == PARSE_FOUND)
		compare_second(ins, flow, &hello);
	if (result == PARSE_MALFORMED)
		note_malformed(ins, flow, APP_PROTOCOL_TLS);
	return (struct reading){.result = result, .began = true};
}

void
inspect_await_second_hello(struct inspector *ins, struct flow *flow)
{
	inspect_release_side(ins, flow, flow->initiator);
	flow->state |= FLOW_SECOND_HELLO;
	flow->owes |= (uint8_t)(FLOW_OWES_LOW << flow->initiator);
}

static bool
is_upper(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z';
}

/*
 * The segment begins where the last request ended, if that had no body: then it is a request, and
 * not bytes of a body that look like one. False where its head goes on in a later segment.
 */
static bool
follow(struct flow *flow, struct slice bytes)
{
	struct http_head head;

	if (http_head_parse(bytes, &head) != PARSE_FOUND)
		return false;
	if (head.has_body || head.len != bytes.len)
		return true;
	/* The check is of what was read before. */
	flow->hello_end += (uint32_t)head.len;
	flow->read_start = 0;
	flow->state |= FLOW_FOLLOWED;
	return true;
}

static void
take_request(struct inspector *ins, struct flow *flow, const char *name, size_t len, bool is_next)
{
	bool is_free = flow->name == FLOW_NONE && (flow->flags & FLOW_FLAG_NAME_REFUSED) == 0;

	if (is_free && is_next)
		inspect_name(ins, flow, name, len, NAME_SOURCE_HTTP_HOST);
	else if (flow->name == FLOW_NONE || !inspect_name_is(ins, flow, name, len))
		inspect_other_names(ins, flow, 1);
}

void
inspect_tcp_request(struct inspector *inspector, struct flow *flow, const struct decoded *packet)
{
	struct slice bytes = slice_of(packet->payload, packet->payload_len);
	bool is_next = (flow->state & FLOW_FOLLOWED) != 0 && packet->tcp_seq == flow->hello_end;
	char name[DOMAIN_NAME_MAX];
	size_t len = 0;

	if (is_next)
		flow->state &= (uint16_t)~FLOW_FOLLOWED;
	/* Methods are capital letters: nearly all of a body's segments are done with here. */
	if (bytes.len < 16 || !is_upper(bytes.data[0]) || !is_upper(bytes.data[1]) ||
	    !is_upper(bytes.data[2]) || client_next_request(bytes, name, &len) != PARSE_FOUND)
		return;
	/* Behind CONNECT comes anything. */
	if (memcmp(bytes.data, "CONNECT ", 8) == 0) {
		flow->owes &= (uint8_t)~FLOW_OWES_REQUESTS;
		is_next = false;
	}
	/* A flow with a name needs no further one: what is sent in the place of its request is
	 * still compared with it. */
	is_next = is_next && flow->name == FLOW_NONE && follow(flow, bytes);
	if (len != 0)
		take_request(inspector, flow, name, len, is_next);
}
