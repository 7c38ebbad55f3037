/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ranges.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "geo/ranges_parser.h"
#include "geo/shown_text.h"
#include "geo/text_line.h"

/* The operator's own format, where there is one beside the plain form. */
struct range_feed {
	const char *id;
	range_parser_fn parse_json;
	range_parser_fn parse_text;
};

/* A new feed is a new row here. */
static const struct range_feed feeds[] = {
	{"aws", .parse_json = range_parse_aws_json},
	{"azure-gov", .parse_json = range_parse_azure_json},
	{"azure-public", .parse_json = range_parse_azure_json},
	{"cloudflare", .parse_text = range_parse_prefix_lines},
	{"digitalocean", .parse_text = range_parse_geofeed},
	{"exoscale", NULL, NULL},
	{"fastly", .parse_json = range_parse_fastly_json},
	{"github", .parse_json = range_parse_github_json},
	{"google", .parse_json = range_parse_google_json},
	{"google-cloud", .parse_json = range_parse_google_json},
	{"ibm-cloud", NULL, NULL},
	{"linode", .parse_text = range_parse_geofeed},
	{"oracle-cloud", .parse_json = range_parse_oracle_json},
	{"outscale", NULL, NULL},
	{"ovhcloud", NULL, NULL},
	{"scaleway", NULL, NULL},
	{"vultr", .parse_text = range_parse_geofeed},
	{"zscaler", NULL, NULL},
};

const struct range_feed *
range_feed_at(size_t index)
{
	return index < sizeof(feeds) / sizeof(*feeds) ? &feeds[index] : NULL;
}

const struct range_feed *
range_feed_find(const char *id)
{
	const struct range_feed *feed;
	for (size_t i = 0; (feed = range_feed_at(i)) != NULL; i++)
		if (strcmp(feed->id, id) == 0)
			return feed;
	return NULL;
}

const char *
range_feed_id(const struct range_feed *feed)
{
	return feed->id;
}

const char *
range_text_fault(const char *text)
{
	struct slice bytes = slice_of(text, strlen(text));
	if (bytes.len >= SHOWN_TEXT_MAX)
		return "service or region is too long";
	return shown_text_is_clean(bytes)
		       ? NULL
		       : "service or region is not UTF-8 without control characters";
}

bool
range_date_parse(const char *text, char date[11])
{
	static const char shape[] = "dddd-dd-dd";
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		if (shape[i] == 'd' ? !digit : text[i] != '-')
			return false;
	}
	memcpy(date, text, 10);
	date[10] = '\0';
	return true;
}

const char *
range_prefix_fault(const char *text, struct ip_prefix *prefix)
{
	switch (ip_prefix_parse(text, prefix)) {
	case 0:
		return NULL;
	case -ERANGE:
		return "bits behind the prefix length are set";
	default:
		return "is no IP prefix";
	}
}

enum list_form {
	FORM_JSON,
	FORM_PLAIN,
	FORM_TEXT,
};

/*
 * JSON documents of these feeds are objects, and no line of the other forms begins with a brace.
 * Every row of the plain form has tabs, and no row of an operator's own text format has any.
 */
static enum list_form
form_of(struct slice bytes)
{
	struct text_lines lines = text_lines_over(bytes);
	struct slice line;

	while (text_lines_next(&lines, &line)) {
		while (line.len > 0 && (*line.data == ' ' || *line.data == '\t'))
			line = slice_of(line.data + 1, line.len - 1);
		if (line.len == 0 || *line.data == '#')
			continue;
		if (*line.data == '{')
			return FORM_JSON;
		return memchr(line.data, '\t', line.len) != NULL ? FORM_PLAIN : FORM_TEXT;
	}
	return FORM_TEXT;
}

int
range_list_parse(const struct range_feed *feed, const struct named_bytes *text,
		 struct range_list_about *about, const struct range_sink *sink,
		 struct fault_list *faults)
{
	struct range_parse p = {
		.feed = feed, .text = text, .about = about, .sink = sink, .faults = faults};
	size_t faults_before = faults->count;
	enum list_form form = form_of(text->bytes);
	int rc = 0;

	*about = (struct range_list_about){0};
	if (form == FORM_JSON && feed->parse_json == NULL)
		fault_list_add(faults, text->name, 0, 0, "feed %s is not read from JSON", feed->id);
	else if (form == FORM_JSON)
		rc = feed->parse_json(&p);
	else if (form == FORM_TEXT && feed->parse_text != NULL)
		rc = feed->parse_text(&p);
	else
		rc = range_parse_tsv(&p);
	if (rc != 0)
		return rc;
	return faults->count == faults_before ? 0 : -EINVAL;
}
