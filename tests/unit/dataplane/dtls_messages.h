/* SPDX-License-Identifier: Apache-2.0 */
/* The first messages of DTLS, appended to a wire buffer; a mistake in a test ends the program. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/unit/names/wire.h"

/** The body of a ClientHello of DTLS 1.2 and 1.3; `name` NULL: no SNI; `cookie` NULL: an empty one;
 * `padding` bytes of RFC 7685. */
void dtls_client_hello(struct wire *w, const char *name, const char *cookie, size_t padding);

/** The body of a ServerHello that chooses `version` of DTLS. */
void dtls_server_hello(struct wire *w, uint16_t version);

/** The body of a HelloVerifyRequest. */
void dtls_hello_verify_request(struct wire *w, const char *cookie);

/** A record in clear with the bytes [start, end) of a message. */
void dtls_fragment(struct wire *w, uint8_t type, uint16_t message_seq, struct slice body,
		   size_t start, size_t end);

/** A record in clear with a whole message. */
void dtls_message(struct wire *w, uint8_t type, uint16_t message_seq, struct slice body);

/** A protected record of `len` bytes. */
void dtls_protected(struct wire *w, uint8_t content_type, uint16_t epoch, size_t len);
