/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the settings declare of end points outside: numbers (of tenancies, of services) by prefix
 * and by name, the longest first. Filled on the cold side; any number of threads may ask once
 * nobody adds any more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config_reader.h"
#include "base/ip_address.h"

struct end_point_table;

/** An empty table, partly in `arena`; NULL when out of memory. Free with end_point_table_destroy,
 * before the arena. */
struct end_point_table *end_point_table_create(struct arena *arena);
void end_point_table_destroy(struct end_point_table *table);

/** Where prefixes or names to add come from. */
struct end_point_source {
	const struct config_node *record; /**< for faults: the record ... */
	const char *key;                  /**< ... and its key, whose values these are */
	const char *what;                 /**< "tenancy", "service" */
	const char *id;                   /**< of that */
	uint32_t number;                  /**< of that */
	const char *(*id_of)(const void *things, uint32_t number); /**< id of another one */
	const void *things;
};

/**
 * Adds a list of `struct ip_prefix` for the source's number. Faults: a prefix that is not of the
 * internet (documentation ranges are taken for it), one that another number has.
 */
void end_point_table_add_prefixes(struct end_point_table *table, const struct config_list *prefixes,
				  const struct end_point_source *source, struct fault_list *faults);

/**
 * Adds a list of names (`const char *`, "*." in front makes no difference): each stands for itself
 * and all below. Faults: what is no name, an address, one that another number has.
 */
void end_point_table_add_names(struct end_point_table *table, const struct config_list *names,
			       const struct end_point_source *source, struct fault_list *faults);

/** Number of the longest prefix around the address. Returns whether there is one. */
bool end_point_table_find_address(const struct end_point_table *table,
				  const struct ip_address *address, uint32_t *number);

/** Number of the longest suffix, on label borders, of a canonical name. */
bool
end_point_table_find_name(const struct end_point_table *table, const char *name, uint32_t *number);
