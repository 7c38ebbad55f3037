/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which databases said what a summary shows of an address. Their licences ask to name them with it.
 */
#include "dashboard-export/paragraph.h"
#include "dashboard-export/summary_page.h"
#include "base/utf8.h"

#include <string.h>

uint8_t
summary_source_number(struct summary_sources *sources, const char *text)
{
	char clean[SUMMARY_SOURCE_TEXT_MAX];

	if (text == NULL || utf8_copy_clean(text, clean, sizeof(clean)) == 0)
		return 0;
	for (uint8_t i = 0; i < sources->used; i++) {
		if (strcmp(sources->texts[i], clean) == 0)
			return (uint8_t)(i + 1);
	}
	if (sources->used == SUMMARY_SOURCES_MAX)
		return 0;
	strcpy(sources->texts[sources->used], clean);
	return ++sources->used;
}

/* Puts the text where it belongs in the order; one that is there already is left out. */
static void
insert(const char *text, const char *list[SUMMARY_SOURCES_MAX], size_t *count)
{
	size_t at = *count;

	while (at > 0 && strcmp(list[at - 1], text) > 0)
		at--;
	if (at > 0 && strcmp(list[at - 1], text) == 0)
		return;
	memmove(list + at + 1, list + at, (*count - at) * sizeof(*list));
	list[at] = text;
	(*count)++;
}

void
summary_find_sources(const struct summary *summary, const void *const *destinations, size_t count,
		     struct summary_shown_sources *out)
{
	const struct summary_sources *sources = &summary->sources;

	*out = (struct summary_shown_sources){0};
	for (size_t i = 0; i < count; i++) {
		const struct summary_destination *row = destinations[i];
		bool shows_as = row->asn != 0 || row->as_org[0] != '\0';

		if (row->asn_source != 0 && shows_as)
			insert(sources->texts[row->asn_source - 1], out->asn, &out->asn_count);
		if (row->country_source != 0 && row->country[0] != '\0')
			insert(sources->texts[row->country_source - 1], out->country,
			       &out->country_count);
	}
}

static void
write_source_list(const struct summary_page *page, const char *what, const char *const *texts,
		  size_t count)
{
	struct paragraph p;

	if (count == 0)
		return;
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(&p, "%s:", what);
	for (size_t i = 0; i < count; i++)
		paragraph_add(&p, "%s%s", texts[i], i + 1 < count ? ";" : ".");
	paragraph_end(&p);
}

void
summary_page_sources(const struct summary_page *page)
{
	const void *top[SUMMARY_TOP_DESTINATIONS];
	struct summary_rest rest;
	struct summary_shown_sources sources;
	size_t count =
		summary_top_destinations(page->summary, top, SUMMARY_TOP_DESTINATIONS, &rest);

	summary_find_sources(page->summary, top, count, &sources);
	write_source_list(page, "Source of \"announced by\"", sources.asn, sources.asn_count);
	write_source_list(page, "Source of \"country\"", sources.country, sources.country_count);
}
