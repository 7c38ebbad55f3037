/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/paragraph.h"

#include "tests/unit/unit.h"

#include <stdlib.h>

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

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_break_between_words_below_the_text",
		 lines_break_between_words_below_the_text},
		{"phrases_are_not_broken", phrases_are_not_broken},
		{"the_last_column_is_used", the_last_column_is_used},
	};
	return unit_run("paragraph", cases, sizeof(cases) / sizeof(*cases));
}
