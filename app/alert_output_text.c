/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table like those of the summary, but of any length: rows wait until some have come together, so
 * that their columns can be as wide as they need. Widths never shrink again, so what is followed
 * stays aligned with what stands above it. The last column takes what room is left; where that is
 * too little, its text stands on a line of its own.
 */
#include "app/alert_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/human_text.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "dashboard-export/summary_page.h"
#include "dashboard-export/text_table.h"

#define CELL_MAX 96
#define ABOUT_MAX 512
#define LINES_MAX 1000
#define GAP 2
#define ELLIPSIS "\xe2\x80\xa6"
/* Narrower than that the last column says nothing any more, and stands below. */
#define ABOUT_WIDTH_MIN 24
/* Where it begins then: under the second column. */
#define ABOUT_INDENT 18
/* Rules and zones are cut down to this where a line is too long even so. */
#define CELL_WIDTH_MIN 6

/* Digits of an id that are shown: enough for `vigie explain`. */
#define ID_DIGITS 8

enum {
	COLUMN_TIME,
	COLUMN_SEVERITY,
	COLUMN_ALERT,
	COLUMN_RULE,
	COLUMN_ZONE,
	COLUMN_UP,
	COLUMN_ABOUT
};

static const struct {
	const char *title;
	bool right;
} columns[ALERT_OUTPUT_COLUMNS] = {
	[COLUMN_TIME] = {"start, UTC", false}, [COLUMN_SEVERITY] = {"severity", false},
	[COLUMN_ALERT] = {"alert", false},     [COLUMN_RULE] = {"rule", false},
	[COLUMN_ZONE] = {"zone", false},       [COLUMN_UP] = {"up", true},
	[COLUMN_ABOUT] = {"about", false},
};

struct line {
	char cells[COLUMN_ABOUT][CELL_MAX];
	char about[ABOUT_MAX];
	const char *colour;
};

struct alert_output_lines {
	size_t count;
	struct line lines[LINES_MAX];
};

static int
begin(struct alert_output *output)
{
	for (size_t c = 0; c < ALERT_OUTPUT_COLUMNS; c++)
		output->widths[c] = utf8_width(columns[c].title);
	output->lines = calloc(1, sizeof(*output->lines));
	return output->lines != NULL ? 0 : -ENOMEM;
}

static void
put_padding(FILE *out, size_t columns_count)
{
	for (size_t i = 0; i < columns_count; i++)
		fputc(' ', out);
}

/* Of all columns but the last. */
static size_t
width_of_cells(const size_t widths[ALERT_OUTPUT_COLUMNS])
{
	size_t total = 0;

	for (size_t c = 0; c < COLUMN_ABOUT; c++)
		total += widths[c] + (c > 0 ? GAP : 0);
	return total;
}

/* Widths only grow, so what is below once stays there. */
static bool
about_is_below(const struct alert_output *output)
{
	return output->width != 0 &&
	       width_of_cells(output->widths) + GAP + ABOUT_WIDTH_MIN > output->width;
}

/* Rules and zones are as long as whoever wrote them wanted. */
static void
fit(struct alert_output *output)
{
	size_t *widths = output->widths;

	while (output->width != 0 && width_of_cells(widths) > output->width) {
		size_t c = widths[COLUMN_RULE] > widths[COLUMN_ZONE] ? COLUMN_RULE : COLUMN_ZONE;
		if (widths[c] <= CELL_WIDTH_MIN)
			return;
		widths[c]--;
	}
}

/* The text in at most `room` columns; returns how many it takes. */
static size_t
put_text(const struct alert_output *output, const char *text, size_t room, const char *colour)
{
	bool coloured = colour != NULL && output->colour;
	size_t len = strlen(text), width = utf8_width(text);
	bool cut = width > room;

	if (cut)
		len = utf8_prefix(text, room - 1, &width);
	fprintf(output->out, "%s%.*s%s%s", coloured ? colour : "", (int)len, text,
		cut ? ELLIPSIS : "", coloured ? TEXT_TABLE_END : "");
	return width + cut;
}

static void
put_cell(const struct alert_output *output, size_t column, const char *text, const char *colour)
{
	size_t room = output->widths[column], width = utf8_width(text);

	put_padding(output->out,
		    (column == 0 ? 0 : GAP) +
			    (columns[column].right && width < room ? room - width : 0));
	size_t taken = put_text(output, text, room, colour);
	if (!columns[column].right)
		put_padding(output->out, room - taken);
}

/* The last column: no padding, and cut where the line ends. */
static void
put_about(const struct alert_output *output, const char *text, const char *colour)
{
	size_t before = width_of_cells(output->widths) + GAP;

	if (about_is_below(output)) {
		before = ABOUT_INDENT;
		fputc('\n', output->out);
		put_padding(output->out, before);
	} else {
		put_padding(output->out, GAP);
	}
	(void)put_text(output, text, output->width != 0 ? output->width - before : SIZE_MAX,
		       colour);
	fputc('\n', output->out);
}

static void
put_titles(struct alert_output *output)
{
	if (output->titled)
		return;
	output->titled = true;
	for (size_t c = 0; c < COLUMN_ABOUT; c++)
		put_cell(output, c, columns[c].title, TEXT_TABLE_DIM);
	put_about(output, columns[COLUMN_ABOUT].title, TEXT_TABLE_DIM);
}

static void
flush(struct alert_output *output)
{
	struct alert_output_lines *lines = output->lines;
	size_t count = lines->count;

	for (size_t i = 0; i < count; i++) {
		for (size_t c = 0; c < COLUMN_ABOUT; c++) {
			size_t width = utf8_width(lines->lines[i].cells[c]);
			if (width > output->widths[c])
				output->widths[c] = width;
		}
	}
	fit(output);
	if (count > 0)
		put_titles(output);
	for (size_t i = 0; i < count; i++) {
		const struct line *line = &lines->lines[i];
		for (size_t c = 0; c < COLUMN_ABOUT; c++)
			put_cell(output, c, line->cells[c],
				 c == COLUMN_SEVERITY ? line->colour : NULL);
		put_about(output, line->about, NULL);
	}
	lines->count = 0;
	(void)fflush(output->out);
}

static void
set_cell(struct line *line, size_t column, const char *text)
{
	(void)utf8_copy_clean(text != NULL ? text : "", line->cells[column], CELL_MAX);
}

static void
fill(struct line *line, const struct event *event)
{
	char time[RFC3339_LEN + 1];

	rfc3339_format(event->start_ns, time);
	time[10] = ' ';
	time[16] = '\0'; /* the minute is enough */
	set_cell(line, COLUMN_TIME, time);
	set_cell(line, COLUMN_SEVERITY, severity_text(event->severity));
	set_cell(line, COLUMN_ALERT, event->id);
	line->cells[COLUMN_ALERT][ID_DIGITS] = '\0';
	set_cell(line, COLUMN_RULE, event->rule_id);
	set_cell(line, COLUMN_ZONE, event->zone);
	set_cell(line, COLUMN_UP, event->flows != 0 ? human_bytes(event->payload_out).text : NULL);
	const char *about = alert_output_about(event);
	(void)utf8_copy_clean(about != NULL ? about : "", line->about, sizeof(line->about));
	line->colour = summary_severity_colour(event->severity);
}

static void
add(struct alert_output *output, const struct journal_row *row, const struct event *event)
{
	(void)row;
	fill(&output->lines->lines[output->lines->count++], event);
	if (output->lines->count == LINES_MAX)
		flush(output);
}

void
alert_output_fini(struct alert_output *output)
{
	free(output->lines);
	output->lines = NULL;
}

const struct alert_output_format alert_output_text = {
	.name = "text", .begin = begin, .add = add, .flush = flush};
