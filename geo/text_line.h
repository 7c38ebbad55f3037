/* SPDX-License-Identifier: Apache-2.0 */
/* A text file line by line, with the line number for messages. */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/** Longest line that the parsers of this folder look into; the longest published one has 280 bytes.
 */
#define TEXT_LINE_MAX 1024

/** Where a reader is; start with text_lines_over. */
struct text_lines {
	struct cursor at;
	unsigned number; /**< of the line taken last, from 1 */
};

/** Starts before the first line of `text`, which may be empty. */
struct text_lines text_lines_over(struct slice text);

/** Takes the next line without its LF or CR LF; false at the end of the text. */
bool text_lines_next(struct text_lines *lines, struct slice *line);
