/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts what zones are known by into the maps, which tell what is there already: for zone_build.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "classifier/policy/zone_tables.h"

struct zone_builder {
	struct zone_table *table;
	const struct file_zone *files; /**< as many as the table has zones */
	struct fault_list *faults;
	size_t combinations; /**< so far */
	bool out_of_memory;
};

/** Adds every combination of the values of zone `index`. Faults: too many of them, one that an
 * earlier zone has. */
void zone_keys_add(struct zone_builder *b, size_t index);

/**
 * The last step looks at the prefixes of zones with tags too: adds those of zone `index` without
 * its tags, where no zone has them. Those without tags go before, so all zones are added first.
 */
void zone_keys_add_untagged(struct zone_builder *b, size_t index);
