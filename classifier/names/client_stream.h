/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a client's first bytes may be, from the outermost to the innermost: a PROXY header, a
 * proxy asked by SOCKS or CONNECT, the talk before STARTTLS, then a ClientHello or an HTTP request.
 * Whatever a client says before its TLS is a prefix of its own stream, and the inner conversation
 * begins right behind it: the client's bytes alone tell all, on any port. A pure function of them;
 * a reader belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/domain_name.h"
#include "base/flow_record.h"
#include "base/ip_address.h"
#include "classifier/names/tls.h"

/** What a worker needs to read streams: room for the header compression of HTTP/2. */
struct client_reader;

struct client_stream {
	/** Innermost that was recognised; SMTP and its like stay what they are behind STARTTLS. */
	enum app_protocol protocol;
	enum name_source name_source;
	char name[DOMAIN_NAME_MAX]; /**< canonical, NUL-terminated */
	size_t name_len;            /**< 0: no name */
	bool name_refused;          /**< there is one on the wire, and it breaks the rules */
	bool names_differ; /**< what a proxy was asked for and the SNI or Host inside contradict;
			      `name` is the asked one */
	bool via_proxy;    /**< CONNECT, absolute-form, SOCKS */
	bool has_proxy_header; /**< PROXY protocol */
	bool has_tunnel;       /**< CONNECT was asked: what follows is anything */
	bool is_followed;      /**< HTTP/1 without a body: the next request begins at `consumed` */
	bool has_hello;        /**< `hello` is filled in */
	/** Slices into the stream or the scratch. */
	struct tls_client_hello hello;
	/** PROXY header. Version 0: none. */
	struct ip_address inner_source;
	/** PROXY header, or the address that a proxy was asked for. Version 0: none. */
	struct ip_address inner_destination;
	uint16_t inner_source_port;
	uint16_t inner_destination_port; /**< of a name asked of a proxy too; 0: none */
	unsigned other_names;            /**< further requests in these bytes, to other hosts */
	/** Bytes up to the end of the ClientHello or of the last request's head, or as many of them
	 * as are here. With NEED_MORE: so many are openings and messages of them that are whole;
	 * when that is all there is, nothing was cut off. */
	size_t consumed;
	/** FOUND: where the message that ended the search ends, however much comes behind it. 0:
	 * its end is not here. */
	size_t message_end;
	size_t wanted; /**< with NEED_MORE: length of the stream from which another call can find
			  more; at least one more than it had. That it is malformed may show
			  before */
};

/** NULL with errno ENOMEM when out of memory. Free with client_reader_destroy. */
struct client_reader *client_reader_create(void);

/** NULL is allowed. */
void client_reader_destroy(struct client_reader *reader);

/**
 * Reads what the client's stream begins with. `out` always holds what is known so far.
 * FOUND: all is said: a name, a ClientHello or request without one, or at least inner addresses.
 * NEED_MORE: call again with more bytes; a name that is already there is the one a proxy was asked
 * for, and a later one may replace it (CONNECT asked again). NOT_MINE: nothing that carries names;
 * `protocol` is set if it is one that is known (SSH, SMTP that goes on in clear). MALFORMED:
 * `protocol` says whose rules are broken. An answer other than NEED_MORE does not change when more
 * bytes come, but for `other_names` and `consumed`. A ClientHello split over records is joined in
 * `scratch` (`scratch_len` bytes, borrowed).
 */
enum parse_result
client_stream_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
		    size_t scratch_len, struct client_stream *out);

/**
 * The same for bytes that may be the middle of a stream: what is told only by being the beginning
 * (SOCKS, MySQL) is not looked for.
 */
enum parse_result
client_stream_guessed_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
			    size_t scratch_len, struct client_stream *out);

/**
 * The same for a stream of which no more will come; `is_guessed`: and that may not be the
 * beginning. Where client_stream_parse asks for more, FOUND
 * tells of a ClientHello that is cut behind its whole server_name, or of a request behind its Host:
 * the name is taken, `has_hello` is not set.
 */
enum parse_result
client_stream_cut_parse(struct client_reader *reader, struct slice stream, uint8_t *scratch,
			size_t scratch_len, bool is_guessed, struct client_stream *out);

/**
 * Reads a later segment of an HTTP/1 connection that may begin with a request. FOUND: its canonical
 * host is in `name` (DOMAIN_NAME_MAX bytes, NUL-terminated); `name_len` 0: it has none, or one that
 * breaks the rules. Its head need not end here.
 */
enum parse_result
client_next_request(struct slice bytes, char name[DOMAIN_NAME_MAX], size_t *name_len);
