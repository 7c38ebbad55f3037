/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the messages that the tests of parsers read. A mistake in a test's own table ends the
 * program.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define WIRE_MAX (1u << 18)

struct wire {
	size_t len;
	uint8_t bytes[WIRE_MAX];
};

static inline struct slice
wire_slice(const struct wire *w)
{
	return slice_of(w->bytes, w->len);
}

static inline void
wire_bytes(struct wire *w, const void *data, size_t len)
{
	if (len > WIRE_MAX - w->len)
		abort();
	if (len > 0)
		memcpy(w->bytes + w->len, data, len);
	w->len += len;
}

static inline void
wire_fill(struct wire *w, uint8_t byte, size_t len)
{
	if (len > WIRE_MAX - w->len)
		abort();
	memset(w->bytes + w->len, byte, len);
	w->len += len;
}

/* Big-endian number of `width` bytes. */
static inline void
wire_number(struct wire *w, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * (width - 1 - i));
		wire_bytes(w, &byte, 1);
	}
}

static inline void
wire_text(struct wire *w, const char *text)
{
	wire_bytes(w, text, strlen(text));
}

static inline unsigned
wire_hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	if (at == NULL)
		abort();
	return (unsigned)(at - digits);
}

/* Lower-case hex; spaces are passed over. */
static inline void
wire_hex(struct wire *w, const char *hex)
{
	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		uint8_t byte = (uint8_t)(wire_hex_digit(hex[0]) << 4 | wire_hex_digit(hex[1]));
		wire_bytes(w, &byte, 1);
		hex++;
	}
}

/* Leaves room for a length of `width` bytes; wire_end writes how much came behind it. */
static inline size_t
wire_begin(struct wire *w, size_t width)
{
	wire_fill(w, 0, width);
	return w->len;
}

static inline void
wire_end(struct wire *w, size_t begin, size_t width)
{
	size_t end = w->len;

	w->len = begin - width;
	wire_number(w, end - begin, width);
	w->len = end;
}

/* A copy of exactly its own size on the heap, so that reading one byte too far is seen; free it. */
static inline uint8_t *
wire_exact_copy(struct slice s)
{
	uint8_t *copy = malloc(s.len > 0 ? s.len : 1);
	if (copy == NULL)
		abort();
	if (s.len > 0)
		memcpy(copy, s.data, s.len);
	return copy;
}

static inline bool
wire_slice_is(struct slice s, const char *text)
{
	return s.len == strlen(text) && (s.len == 0 || memcmp(s.data, text, s.len) == 0);
}
