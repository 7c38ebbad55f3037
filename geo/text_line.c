/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/text_line.h"

#include <string.h>

struct text_lines
text_lines_over(struct slice text)
{
	/* An empty slice may have no address at all, to which nothing may be added. */
	struct text_lines lines = {0};
	if (text.len > 0)
		lines.at = cursor_over(text);
	return lines;
}

bool
text_lines_next(struct text_lines *lines, struct slice *line)
{
	size_t left = cursor_left(&lines->at);
	if (left == 0)
		return false;
	const uint8_t *newline = memchr(lines->at.at, '\n', left);
	*line = cursor_take(&lines->at, newline != NULL ? (size_t)(newline - lines->at.at) : left);
	if (newline != NULL)
		cursor_skip(&lines->at, 1);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	lines->number++;
	return true;
}
