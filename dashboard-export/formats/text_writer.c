/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/text_writer.h"

#include "base/utf8.h"

#include <string.h>

/* UINT64_MAX has 20 digits. */
#define UINT_TEXT_MAX 20

const struct text_escape text_escape_none = {{NULL}};

void
text_writer_init(struct text_writer *w, char *out, size_t size)
{
	*w = (struct text_writer){.start = out, .at = out, .end = out + size};
}

void
text_writer_raw(struct text_writer *w, const char *bytes, size_t len)
{
	if ((size_t)(w->end - w->at) < len) {
		w->overflow = true;
		w->end = w->at;
		return;
	}
	memcpy(w->at, bytes, len);
	w->at += len;
}

void
text_writer_put(struct text_writer *w, const char *text)
{
	text_writer_raw(w, text, strlen(text));
}

void
text_writer_uint(struct text_writer *w, uint64_t value)
{
	char digits[UINT_TEXT_MAX];
	char *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	text_writer_raw(w, at, (size_t)(digits + sizeof(digits) - at));
}

static bool
stands_for_itself(char c, const struct text_escape *escape)
{
	uint8_t byte = (uint8_t)c;

	return byte >= 0x20 && byte < 0x7f && escape->of[byte] == NULL;
}

/* How the character at `text` is written, its length in `out_len`; returns the bytes that it
 * takes. */
static size_t
encode(const char *text, size_t left, const struct text_escape *escape, const char **out,
       size_t *out_len)
{
	uint8_t byte = (uint8_t)*text;
	uint32_t code_point;
	size_t len = 1;

	*out = UTF8_REPLACEMENT;
	if (stands_for_itself(*text, escape)) {
		*out = text;
		*out_len = 1;
		return 1;
	}
	if (byte < 0x80) {
		if (escape->of[byte] != NULL)
			*out = escape->of[byte];
	} else {
		len = utf8_decode(text, left, &code_point);
		if (len > 0 && !utf8_is_unsafe(code_point)) {
			*out = text;
			*out_len = len;
			return len;
		}
	}
	*out_len = strlen(*out);
	return len > 0 ? len : 1;
}

static size_t
plain_run(const char *text, size_t len, const struct text_escape *escape)
{
	size_t run = 0;

	while (run < len && stands_for_itself(text[run], escape))
		run++;
	return run;
}

/* A text being written, and how much of it can stay where it has to be cut. */
struct cutting {
	struct text_writer *w;
	char *start;
	size_t max_len;
	size_t keep;
};

/* Writes a run of characters of one byte (`single`), where it can be cut anywhere, or the written
 * form of one character. False where there is no room: then the text is cut. */
static bool
write_part(struct cutting *c, const char *bytes, size_t len, bool single)
{
	size_t used = (size_t)(c->w->at - c->start);
	size_t keep_max = c->max_len - TEXT_WRITER_CUT_LEN;

	if (used <= keep_max)
		c->keep = used;
	if (used + len <= c->max_len) {
		text_writer_raw(c->w, bytes, len);
		if (single && used + len > keep_max && used <= keep_max)
			c->keep = keep_max;
		return true;
	}
	c->w->at = c->start + c->keep;
	text_writer_raw(c->w, TEXT_WRITER_CUT, TEXT_WRITER_CUT_LEN);
	return false;
}

void
text_writer_text(struct text_writer *w, const char *text, size_t len, size_t max_len,
		 const struct text_escape *escape)
{
	struct cutting c = {w, w->at, max_len, 0};
	const char *end = text + len;

	while (text < end && !w->overflow) {
		size_t left = (size_t)(end - text), room = max_len - (size_t)(w->at - c.start);
		const char *part = text;
		size_t part_len = plain_run(text, left < room ? left : room, escape);
		size_t taken = part_len;
		bool single = part_len > 0;
		if (!single)
			taken = encode(text, left, escape, &part, &part_len);
		if (!write_part(&c, part, part_len, single))
			return;
		text += taken;
	}
}
