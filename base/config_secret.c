/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_secret.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define MASK "***"
#define MASK_LEN (sizeof(MASK) - 1)

/* In one line; of a line with more, which may be megabytes, the rest is masked as a whole. */
#define MASKS_MAX 64

/* A line that is changed. */
struct line {
	char *text;
	size_t len;
	size_t *column; /* or NULL */
	unsigned masks;
};

static size_t
count_characters(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; count++) {
		size_t taken = utf8_decode(text + at, len - at, NULL);
		at += taken != 0 ? taken : 1;
	}
	return count;
}

/* Masks the bytes from `begin` to `end`; returns the end of the mask. */
static size_t
mask(struct line *line, size_t begin, size_t end)
{
	if (++line->masks == MASKS_MAX)
		end = line->len;
	size_t mask_len = end - begin < MASK_LEN ? end - begin : MASK_LEN;
	size_t first = count_characters(line->text, begin) + 1;
	size_t characters = count_characters(line->text + begin, end - begin);

	memcpy(line->text + begin, MASK, mask_len);
	memmove(line->text + begin + mask_len, line->text + end, line->len - end);
	line->len -= end - begin - mask_len;
	if (line->column != NULL && *line->column >= first + characters)
		*line->column -= characters - mask_len;
	else if (line->column != NULL && *line->column > first)
		*line->column = first;
	return begin + mask_len;
}

/* Where the text from `at` holds one of `bytes`, or the end of the line. */
static size_t
find_any(const struct line *line, size_t at, const char *bytes)
{
	while (at < line->len && memchr(bytes, line->text[at], strlen(bytes)) == NULL)
		at++;
	return at;
}

/* A password may hold what else ends the host: so up to the last '@' of the word. */
static void
mask_urls(struct line *line)
{
	for (size_t at = 0; at + 3 < line->len; at++) {
		if (memcmp(line->text + at, "://", 3) != 0)
			continue;
		size_t begin = at + 3;
		size_t end = find_any(line, begin, " \t\"'");
		while (end > begin && line->text[end - 1] != '@')
			end--;
		at = end > begin + 1 ? mask(line, begin, end - 1) : begin - 1;
	}
}

/* The word that ends before `colon`, perhaps within quotes, is or ends with one of those. */
static bool
is_secret_key(const struct line *line, size_t colon)
{
	static const char *const words[] = {"password", "token", "secret"};
	size_t end = colon;

	while (end > 0 && memchr(" \t\"'", line->text[end - 1], 4) != NULL)
		end--;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);
		if (end >= len && strncasecmp(line->text + end - len, words[i], len) == 0)
			return true;
	}
	return false;
}

/* The end of the value that begins at `at`: of a quoted one behind its quote; within braces up to
 * the next key, else all of the line. */
static size_t
end_of_value(const struct line *line, size_t at)
{
	if (at < line->len && (line->text[at] == '"' || line->text[at] == '\'')) {
		const char quote[] = {line->text[at], '\0'};
		size_t end = find_any(line, at + 1, quote);
		return end < line->len ? end + 1 : end;
	}
	if (memchr(line->text, '{', at) != NULL)
		return find_any(line, at, ",}");
	return line->len;
}

static void
mask_values(struct line *line)
{
	for (size_t at = 0; at < line->len; at++) {
		if (line->text[at] != ':' || !is_secret_key(line, at))
			continue;
		size_t begin = at + 1;
		while (begin < line->len && memchr(" \t", line->text[begin], 2) != NULL)
			begin++;
		size_t end = end_of_value(line, begin);
		if (begin == at + 1 || end == begin)
			continue;
		at = mask(line, begin, end) - 1;
	}
}

size_t
config_secret_mask(char *line, size_t len, size_t *column)
{
	struct line changed = {line, len, column, 0};

	mask_urls(&changed);
	changed.masks = 0;
	mask_values(&changed);
	return changed.len;
}
