/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/text_table.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static const struct text_column columns[] = {
	{.title = "name", .min_width = 6},
	{.title = "n", .right = true},
	{.title = "note", .may_drop = true},
};

/* The table's text, to be freed. */
static char *
print_table(const struct text_table *table, size_t width, bool colour)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	text_table_write(table, out, width, colour);
	fclose(out);
	return text;
}

static void
check_table(const char *const *cells, size_t count, size_t width, const char *expected)
{
	static struct text_table table;

	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count; i++)
		text_table_add(&table, cells[i], NULL);
	char *text = print_table(&table, width, false);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

static void
columns_are_as_wide_as_their_contents(void)
{
	static const char *const cells[] = {"a", "1", "first", "long name", "1,000", ""};
	check_table(cells, 6, 80,
		    "  name           n  note\n"
		    "  a              1  first\n"
		    "  long name  1,000\n");
}

static void
columns_shrink_before_others_are_dropped(void)
{
	static const char *const cells[] = {"long name", "1,000", "note"};
	check_table(cells, 3, 21,
		    "  name        n  note\n"
		    "  long \xe2\x80\xa6  1,000  note\n");
}

static void
columns_are_dropped_where_shrinking_is_not_enough(void)
{
	static const char *const cells[] = {"long name", "1,000", "note"};
	check_table(cells, 3, 16,
		    "  name         n\n"
		    "  long n\xe2\x80\xa6  1,000\n");
}

static void
wide_characters_keep_the_columns_aligned(void)
{
	static const char *const cells[] = {"\xe4\xb8\xad\xe5\x9b\xbd", "1", "x",
					    "T\xc3\xa9l\xc3\xa9",       "2", "y"};
	check_table(cells, 6, 80,
		    "  name  n  note\n"
		    "  \xe4\xb8\xad\xe5\x9b\xbd  1  x\n"
		    "  T\xc3\xa9l\xc3\xa9  2  y\n");
}

static void
texts_of_others_cannot_drive_the_terminal(void)
{
	static const char *const cells[] = {"\x1b[2Jx", "1", NULL};
	check_table(cells, 3, 80,
		    "  name   n  note\n"
		    "  \xef\xbf\xbd[2Jx  1\n");
}

static void
colours_are_written_only_when_asked(void)
{
	static struct text_table table;

	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	text_table_add(&table, "x", TEXT_TABLE_RED);
	text_table_add(&table, "1", NULL);
	text_table_add(&table, "", TEXT_TABLE_RED);
	char *plain = print_table(&table, 80, false);
	char *coloured = print_table(&table, 80, true);
	CU_ASSERT_PTR_NULL(strchr(plain, '\x1b'));
	CU_ASSERT_PTR_NOT_NULL(strstr(coloured, TEXT_TABLE_RED "x   " TEXT_TABLE_END "  1\n"));
	free(plain);
	free(coloured);
}

static void
a_full_table_ignores_more_rows(void)
{
	static struct text_table table;

	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (unsigned i = 0; i < 3 * (TEXT_TABLE_ROWS + 5); i++)
		text_table_add(&table, "x", NULL);
	CU_ASSERT_EQUAL(table.row_count, TEXT_TABLE_ROWS);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"columns_are_as_wide_as_their_contents", columns_are_as_wide_as_their_contents},
		{"columns_shrink_before_others_are_dropped",
		 columns_shrink_before_others_are_dropped},
		{"columns_are_dropped_where_shrinking_is_not_enough",
		 columns_are_dropped_where_shrinking_is_not_enough},
		{"wide_characters_keep_the_columns_aligned",
		 wide_characters_keep_the_columns_aligned},
		{"texts_of_others_cannot_drive_the_terminal",
		 texts_of_others_cannot_drive_the_terminal},
		{"colours_are_written_only_when_asked", colours_are_written_only_when_asked},
		{"a_full_table_ignores_more_rows", a_full_table_ignores_more_rows},
	};
	return unit_run("text_table", cases, sizeof(cases) / sizeof(*cases));
}
