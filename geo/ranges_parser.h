/* SPDX-License-Identifier: Apache-2.0 */
/* What the parsers of the single formats share with ranges.c; nobody else includes this. */
#pragma once

#include "geo/ranges.h"

/** One run of a parser; each parser takes it whole. */
struct range_parse {
	const struct range_feed *feed;
	const struct named_bytes *text;
	struct range_list_about *about;
	const struct range_sink *sink;
	struct fault_list *faults;
};

/** Returns 0, -ENOMEM or what the sink answered; faults are in `p->faults`. */
typedef int (*range_parser_fn)(const struct range_parse *p);

int range_parse_tsv(const struct range_parse *p);
int range_parse_aws_json(const struct range_parse *p);
int range_parse_azure_json(const struct range_parse *p);
int range_parse_fastly_json(const struct range_parse *p);
int range_parse_github_json(const struct range_parse *p);
int range_parse_google_json(const struct range_parse *p);
int range_parse_oracle_json(const struct range_parse *p);
int range_parse_geofeed(const struct range_parse *p);
int range_parse_prefix_lines(const struct range_parse *p);

/**
 * What is wrong with `text` as a service or region, NULL if nothing. Shorter than SHOWN_TEXT_MAX
 * and clean.
 */
const char *range_text_fault(const char *text);

/** Fills `date` from the first ten characters of `text`; false unless they are YYYY-MM-DD. */
bool range_date_parse(const char *text, char date[11]);

/** What is wrong with a prefix, and reads it; NULL if nothing is. */
const char *range_prefix_fault(const char *text, struct ip_prefix *prefix);
