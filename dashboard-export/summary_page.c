/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/summary_page.h"

#include "base/human_text.h"

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
