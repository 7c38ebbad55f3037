/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled table of a few rows, for the tests of what reads it. */
#pragma once

#include "geo/origin_table_writer.h"
#include "tests/unit/geo/given.h"

static inline void
add_row(struct origin_table_writer *w, const char *first, const char *last, uint32_t asn,
	const char *org)
{
	struct asn_row row = {
		.first = given_address(first), .last = given_address(last), .asn = asn, .org = org};
	CU_ASSERT_EQUAL(origin_table_writer_add_as(w, &row), 0);
}

static inline void
add_entry(struct origin_table_writer *w, const char *prefix, const char *service,
	  const char *region)
{
	struct range_entry entry = {
		.prefix = given_prefix(prefix), .service = service, .region = region};
	CU_ASSERT_EQUAL(origin_table_writer_add_entry(w, &entry), 0);
}

/** Makes the image; free() it. */
static inline void *
small_table(size_t *size)
{
	struct origin_table_writer *w = origin_table_writer_create();
	void *image = NULL;
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(origin_table_writer_set_as_source(w, "rows of a test"), 0);
	add_row(w, "1.0.0.0", "1.0.0.255", 13335, "Cloudflare, Inc.");
	add_row(w, "3.0.0.0", "3.255.255.255", 16509, "Amazon.com, Inc.");
	add_row(w, "3.5.0.0", "3.5.0.255", 64500, "");
	add_row(w, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 4294967295, "Réseau");
	CU_ASSERT_EQUAL(origin_table_writer_add_feed(w, "aws", "AWS ip-ranges.json 2026-08-22"), 0);
	add_entry(w, "3.0.0.0/8", "AMAZON", "GLOBAL");
	add_entry(w, "3.5.0.0/16", "S3", "eu-west-3");
	add_entry(w, "2600:1f00::/24", "EC2", "us-east-1");
	CU_ASSERT_EQUAL(origin_table_writer_add_feed(w, "google-cloud", "a list 2026-08-22"), 0);
	add_entry(w, "8.8.8.8/32", "Google Cloud", NULL);
	add_entry(w, "8.8.4.0/24", NULL, "us-central1");
	CU_ASSERT_EQUAL_FATAL(origin_table_writer_finish(w, &image, size), 0);
	origin_table_writer_destroy(w);
	return image;
}
