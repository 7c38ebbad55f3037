/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first part of the summary: how much was seen at all, and how much of it has a name.
 */
#include "base/human_text.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/summary_page.h"

#define LABEL_WIDTH 10

static void
write_captures(const struct summary_page *page)
{
	const struct summary *s = page->summary;
	struct paragraph p;

	if (s->captures + s->passed_over == 0)
		return;
	paragraph_begin(&p, page->out, page->width, "captures", LABEL_WIDTH);
	paragraph_add_phrase(&p, "%s read", human_count(s->captures).text);
	if (s->captures_damaged > 0)
		paragraph_add_phrase(&p, "(%s damaged)", human_count(s->captures_damaged).text);
	if (s->passed_over > 0)
		paragraph_add_phrase(&p, "and %s other %s passed over",
				     human_count(s->passed_over).text,
				     summary_plural(s->passed_over, "file", "files"));
	paragraph_end(&p);
}

static void
write_counters(const struct summary_page *page, const char *label,
	       const struct summary_counters *counters)
{
	uint64_t others = counters->total;
	struct paragraph p;

	if (counters->total == 0)
		return;
	paragraph_begin(&p, page->out, page->width, label, LABEL_WIDTH);
	for (size_t i = 0; i < counters->used; i++) {
		others -= counters->counts[i];
		if (counters->counts[i] > 0)
			paragraph_add_phrase(&p, "%s %s%s", counters->names[i],
					     human_count(counters->counts[i]).text,
					     others > 0 ? "," : "");
	}
	if (others > 0)
		paragraph_add_phrase(&p, "others %s", human_count(others).text);
	paragraph_end(&p);
}

static void
write_packets(const struct summary_page *page)
{
	const struct summary *s = page->summary;
	struct paragraph p;

	paragraph_begin(&p, page->out, page->width, "packets", LABEL_WIDTH);
	paragraph_add_phrase(&p, "%s seen,", human_count(s->packets_in).text);
	paragraph_add_phrase(&p, "%s on the wire;", human_bytes(s->bytes_in).text);
	paragraph_add_phrase(&p, "%s in flows,", human_count(s->packets_tracked).text);
	paragraph_add_phrase(&p, "%s refused", human_count(s->refused.total).text);
	if (s->refused.total > 0)
		paragraph_add_phrase(&p, "(%s)",
				     human_percent(s->refused.total, s->packets_in).text);
	paragraph_end(&p);
	write_counters(page, "refused", &s->refused);
	write_counters(page, "noted", &s->notes);
}

static void
write_directions(const struct summary_page *page)
{
	static const struct text_column columns[] = {
		{.title = "direction"},
		{.title = "flows", .right = true},
		{.title = "packets", .right = true},
		{.title = "IP bytes", .right = true},
		{.title = "payload up", .right = true},
		{.title = "payload down", .right = true},
	};
	struct text_table table;

	summary_page_heading(page, "Flows");
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (unsigned i = 0; i <= FLOW_DIRECTION_TRANSIT; i++) {
		const struct summary_direction *d = &page->summary->directions[i];
		text_table_add(&table, flow_direction_text((enum flow_direction)i), NULL);
		summary_page_add_count(&table, d->payload.flows);
		summary_page_add_count(&table, d->packets);
		summary_page_add_bytes(&table, d->ip_bytes);
		summary_page_add_bytes(&table, d->payload.up);
		summary_page_add_bytes(&table, d->payload.down);
	}
	summary_page_table(page, &table);
}

/* Else a network that announces its own addresses would wonder where its flows are. */
static void
write_transit_hint(const struct summary_page *page)
{
	const struct summary_direction *directions = page->summary->directions;
	uint64_t transit = directions[FLOW_DIRECTION_TRANSIT].payload.flows;
	uint64_t all = 0;
	struct paragraph p;

	for (unsigned i = 0; i <= FLOW_DIRECTION_TRANSIT; i++)
		all += directions[i].payload.flows;
	bool crossing = summary_crossing(page->summary).flows > 0;
	if (transit == 0 || (crossing && transit <= all / 2))
		return;
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add(&p,
		      "%s of flows have neither end inside: name public addresses of your own "
		      "under `policy.inside` in the settings.",
		      human_percent(transit, all).text);
	paragraph_end(&p);
}

static void
write_naming_sentence(const struct summary_page *page)
{
	const struct summary *s = page->summary;
	const struct summary_sums *egress = &s->directions[FLOW_DIRECTION_EGRESS].payload;
	uint64_t nameless = egress->flows - s->namings[SUMMARY_NAMED].flows;
	struct paragraph p;

	paragraph_begin(&p, page->out, page->width, "", 0);
	if (nameless > 0)
		paragraph_add(&p,
			      "Of the %s without a host name, the address alone told the "
			      "operator of %s.",
			      human_count(nameless).text,
			      human_count(s->told_by_address.flows).text);
	paragraph_add(&p, "The operator is unknown for %s of egress flows and %s of their payload.",
		      human_percent(s->operator_unknown.flows, egress->flows).text,
		      human_percent(s->operator_unknown.up + s->operator_unknown.down,
				    egress->up + egress->down)
			      .text);
	paragraph_end(&p);
}

static struct summary_sums
sum_of(const struct summary_sums namings[SUMMARY_NAMING_COUNT])
{
	struct summary_sums all = {0};

	for (unsigned i = 0; i < SUMMARY_NAMING_COUNT; i++)
		summary_sums_add(&all, &namings[i]);
	return all;
}

/* Nothing under a heading would be a table of zeros. */
static bool
write_naming_table(const struct summary_page *page, const char *heading,
		   const struct summary_sums namings[SUMMARY_NAMING_COUNT])
{
	static const struct text_column columns[] = {
		{.title = "name"},
		{.title = "flows", .right = true},
		{.title = "share", .right = true},
		{.title = "payload", .right = true},
		{.title = "share", .right = true},
	};
	static const char *const titles[SUMMARY_NAMING_COUNT] = {
		[SUMMARY_NAMED] = "a host name",
		[SUMMARY_OUTER_ONLY] = "an outer name only (ECH)",
		[SUMMARY_ADDRESS_ONLY] = "an address only",
		[SUMMARY_UNNAMED] = "none",
	};
	struct summary_sums all = sum_of(namings);
	struct text_table table;

	if (all.flows == 0)
		return false;
	summary_page_heading(page, heading);
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (unsigned i = 0; i < SUMMARY_NAMING_COUNT; i++) {
		const struct summary_sums *sums = &namings[i];
		text_table_add(&table, titles[i], NULL);
		summary_page_add_count(&table, sums->flows);
		summary_page_add_percent(&table, sums->flows, all.flows);
		summary_page_add_bytes(&table, sums->up + sums->down);
		summary_page_add_percent(&table, sums->up + sums->down, all.up + all.down);
	}
	summary_page_table(page, &table);
	return true;
}

static void
write_namings(const struct summary_page *page)
{
	const struct summary *s = page->summary;

	if (write_naming_table(page, "Names of egress flows", s->namings))
		write_naming_sentence(page);
	(void)write_naming_table(page, "Names of egress flows over TLS, QUIC and HTTP",
				 s->web_namings);
}

void
summary_page_coverage(const struct summary_page *page)
{
	write_captures(page);
	write_packets(page);
	write_directions(page);
	write_transit_hint(page);
	write_namings(page);
}
