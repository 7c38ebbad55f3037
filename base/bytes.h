/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes from outside: a slice is a borrowed run of bytes, a cursor reads one from front to back.
 * Bounds are checked here and nowhere else. A read past the end sets `failed`, gives zero and keeps
 * failing, so that a parser reads straight and looks at `failed` once at the end.
 * Nothing here allocates or copies; any thread may use it on memory of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A borrowed run of `len` bytes; `data` may be NULL only where `len` is 0. */
struct slice {
	const uint8_t *data;
	size_t len;
};

/** A position in a slice. `failed` is sticky: once set, every further read gives zero. */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

static inline struct slice
slice_of(const void *data, size_t len)
{
	return (struct slice){.data = data, .len = len};
}

static inline struct cursor
cursor_over(struct slice bytes)
{
	/* Adding zero to NULL is not allowed in C17 (6.5.6), and an empty slice may be NULL. */
	const uint8_t *at = bytes.len != 0 ? bytes.data : (const uint8_t *)"";

	return (struct cursor){.at = at, .end = at + bytes.len};
}

/** Bytes not yet read; 0 after a failure. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

/** Takes `len` bytes as a slice into the same memory; an empty slice and a failure if fewer are
 * left. */
static inline struct slice
cursor_take(struct cursor *c, size_t len)
{
	if (c->failed || (size_t)(c->end - c->at) < len) {
		c->failed = true;
		return (struct slice){0};
	}
	struct slice taken = {.data = c->at, .len = len};
	c->at += len;
	return taken;
}

/** Passes over `len` bytes, or fails. */
static inline void
cursor_skip(struct cursor *c, size_t len)
{
	(void)cursor_take(c, len);
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	struct slice b = cursor_take(c, 1);
	return b.len == 1 ? b.data[0] : 0;
}

/** Big-endian (network order) reads; the result is in host order. */
static inline uint16_t
cursor_be16(struct cursor *c)
{
	struct slice b = cursor_take(c, 2);
	return b.len == 2 ? (uint16_t)((unsigned)b.data[0] << 8 | b.data[1]) : 0;
}

static inline uint32_t
cursor_be24(struct cursor *c)
{
	struct slice b = cursor_take(c, 3);
	return b.len == 3 ? (uint32_t)b.data[0] << 16 | (uint32_t)b.data[1] << 8 | b.data[2] : 0;
}

static inline uint32_t
cursor_be32(struct cursor *c)
{
	struct slice b = cursor_take(c, 4);
	return b.len == 4 ? (uint32_t)b.data[0] << 24 | (uint32_t)b.data[1] << 16 |
				    (uint32_t)b.data[2] << 8 | b.data[3]
			  : 0;
}

/** Reads an 8-bit length and takes that many bytes (TLS `opaque x<0..255>`). */
static inline struct slice
cursor_vec8(struct cursor *c)
{
	return cursor_take(c, cursor_u8(c));
}

/** Reads a 16-bit length and takes that many bytes (TLS `opaque x<0..2^16-1>`). */
static inline struct slice
cursor_vec16(struct cursor *c)
{
	return cursor_take(c, cursor_be16(c));
}

/** What a parser of wire bytes answers; there is no fifth outcome. */
enum parse_result {
	PARSE_FOUND,     /**< complete and well formed: the output is filled in */
	PARSE_NEED_MORE, /**< well formed as far as it goes: call again with more bytes */
	PARSE_NOT_MINE,  /**< another protocol: never call again for these bytes */
	PARSE_MALFORMED, /**< this protocol, but against its rules */
};
