/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/shown_text.h"

#include <string.h>

static bool
is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * Length of the multi-byte character at `b`, of which `left` bytes are there; 0 if it is none.
 * Overlong forms, surrogates and numbers over U+10FFFF show in the second byte (RFC 3629 section
 * 4); so do the control characters U+0080 to U+009F.
 */
static size_t
character_length(const uint8_t *b, size_t left)
{
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		return left >= 2 && is_continuation(b[1]) && !(b[0] == 0xc2 && b[1] < 0xa0) ? 2 : 0;
	if (left < 3 || !is_continuation(b[1]) || !is_continuation(b[2]))
		return 0;
	if (b[0] >= 0xe0 && b[0] <= 0xef)
		return (b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) ? 0 : 3;
	if (left < 4 || !is_continuation(b[3]) || b[0] < 0xf0 || b[0] > 0xf4)
		return 0;
	return (b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] > 0x8f) ? 0 : 4;
}

bool
shown_text_is_clean(struct slice text)
{
	for (size_t at = 0; at < text.len;) {
		uint8_t byte = text.data[at];
		size_t length = 1;
		if (byte < 0x20 || byte == 0x7f)
			return false;
		if (byte >= 0x80)
			length = character_length(text.data + at, text.len - at);
		if (length == 0)
			return false;
		at += length;
	}
	return true;
}

size_t
shown_text_copy(struct slice text, char *out, size_t size)
{
	size_t length = text.len;
	if (length > size - 1) {
		length = size - 1;
		while (length > 0 && is_continuation(text.data[length]))
			length--;
	}
	if (length > 0)
		memcpy(out, text.data, length);
	out[length] = '\0';
	return length;
}
