/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_text.h"

#include <stdint.h>

#include "base/bytes.h"

#define NO_CHARACTER UINT32_MAX

/* Reads the rest of a character whose first byte announced `more` bytes behind it. */
static uint32_t
take_continuation(struct cursor *c, uint32_t value, unsigned more)
{
	for (unsigned i = 0; i < more; i++) {
		uint8_t byte = cursor_u8(c);
		if ((byte & 0xc0) != 0x80)
			return NO_CHARACTER;
		value = value << 6 | (byte & 0x3f);
	}
	return value;
}

/* RFC 3629 3 and 4: the shortest form only, no surrogates, nothing beyond U+10FFFF. */
static uint32_t
take_character(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint32_t value;

	if (first < 0x80)
		return first;
	if (first >= 0xc2 && first <= 0xdf)
		return take_continuation(c, first & 0x1f, 1);
	if (first >= 0xe0 && first <= 0xef) {
		value = take_continuation(c, first & 0x0f, 2);
		return value < 0x800 || (value >= 0xd800 && value <= 0xdfff) ? NO_CHARACTER : value;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		value = take_continuation(c, first & 0x07, 3);
		return value < 0x10000 || value > 0x10ffff ? NO_CHARACTER : value;
	}
	return NO_CHARACTER;
}

/* Carriage returns are judged by what follows them. */
static const char *
character_fault(uint32_t character)
{
	if (character == NO_CHARACTER)
		return "not UTF-8; save the file in that encoding";
	if (character == '\r')
		return "carriage return without a line feed";
	if (character == '\t')
		return "tab; use spaces";
	if (character < 0x20 && character != '\n')
		return "control character; remove it";
	if (character >= 0x7f && character < 0xa0)
		return "control character; remove it";
	/* Line and paragraph separator, byte order mark, and what is no character at all. */
	if (character == 0x2028 || character == 0x2029 || character == 0xfeff ||
	    (character & 0xfffe) == 0xfffe)
		return "invisible special character; remove it";
	return NULL;
}

struct config_text_fault
config_text_check(const char *text, size_t len)
{
	struct cursor c = cursor_over(slice_of(text, len));
	unsigned line = 1, column = 1;

	while (cursor_left(&c) > 0) {
		uint32_t character = take_character(&c);
		const char *what = character_fault(character);
		if (character == '\r' && c.at < c.end && *c.at == '\n')
			what = NULL;
		if (character == '%' && column == 1)
			what = "a line cannot begin with %: YAML directives are not read here";
		if (what != NULL)
			return (struct config_text_fault){what, line, column};
		column++;
		if (character == '\n') {
			column = 1;
			line++;
		}
	}
	return (struct config_text_fault){0};
}

bool
config_text_allows(uint32_t character)
{
	return character_fault(character) == NULL;
}
