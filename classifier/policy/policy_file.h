/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy's keys of a settings file (domain §4) and the plain structs they become, checked field
 * by field but not yet against each other: that is policy.h's work. The schemas are shared with the
 * settings, which hold these keys at their top level beside others. After a fault texts may be NULL
 * and lists short; what reads these structs further bears that, so that one run finds all mistakes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config_reader.h"
#include "base/ip_address.h"
#include "classifier/catalogue/service_record.h"
#include "classifier/policy/shape.h"

/** A number that the file does not give. */
#define POLICY_FILE_NOT_GIVEN UINT64_MAX

/** `policy:` */
struct file_policy {
	const struct config_node *node;
	uint64_t version;
	const char *name;
	const char *time_zone;                 /**< IANA name */
	unsigned unmapped_class;               /**< enum data_class */
	uint64_t max_age_days;                 /**< POLICY_FILE_NOT_GIVEN: the rules' */
	struct config_list inside;             /**< struct ip_prefix */
	struct config_list equivalent_schemes; /**< const char * */
};

/** A class's own limit of bytes a day. One member for each class with one. */
struct file_day_thresholds {
	uint64_t internal, personal, economic_secret, state_business_application, health;
};

/** `thresholds:` and `zones[].thresholds`; any of them may be POLICY_FILE_NOT_GIVEN. */
struct file_thresholds {
	const struct config_node *node;
	uint64_t trace_below, export_min, export_ratio, bulk_min;
	struct file_day_thresholds *day;
};

/** `zones[].match` */
struct file_zone_match {
	const struct config_node *node;
	struct config_list cidr; /**< struct ip_prefix */
	struct config_list vlan; /**< uint64_t, 0 to 4094 */
	struct config_list vni;  /**< uint64_t, below 2^24 */
	struct config_list port; /**< const char *: the source's name */
};

struct file_zone {
	const struct config_node *node;
	const char *id, *label, *owner;
	struct file_zone_match *match;
	unsigned data_class; /**< key `class` */
	bool r9;
	unsigned content_inspection; /**< 0 off, 1 on */
	unsigned privacy;            /**< 0 normal, 1 excluded */
	struct file_thresholds *thresholds;
};

struct file_tenancy_match {
	const struct config_node *node;
	struct config_list cidr; /**< struct ip_prefix */
	struct config_list name; /**< const char * */
};

struct file_tenancy {
	const struct config_node *node;
	const char *id, *operator_id, *service, *owner;
	struct file_tenancy_match *match;
};

struct file_exception {
	const struct config_node *node;
	const char *id;
	unsigned type;                                        /**< 0 ordinary, 1 dr-approval */
	struct config_list zones, operators, services, kinds; /**< const char * */
	unsigned max_class;                                   /**< enum data_class */
	uint64_t max_bytes_day;
	uint64_t cap; /**< 0 to 2 */
	const char *reason, *legal_basis, *owner, *approved_by, *measures;
	const char *approved_on, *expires_on; /**< ISO 8601 dates */
};

/** `services:`: every field of domain §3a. Of `service`, `names` and `prefixes` stay empty. */
struct file_policy_service {
	struct file_service service;
	const char *operator_id;
	struct config_list name_patterns; /**< const char *: suffixes */
	struct config_list prefixes;      /**< struct ip_prefix */
};

/** `alerts:` */
struct file_alerts {
	unsigned minimum;           /**< enum severity */
	uint64_t update_every;      /**< seconds between two lines of one alert */
	uint64_t rule_limit, limit; /**< lines a minute, of one rule and of all; 0: no limit */
};

/** All of them. Records that the file does not have are NULL, lists empty. */
struct policy_file {
	struct file_policy *policy;
	struct file_thresholds *thresholds;
	struct file_alerts *alerts;
	struct config_list zones;      /**< struct file_zone */
	struct config_list tenancies;  /**< struct file_tenancy */
	struct config_list services;   /**< struct file_policy_service */
	struct config_list exceptions; /**< struct file_exception */
	struct config_list resolvers;  /**< struct ip_prefix */
};

/** What a file without `policy`, `thresholds` and `alerts` says. */
extern const struct file_policy file_policy_defaults;
extern const struct file_thresholds file_thresholds_defaults;
extern const struct file_alerts file_alerts_defaults;

extern const struct config_schema policy_schema;
extern const struct config_schema thresholds_schema;
extern const struct config_schema alerts_schema;
extern const struct config_schema zone_schema;
extern const struct config_schema tenancy_schema;
extern const struct config_schema policy_service_schema;
extern const struct config_schema exception_schema;

/** Puts what `file` gives (NULL: nothing) in place of what `thresholds` has. */
void policy_file_apply_thresholds(const struct file_thresholds *file,
				  struct shape_thresholds *thresholds);

/** The way back: a record in which everything is given; `day` is filled and becomes its member. */
void policy_file_fill_thresholds(const struct shape_thresholds *thresholds,
				 struct file_thresholds *file, struct file_day_thresholds *day);

/**
 * Node of item `index` of the list under `key` of a record; of the list, then of the record itself,
 * where there is none of that index or key. For faults.
 */
const struct config_node *
policy_file_item(const struct config_node *record, const char *key, size_t index);
