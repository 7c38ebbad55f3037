/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client says in clear before the conversation that names somebody: a PROXY header, SOCKS,
 * the talk before STARTTLS. Each is a prefix of the client's own stream, so each is a pure function
 * of it: how long it is, what it is, what it asks for. No allocation, no state, any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/flow_record.h"
#include "base/ip_address.h"

/** Longest talk that is followed up to its TLS, in bytes. */
#define OPENING_TALK_MAX 4096

struct opening {
	/** What comes behind so many bytes is read next. With NEED_MORE: so many are whole
	 * messages. */
	size_t len;
	enum app_protocol protocol; /**< UNKNOWN for a PROXY header, which is none */
	bool tls_follows;           /**< behind it comes TLS, or nothing that is read */
	bool has_proxy_header;
	bool asks_proxy;               /**< `asked` or `destination` is what a proxy shall reach */
	struct slice asked;            /**< host name as on the wire; empty: none */
	struct ip_address source;      /**< PROXY header; version 0: none */
	struct ip_address destination; /**< PROXY header, or asked of a proxy; version 0: none */
	uint16_t source_port;
	uint16_t destination_port;
};

/**
 * Reads the opening at the start of a stream that is neither TLS nor HTTP. FOUND: its whole length
 * is here. NEED_MORE: it can be one, or is one that goes on; `protocol` is set as soon as it is
 * certain. NOT_MINE: none; `protocol` is set where the protocol is known but goes on without
 * anything that names somebody. MALFORMED: `protocol` says whose rules are broken.
 */
enum parse_result opening_parse(struct slice stream, struct opening *out);

/**
 * The same at a place that may be the middle of anything: openings whose first bytes are too
 * common to tell them (SOCKS, MySQL) are not looked for.
 */
enum parse_result opening_guessed_parse(struct slice stream, struct opening *out);
