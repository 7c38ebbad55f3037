/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text format of Prometheus 0.0.4: for the node exporter's folder of text files. Names and
 * types of sinks are of letters that need no escape.
 */
#include <inttypes.h>

#include "app/sink_status_page.h"

#define NS_PER_S UINT64_C(1000000000)

enum unit { UNIT_COUNT, UNIT_TIME, UNIT_AGE, UNIT_IS_SET };

/* What is told of each sink: where the number stands in struct sink_status, and what it is. */
static const struct {
	const char *name, *type, *help;
	size_t offset;
	enum unit unit;
} metrics[] = {
	{"vigie_sink_waiting_alerts", "gauge", "Rows of the journal that the sink has not had yet.",
	 offsetof(struct sink_status, waiting), UNIT_COUNT},
	{"vigie_sink_oldest_waiting_seconds", "gauge", "Age of the oldest of them; 0: none waits.",
	 offsetof(struct sink_status, oldest_ns), UNIT_AGE},
	{"vigie_sink_acknowledged_row", "gauge", "Row of the journal up to which all is settled.",
	 offsetof(struct sink_status, cursor.acknowledged), UNIT_COUNT},
	{"vigie_sink_delivered_alerts_total", "counter", "Alerts that arrived.",
	 offsetof(struct sink_status, cursor.delivered), UNIT_COUNT},
	{"vigie_sink_refused_alerts_total", "counter", "Alerts that the sink will never take.",
	 offsetof(struct sink_status, cursor.refused), UNIT_COUNT},
	{"vigie_sink_filtered_alerts_total", "counter", "Alerts below the sink's minimum.",
	 offsetof(struct sink_status, cursor.filtered), UNIT_COUNT},
	{"vigie_sink_delivered_flows_total", "counter", "Flows that arrived.",
	 offsetof(struct sink_status, cursor.flows_delivered), UNIT_COUNT},
	{"vigie_sink_dropped_flows_total", "counter", "Flows that found no room in the queue.",
	 offsetof(struct sink_status, cursor.flows_dropped), UNIT_COUNT},
	{"vigie_sink_failing", "gauge", "1 while the sink takes nothing.",
	 offsetof(struct sink_status, cursor.failing_since_ns), UNIT_IS_SET},
	{"vigie_sink_last_success_timestamp_seconds", "gauge", "When it last took something.",
	 offsetof(struct sink_status, cursor.last_success_ns), UNIT_TIME},
	{"vigie_sink_last_error_timestamp_seconds", "gauge", "When it last failed.",
	 offsetof(struct sink_status, cursor.last_error_ns), UNIT_TIME},
	{"vigie_sink_updated_timestamp_seconds", "gauge", "When these figures were written.",
	 offsetof(struct sink_status, cursor.updated_ns), UNIT_TIME},
};

static void
write_value(const struct sink_status_page *page, uint64_t value, enum unit unit)
{
	uint64_t age_ns = value != 0 && value < page->now_ns ? page->now_ns - value : 0;
	uint64_t shown_ns = unit == UNIT_AGE ? age_ns : value;

	if (unit == UNIT_COUNT || unit == UNIT_IS_SET)
		fprintf(page->out, "%" PRIu64 "\n", unit == UNIT_COUNT ? value : value != 0);
	else
		fprintf(page->out, "%" PRIu64 ".%03" PRIu64 "\n", shown_ns / NS_PER_S,
			shown_ns % NS_PER_S / 1000000);
}

static void
write_prometheus(const struct sink_status_page *page)
{
	for (size_t m = 0; m < sizeof(metrics) / sizeof(*metrics); m++) {
		fprintf(page->out, "# HELP %s %s\n# TYPE %s %s\n", metrics[m].name, metrics[m].help,
			metrics[m].name, metrics[m].type);
		for (size_t i = 0; i < page->count; i++) {
			const struct sink_status *s = &page->sinks[i];
			const void *member = (const char *)s + metrics[m].offset;
			fprintf(page->out, "%s{sink=\"%s\",type=\"%s\"} ", metrics[m].name, s->name,
				s->type);
			write_value(page, *(const uint64_t *)member, metrics[m].unit);
		}
	}
}

const struct sink_status_format sink_status_prometheus = {.name = "prometheus",
							  .write = write_prometheus};
