/* SPDX-License-Identifier: Apache-2.0 */
/* The first messages of clients and servers, appended to a wire buffer; a mistake in a test ends
 * the program. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/unit/names/wire.h"

/** A ClientHello without record layer; `name` NULL: no SNI; `padding` bytes of RFC 7685 in front of
 * the name. */
void message_client_hello(struct wire *w, const char *name, size_t padding);

/** The records that carry `message`, of at most `fragment_max` bytes each. */
void message_tls_records(struct wire *w, struct slice message, size_t fragment_max);

/** A ClientHello in one record. */
void message_client_stream(struct wire *w, const char *name, size_t padding);

/** A ServerHello that chooses `version`, in one record. */
void message_server_stream(struct wire *w, uint16_t version);

/** A CRYPTO frame (RFC 9000 19.6). */
void message_crypto_frame(struct wire *w, uint64_t offset, struct slice data);

/** A client's Initial. What is 0 or NULL is as in the first one of version 1. */
struct message_initial {
	uint32_t version;      /**< in the header */
	uint32_t keys_version; /**< whose keys seal it */
	const char *dcid;
	const char *keys_dcid; /**< which the keys follow from */
	const char *token;
	uint8_t number;
	size_t len; /**< of the whole packet: PADDING fills it */
};

/** A sealed Initial around `frames` (RFC 9001 5). */
void message_initial(struct wire *w, const struct message_initial *initial, struct slice frames);

/** The same of version 1, with the keys that follow from `dcid`. */
void message_quic_initial(struct wire *w, const char *dcid, uint8_t number, struct slice frames,
			  size_t len);

/** A 0-RTT or Handshake packet of version 1 with `len` bytes that nobody can read. */
void message_quic_protected(struct wire *w, const char *dcid, unsigned type, size_t len);

/** A Version Negotiation packet that offers one version. */
void message_quic_negotiation(struct wire *w, const char *dcid, uint32_t version);

/** The answer to a question for an address of `name`, with one. */
void message_dns_answer(struct wire *w, const char *name);
