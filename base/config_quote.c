/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_quote.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/config_text.h"
#include "base/utf8.h"

/* Texts that are something else in YAML 1.1 or 1.2 when they have no quotes. */
static bool
is_yaml_word(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on",
					    "off",  "null",  "y",   "n"};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
needs_escape(uint32_t code_point)
{
	return !config_text_allows(code_point) || utf8_is_unsafe(code_point);
}

static bool
begins_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || (c & 0x80) != 0;
}

/* Whether the text reads back as it is without quotes; numbers and dates never begin with a letter.
 */
static bool
is_plain(const char *text)
{
	size_t len = strlen(text);

	if (!begins_plain(*text) || is_yaml_word(text) || strpbrk(text, "\"'`[]{}|") != NULL ||
	    strstr(text, ": ") != NULL || strstr(text, " #") != NULL || text[len - 1] == ' ' ||
	    text[len - 1] == ':')
		return false;
	for (size_t at = 0; at < len;) {
		uint32_t code_point;
		size_t taken = utf8_decode(text + at, len - at, &code_point);
		if (taken == 0 || needs_escape(code_point))
			return false;
		at += taken;
	}
	return true;
}

static void
write_escape(FILE *out, uint32_t code_point)
{
	if (code_point == '\n')
		fputs("\\n", out);
	else if (code_point == '\t')
		fputs("\\t", out);
	else if (code_point < 0x100)
		fprintf(out, "\\x%02" PRIx32, code_point);
	else if (code_point < 0x10000)
		fprintf(out, "\\u%04" PRIx32, code_point);
	else
		fprintf(out, "\\U%08" PRIx32, code_point);
}

/* Bytes that are no UTF-8, which no file gives us, become U+FFFD. */
static void
write_quoted(FILE *out, const char *text)
{
	size_t left = strlen(text);

	fputc('"', out);
	while (left > 0) {
		uint32_t code_point;
		size_t taken = utf8_decode(text, left, &code_point);
		if (taken == 0)
			fputs(UTF8_REPLACEMENT, out);
		else if (code_point == '"' || code_point == '\\')
			fprintf(out, "\\%c", (char)code_point);
		else if (needs_escape(code_point))
			write_escape(out, code_point);
		else
			fwrite(text, 1, taken, out);
		taken += taken == 0;
		text += taken;
		left -= taken;
	}
	fputc('"', out);
}

void
config_quote_write(FILE *out, const char *text)
{
	if (is_plain(text))
		fputs(text, out);
	else
		write_quoted(out, text);
}
