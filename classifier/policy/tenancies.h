/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which end points are the organisation's own use of a service (domain §4, §5.16). Immutable after
 * building; any number of threads may ask.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault_list.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/own_services.h"
#include "classifier/policy/policy.h"

/** What a tenancy's operator and service are found in. */
struct tenancy_scope {
	const struct catalogue *catalogue;  /**< NULL: only what needs none is checked */
	const struct config_list *services; /**< of the settings: struct file_policy_service */
	const struct own_services *own;     /**< the same, built */
};

/**
 * Builds the table from `struct file_tenancy` items into `arena`, borrowing their texts. Faults:
 * two of one id, unknown operators and services, a match that names nothing, and those of
 * end_point_table.h. Gives what could be built even so; NULL only when out of memory, which is a
 * fault too. Free with tenancy_table_destroy before the arena.
 */
struct tenancy_table *
tenancy_table_create(const struct config_list *items, const struct tenancy_scope *scope,
		     struct arena *arena, struct fault_list *faults);
void tenancy_table_destroy(struct tenancy_table *table);

/** Tenancy of a canonical name (longest suffix first), of an address (longest prefix first). */
const struct tenancy *
tenancy_table_find_by_name(const struct tenancy_table *table, const char *name);
const struct tenancy *
tenancy_table_find_by_address(const struct tenancy_table *table, const struct ip_address *address);
