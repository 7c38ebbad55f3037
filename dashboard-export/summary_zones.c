/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each zone sent over the border, how many of its hosts did, and the worst that was said of
 * it.
 */
#include "base/human_text.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/summary_page.h"

#include <stdlib.h>
#include <string.h>

/* A longer id is cut, which keeps the key on the stack. */
#define KEY_TEXT_MAX 256

bool
summary_zones_init(struct summary_zones *zones)
{
	zones->rows = calloc(SUMMARY_ZONES_MAX, sizeof(*zones->rows));
	zones->keys = key_index_create(SUMMARY_ZONES_MAX);
	zones->host_keys = key_index_create(SUMMARY_KEYS_MAX);
	return zones->rows != NULL && zones->keys != NULL && zones->host_keys != NULL;
}

void
summary_zones_fini(struct summary_zones *zones)
{
	key_index_destroy(zones->host_keys);
	key_index_destroy(zones->keys);
	free(zones->rows);
}

/* A host is zone and pseudonym. */
static void
add_host(struct summary_zones *zones, size_t zone, const char *host)
{
	char key[sizeof(zone) + KEY_TEXT_MAX];
	size_t known = key_index_count(zones->host_keys);
	size_t len = host != NULL ? strnlen(host, KEY_TEXT_MAX) : 0;

	if (len == 0)
		return;
	memcpy(key, &zone, sizeof(zone));
	memcpy(key + sizeof(zone), host, len);
	size_t number = key_index_add(zones->host_keys, key, sizeof(zone) + len);
	if (number == KEY_INDEX_FULL)
		zones->hosts_beyond = true;
	else
		zones->rows[zone].hosts += number == known;
}

void
summary_zones_add(struct summary_zones *zones, const struct judged_flow *flow,
		  const struct summary_sums *sums)
{
	char id[KEY_TEXT_MAX];
	size_t known = key_index_count(zones->keys);

	if (flow->zone == NULL)
		return;
	size_t len = strnlen(flow->zone->id, sizeof(id) - 1);
	memcpy(id, flow->zone->id, len);
	id[len] = '\0';
	size_t number = key_index_add(zones->keys, id, len + 1);
	if (number == KEY_INDEX_FULL) {
		summary_sums_add(&zones->beyond, sums);
		return;
	}
	struct summary_zone *row = &zones->rows[number];
	if (number == known) {
		row->id = key_index_key(zones->keys, number);
		row->data_class = flow->zone->data_class;
	}
	summary_sums_add(&row->sums, sums);
	if (flow->verdict != NULL) {
		row->worst =
			row->worst > flow->verdict->severity ? row->worst : flow->verdict->severity;
		row->judged = true;
	}
	add_host(zones, number, flow->host);
}

static void
add_row(struct text_table *table, const struct summary *summary, const struct summary_zone *row)
{
	char hosts[40];

	snprintf(hosts, sizeof(hosts), "%s%s", human_count(row->hosts).text,
		 summary->zones.hosts_beyond ? "+" : "");
	text_table_add(table, row->id, NULL);
	text_table_add(table, data_class_text(row->data_class), NULL);
	text_table_add(table, hosts, NULL);
	summary_page_add_bytes(table, row->sums.up);
	summary_page_add_bytes(table, row->sums.down);
	summary_page_add_count(table, row->sums.flows);
	text_table_add(table, row->judged ? severity_text(row->worst) : "-",
		       row->judged ? summary_severity_colour(row->worst) : NULL);
}

void
summary_page_zones(const struct summary_page *page)
{
	static const struct text_column columns[] = {
		{.title = "zone", .min_width = 12},
		{.title = "class", .min_width = 12},
		{.title = "hosts", .right = true},
		{.title = "up", .right = true},
		{.title = "down", .right = true},
		{.title = "flows", .right = true},
		{.title = "worst"},
	};
	const void *top[SUMMARY_TOP_ZONES];
	struct summary_rest rest;
	struct text_table table;
	size_t count = summary_top_zones(page->summary, top, SUMMARY_TOP_ZONES, &rest);

	if (count == 0)
		return;
	summary_page_heading(page, "Zones, by payload that leaves");
	text_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count; i++)
		add_row(&table, page->summary, top[i]);
	summary_page_table(page, &table);
	summary_page_rest(page, &rest, page->summary->zones.beyond.flows, SUMMARY_ZONES_MAX);
}
