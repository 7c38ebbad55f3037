/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page that a summary is printed on, shared by the files that print its parts: headings, tables
 * and the cells of numbers.
 */
#pragma once

#include "dashboard-export/summary_state.h"
#include "dashboard-export/text_table.h"

struct summary_page {
	const struct summary *summary;
	FILE *out;
	size_t width;
	bool colour;
};

/** "flow" or "flows" */
const char *summary_plural(uint64_t count, const char *one, const char *many);

/** An empty line and the heading. */
void summary_page_heading(const struct summary_page *page, const char *text);

void summary_page_table(const struct summary_page *page, const struct text_table *table);

/** Cells with a number as a person reads it (human_text.h). */
void summary_page_add_count(struct text_table *table, uint64_t count);
void summary_page_add_bytes(struct text_table *table, uint64_t bytes);
void summary_page_add_percent(struct text_table *table, uint64_t part, uint64_t whole);

/** Captures, packets, flows and names: how much was seen at all (summary_coverage.c). */
void summary_page_coverage(const struct summary_page *page);

/** The databases that the table of destinations rests on (summary_sources.c); nothing where there
 * are none. */
void summary_page_sources(const struct summary_page *page);

/** Colour of a severity's word, NULL for none. */
const char *summary_severity_colour(enum severity severity);

/** "and 12 more: 3.0 MiB up, ...": what a table of at most `kept` rows left out; nothing where that
 * is nothing. `beyond` flows found no row of their own. */
void summary_page_rest(const struct summary_page *page, const struct summary_rest *rest,
		       uint64_t beyond, uint64_t kept);

/** Alerts by severity and their sentences (summary_alerts.c). */
void summary_page_alerts(const struct summary_page *page);

/** The zones (summary_zones.c); nothing where there are none. */
void summary_page_zones(const struct summary_page *page);
