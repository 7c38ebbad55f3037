/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/paragraph.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

#define MARGIN 2
#define TEXT_MAX 512

void
paragraph_begin(struct paragraph *p, FILE *out, size_t width, const char *label, size_t indent)
{
	*p = (struct paragraph){.out = out, .width = width, .indent = MARGIN + indent};
	fprintf(out, "%*s%-*s", MARGIN, "", (int)indent, label);
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

void
paragraph_end(struct paragraph *p)
{
	fputc('\n', p->out);
}
