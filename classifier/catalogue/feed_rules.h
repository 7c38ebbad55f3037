/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feed records of the files become rules for published lists: whose a list, or a region of it, is,
 * and which service its tags mean.
 */
#pragma once

#include "classifier/catalogue/catalogue_file.h"
#include "classifier/catalogue/catalogue_tables.h"

/** Most rules of a catalogue. A look-up goes through them one by one: there are few lists in the
 * world. */
#define FEED_RULES_MAX 256

/** Whose lists are added. */
struct feed_rules_scope {
	const struct catalogue_operator *owner;
	const struct region_table *regions;              /**< or NULL */
	const struct catalogue_service *const *services; /**< all of the operator, sorted by id */
	size_t service_count;
};

/** Adds the struct file_feed items of `feeds`. Mistakes go to `faults`. */
void feed_rules_add(struct catalogue *catalogue, const struct feed_rules_scope *scope,
		    const struct config_list *feeds, struct fault_list *faults);
