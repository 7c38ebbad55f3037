/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the organisation has decided, compiled: zones, tenancies, services of its own, exceptions,
 * limits, time zone. Made from the settings' keys, the catalogue and the rule book, all of which it
 * borrows and which have to outlive it. Immutable; any number of threads may ask.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time_zone.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/policy_file.h"
#include "classifier/policy/rule_book.h"
#include "classifier/policy/zones.h"

/** A service that the organisation declares as its own use of an operator (domain §4). */
struct tenancy {
	const char *id;
	const char *owner; /**< role that signed it off, or NULL */
	const struct catalogue_operator *operator_record;
	const struct catalogue_service *service;
};

/** Tenancies by prefix and name; services of the settings by operator and id, prefix and name. */
struct tenancy_table;
struct own_services;

struct policy {
	const char *name; /**< or NULL */
	uint64_t version;
	const struct rule_book *rules;
	const struct catalogue *catalogue;
	struct time_zone *time_zone;
	struct zone_table *zones;
	struct exception_list *exceptions;
	struct tenancy_table *tenancies;
	struct own_services *services;
	struct prefix_map *resolvers; /**< tag 0; or NULL */
	const char *const *equivalent_schemes;
	size_t equivalent_scheme_count;
	uint32_t max_age_days;
	enum severity alerts_minimum;
	bool defaults; /**< no zone was set: the built-in one holds */
	struct arena *arena;
};

/**
 * Builds the policy. Every mistake (unknown operator, service, zone, kind or time zone; dates in
 * the wrong order; an exception for class secret ...) goes to `faults` with its place. Returns NULL
 * when there was any; free with policy_destroy (NULL allowed). Without catalogue or rules (NULL:
 * they have faults of their own) what needs none of them is checked, and the answer is NULL.
 */
struct policy *policy_create(const struct policy_file *file, const struct catalogue *catalogue,
			     const struct rule_book *rules, struct fault_list *faults);
void policy_destroy(struct policy *policy);

/** The day of the policy in which the moment lies. */
int32_t policy_day(const struct policy *policy, uint64_t time_ns);

/** Tenancy whose prefix has the address (longest first); NULL where there is none. */
const struct tenancy *
policy_find_tenancy_by_address(const struct policy *policy, const struct ip_address *address);

/** Tenancy of a canonical name (longest suffix first); NULL where there is none. */
const struct tenancy *policy_find_tenancy_by_name(const struct policy *policy, const char *name);

/** Service of the settings whose name_patterns have the name, or prefixes the address; NULL. */
const struct catalogue_service *
policy_find_service_by_name(const struct policy *policy, const char *name);
const struct catalogue_service *
policy_find_service_by_address(const struct policy *policy, const struct ip_address *address);

/**
 * What the settings say in place of a service of the catalogue (same operator and id); the service
 * itself where they say nothing. NULL gives NULL.
 */
const struct catalogue_service *
policy_service(const struct policy *policy, const struct catalogue_service *service);

/** Whether an answer of this resolver counts for every client (domain §5.13). */
bool policy_is_resolver(const struct policy *policy, const struct ip_address *address);
