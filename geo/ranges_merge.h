/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists that name a prefix several times (under each service that uses it, once with and once
 * without its region) become one entry a prefix here. Entries are collected first, because those of
 * one prefix stand far apart. For the parsers of this folder.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "geo/ranges.h"

/** How general a service is: of several for one prefix the lowest counts. */
typedef int (*range_rank_fn)(const char *service);

/** Starts as all zero with the first two members set. */
struct range_merge {
	range_rank_fn rank;
	bool inherit_region; /**< an entry without a region has that of the prefix around it */
	struct range_entry *entries;
	size_t count;
	size_t room;
};

/** Adds an entry, whose texts have to stay until range_merge_finish. `merge` is a struct
 * range_merge, so that this is a range_entry_fn. Returns 0 or -ENOMEM. */
int range_merge_add(void *merge, const struct range_entry *entry);

/**
 * Hands one entry a prefix to `sink`, sorted by address and length: of its services that of the
 * lowest rank, of equal ranks the first in byte order; the region that stands with this service, or
 * else with another. Returns 0 or what the sink answered. Call once.
 */
int range_merge_finish(struct range_merge *merge, const struct range_sink *sink);

/** Gives back the collected entries. */
void range_merge_fini(struct range_merge *merge);
