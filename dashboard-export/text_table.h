/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table for a terminal: as wide as its contents where there is room; else the columns that may
 * shrink do, the widest first, and after that columns that may be left out are. Cells are cleaned
 * (utf8_copy_clean), so texts of others cannot drive the terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TEXT_TABLE_COLUMNS 8
#define TEXT_TABLE_ROWS 20
#define TEXT_TABLE_CELL 208

/** Beginnings of colour; given as NULL for none. */
#define TEXT_TABLE_BOLD "\x1b[1m"
#define TEXT_TABLE_DIM "\x1b[2m"
#define TEXT_TABLE_RED "\x1b[31m"
#define TEXT_TABLE_BOLD_MAGENTA "\x1b[1;35m"
#define TEXT_TABLE_YELLOW "\x1b[33m"
#define TEXT_TABLE_END "\x1b[0m"

struct text_column {
	const char *title;
	bool right;       /**< numbers: flush right */
	bool may_drop;    /**< left out, the last one first, where there is no room */
	size_t min_width; /**< may shrink down to this; 0: never shrinks */
};

struct text_cell {
	char text[TEXT_TABLE_CELL];
	const char *colour;
};

/** About 35 KB: for the stack of a caller that is not deep. */
struct text_table {
	const struct text_column *columns;
	size_t column_count;
	size_t row_count;
	size_t cell_count; /**< filled in the last row */
	struct text_cell cells[TEXT_TABLE_ROWS][TEXT_TABLE_COLUMNS];
};

/** An empty table; `columns` is borrowed. */
void text_table_init(struct text_table *table, const struct text_column *columns, size_t count);

/**
 * Appends a cell, from left to right and row by row; a NULL text is an empty cell. A full table
 * ignores it.
 */
void text_table_add(struct text_table *table, const char *text, const char *colour);

/** Writes titles and rows, indented by two, to fit `width` columns. Colours only where `colour`. */
void text_table_write(const struct text_table *table, FILE *out, size_t width, bool colour);
