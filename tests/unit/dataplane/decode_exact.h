/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding for tests: from a block of exactly the captured size, so that one byte read too far is
 * seen. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "dataplane/decode.h"
#include "tests/unit/dataplane/packet_builder.h"

/**
 * Decodes the first `captured` bytes of the packet. The payload of `out` lies in the packet again,
 * at the place where the decoder found it. `out` is filled with rubbish before.
 */
static inline enum decode_result
decode_exact(struct packet packet, uint32_t captured, struct decoded *out)
{
	const uint8_t *bytes = packet.data;
	uint8_t *exact = malloc(captured > 0 ? captured : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes, captured);
	packet.data = exact;
	packet.captured_len = captured;
	memset(out, 0xee, sizeof(*out));
	enum decode_result result = decode_packet(&packet, out);
	if (result == DECODE_TRACKED)
		out->payload = bytes + (out->payload - exact);
	free(exact);
	return result;
}

/** Decodes what the builder has. */
static inline enum decode_result
decode_built(struct builder *b, struct decoded *out)
{
	struct packet packet = build_end(b);
	return decode_exact(packet, packet.captured_len, out);
}

static inline bool
decoded_payload_is(const struct decoded *d, const char *text)
{
	return d->payload_len == strlen(text) && memcmp(d->payload, text, d->payload_len) == 0;
}
