/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/paragraph.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static char *text;
static size_t size;

static struct paragraph
begin(size_t width, const char *label, size_t indent)
{
	struct paragraph p;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	paragraph_begin(&p, out, width, label, indent);
	return p;
}

static void
end_as(struct paragraph *p, const char *expected)
{
	paragraph_end(p);
	fclose(p->out);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

static void
lines_break_between_words_below_the_text(void)
{
	struct paragraph p = begin(20, "label", 7);
	paragraph_add(&p, "one two %s", "three");
	paragraph_add(&p, "four");
	end_as(&p, "  label  one two\n"
		   "         three four\n");
}

static void
phrases_are_not_broken(void)
{
	struct paragraph p = begin(16, "", 0);
	paragraph_add(&p, "one two");
	paragraph_add_phrase(&p, "not-ip %d,", 4000);
	paragraph_add_phrase(&p, "much longer than the line");
	end_as(&p, "  one two\n"
		   "  not-ip 4000,\n"
		   "  much longer than the line\n");
}

static void
the_last_column_is_used(void)
{
	struct paragraph p = begin(9, "", 0);
	paragraph_add(&p, "abc def g");
	end_as(&p, "  abc def\n"
		   "  g\n");
}

/* Of any length, with anything in it; a word that no line has room for is broken. */
static void
texts_of_others_are_cleaned_and_fitted(void)
{
	struct paragraph p = begin(12, "", 2);
	paragraph_add_text(&p, "one  tw\x1bo \xff three");
	paragraph_add_text(&p, "abcdefghijklmnopqr st");
	paragraph_add_text(&p, "");
	end_as(&p, "    one tw\xef\xbf\xbdo\n"
		   "    \xef\xbf\xbd three\n"
		   "    abcdefgh\n"
		   "    ijklmnop\n"
		   "    qr st\n");
}

static void
texts_may_be_longer_than_any_buffer(void)
{
	char long_text[20001];
	struct paragraph p = begin(80, "", 0);

	memset(long_text, 'x', sizeof(long_text) - 1);
	for (size_t i = 79; i < sizeof(long_text) - 1; i += 80)
		long_text[i] = ' ';
	long_text[sizeof(long_text) - 1] = '\0';
	paragraph_add_text(&p, long_text);
	paragraph_end(&p);
	fclose(p.out);
	CU_ASSERT(size > 20000);
	free(text);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_break_between_words_below_the_text",
		 lines_break_between_words_below_the_text},
		{"phrases_are_not_broken", phrases_are_not_broken},
		{"the_last_column_is_used", the_last_column_is_used},
		{"texts_of_others_are_cleaned_and_fitted", texts_of_others_are_cleaned_and_fitted},
		{"texts_may_be_longer_than_any_buffer", texts_may_be_longer_than_any_buffer},
	};
	return unit_run("paragraph", cases, sizeof(cases) / sizeof(*cases));
}
