/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/summary_page.h"

#include "base/human_text.h"
#include "dashboard-export/paragraph.h"

const char *
summary_plural(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

void
summary_page_heading(const struct summary_page *page, const char *text)
{
	fprintf(page->out, "\n%s%s%s\n", page->colour ? TEXT_TABLE_BOLD : "", text,
		page->colour ? TEXT_TABLE_END : "");
}

void
summary_page_table(const struct summary_page *page, const struct text_table *table)
{
	text_table_write(table, page->out, page->width, page->colour);
}

void
summary_page_add_count(struct text_table *table, uint64_t count)
{
	text_table_add(table, human_count(count).text, NULL);
}

void
summary_page_add_bytes(struct text_table *table, uint64_t bytes)
{
	text_table_add(table, human_bytes(bytes).text, NULL);
}

void
summary_page_add_percent(struct text_table *table, uint64_t part, uint64_t whole)
{
	text_table_add(table, human_percent(part, whole).text, NULL);
}

const char *
summary_severity_colour(enum severity severity)
{
	if (severity == SEVERITY_CRITICAL)
		return TEXT_TABLE_BOLD_MAGENTA;
	if (severity == SEVERITY_HIGH)
		return TEXT_TABLE_RED;
	return severity == SEVERITY_MEDIUM ? TEXT_TABLE_YELLOW : NULL;
}

void
summary_page_rest(const struct summary_page *page, const struct summary_rest *rest, uint64_t beyond,
		  uint64_t kept)
{
	struct paragraph p;

	if (rest->sums.flows == 0)
		return;
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(&p, "and %s more:", human_count(rest->rows).text);
	paragraph_add_phrase(&p, "%s up,", human_bytes(rest->sums.up).text);
	paragraph_add_phrase(&p, "%s down,", human_bytes(rest->sums.down).text);
	paragraph_add_phrase(&p, "%s %s", human_count(rest->sums.flows).text,
			     summary_plural(rest->sums.flows, "flow", "flows"));
	if (beyond > 0)
		paragraph_add(&p, "(%s of them beyond the %s rows that are kept)",
			      human_count(beyond).text, human_count(kept).text);
	paragraph_end(&p);
}
