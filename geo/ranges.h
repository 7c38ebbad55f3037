/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Range lists that operators publish: which prefixes are theirs, for which service, in which
 * region. A feed is one operator's list and has an id; each id can come in the operator's own
 * format or in our plain one:
 *
 *   # feed: google-cloud            required, the id
 *   # source: CloudIPAtlas ...      required, where it was taken from
 *   # date: 2026-08-22              required, the list's own date
 *   8.34.208.0/20<TAB>Google Cloud<TAB>us-central1
 *
 * JSON begins with a brace, and only the plain form has tabs, so nobody has to say which it is.
 * Other lines beginning with # are remarks; service and region may be empty. Texts are handed on as
 * the list spells them; what they mean is the catalogue's business. Cold path: used by the table
 * compiler.
 */
#pragma once

#include "base/fault_list.h"
#include "base/ip_address.h"
#include "geo/mapped_file.h"

/** Largest list accepted; the largest published one has 4 MB. */
#define RANGE_LIST_MAX_BYTES ((size_t)64 << 20)

/** One prefix of a list. Texts are valid during the call only; NULL where the list says nothing. */
struct range_entry {
	struct ip_prefix prefix;
	const char *service;
	const char *region;
};

/** What a list says of itself. */
struct range_list_about {
	char source[128]; /**< name of the list, or where it was taken from */
	char date[11];    /**< YYYY-MM-DD; "" where the list has none */
};

/** Takes one entry; any other answer than 0 stops the parser, which then returns it. */
typedef int (*range_entry_fn)(void *context, const struct range_entry *entry);

/** Who takes the entries. */
struct range_sink {
	range_entry_fn on_entry;
	void *context;
};

/** One row of the table of feeds. */
struct range_feed;

/** The feed of that id, or NULL. */
const struct range_feed *range_feed_find(const char *id);

/** The row at `index` from 0, or NULL behind the last. */
const struct range_feed *range_feed_at(size_t index);
const char *range_feed_id(const struct range_feed *feed);

/**
 * Reads the list `text` of `feed` and hands its entries to `sink`, in an order that depends on the
 * list only. A wrong entry adds a fault (with its line where it can be told) and is passed over;
 * `about` is filled in. Returns 0, -EINVAL if there was any fault, -ENOMEM, or what the sink
 * answered.
 *
 * Some lists name a prefix several times; one entry a prefix is handed on:
 * - AWS lists it under AMAZON (all of theirs) and again under each service. A specific service goes
 *   before EC2, EC2 before AMAZON; of several specific ones the first in byte order. S3 with EC2
 *   gives S3, CLOUDFRONT with CLOUDFRONT_ORIGIN_FACING gives CLOUDFRONT.
 * - Azure lists it under each service, with and without a region, and under AzureCloud (no
 *   service). Of several services the first in byte order; a prefix without a region has that of
 *   the prefix around it.
 * - Oracle gives it several tags: a specific one goes before OSN, OSN before OCI.
 * - GitHub lists it under each service: git goes before all others, then byte order. Addresses of
 *   its runners are left out, because they are shared with other customers of Azure.
 */
int range_list_parse(const struct range_feed *feed, const struct named_bytes *text,
		     struct range_list_about *about, const struct range_sink *sink,
		     struct fault_list *faults);
