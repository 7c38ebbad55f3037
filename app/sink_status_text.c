/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "app/sink_status_page.h"
#include "base/human_text.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/text_table.h"

#define NS_PER_S UINT64_C(1000000000)
/* An older rate was that of another hour, or of a program that runs no more. */
#define RATE_GOOD_S 30
/* Names have up to 64 letters; those that fail are told whole below. */
#define SINK_WIDTH_MIN 12

/* "3 s", "12 min", "5 h", "2 d"; "-" of what never was. */
static void
format_age(uint64_t now_ns, uint64_t then_ns, char out[32])
{
	static const struct {
		uint64_t least_s, unit_s;
		const char *unit;
	} steps[] = {{2 * 86400, 86400, "d"}, {2 * 3600, 3600, "h"}, {120, 60, "min"}, {0, 1, "s"}};
	uint64_t age_s = now_ns > then_ns ? (now_ns - then_ns) / NS_PER_S : 0;
	size_t i = 0;

	if (then_ns == 0) {
		strcpy(out, "-");
		return;
	}
	while (age_s < steps[i].least_s)
		i++;
	(void)snprintf(out, 32, "%" PRIu64 " %s", age_s / steps[i].unit_s, steps[i].unit);
}

static void
add_age(struct text_table *table, uint64_t now_ns, uint64_t then_ns)
{
	char text[32];

	format_age(now_ns, then_ns, text);
	text_table_add(table, text, NULL);
}

static void
add_state(struct text_table *table, const struct sink_status *s)
{
	if (!s->known)
		text_table_add(table, "new", NULL);
	else if (s->cursor.failing_since_ns == 0)
		text_table_add(table, "in order", NULL);
	else
		text_table_add(table, "failing", TEXT_TABLE_RED);
}

static void
add_sink(struct text_table *table, const struct sink_status *s, uint64_t now_ns)
{
	const struct sink_cursor *c = &s->cursor;
	bool is_new = c->updated_ns + RATE_GOOD_S * NS_PER_S > now_ns;
	char rate[32] = "-";

	if (is_new && c->rate > 0)
		(void)snprintf(rate, sizeof(rate), "%" PRIu32 "/s", c->rate);
	text_table_add(table, s->name, NULL);
	text_table_add(table, s->type, NULL);
	text_table_add(table, s->alerts ? human_count(s->waiting).text : "-", NULL);
	add_age(table, now_ns, s->oldest_ns);
	text_table_add(table, human_count(c->delivered + c->flows_delivered).text, NULL);
	text_table_add(table, rate, NULL);
	add_age(table, now_ns, c->last_success_ns);
	add_state(table, s);
}

/* What has no column: since when and why it fails, and what most sinks have none of. */
static void
write_trouble(const struct sink_status_page *page, const struct sink_status *s)
{
	const struct sink_cursor *c = &s->cursor;
	bool failing = c->failing_since_ns != 0;
	char age[32], text[320];
	struct paragraph p;

	if (s->known && !failing && c->refused == 0 && c->flows_dropped == 0)
		return;
	(void)snprintf(text, sizeof(text), "%s:", s->name);
	paragraph_begin(&p, page->out, page->width, "", 0);
	paragraph_add_text(&p, text);
	if (!s->known)
		paragraph_add(&p, "nothing was sent yet");
	if (failing) {
		format_age(page->now_ns, c->failing_since_ns, age);
		paragraph_add(&p, "failing for %s; %s connection%s tried in vain;", age,
			      human_count(c->attempts).text, c->attempts == 1 ? "" : "s");
	}
	if (c->refused > 0)
		paragraph_add(&p, "%s message%s refused for good;", human_count(c->refused).text,
			      c->refused == 1 ? "" : "s");
	if (c->flows_dropped > 0)
		paragraph_add(&p, "no room for %s flow%s;", human_count(c->flows_dropped).text,
			      c->flows_dropped == 1 ? "" : "s");
	if (c->last_error[0] != '\0') {
		format_age(page->now_ns, c->last_error_ns, age);
		(void)snprintf(text, sizeof(text), "last error, %s ago: %s", age, c->last_error);
		paragraph_add_text(&p, text);
	}
	paragraph_end(&p);
}

static void
write_text(const struct sink_status_page *page)
{
	static const struct text_column columns[] = {
		{.title = "sink", .min_width = SINK_WIDTH_MIN},
		{.title = "type"},
		{.title = "waiting", .right = true},
		{.title = "oldest", .right = true},
		{.title = "delivered", .right = true},
		{.title = "rate", .right = true, .may_drop = true},
		{.title = "success", .right = true},
		{.title = "state"},
	};
	struct text_table table;

	/* More sinks than a table has rows begin another one. */
	for (size_t i = 0; i < page->count;) {
		text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
		for (size_t n = 0; n < TEXT_TABLE_ROWS && i < page->count; n++, i++)
			add_sink(&table, &page->sinks[i], page->now_ns);
		text_table_write(&table, page->out, page->width, page->colour);
	}
	for (size_t i = 0; i < page->count; i++)
		write_trouble(page, &page->sinks[i]);
}

const struct sink_status_format sink_status_text = {.name = "text", .write = write_text};
