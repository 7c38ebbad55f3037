/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS handshakes in clear: the ClientHello's names and the ServerHello's chosen version (RFC
 * 8446 4.1, RFC 5246 7.4.1, RFC 6066 3, RFC 7301). Bytes in, slices into them out; no allocation,
 * no state.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest ClientHello that is read, with its four-byte handshake header. */
#define TLS_CLIENT_HELLO_MAX 65536

struct tls_client_hello {
	struct slice server_name; /**< host_name as on the wire; empty if there is none */
	struct slice alpn;        /**< first protocol offered; empty if there is none */
	uint16_t max_version;     /**< highest version offered, GREASE left out (RFC 8701) */
	bool has_ech;             /**< extension 0xfe0d: Encrypted Client Hello, or GREASE */
	bool has_esni;            /**< extension 0xffce: the draft before ECH */
	bool has_quic_parameters; /**< extension 0x39 or 0xffa5 (RFC 9001 8.2) */
};

/**
 * Reads one ClientHello handshake message without record layer, as a QUIC CRYPTO stream carries it.
 * NEED_MORE until the whole message is there. Slices in `out` point into `message`.
 */
enum parse_result tls_client_hello_parse(struct slice message, struct tls_client_hello *out);

/**
 * Reads the ClientHello at the start of a TCP stream (TLS record layer, SSL 3.0 to TLS 1.3 record
 * versions). A message split over several records is joined in `scratch` (`scratch_len` bytes,
 * borrowed; slices in `out` then point there); a message that does not fit is MALFORMED. NOT_MINE
 * as soon as the bytes cannot be a TLS handshake record carrying a ClientHello.
 */
enum parse_result tls_client_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
					  struct tls_client_hello *out);

/**
 * Reads the version chosen by the ServerHello at the start of the server's stream
 * (supported_versions before the legacy field). Needs only the ServerHello itself, in one record.
 */
enum parse_result tls_server_stream_parse(struct slice stream, uint16_t *version);
