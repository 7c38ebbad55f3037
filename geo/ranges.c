/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ranges.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "geo/ranges_parser.h"
#include "geo/shown_text.h"

struct range_feed {
	const char *id;
	range_parser_fn
		parse_json; /* the operator's own format; NULL: comes in the plain form only */
};

/* A new feed is a new row here. */
static const struct range_feed feeds[] = {
	{"aws", range_parse_aws_json},
	{"google-cloud", range_parse_google_json},
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

int
range_list_parse(const struct range_feed *feed, const struct named_bytes *text,
		 struct range_list_about *about, const struct range_sink *sink,
		 struct fault_list *faults)
{
	struct range_parse p = {
		.feed = feed, .text = text, .about = about, .sink = sink, .faults = faults};
	size_t faults_before = faults->count;
	*about = (struct range_list_about){0};

	/* JSON documents of these feeds are objects, and no line of the plain form begins with a
	 * brace. */
	size_t at = 0;
	while (at < text->bytes.len && strchr(" \t\r\n", text->bytes.data[at]) != NULL &&
	       text->bytes.data[at] != '\0')
		at++;
	bool is_json = at < text->bytes.len && text->bytes.data[at] == '{';

	int rc = 0;
	if (!is_json)
		rc = range_parse_tsv(&p);
	else if (feed->parse_json != NULL)
		rc = feed->parse_json(&p);
	else
		fault_list_add(faults, text->name, 0, 0, "feed %s is not read from JSON", feed->id);
	if (rc != 0)
		return rc;
	return faults->count == faults_before ? 0 : -EINVAL;
}
