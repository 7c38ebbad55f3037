/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services that the settings record: new ones, or in place of what the catalogue says of the same
 * operator and id. Immutable after building; any number of threads may ask.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault_list.h"
#include "base/ip_address.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/policy_file.h"

struct own_services;

/**
 * Builds them from `struct file_policy_service` items into `arena`, borrowing their texts. Without
 * a catalogue (NULL) only what needs none is checked. Faults: unknown operators, a service given
 * twice, class eu-qualified (qualifications give it), and those of end_point_table.h. Gives what
 * could be built even so; NULL only when out of memory, which is a fault too. Free with
 * own_services_destroy before the arena.
 */
struct own_services *
own_services_create(const struct config_list *items, const struct catalogue *catalogue,
		    struct arena *arena, struct fault_list *faults);
void own_services_destroy(struct own_services *services);

/** Service by operator and id; NULL where there is none. */
const struct catalogue_service *
own_services_find(const struct own_services *services, const struct catalogue_operator *owner,
		  const char *id);

/** Service of a canonical name (longest suffix first), of an address (longest prefix first). */
const struct catalogue_service *
own_services_find_by_name(const struct own_services *services, const char *name);
const struct catalogue_service *
own_services_find_by_address(const struct own_services *services, const struct ip_address *address);
