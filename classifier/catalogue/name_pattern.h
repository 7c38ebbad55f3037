/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of whole names: "{bucket}.s3.{region}.amazonaws.com". A placeholder stands for one
 * label or for a part of one, at least one character, never across a dot - only {bucket} and {x} as
 * a whole label may hold several, since bucket names may have dots. {region} also tells the region,
 * where it is one of the operator's (region_table.h). Other words between braces only say to the
 * reader what stands there.
 *
 * A pattern has at most one placeholder for several labels and two placeholders in a label. So
 * where the labels of a name go is never in doubt, nothing is tried twice, and a hostile name costs
 * what its length costs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "classifier/catalogue/name_labels.h"
#include "classifier/catalogue/region_table.h"

struct name_pattern;

/** Region that a name tells; `len` 0: none. Borrowed from the name. */
struct name_region {
	const char *code;
	size_t len;
	const char *country; /**< or NULL */
};

/**
 * Compiles `text`, which is borrowed, into `arena`. Returns NULL for a text that is no pattern or
 * when memory ran out, and sets `why` to a static text that says so.
 */
const struct name_pattern *
name_pattern_compile(struct arena *arena, const char *text, const char **why);

/**
 * Whether the pattern matches the whole name. A place of {region} that holds no known region
 * matches as well, but then `region` stays empty.
 */
bool name_pattern_match(const struct name_pattern *pattern, const struct name_labels *name,
			const struct region_table *regions, struct name_region *region);

/** Whether the pattern says where a region stands. */
bool name_pattern_has_region(const struct name_pattern *pattern);
