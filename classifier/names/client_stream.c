/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layer by layer: at each place of the stream stands an opening, behind which the next layer
 * begins, or what ends the search: a ClientHello, a request, or something that names nobody.
 */
#include "classifier/names/client_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/client_name.h"
#include "classifier/names/http.h"
#include "classifier/names/http2.h"
#include "classifier/names/opening.h"

/* PROXY header, SOCKS, CONNECT, STARTTLS: more than one of each would be odd. */
#define OPENINGS_MAX 4
/* Requests read from the same bytes; each costs about as much as the first. */
#define PIPELINED_MAX 64

#define SOCKS_4 4

#define RECORD_CHANGE_CIPHER_SPEC 20
#define RECORD_HANDSHAKE 22

struct client_reader {
	struct http2_reader *http2;
};

/* Where the search is in the stream. */
struct walk {
	struct client_reader *reader;
	struct slice stream;
	size_t at; /* where the layer begins */
	uint8_t *scratch;
	size_t scratch_len;
	unsigned openings;   /* that were read in front */
	struct slice target; /* of the CONNECT in front, if there is one */
	bool tls_follows;
	bool is_guessed;  /* it may be the middle of anything */
	bool is_doubtful; /* what was read last can be chance */
	bool ends_here;   /* the stream is cut: no more will come */
	struct client_stream *out;
};

struct client_reader *
client_reader_create(void)
{
	struct client_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->http2 = http2_reader_create();
	if (reader->http2 == NULL) {
		free(reader);
		errno = ENOMEM;
		return NULL;
	}
	return reader;
}

void
client_reader_destroy(struct client_reader *reader)
{
	if (reader == NULL)
		return;
	http2_reader_destroy(reader->http2);
	free(reader);
}

static struct slice
rest_of(const struct walk *w)
{
	return slice_of(w->stream.data + w->at, w->stream.len - w->at);
}

/* Behind STARTTLS the protocol stays what it is. */
static void
set_protocol(struct walk *w, enum app_protocol protocol)
{
	if (!w->tls_follows)
		w->out->protocol = protocol;
}

/* Length of the stream from which a ClientHello that has begun can be complete. */
static size_t
wanted_for_hello(struct slice bytes)
{
	if (bytes.len < 9 || bytes.data[0] != RECORD_HANDSHAKE)
		return 0;
	/* Record header 5, handshake header 4 with the message's length (RFC 8446 4, 5.1). */
	return 9 + ((size_t)bytes.data[6] << 16 | (size_t)bytes.data[7] << 8 | bytes.data[8]);
}

static void
want(struct walk *w, size_t layer_len)
{
	size_t wanted = w->at + layer_len;

	w->out->wanted = wanted > w->stream.len ? wanted : w->stream.len + 1;
}

static void
take_server_name(struct walk *w)
{
	const struct tls_client_hello *hello = &w->out->hello;

	if (hello->server_name.len != 0)
		client_name_take(w->out, domain_name_canonical, hello->server_name,
				 w->tls_follows ? NAME_SOURCE_STARTTLS_SNI : NAME_SOURCE_TLS_SNI);
}

/* A hello that is cut: it has the protocol and may have the name. */
static enum parse_result
read_cut_hello(struct walk *w)
{
	enum parse_result r = tls_client_stream_cut_parse(rest_of(w), &w->out->hello);

	if (r != PARSE_FOUND)
		return r;
	set_protocol(w, APP_PROTOCOL_TLS);
	w->out->consumed = w->stream.len;
	take_server_name(w);
	return r;
}

static enum parse_result
read_hello(struct walk *w)
{
	struct slice rest = rest_of(w);
	struct client_stream *out = w->out;
	enum parse_result r =
		tls_client_stream_parse(rest, w->scratch, w->scratch_len, &out->hello);

	if (r == PARSE_NEED_MORE && w->ends_here)
		return read_cut_hello(w);
	if (r == PARSE_NEED_MORE)
		want(w, wanted_for_hello(rest));
	if (r == PARSE_FOUND || r == PARSE_MALFORMED)
		set_protocol(w, APP_PROTOCOL_TLS);
	if (r != PARSE_FOUND)
		return r;
	out->has_hello = true;
	out->message_end = out->consumed = w->at + out->hello.consumed;
	take_server_name(w);
	return r;
}

/* Further requests behind one without a body: those to another host are counted. Whether behind the
 * last one the next begins. */
static bool
count_pipelined(struct walk *w, struct http_head *head)
{
	struct client_stream *out = w->out;

	for (unsigned i = 0; i < PIPELINED_MAX && !head->has_body; i++) {
		if (out->consumed == w->stream.len)
			return true;
		struct slice rest =
			slice_of(w->stream.data + out->consumed, w->stream.len - out->consumed);
		char name[DOMAIN_NAME_MAX];
		size_t len;
		if (client_next_request(rest, name, &len) != PARSE_FOUND ||
		    http_head_parse(rest, head) != PARSE_FOUND)
			return false;
		out->other_names += len != 0 && !client_name_is(out, name, len);
		out->consumed += head->len;
	}
	return false;
}

/* A target in absolute form: a proxy is asked. Behind CONNECT it is a request of its own, since
 * that one was refused. */
static void
take_absolute(struct walk *w, const struct http_request *request)
{
	struct client_stream *out = w->out;
	struct ip_address address;

	if (w->target.len != 0) {
		char name[DOMAIN_NAME_MAX];
		size_t len = domain_name_from_host(request->host, name);
		out->other_names += len != 0 && !client_name_is(out, name, len);
		return;
	}
	out->via_proxy = true;
	client_name_clear(out);
	client_name_take(w->out, domain_name_from_host, request->host, NAME_SOURCE_HTTP_HOST);
	if (out->has_proxy_header)
		return;
	out->inner_destination_port = request->target_port;
	out->inner_destination = (struct ip_address){0};
	if (out->name_len != 0 && ip_address_parse(out->name, &address) == 0)
		out->inner_destination = address;
}

static bool
is_same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* CONNECT is an opening once its head is complete: it is asked again with a password after 407, and
 * behind the last one comes what the tunnel is for. */
static enum parse_result
read_connect(struct walk *w, const struct http_request *request, struct opening *opening)
{
	bool is_repeated = w->target.len != 0 && is_same(w->target, request->host);
	struct http_head head;

	if (w->openings >= OPENINGS_MAX && !is_repeated)
		return PARSE_NOT_MINE;
	set_protocol(w, APP_PROTOCOL_HTTP);
	w->out->has_tunnel = true;
	client_name_ask(w->out, domain_name_from_host, request->host, request->target_port,
			NAME_SOURCE_HTTP_CONNECT);
	w->target = request->host;
	enum parse_result r = http_head_parse(rest_of(w), &head);
	if (r != PARSE_FOUND)
		return r;
	w->out->consumed = w->at + head.len;
	w->out->message_end = w->out->consumed;
	if (head.has_body)
		return PARSE_FOUND;
	w->openings -= is_repeated;
	*opening = (struct opening){.len = head.len, .protocol = APP_PROTOCOL_HTTP};
	return PARSE_FOUND;
}

static enum parse_result
read_request(struct walk *w, struct opening *opening)
{
	struct slice rest = rest_of(w);
	struct client_stream *out = w->out;
	struct http_request request;

	enum parse_result r = http_request_parse(rest, &request);
	if (r == PARSE_NEED_MORE && w->ends_here && request.host.len != 0)
		r = PARSE_FOUND;
	if (r == PARSE_MALFORMED)
		set_protocol(w, APP_PROTOCOL_HTTP);
	if (r != PARSE_FOUND)
		return r;
	if (request.is_connect)
		return read_connect(w, &request, opening);
	set_protocol(w, APP_PROTOCOL_HTTP);
	if (request.host_in_target)
		take_absolute(w, &request);
	else if (request.host.len != 0)
		client_name_take(w->out, domain_name_from_host, request.host,
				 NAME_SOURCE_HTTP_HOST);
	out->consumed = w->stream.len;
	out->message_end = 0;
	if (request.host_in_target)
		(void)http_head_parse(rest, &request.head);
	if (request.head.len != 0) {
		out->message_end = out->consumed = w->at + request.head.len;
		out->is_followed = count_pipelined(w, &request.head);
	}
	return PARSE_FOUND;
}

static enum parse_result
read_http2(struct walk *w)
{
	struct http2_request request;
	enum parse_result r = http2_request_parse(w->reader->http2, rest_of(w), &request);

	if (r == PARSE_NEED_MORE)
		want(w, request.wanted);
	if (r == PARSE_FOUND || r == PARSE_MALFORMED)
		set_protocol(w, APP_PROTOCOL_HTTP);
	if (r != PARSE_FOUND)
		return r;
	w->out->message_end = w->out->consumed = w->at + request.len;
	w->out->has_tunnel = true; /* of frames */
	if (request.host.len == 0)
		return r;
	if (request.is_connect)
		client_name_ask(w->out, domain_name_from_host, request.host,
				http_host_port(request.host), NAME_SOURCE_HTTP_CONNECT);
	else
		client_name_take(w->out, domain_name_from_host, request.host,
				 NAME_SOURCE_HTTP_HOST);
	return r;
}

static void
take_opening(struct walk *w, const struct opening *opening)
{
	struct client_stream *out = w->out;

	if (opening->has_proxy_header) {
		out->has_proxy_header = true;
		out->inner_source = opening->source;
		out->inner_source_port = opening->source_port;
		out->inner_destination = opening->destination;
		out->inner_destination_port = opening->destination_port;
	}
	if (!opening->asks_proxy)
		return;
	w->target = (struct slice){0};
	out->via_proxy = true;
	if (opening->asked.len != 0) {
		client_name_ask(w->out, domain_name_canonical, opening->asked,
				opening->destination_port, NAME_SOURCE_SOCKS);
	} else if (opening->destination.version != 0) {
		client_name_ask_address(out, &opening->destination, opening->destination_port);
		w->is_doubtful = w->stream.data[w->at] == SOCKS_4;
	}
}

static enum parse_result
read_opening(struct walk *w, struct opening *opening)
{
	if (w->openings >= OPENINGS_MAX)
		return PARSE_NOT_MINE;
	enum parse_result r = w->is_guessed && w->openings == 0
				      ? opening_guessed_parse(rest_of(w), opening)
				      : opening_parse(rest_of(w), opening);
	if (opening->protocol != APP_PROTOCOL_UNKNOWN)
		w->out->protocol = opening->protocol;
	if (r == PARSE_NEED_MORE)
		w->out->consumed = w->at + opening->len;
	if (r == PARSE_FOUND || r == PARSE_NOT_MINE)
		take_opening(w, opening);
	return r;
}

/* TLS records, and a hello in SSL 2.0's form. */
static bool
can_be_tls(struct slice rest)
{
	return rest.len != 0 && (rest.data[0] == RECORD_HANDSHAKE ||
				 rest.data[0] == RECORD_CHANGE_CIPHER_SPEC || rest.data[0] >= 0x80);
}

/* Reads what stands at the place. FOUND with a length in `opening`: there is more to read. */
static enum parse_result
read_layer(struct walk *w, struct opening *opening)
{
	enum parse_result r = PARSE_NOT_MINE;

	opening->len = 0;
	if (w->tls_follows)
		return read_hello(w);
	if (can_be_tls(rest_of(w)))
		r = read_hello(w);
	if (r == PARSE_NOT_MINE)
		r = read_request(w, opening);
	if (r == PARSE_NOT_MINE)
		r = read_http2(w);
	return r == PARSE_NOT_MINE ? read_opening(w, opening) : r;
}

/* Whether something was said that is worth a FOUND, though nothing that ends the search came. */
static bool
has_said(const struct client_stream *out)
{
	return out->name_len != 0 || out->name_refused || out->inner_source.version != 0 ||
	       out->inner_destination.version != 0;
}

/* SOCKS 4 with an address has nothing that other protocols have not: only what is known behind it
 * makes it certain. */
static bool
is_chance(struct walk *w)
{
	if (!w->is_doubtful || w->out->protocol != APP_PROTOCOL_SOCKS)
		return false;
	client_name_begin(w->out);
	return true;
}

static enum parse_result
read_layers(struct walk *w)
{
	struct client_stream *out = w->out;
	struct opening opening;

	client_name_begin(out);
	for (;;) {
		enum parse_result r = read_layer(w, &opening);
		if (r == PARSE_FOUND && opening.len != 0) {
			w->openings++;
			w->at += opening.len;
			w->tls_follows = opening.tls_follows;
			out->message_end = out->consumed = w->at;
			continue;
		}
		if (r == PARSE_NEED_MORE && out->wanted <= w->stream.len)
			out->wanted = w->stream.len + 1;
		if (r == PARSE_NOT_MINE && is_chance(w))
			return r;
		return r == PARSE_NOT_MINE && has_said(out) ? PARSE_FOUND : r;
	}
}

enum parse_result
client_stream_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
		    size_t scratch_len, struct client_stream *out)
{
	struct walk w = {.reader = reader,
			 .stream = stream,
			 .scratch = scratch,
			 .scratch_len = scratch_len,
			 .out = out};

	return read_layers(&w);
}

enum parse_result
client_stream_guessed_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
			    size_t scratch_len, struct client_stream *out)
{
	struct walk w = {.reader = reader,
			 .stream = stream,
			 .scratch = scratch,
			 .scratch_len = scratch_len,
			 .is_guessed = true,
			 .out = out};

	return read_layers(&w);
}

enum parse_result
client_stream_cut_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
			size_t scratch_len, bool is_guessed, struct client_stream *out)
{
	struct walk w = {.reader = reader,
			 .stream = stream,
			 .scratch = scratch,
			 .scratch_len = scratch_len,
			 .is_guessed = is_guessed,
			 .ends_here = true,
			 .out = out};

	return read_layers(&w);
}

enum parse_result
client_next_request(struct slice bytes, char name[DOMAIN_NAME_MAX], size_t *name_len)
{
	struct http_request request;
	enum parse_result r = http_request_parse(bytes, &request);

	if (r == PARSE_NEED_MORE && request.host.len != 0)
		r = PARSE_FOUND;
	*name_len = 0;
	if (r == PARSE_FOUND && request.host.len != 0)
		*name_len = domain_name_from_host(request.host, name);
	if (*name_len == 0)
		name[0] = '\0';
	return r;
}
