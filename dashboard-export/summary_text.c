/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary for a person. Says what was recorded and seen, never what follows from it in law: an
 * operator "can be ordered", a figure with losses is a lower bound, and where an address stands is
 * not who controls it.
 */
#include "base/human_text.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/summary_page.h"

#include <string.h>

#define WIDTH_MIN 80
#define WIDTH_MAX 160

#define OPERATOR_MIN 24

#define BAR_CELLS 20
#define BAR_TEXT_MAX (3 * BAR_CELLS + 1) /* a block takes three bytes */

/* Only classes that ask for a look have a colour; none is painted as if it were safe. */
static const char *class_colour(enum exposure class)
{
	if (exposure_is_under_us_law(class))
		return TEXT_TABLE_RED;
	if (class == EXPOSURE_THIRD_COUNTRY || class == EXPOSURE_UNKNOWN)
		return TEXT_TABLE_YELLOW;
	return NULL;
}

/* A bar of eighths of a cell; what is there shows at least one eighth. */
static void
format_bar(uint64_t part, uint64_t whole, char out[BAR_TEXT_MAX])
{
	static const char *const eighths[] = {"",
					      "\xe2\x96\x8f",
					      "\xe2\x96\x8e",
					      "\xe2\x96\x8d",
					      "\xe2\x96\x8c",
					      "\xe2\x96\x8b",
					      "\xe2\x96\x8a",
					      "\xe2\x96\x89"};
	double share = whole > 0 ? (double)part / (double)whole : 0;
	unsigned length = (unsigned)(share * 8 * BAR_CELLS + 0.5);

	if (length == 0 && part > 0)
		length = 1;
	for (unsigned i = 0; i < length / 8; i++) {
		memcpy(out, "\xe2\x96\x88", 3);
		out += 3;
	}
	strcpy(out, eighths[length % 8]);
}

static void
add_class_row(struct text_table *table, enum exposure class, const struct summary_sums *sums,
	      const struct summary_sums *all)
{
	char bar[BAR_TEXT_MAX];

	format_bar(sums->up, all->up, bar);
	text_table_add(table, exposure_code(class), class_colour(class));
	text_table_add(table, exposure_text(class), class_colour(class));
	summary_page_add_bytes(table, sums->up);
	summary_page_add_bytes(table, sums->down);
	summary_page_add_count(table, sums->flows);
	summary_page_add_percent(table, sums->up, all->up);
	text_table_add(table, bar, class_colour(class));
}

static void
write_us_law_sentence(const struct summary_page *page, const struct summary_sums *all)
{
	struct summary_sums us = summary_under_us_law(page->summary);
	struct paragraph p;

	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(&p, "To operators that can be ordered under US law (us-direct, us-parent):");
	if (us.flows == 0 && page->summary->refused.total > 0) {
		paragraph_add(&p, "0 B seen; %s of packets were refused.",
			      human_percent(page->summary->refused.total, page->summary->packets_in)
				      .text);
	} else if (us.flows == 0) {
		paragraph_add(&p, "0 B seen.");
	} else {
		paragraph_add_phrase(&p, "%s up", human_bytes(us.up).text);
		paragraph_add_phrase(&p, "(%s of what leaves),",
				     human_percent(us.up, all->up).text);
		paragraph_add_phrase(&p, "%s down,", human_bytes(us.down).text);
		paragraph_add_phrase(&p, "%s %s.", human_count(us.flows).text,
				     summary_plural(us.flows, "flow", "flows"));
	}
	paragraph_end(&p);
}

static void
write_exposure(const struct summary_page *page)
{
	static const struct text_column columns[] = {
		{.title = "code"},
		{.title = "class"},
		{.title = "up", .right = true},
		{.title = "down", .right = true},
		{.title = "flows", .right = true},
		{.title = "up share", .right = true},
		{.title = "", .may_drop = true},
	};
	struct summary_sums all = summary_crossing(page->summary);
	struct text_table table;

	summary_page_heading(page, "Exposure of egress and ingress flows");
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (unsigned i = EXPOSURE_COUNT; i > 0; i--) {
		const struct summary_sums *sums = &page->summary->exposures[i - 1];
		if (sums->flows > 0)
			add_class_row(&table, (enum exposure)(i - 1), sums, &all);
	}
	summary_page_table(page, &table);
	write_us_law_sentence(page, &all);
}

/* "prefix asn sni": what any flow of the row was told by. */
static void
format_evidence(unsigned evidence, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < EVIDENCE_COUNT && used < size; i++) {
		if ((evidence & 1u << i) != 0)
			used += (size_t)snprintf(out + used, size - used, "%s%s",
						 used > 0 ? " " : "",
						 evidence_text((enum evidence)(1u << i)));
	}
}

static void
add_operator_row(struct text_table *table, const struct summary_operator *row)
{
	char text[2 * TEXT_TABLE_CELL];
	bool known = row->operator_id[0] != '\0';
	const char *name = known ? row->operator_name : "(unknown)";

	snprintf(text, sizeof(text), "%s%s%s", name, row->host_name[0] != '\0' ? " on " : "",
		 row->host_name);
	text_table_add(table, text, NULL);
	const char *service = row->service_name[0] != '\0' ? row->service_name : row->service_kind;
	text_table_add(table, service[0] != '\0' ? service : "-", NULL);
	text_table_add(table, row->control_country[0] != '\0' ? row->control_country : "-", NULL);
	text_table_add(table, exposure_code(row->exposure), class_colour(row->exposure));
	summary_page_add_bytes(table, row->sums.up);
	summary_page_add_bytes(table, row->sums.down);
	summary_page_add_count(table, row->sums.flows);
	format_evidence(row->evidence, text, sizeof(text));
	text_table_add(table, text, NULL);
}

/* With 100 columns and more, a name of 24 stands whole; evidence and service give way to it. */
static size_t
operator_min_width(size_t page_width)
{
	return page_width < 100 ? OPERATOR_MIN - (100 - page_width) / 2 : OPERATOR_MIN;
}

static void
write_operators(const struct summary_page *page)
{
	const struct text_column columns[] = {
		{.title = "operator", .min_width = operator_min_width(page->width)},
		{.title = "service", .min_width = 10},
		{.title = "control"},
		{.title = "class"},
		{.title = "up", .right = true},
		{.title = "down", .right = true},
		{.title = "flows", .right = true},
		{.title = "evidence", .may_drop = true, .min_width = 10},
	};
	const void *top[SUMMARY_TOP_OPERATORS];
	struct summary_rest rest;
	struct text_table table;
	size_t count = summary_top_operators(page->summary, top, SUMMARY_TOP_OPERATORS, &rest);

	summary_page_heading(page, "Operators and services, by payload that leaves");
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count; i++)
		add_operator_row(&table, top[i]);
	summary_page_table(page, &table);
	summary_page_rest(page, &rest, page->summary->operators_beyond.flows, SUMMARY_KEYS_MAX);
}

static void
write_destinations(const struct summary_page *page)
{
	static const struct text_column columns[] = {
		{.title = "address"},
		{.title = "announced by", .min_width = 8},
		{.title = "country"},
		{.title = "up", .right = true},
		{.title = "down", .right = true},
		{.title = "flows", .right = true, .may_drop = true},
	};
	const void *top[SUMMARY_TOP_DESTINATIONS];
	struct summary_rest rest;
	struct text_table table;
	size_t count =
		summary_top_destinations(page->summary, top, SUMMARY_TOP_DESTINATIONS, &rest);

	if (count == 0)
		return;
	summary_page_heading(page, "Destinations without a host name, by payload that leaves");
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count; i++) {
		const struct summary_destination *row = top[i];
		char address[IP_ADDRESS_TEXT_MAX];
		(void)ip_address_format(&row->address, address);
		text_table_add(&table, address, NULL);
		text_table_add(&table, row->as_org[0] != '\0' ? row->as_org : "-", NULL);
		text_table_add(&table, row->country[0] != '\0' ? row->country : "-", NULL);
		summary_page_add_bytes(&table, row->sums.up);
		summary_page_add_bytes(&table, row->sums.down);
		summary_page_add_count(&table, row->sums.flows);
	}
	summary_page_table(page, &table);
	summary_page_rest(page, &rest, page->summary->destinations_beyond.flows, SUMMARY_KEYS_MAX);
}

/* Without it, an empty report would read as a clean one. */
static void
write_no_crossing(const struct summary_page *page)
{
	struct paragraph p;

	fputc('\n', page->out);
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(
		&p, "No flow crosses between inside and outside, so there is no exposure to tell.");
	paragraph_end(&p);
}

static void
write_reading_notes(const struct summary_page *page)
{
	const struct summary *s = page->summary;
	struct paragraph p;

	fputc('\n', page->out);
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(&p, "Bytes are transport payload; up leaves the inside, down comes in.");
	if (summary_crossing(s).flows > 0)
		paragraph_add(&p, "\"control\" is the country from which the operator is recorded "
				  "as controlled; where a server stands does not change it.");
	if (s->operator_unknown.flows > 0)
		paragraph_add(&p, "\"(unknown)\" sums operators that are not in the catalogue.");
	if (s->refused.total > 0)
		paragraph_add(&p, "Totals are lower bounds: %s %s refused.",
			      human_count(s->refused.total).text,
			      summary_plural(s->refused.total, "packet was", "packets were"));
	if (s->captures_damaged > 0)
		paragraph_add(&p, "What follows the damage in a capture is not counted.");
	paragraph_end(&p);
}

void
summary_write_text(const struct summary *summary, FILE *out, bool colour, unsigned width)
{
	struct summary_page page = {
		.summary = summary, .out = out, .width = width, .colour = colour};

	if (page.width < WIDTH_MIN)
		page.width = WIDTH_MIN;
	if (page.width > WIDTH_MAX)
		page.width = WIDTH_MAX;
	summary_page_coverage(&page);
	summary_page_alerts(&page);
	if (summary_crossing(summary).flows > 0) {
		write_exposure(&page);
		summary_page_zones(&page);
		write_operators(&page);
	} else {
		write_no_crossing(&page);
	}
	write_destinations(&page);
	write_reading_notes(&page);
	summary_page_sources(&page);
}
