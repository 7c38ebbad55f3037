/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handshake messages without their records, for tls_stream.c; what the rest of the program calls is
 * in tls.h. Same rules: bytes in, slices into them out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum tls_handshake_type {
	TLS_HANDSHAKE_CLIENT_HELLO = 1,
	TLS_HANDSHAKE_SERVER_HELLO = 2,
};

/** Bytes of the type and the length in front of every handshake message (RFC 8446 4). */
#define TLS_HANDSHAKE_HEADER_LEN 4

/** Length of a handshake message with its header; 0 when `start` is shorter than the header. */
size_t tls_handshake_length(struct slice start);

/**
 * Reads the version a ServerHello or HelloRetryRequest chose (RFC 8446 4.1.3, 4.1.4). `body` is the
 * message behind its header. False when it breaks the rules; `version` is then left alone.
 */
bool tls_server_hello_parse(struct slice body, uint16_t *version);
