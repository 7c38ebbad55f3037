/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts by severity, and the sentences of the most severe ones. An alert may be told of several
 * times, under one id: the last time counts.
 */
#include "base/human_text.h"
#include "base/time_zone.h"
#include "base/utf8.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/summary_page.h"

#include <stdlib.h>
#include <string.h>

/* Alerts that are told in full. */
#define SENTENCES_MAX 12

#define SENTENCE_INDENT 2

bool
summary_alerts_init(struct summary_alerts *alerts)
{
	alerts->minimum = SEVERITY_LOW;
	alerts->ids = key_index_create(SUMMARY_KEYS_MAX);
	alerts->severities = calloc(SUMMARY_KEYS_MAX, sizeof(*alerts->severities));
	return alerts->ids != NULL && alerts->severities != NULL;
}

static void
free_alert(struct summary_alert *alert)
{
	if (alert == NULL)
		return;
	free(alert->zone);
	free(alert->message);
	free(alert);
}

void
summary_alerts_fini(struct summary_alerts *alerts)
{
	for (size_t i = 0; i < alerts->kept_count; i++)
		free_alert(alerts->kept[i]);
	key_index_destroy(alerts->ids);
	free(alerts->severities);
}

/* Negative where `a` is told before `b`. */
static int
compare_alerts(const struct summary_alert *a, const struct summary_alert *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* Counts an id once, at the severity told last. Ids that find no room count each time. */
static void
count_alert(struct summary_alerts *alerts, const char *id, enum severity severity)
{
	size_t known = key_index_count(alerts->ids);
	size_t number = key_index_add(alerts->ids, id, ALERT_ID_LEN);

	alerts->counts[severity]++;
	if (number == KEY_INDEX_FULL)
		return;
	if (number != known)
		alerts->counts[alerts->severities[number]]--;
	alerts->severities[number] = (uint8_t)severity;
}

static void
drop_kept(struct summary_alerts *alerts, const char *id)
{
	for (size_t i = 0; i < alerts->kept_count; i++) {
		if (strcmp(alerts->kept[i]->id, id) != 0)
			continue;
		free_alert(alerts->kept[i]);
		alerts->kept_count--;
		memmove(alerts->kept + i, alerts->kept + i + 1,
			(alerts->kept_count - i) * sizeof(*alerts->kept));
		return;
	}
}

/* Takes it over; the least severe one goes where there is no room. */
static void
keep_alert(struct summary_alerts *alerts, struct summary_alert *alert)
{
	size_t at = alerts->kept_count;

	while (at > 0 && compare_alerts(alert, alerts->kept[at - 1]) < 0)
		at--;
	if (at == SUMMARY_ALERTS_KEPT) {
		free_alert(alert);
		return;
	}
	if (alerts->kept_count == SUMMARY_ALERTS_KEPT)
		free_alert(alerts->kept[--alerts->kept_count]);
	memmove(alerts->kept + at + 1, alerts->kept + at,
		(alerts->kept_count - at) * sizeof(*alerts->kept));
	alerts->kept[at] = alert;
	alerts->kept_count++;
}

static struct summary_alert *
copy_alert(const struct alert *alert, const char *message)
{
	struct summary_alert *copy = calloc(1, sizeof(*copy));

	if (copy == NULL)
		return NULL;
	copy->severity = alert_severity(alert);
	copy->time_ns = alert->start_ns;
	copy->day = alert->day;
	memcpy(copy->id, alert->id, sizeof(copy->id));
	(void)utf8_copy_clean(alert_rule_id(alert), copy->rule_id, sizeof(copy->rule_id));
	copy->message = strdup(message);
	copy->zone = alert->zone != NULL ? strdup(alert->zone->id) : NULL;
	if (copy->message == NULL || (alert->zone != NULL && copy->zone == NULL)) {
		free_alert(copy);
		return NULL;
	}
	return copy;
}

void
summary_add_alert(struct summary *summary, const struct alert *alert, const char *message)
{
	struct summary_alerts *alerts = &summary->alerts;
	struct summary_alert *copy = copy_alert(alert, message);

	count_alert(alerts, alert->id, alert_severity(alert));
	drop_kept(alerts, alert->id);
	/* Without memory it is still counted. */
	if (copy != NULL)
		keep_alert(alerts, copy);
}

void
summary_set_alerts_minimum(struct summary *summary, enum severity minimum)
{
	summary->alerts.minimum = minimum;
}

uint64_t
summary_alerts_total(const struct summary_alerts *alerts)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		total += alerts->counts[i];
	return total;
}

static void
write_counts(const struct summary_page *page)
{
	static const struct text_column columns[] = {
		{.title = "severity"},
		{.title = "alerts", .right = true},
	};
	const struct summary_alerts *alerts = &page->summary->alerts;
	struct text_table table;

	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (unsigned i = SEVERITY_COUNT; i > 0; i--) {
		enum severity severity = (enum severity)(i - 1);
		if (severity == SEVERITY_INFORMATIONAL && alerts->counts[severity] == 0)
			continue;
		text_table_add(&table, severity_text(severity),
			       alerts->counts[severity] > 0 ? summary_severity_colour(severity)
							    : NULL);
		summary_page_add_count(&table, alerts->counts[severity]);
	}
	summary_page_table(page, &table);
}

/* "  high      ECO-USA  2026-12-01  8c1f...", and the sentence below. */
static void
write_alert(const struct summary_page *page, const struct summary_alert *alert, int rule_width)
{
	const char *begin = page->colour ? summary_severity_colour(alert->severity) : NULL;
	char day[TIME_ZONE_DATE_LEN];
	struct paragraph p;

	time_zone_format_day(alert->day, day);
	fprintf(page->out, "\n  %s%-8s%s  %-*s  %s  %s\n", begin != NULL ? begin : "",
		severity_text(alert->severity), begin != NULL ? TEXT_TABLE_END : "", rule_width,
		alert->rule_id, day, alert->id);
	paragraph_begin(&p, page->out, page->width, "", SENTENCE_INDENT);
	paragraph_add_text(&p, alert->message);
	paragraph_end(&p);
}

/* Alerts that an exception has lowered to nothing are counted, not told. */
static size_t
shown_alerts(const struct summary_alerts *alerts)
{
	size_t count = 0;

	while (count < alerts->kept_count && count < SENTENCES_MAX &&
	       alerts->kept[count]->severity >= SEVERITY_LOW)
		count++;
	return count;
}

/* What is not told here, and how to read on. */
static void
write_hint(const struct summary_page *page, uint64_t untold)
{
	struct paragraph p;

	fputc('\n', page->out);
	paragraph_begin(&p, page->out, page->width, "", 0);
	if (untold > 0)
		paragraph_add(&p, "and %s more:", human_count(untold).text);
	paragraph_add(&p, "--alerts FILE writes all of them; vigie explain ID tells why.");
	paragraph_end(&p);
}

static void
write_sentences(const struct summary_page *page)
{
	const struct summary_alerts *alerts = &page->summary->alerts;
	uint64_t told = summary_alerts_total(alerts) - alerts->counts[SEVERITY_INFORMATIONAL];
	size_t shown = shown_alerts(alerts);
	size_t rule_width = 0;

	for (size_t i = 0; i < shown; i++) {
		size_t width = utf8_width(alerts->kept[i]->rule_id);
		rule_width = width > rule_width ? width : rule_width;
	}
	for (size_t i = 0; i < shown; i++)
		write_alert(page, alerts->kept[i], (int)rule_width);
	write_hint(page, told - shown);
}

void
summary_page_alerts(const struct summary_page *page)
{
	const struct summary_alerts *alerts = &page->summary->alerts;
	struct paragraph p;

	summary_page_heading(page, "Alerts");
	if (summary_alerts_total(alerts) == 0) {
		paragraph_begin(&p, page->out, page->width, "", 0);
		paragraph_add(&p, "No alert of severity %s or more.",
			      severity_text(alerts->minimum));
		paragraph_end(&p);
		return;
	}
	write_counts(page);
	if (alerts->counts[SEVERITY_INFORMATIONAL] > 0 &&
	    alerts->minimum > SEVERITY_INFORMATIONAL) {
		paragraph_begin(&p, page->out, page->width, "", 0);
		paragraph_add(&p,
			      "The informational ones are so because an exception covers them.");
		paragraph_end(&p);
	}
	write_sentences(page);
}
