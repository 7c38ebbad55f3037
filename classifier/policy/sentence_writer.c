/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the rule book's text: what stands for a placeholder is written and not looked into,
 * so a host name with braces stays a host name.
 */
#include "classifier/policy/sentence_writer.h"

#include <string.h>

#include "base/printable_text.h"
#include "base/utf8.h"

void
sentence_writer_begin(struct sentence_writer *writer, char *out, size_t size)
{
	*writer = (struct sentence_writer){.out = out, .size = size};
	out[0] = '\0';
}

/* Of what does not fit, as many whole characters as do. */
static void
add_bytes(struct sentence_writer *writer, const char *text, size_t len)
{
	if (!writer->full && len < writer->size - writer->len) {
		memcpy(writer->out + writer->len, text, len);
		writer->len += len;
		len = 0;
	}
	while (len > 0 && !writer->full) {
		size_t character = utf8_decode(text, len, NULL);
		if (character == 0)
			character = 1;
		if (writer->len + character >= writer->size) {
			writer->full = true;
			break;
		}
		memcpy(writer->out + writer->len, text, character);
		writer->len += character;
		text += character;
		len -= character;
	}
	writer->out[writer->len] = '\0';
}

static const char *
find_value(const struct sentence_value *values, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++) {
		/* Most differ in the first letter. */
		if (values[i].name[0] == name[0] && strncmp(values[i].name, name, len) == 0 &&
		    values[i].name[len] == '\0')
			return values[i].text;
	}
	return NULL;
}

/* Room below which no value is begun: one character, "..." and a NUL. */
#define VALUE_ROOM_MIN 8

static void
add_printable(struct sentence_writer *writer, const char *text)
{
	size_t room = writer->size - writer->len;

	if (writer->full || room < VALUE_ROOM_MIN) {
		writer->full = true;
		return;
	}
	writer->len += printable_text_copy(text, writer->out + writer->len,
					   room < PRINTABLE_TEXT_MAX ? room : PRINTABLE_TEXT_MAX);
}

static void
add_value(struct sentence_writer *writer, const char *text)
{
	if (text != NULL && *text != '\0')
		add_printable(writer, text);
	else if (!writer->full && writer->len > 0 && writer->out[writer->len - 1] == ' ')
		writer->out[--writer->len] = '\0';
}

void
sentence_writer_fill(struct sentence_writer *writer, const char *text,
		     const struct sentence_value *values, size_t count)
{
	while (*text != '\0') {
		const char *open = strchrnul(text, '{');
		add_bytes(writer, text, (size_t)(open - text));
		if (*open == '\0')
			break;
		const char *name = open + 1, *close = strchrnul(name, '}');
		add_value(writer, find_value(values, count, name, (size_t)(close - name)));
		text = close + (*close == '}');
	}
}

void
sentence_writer_fill_next(struct sentence_writer *writer, const char *text,
			  const struct sentence_value *values, size_t count)
{
	if (writer->len > 0)
		add_bytes(writer, " ", 1);
	sentence_writer_fill(writer, text, values, count);
}

size_t
sentence_fill(const char *text, const struct sentence_value *values, size_t count,
	      char out[SENTENCE_MAX])
{
	struct sentence_writer writer;

	sentence_writer_begin(&writer, out, SENTENCE_MAX);
	sentence_writer_fill(&writer, text, values, count);
	return writer.len;
}
