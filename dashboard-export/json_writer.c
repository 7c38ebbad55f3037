/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/json_writer.h"

#include "base/utf8.h"

/* Longest written form of one character: a control character as \u00XX. */
#define ESCAPE_MAX 6

/* INT64_MAX has 19 digits. */
#define UINT_TEXT_MAX 19

void
json_writer_init(struct json_writer *w, char *out, size_t size)
{
	*w = (struct json_writer){.start = out, .at = out, .end = out + size};
}

/* RFC 8259 7: quotation mark, reverse solidus and the controls have to be escaped; DEL need not. */
static bool
stands_for_itself(char c)
{
	uint8_t byte = (uint8_t)c;
	return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Whether all eight bytes stand for themselves: none is high, below 0x20, a quotation mark or a
 * reverse solidus. */
static bool
eight_stand_for_themselves(const char *text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t bytes;

	memcpy(&bytes, text, sizeof(bytes));
	uint64_t quotes = bytes ^ ones * '"', solidi = bytes ^ ones * '\\';
	/* x - 0x01 sets the high bit of a zero byte; borrows reach only bytes behind one that is
	 * found anyway. */
	return ((bytes | (bytes - ones * 0x20) | (quotes - ones) | (solidi - ones)) & highs) == 0;
}

/* Length of the part at the front that is written as it is. */
static size_t
plain_run(const char *text, size_t len)
{
	size_t run = 0;

	while (run + 8 <= len && eight_stand_for_themselves(text + run))
		run += 8;
	while (run < len && stands_for_itself(text[run]))
		run++;
	return run;
}

/* The escape of an ASCII character that does not stand for itself; returns its length. */
static size_t
escape_ascii(char c, char *out)
{
	static const char hex[] = "0123456789abcdef";
	static const char short_names[] = {
		['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
		['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
	};
	uint8_t byte = (uint8_t)c;

	out[0] = '\\';
	if (byte < sizeof(short_names) && short_names[byte] != '\0') {
		out[1] = short_names[byte];
		return 2;
	}
	memcpy(out + 1, "u00", 3);
	out[4] = hex[byte >> 4];
	out[5] = hex[byte & 0xf];
	return ESCAPE_MAX;
}

/*
 * The written form of the character at `text` that does not stand for itself: its length, and in
 * `taken` the bytes that it stands for.
 */
static size_t
encode_special(const char *text, size_t left, char *out, size_t *taken)
{
	size_t len;

	*taken = 1;
	if ((uint8_t)*text < 0x80)
		return escape_ascii(*text, out);
	len = utf8_decode(text, left, NULL);
	if (len == 0) {
		memcpy(out, UTF8_REPLACEMENT, UTF8_REPLACEMENT_LEN);
		return UTF8_REPLACEMENT_LEN;
	}
	memcpy(out, text, len);
	*taken = len;
	return len;
}

void
json_writer_text(struct json_writer *w, const char *text, size_t max_len)
{
	size_t left = strlen(text);

	json_writer_separate(w);
	json_writer_raw(w, "\"", 1);
	while (left > 0 && max_len > 0) {
		char special[ESCAPE_MAX];
		size_t run = plain_run(text, left < max_len ? left : max_len);
		size_t taken;
		size_t len;

		json_writer_raw(w, text, run);
		text += run;
		left -= run;
		max_len -= run;
		if (left == 0 || max_len == 0)
			break;
		len = encode_special(text, left, special, &taken);
		if (len > max_len)
			break;
		json_writer_raw(w, special, len);
		text += taken;
		left -= taken;
		max_len -= len;
	}
	json_writer_raw(w, "\"", 1);
}

void
json_writer_uint(struct json_writer *w, uint64_t value)
{
	char digits[UINT_TEXT_MAX];
	char *at = digits + sizeof(digits);

	if (value > INT64_MAX)
		value = INT64_MAX;
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	json_writer_separate(w);
	json_writer_raw(w, at, (size_t)(digits + sizeof(digits) - at));
}
