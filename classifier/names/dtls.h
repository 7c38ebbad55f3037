/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DTLS in the datagrams of a UDP flow (RFC 4347, RFC 6347, RFC 9147): records, and the fragments of
 * the handshake messages that stand in clear. DTLS has no port of its own, so a datagram counts as
 * DTLS only where all of it keeps the rules. Slices point into the datagram; no allocation, no
 * state. The messages themselves are read by tls.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest handshake message that is put together, without its header. */
#define DTLS_MESSAGE_MAX 65535

enum dtls_handshake_type {
	DTLS_CLIENT_HELLO = 1,
	DTLS_SERVER_HELLO = 2,
	DTLS_HELLO_VERIFY_REQUEST = 3,
};

/** A piece of a handshake message (RFC 6347 4.2.2). */
struct dtls_fragment {
	uint8_t type;         /**< enum dtls_handshake_type, or another one of TLS */
	uint16_t message_seq; /**< the client's hello has 0, its second one 1 */
	uint32_t message_len; /**< of the whole message, at most DTLS_MESSAGE_MAX */
	uint32_t offset;
	struct slice data;
};

/** Where the reading of a datagram stands. */
struct dtls_reader {
	struct cursor records;
	struct cursor fragments; /**< what is left of the handshake record being read */
};

/**
 * Checks a datagram that begins with a handshake record in clear, up to its end. FOUND: all of its
 * fragments can be taken with dtls_fragment_next. NOT_MINE: another protocol, or protected records
 * first. MALFORMED: it begins as a hello does, and then breaks the rules or is cut.
 */
enum parse_result dtls_datagram_parse(struct slice datagram, struct dtls_reader *out);

/** Takes the next fragment; false at the end. */
bool dtls_fragment_next(struct dtls_reader *reader, struct dtls_fragment *out);

/** Whether a datagram is nothing but records of a connection whose handshake is over. */
bool dtls_is_midstream(struct slice datagram);

/** The TLS version that a version of DTLS is made from: 0x0302 of DTLS 1.0; 0 for others. */
uint16_t dtls_tls_version(uint16_t version);
