/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How `vigie alerts` shows rows of the journal: one row of the table and one file each. Rows come
 * in their order; texts are not trusted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "dashboard-export/formats/event.h"
#include "dashboard-export/journal/journal_reader.h"

/** Columns of the table for people. */
#define ALERT_OUTPUT_COLUMNS 7

struct alert_output_lines;

struct alert_output {
	const struct alert_output_format *format;
	FILE *out;
	size_t width; /**< columns that a line may take; 0: as many as it needs */
	bool colour;
	bool terminal; /**< it goes to one: what would drive it is escaped */
	/* Of the format alone. */
	size_t widths[ALERT_OUTPUT_COLUMNS]; /**< of the table so far */
	bool titled;
	struct alert_output_lines *lines; /**< that wait for their widths */
};

struct alert_output_format {
	const char *name;                          /**< as behind --format */
	int (*begin)(struct alert_output *output); /**< 0 or -ENOMEM */
	/** `event` is what the row says, clean, and has its number. */
	void (*add)(struct alert_output *output, const struct journal_row *row,
		    const struct event *event);
	/** Shows what was added so far. */
	void (*flush)(struct alert_output *output);
};

extern const struct alert_output_format alert_output_text, alert_output_json, alert_output_csv;

/** NULL behind the last. */
const struct alert_output_format *alert_output_format_at(unsigned number);

/** The words of --format. */
const char *alert_output_word(unsigned number);

/** Frees what waits. */
void alert_output_fini(struct alert_output *output);

/** What an alert is about in a few words: whom it went to, or the sentence of what has no flow. */
const char *alert_output_about(const struct event *event);
