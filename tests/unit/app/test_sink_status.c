/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/transport.h"
#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOW UINT64_C(1800000000000000000)
#define S UINT64_C(1000000000)

static struct journal_fixture fixture;
static const struct sink_config sinks[] = {
	{.name = "soc", .kind = &transport_syslog_tls, .alerts = true},
	{.name = "lake", .kind = &transport_kafka, .flows = true},
	{.name = "new", .kind = &transport_file, .alerts = true},
};
static struct sink_status figures[COUNT(sinks)];
static char why[256];

static void
put(const struct sink_cursor *cursor)
{
	bool damaged;
	struct cursors *cursors = cursors_open(fixture.path, &damaged, why);
	struct journal_reader *reader = journal_reader_open(fixture.path, why);
	struct sink_cursor mine = *cursor;

	CU_ASSERT_PTR_NOT_NULL_FATAL(cursors);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	snprintf(mine.journal, sizeof(mine.journal), "%s", journal_reader_id(reader));
	CU_ASSERT_EQUAL(cursors_put(cursors, &mine), 0);
	journal_reader_close(reader);
	cursors_close(cursors);
}

/* Ten rows, four of which the first sink has had; the second takes flows and fails. */
static void
begin(void)
{
	journal_fixture_init(&fixture);
	journal_fixture_fill(&fixture, 10);
	put(&(struct sink_cursor){.sink = "soc",
				  .acknowledged = 4,
				  .delivered = 3,
				  .refused = 1,
				  .rate = 7,
				  .last_success_ns = NOW - 3 * S,
				  .updated_ns = NOW - S,
				  .last_error = "mapping \"x\"",
				  .last_error_ns = NOW - 7200 * S});
	put(&(struct sink_cursor){.sink = "lake",
				  .flows_delivered = 12345,
				  .flows_dropped = 2,
				  .failing_since_ns = NOW - 240 * S,
				  .attempts = 9,
				  .updated_ns = NOW - 100 * S,
				  .rate = 5,
				  .last_error = "no broker",
				  .last_error_ns = NOW - S});
	CU_ASSERT_EQUAL_FATAL(sink_status_read(sinks, COUNT(sinks), fixture.path, figures, why), 0);
	for (size_t i = 0; i < COUNT(sinks); i++) {
		if (figures[i].oldest_ns != 0)
			figures[i].oldest_ns = NOW - 90 * S;
	}
}

static void
figures_come_from_journal_and_cursors(void)
{
	begin();
	CU_ASSERT_TRUE(figures[0].known);
	CU_ASSERT_EQUAL(figures[0].waiting, 6);
	CU_ASSERT_STRING_EQUAL(figures[0].type, "syslog-tls");
	CU_ASSERT_EQUAL(figures[1].waiting, 0);
	CU_ASSERT_EQUAL(figures[1].oldest_ns, 0);
	CU_ASSERT_FALSE(figures[2].known);
	CU_ASSERT_EQUAL(figures[2].waiting, 10);
	CU_ASSERT_NOT_EQUAL(figures[2].oldest_ns, 0);
	journal_fixture_fini(&fixture);
}

static void
what_is_not_there_yet_is_no_error(void)
{
	journal_fixture_init(&fixture);
	CU_ASSERT_EQUAL(sink_status_read(sinks, COUNT(sinks), fixture.path, figures, why), 0);
	CU_ASSERT_FALSE(figures[0].known);
	CU_ASSERT_EQUAL(figures[0].waiting, 0);
	journal_fixture_fill(&fixture, 2);
	CU_ASSERT_EQUAL(sink_status_read(sinks, COUNT(sinks), fixture.path, figures, why), 0);
	CU_ASSERT_FALSE(figures[0].known);
	CU_ASSERT_EQUAL(figures[0].waiting, 2);
	CU_ASSERT_NOT_EQUAL(sink_status_read(sinks, COUNT(sinks), "/etc/passwd", figures, why), 0);
	journal_fixture_fini(&fixture);
}

/* Free the result. */
static char *
shown(unsigned format, size_t width)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	const struct sink_status_page page = {
		.sinks = figures, .count = COUNT(sinks), .now_ns = NOW, .out = out, .width = width};

	begin();
	sink_status_format_at(format)->write(&page);
	fclose(out);
	journal_fixture_fini(&fixture);
	return text;
}

static void
expect(char *text, const char *expected)
{
	CU_ASSERT_STRING_EQUAL(text, expected);
	if (strcmp(text, expected) != 0)
		fprintf(stderr, "# got:\n%s\n# expected:\n%s\n", text, expected);
	free(text);
}

static void
text_is_a_table_with_the_trouble_below(void)
{
	expect(shown(0, 80),
	       "  sink  type        waiting  oldest  delivered  rate  success  state\n"
	       "  soc   syslog-tls        6    90 s          3   7/s      3 s  in order\n"
	       "  lake  kafka             -       -     12,345     -        -  failing\n"
	       "  new   file             10    90 s          0     -        -  new\n"
	       "  soc: 1 message refused for good; last error, 2 h ago: mapping \"x\"\n"
	       "  lake: failing for 4 min; 9 connections tried in vain; no room for 2 flows;\n"
	       "  last error, 1 s ago: no broker\n"
	       "  new: nothing was sent yet\n");
}

/* Long names are cut, and the rate is left out. */
static void
no_line_is_longer_than_80_columns(void)
{
	struct sink_status s = {.alerts = true, .known = true, .waiting = 1234567};
	struct sink_status_page page = {.sinks = &s, .count = 1, .now_ns = NOW, .width = 80};
	char *text, *rest, *line;
	size_t len;

	s.name = "the-security-operations-centre-of-the-ministry-of-lighthouses-1";
	s.type = "syslog-tls";
	s.oldest_ns = s.cursor.last_success_ns = NOW - 7199 * S;
	s.cursor.failing_since_ns = NOW - 7199 * S;
	s.cursor.delivered = 1234567890;
	s.cursor.rate = 123456;
	s.cursor.updated_ns = NOW;
	page.out = open_memstream(&text, &len);
	sink_status_format_at(0)->write(&page);
	fclose(page.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  failing\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, s.name));
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		CU_ASSERT_TRUE(utf8_width(line) <= 80);
	free(text);
}

static void
json_is_a_line_a_sink(void)
{
	char *text = shown(1, 80), *line = text;
	static const char *const begins[] = {"{\"sink\":\"soc\",", "{\"sink\":\"lake\",",
					     "{\"sink\":\"new\","};

	for (size_t i = 0; i < COUNT(begins); i++) {
		char *end = strstr(line, "}\n");
		CU_ASSERT_PTR_NOT_NULL_FATAL(end);
		CU_ASSERT_EQUAL(strncmp(line, begins[i], strlen(begins[i])), 0);
		*end = '\0';
		CU_ASSERT_EQUAL(strstr(line, "\"journal\":") != NULL, i < 2);
		CU_ASSERT_EQUAL(strstr(line, "\"failing_since\":") != NULL, i == 1);
		*end = '}';
		line = end + 2;
	}
	CU_ASSERT_STRING_EQUAL(line, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"last_error\":\"mapping \\\"x\\\"\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"waiting\":6,"));
	free(text);
}

static void
metrics_are_as_prometheus_reads_them(void)
{
	static const char *const lines[] = {
		"# TYPE vigie_sink_waiting_alerts gauge\n"
		"vigie_sink_waiting_alerts{sink=\"soc\",type=\"syslog-tls\"} 6\n"
		"vigie_sink_waiting_alerts{sink=\"lake\",type=\"kafka\"} 0\n",
		"\nvigie_sink_oldest_waiting_seconds{sink=\"soc\",type=\"syslog-tls\"} 90.000\n",
		"\nvigie_sink_oldest_waiting_seconds{sink=\"lake\",type=\"kafka\"} 0.000\n",
		"\n# TYPE vigie_sink_delivered_alerts_total counter\n",
		"\nvigie_sink_refused_alerts_total{sink=\"soc\",type=\"syslog-tls\"} 1\n",
		"\nvigie_sink_dropped_flows_total{sink=\"lake\",type=\"kafka\"} 2\n",
		"\nvigie_sink_failing{sink=\"soc\",type=\"syslog-tls\"} 0\n",
		"\nvigie_sink_failing{sink=\"lake\",type=\"kafka\"} 1\n",
		("\nvigie_sink_last_success_timestamp_seconds{sink=\"soc\",type=\"syslog-tls\"} "
		 "1799999997.000\n"),
	};
	char *text = shown(2, 80);

	for (size_t i = 0; i < COUNT(lines); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, lines[i]));
	/* Every line is a remark or a number of one of the three. */
	for (char *line = text; *line != '\0'; line = strchr(line, '\n') + 1)
		CU_ASSERT_TRUE(strncmp(line, "# ", 2) == 0 ||
			       strncmp(line, "vigie_sink_", 11) == 0);
	free(text);
}

static void
formats_have_names(void)
{
	CU_ASSERT_STRING_EQUAL(sink_status_word(0), "text");
	CU_ASSERT_STRING_EQUAL(sink_status_word(1), "json");
	CU_ASSERT_STRING_EQUAL(sink_status_word(2), "prometheus");
	CU_ASSERT_PTR_NULL(sink_status_word(3));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"figures_come_from_journal_and_cursors", figures_come_from_journal_and_cursors},
		{"what_is_not_there_yet_is_no_error", what_is_not_there_yet_is_no_error},
		{"text_is_a_table_with_the_trouble_below", text_is_a_table_with_the_trouble_below},
		{"no_line_is_longer_than_80_columns", no_line_is_longer_than_80_columns},
		{"json_is_a_line_a_sink", json_is_a_line_a_sink},
		{"metrics_are_as_prometheus_reads_them", metrics_are_as_prometheus_reads_them},
		{"formats_have_names", formats_have_names},
	};
	return unit_run("sink_status", cases, COUNT(cases));
}
