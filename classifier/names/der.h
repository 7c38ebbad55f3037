/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements of DER (X.690): identifier, length, content, for the files that read certificates.
 * Identifiers of one byte and definite lengths only: whatever a certificate is made of has those. A
 * cursor that fails hands out elements that have failed as well, so that a reader walks down
 * straight and asks der_is_read at the end.
 */
#pragma once

#include "base/bytes.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OBJECT_IDENTIFIER = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_TELETEX_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* X.690 8.1.2: class, the bit of what is made of elements, and a number below 31. */
#define DER_NUMBER 0x1fu
#define DER_CONSTRUCTED 0x20u
#define DER_CONTEXT 0x80u
#define DER_CLASS 0xc0u

/* X.690 8.1.3: a byte below 128, or how many bytes follow; none would be the indefinite form. */
static inline size_t
der_length(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	unsigned bytes = first & 0x7fu;
	size_t len = 0;

	if (first < 0x80)
		return first;
	if (bytes == 0 || bytes > 4)
		c->failed = true;
	for (; bytes > 0 && !c->failed; bytes--)
		len = len << 8 | cursor_u8(c);
	return len;
}

/** Takes the next element, whatever it is; its content as a cursor. */
static inline struct cursor
der_take_any(struct cursor *c, uint8_t *tag)
{
	*tag = cursor_u8(c);
	if ((*tag & DER_NUMBER) == DER_NUMBER)
		c->failed = true;
	struct cursor content = cursor_over(cursor_take(c, der_length(c)));
	content.failed = c->failed;
	return content;
}

/** Takes the next element, which has to be a `tag`. */
static inline struct cursor
der_take(struct cursor *c, uint8_t tag)
{
	uint8_t found;
	struct cursor content = der_take_any(c, &found);

	if (found != tag)
		content.failed = c->failed = true;
	return content;
}

/** Passes over the next element, which has to be a `tag`. */
static inline void
der_skip(struct cursor *c, uint8_t tag)
{
	(void)der_take(c, tag);
}

/** Whether the next element is a `tag`. */
static inline bool
der_next_is(const struct cursor *c, uint8_t tag)
{
	struct cursor ahead = *c;

	return cursor_u8(&ahead) == tag && !ahead.failed;
}

/** Whether all was read, and nothing failed. */
static inline bool
der_is_read(const struct cursor *c)
{
	return !c->failed && cursor_left(c) == 0;
}

/** What is left of the content. */
static inline struct slice
der_content(const struct cursor *c)
{
	return slice_of(c->at, cursor_left(c));
}
