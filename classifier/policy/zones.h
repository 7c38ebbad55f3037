/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which part of the organisation an inside address belongs to (domain §3c): by VXLAN network, VLAN,
 * capture port and prefix, in the stated order. 10,000 zones cost no more than 10. Immutable after
 * building; any number of threads may ask.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault_list.h"
#include "base/ip_address.h"
#include "classifier/policy/policy_file.h"
#include "classifier/policy/shape.h"

struct zone {
	const char *id;
	const char *label; /**< as sentences name it; the id where none is given */
	const char *owner; /**< role, or NULL */
	enum data_class data_class;
	bool r9;
	bool content_inspection;
	bool excluded; /**< privacy: counters only, no flow record, no alert */
	bool unmapped; /**< stands for all that no zone lists */
	struct shape_thresholds thresholds;
};

struct zone_table;

/** Number of a capture port that no zone names. */
#define ZONE_NO_PORT UINT16_MAX

/** What is asked. Tags are those of the flow's first packet. */
struct zone_query {
	const struct ip_address *address;
	uint32_t vni;        /**< or FLOW_NO_VNI */
	uint16_t vlan;       /**< outermost, or FLOW_NO_VLAN */
	uint16_t inner_vlan; /**< or FLOW_NO_VLAN */
	uint16_t port;       /**< of zone_table_port, or ZONE_NO_PORT */
};

/** Defaults that a zone starts from. */
struct zone_defaults {
	struct shape_thresholds thresholds;
	enum data_class unmapped_class;
};

/**
 * Builds the table from `struct file_zone` items, borrowing their texts. With no zone in the list,
 * the one zone `internal` (label "Inside hosts", class internal) stands for every local address.
 * Faults: a match without any key, two zones of one id, two zones with equal keys, privacy excluded
 * on class health and above. Returns NULL after a fault; free with zone_table_destroy.
 */
struct zone_table *
zone_table_create(const struct config_list *zones, const struct zone_defaults *defaults,
		  struct fault_list *faults);
void zone_table_destroy(struct zone_table *table);

/** The zone of an address that is inside; the zone `unmapped` where none lists it; never NULL. */
const struct zone *zone_table_find(const struct zone_table *table, const struct zone_query *query);

/**
 * The zone that names no prefix but a tag of the packets (domain §5.6), for flows of which neither
 * address is inside otherwise; NULL where there is none.
 */
const struct zone *
zone_table_find_by_tag(const struct zone_table *table, const struct zone_query *query);

/** Number of the port of that name for zone_query, ZONE_NO_PORT where no zone names it. */
uint16_t zone_table_port(const struct zone_table *table, const char *name);

/** Zone by id; NULL where there is none. The zone `unmapped` has one too. */
const struct zone *zone_table_by_id(const struct zone_table *table, const char *id);

/** Zones in file order, without `unmapped`. */
const struct zone *zone_table_at(const struct zone_table *table, size_t index);
size_t zone_table_count(const struct zone_table *table);

/** Whether any zone goes by its capture port, so that ports have to be told. */
bool zone_table_uses_ports(const struct zone_table *table);
