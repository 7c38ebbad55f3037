/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/text_line.h"
#include "tests/unit/geo/given.h"

static void
lines_end_in_lf_crlf_or_with_the_text(void)
{
	static const struct {
		const char *text;
		const char *lines[4];
	} cases[] = {
		{"", {NULL}},
		{"a", {"a"}},
		{"a\n", {"a"}},
		{"a\r\nb", {"a", "b"}},
		{"\n\nb\n", {"", "", "b"}},
		{"a\rb\n\r\n", {"a\rb", ""}},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text_lines lines = text_lines_over(given_text(cases[i].text).bytes);
		struct slice line;
		unsigned count = 0;
		for (; cases[i].lines[count] != NULL; count++) {
			CU_ASSERT_FATAL(text_lines_next(&lines, &line));
			CU_ASSERT_EQUAL(line.len, strlen(cases[i].lines[count]));
			CU_ASSERT_EQUAL(memcmp(line.data, cases[i].lines[count], line.len), 0);
			CU_ASSERT_EQUAL(lines.number, count + 1);
		}
		CU_ASSERT(!text_lines_next(&lines, &line));
	}
	struct text_lines nothing = text_lines_over((struct slice){0});
	struct slice line;
	CU_ASSERT(!text_lines_next(&nothing, &line));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lines_end_in_lf_crlf_or_with_the_text", lines_end_in_lf_crlf_or_with_the_text},
	};
	return unit_run("text_line", cases, sizeof(cases) / sizeof(*cases));
}
