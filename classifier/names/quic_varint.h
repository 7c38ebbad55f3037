/* SPDX-License-Identifier: Apache-2.0 */
/* QUIC's variable-length integers (RFC 9000 16), for the files that read its packets and frames. */
#pragma once

#include "base/bytes.h"

/* RFC 9000 16: the two highest bits of the first byte tell the length, 1, 2, 4 or 8 bytes. */
static inline uint64_t
cursor_varint(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint64_t value = first & 0x3f;

	for (unsigned more = (1u << (first >> 6)) - 1; more > 0; more--)
		value = value << 8 | cursor_u8(c);
	return c->failed ? 0 : value;
}

/* A length on the wire can be larger than a size_t; what is left of the bytes cannot. */
static inline struct slice
cursor_take_varint(struct cursor *c)
{
	uint64_t len = cursor_varint(c);
	if (len > cursor_left(c)) {
		c->failed = true;
		return (struct slice){0};
	}
	return cursor_take(c, (size_t)len);
}
