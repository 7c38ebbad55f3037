/* SPDX-License-Identifier: Apache-2.0 */
#include "base/printable_text.h"

#include <string.h>

#include "base/utf8.h"

#define ELLIPSIS "..."
#define ELLIPSIS_LEN (sizeof(ELLIPSIS) - 1)
/* One character written out: four bytes as \xNN. */
#define PIECE_MAX 16

/* Writes the first character of `text`, or one byte that is none, to `piece`; returns the bytes
 * taken. */
static size_t
write_piece(const char *text, size_t left, char piece[PIECE_MAX], size_t *piece_len)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t code_point;
	size_t len = utf8_decode(text, left, &code_point);

	if (len > 0 && !utf8_is_unsafe(code_point)) {
		memcpy(piece, text, len);
		*piece_len = len;
		return len;
	}
	len = len > 0 ? len : 1;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];
		piece[4 * i] = '\\';
		piece[4 * i + 1] = 'x';
		piece[4 * i + 2] = digits[byte >> 4];
		piece[4 * i + 3] = digits[byte & 0xf];
	}
	*piece_len = 4 * len;
	return len;
}

/* Bytes at the front that are printable ASCII: nearly all there is. */
static size_t
plain_run(const char *text, size_t left)
{
	size_t run = 0;

	while (run < left && text[run] >= ' ' && text[run] <= '~')
		run++;
	return run;
}

size_t
printable_text_copy(const char *text, char *out, size_t size)
{
	size_t left = strlen(text);
	size_t used = plain_run(text, left < size ? left : size - 1);
	/* As much as leaves room for the ellipsis. */
	size_t cut = used + ELLIPSIS_LEN < size ? used : size - ELLIPSIS_LEN - 1;

	memcpy(out, text, used);
	text += used;
	left -= used;
	while (left > 0) {
		char piece[PIECE_MAX];
		size_t piece_len;
		size_t taken = write_piece(text, left, piece, &piece_len);

		if (used + piece_len >= size) {
			memcpy(out + cut, ELLIPSIS, sizeof(ELLIPSIS));
			return cut + ELLIPSIS_LEN;
		}
		memcpy(out + used, piece, piece_len);
		used += piece_len;
		if (used + ELLIPSIS_LEN < size)
			cut = used;
		text += taken;
		left -= taken;
	}
	out[used] = '\0';
	return used;
}

struct printable_text
printable_text(const char *text)
{
	struct printable_text out;

	(void)printable_text_copy(text, out.text, sizeof(out.text));
	return out;
}
