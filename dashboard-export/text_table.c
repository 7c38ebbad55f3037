/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/text_table.h"

#include "base/utf8.h"

#include <string.h>

#define INDENT 2
#define GAP 2

/* The sign for what was cut off, and its bytes in UTF-8. */
#define ELLIPSIS "\xe2\x80\xa6"

void
text_table_init(struct text_table *table, const struct text_column *columns, size_t count)
{
	table->columns = columns;
	table->column_count = count;
	table->row_count = 0;
	table->cell_count = count;
}

void
text_table_add(struct text_table *table, const char *text, const char *colour)
{
	struct text_cell *cell;

	if (table->cell_count == table->column_count) {
		if (table->row_count == TEXT_TABLE_ROWS)
			return;
		memset(table->cells[table->row_count++], 0, sizeof(table->cells[0]));
		table->cell_count = 0;
	}
	cell = &table->cells[table->row_count - 1][table->cell_count++];
	(void)utf8_copy_clean(text != NULL ? text : "", cell->text, sizeof(cell->text));
	cell->colour = colour;
}

/* Natural widths; 0 stands for a column that is left out. */
static void
measure(const struct text_table *table, const bool dropped[TEXT_TABLE_COLUMNS],
	size_t widths[TEXT_TABLE_COLUMNS])
{
	for (size_t c = 0; c < table->column_count; c++) {
		widths[c] = dropped[c] ? 0 : utf8_width(table->columns[c].title);
		for (size_t r = 0; r < table->row_count && !dropped[c]; r++) {
			size_t width = utf8_width(table->cells[r][c].text);
			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
}

static size_t
total_width(const size_t widths[TEXT_TABLE_COLUMNS], size_t count)
{
	size_t total = INDENT;

	for (size_t c = 0; c < count; c++)
		total += widths[c] > 0 ? widths[c] + (c > 0 ? GAP : 0) : 0;
	return total;
}

/* Takes one from the widest column that may shrink; false when none may. */
static bool
shrink(const struct text_table *table, size_t widths[TEXT_TABLE_COLUMNS])
{
	size_t widest = TEXT_TABLE_COLUMNS;

	for (size_t c = 0; c < table->column_count; c++) {
		size_t min_width = table->columns[c].min_width;
		if (min_width == 0 || widths[c] <= min_width)
			continue;
		if (widest == TEXT_TABLE_COLUMNS || widths[c] > widths[widest])
			widest = c;
	}
	if (widest == TEXT_TABLE_COLUMNS)
		return false;
	widths[widest]--;
	return true;
}

static bool
drop_last(const struct text_table *table, bool dropped[TEXT_TABLE_COLUMNS])
{
	for (size_t c = table->column_count; c > 0; c--) {
		if (table->columns[c - 1].may_drop && !dropped[c - 1]) {
			dropped[c - 1] = true;
			return true;
		}
	}
	return false;
}

/* A dropped column gives its room back to those that were shrunk for it. */
static void
fit(const struct text_table *table, size_t width, size_t widths[TEXT_TABLE_COLUMNS])
{
	bool dropped[TEXT_TABLE_COLUMNS] = {false};

	measure(table, dropped, widths);
	while (total_width(widths, table->column_count) > width) {
		if (shrink(table, widths))
			continue;
		if (!drop_last(table, dropped))
			return;
		measure(table, dropped, widths);
	}
}

static void
put_spaces(FILE *out, size_t count)
{
	fprintf(out, "%*s", (int)count, "");
}

/* The text in `width` columns; `last` writes no spaces at the end of the line. */
static void
put_cell(FILE *out, const char *text, const struct text_column *column, size_t width, bool last)
{
	size_t taken;
	size_t len = utf8_prefix(text, width, &taken);
	bool cut = text[len] != '\0';

	if (cut)
		len = utf8_prefix(text, width - 1, &taken);
	size_t spaces = width - taken - cut;
	if (column->right)
		put_spaces(out, spaces);
	fprintf(out, "%.*s%s", (int)len, text, cut ? ELLIPSIS : "");
	if (!column->right && !last)
		put_spaces(out, spaces);
}

/* The last column of the row that has something to show: nothing follows it on its line. */
static size_t
last_shown(const struct text_table *table, const struct text_cell *row, const size_t *widths)
{
	size_t last = 0;

	for (size_t c = 0; c < table->column_count; c++) {
		const char *text = row != NULL ? row[c].text : table->columns[c].title;
		if (widths[c] > 0 && text[0] != '\0')
			last = c;
	}
	return last;
}

/* One line; a `row` of NULL is the line of titles. */
static void
put_line(const struct text_table *table, const struct text_cell *row, const size_t *widths,
	 FILE *out, bool colour)
{
	size_t last = last_shown(table, row, widths);

	put_spaces(out, INDENT);
	for (size_t c = 0; c <= last; c++) {
		const char *text = row != NULL ? row[c].text : table->columns[c].title;
		const char *begin = row != NULL ? row[c].colour : TEXT_TABLE_DIM;
		bool coloured = colour && begin != NULL && text[0] != '\0';

		if (widths[c] == 0)
			continue;
		if (c > 0)
			put_spaces(out, GAP);
		if (coloured)
			fputs(begin, out);
		put_cell(out, text, &table->columns[c], widths[c], c == last);
		if (coloured)
			fputs(TEXT_TABLE_END, out);
	}
	fputc('\n', out);
}

void
text_table_write(const struct text_table *table, FILE *out, size_t width, bool colour)
{
	size_t widths[TEXT_TABLE_COLUMNS];

	fit(table, width, widths);
	put_line(table, NULL, widths, out, colour);
	for (size_t r = 0; r < table->row_count; r++)
		put_line(table, table->cells[r], widths, out, colour);
}
