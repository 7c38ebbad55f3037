/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/paragraph.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

#define MARGIN 2
#define TEXT_MAX 512

/* A longer word of others is cut. */
#define LONGEST_WORD 4096

void
paragraph_begin(struct paragraph *p, FILE *out, size_t width, const char *label, size_t indent)
{
	*p = (struct paragraph){.out = out, .width = width, .indent = MARGIN + indent};
	fprintf(out, "%*s%-*s", MARGIN, "", (int)indent, label);
	/* One of others may be longer than those that the columns are for. */
	if (label[0] != '\0' && utf8_width(label) >= indent)
		fprintf(out, "\n%*s", (int)p->indent, "");
	p->column = p->indent;
}

static void
put_phrase(struct paragraph *p, const char *phrase)
{
	size_t width = utf8_width(phrase);
	bool first = p->column == p->indent;

	if (!first && p->column + 1 + width > p->width) {
		fprintf(p->out, "\n%*s", (int)p->indent, "");
		p->column = p->indent;
		first = true;
	}
	fprintf(p->out, "%s%s", first ? "" : " ", phrase);
	p->column += width + !first;
}

void
paragraph_add(struct paragraph *p, const char *format, ...)
{
	char text[TEXT_MAX];
	char *rest = text;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
		put_phrase(p, word);
}

void
paragraph_add_phrase(struct paragraph *p, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_phrase(p, text);
}

/* A word in as many pieces as it needs. */
static void
put_word(struct paragraph *p, const char *word)
{
	char piece[TEXT_MAX];
	size_t room = p->width > p->indent ? p->width - p->indent : 1;

	while (*word != '\0') {
		size_t width;
		size_t len = utf8_prefix(word, room, &width);
		if (len == 0 || len >= sizeof(piece))
			return;
		memcpy(piece, word, len);
		piece[len] = '\0';
		put_phrase(p, piece);
		word += len;
	}
}

void
paragraph_add_text(struct paragraph *p, const char *text)
{
	char clean[LONGEST_WORD];

	while (*text != '\0') {
		size_t len = strcspn(text, " ");
		char word[LONGEST_WORD];
		size_t kept = len < sizeof(word) ? len : sizeof(word) - 1;
		memcpy(word, text, kept);
		word[kept] = '\0';
		(void)utf8_copy_clean(word, clean, sizeof(clean));
		put_word(p, clean);
		text += len + (text[len] != '\0');
	}
}

void
paragraph_end(struct paragraph *p)
{
	fputc('\n', p->out);
}
