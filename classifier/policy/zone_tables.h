/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a zone table is made of: for zone_build.c, which fills it, and zones.c, which asks it.
 *
 * The tags of a zone's packets and its prefix are one key of a prefix map: the tags that it names
 * choose the kind of the map's tag, their values its number. A zone with several values of a key
 * stands there once for each combination. So a look-up is one question for each set of tags that a
 * packet can be known by, whatever the number of zones.
 */
#pragma once

#include "base/arena.h"
#include "base/prefix_map.h"
#include "classifier/policy/zones.h"

/** Kinds of the map's tags: which keys a zone names. */
enum zone_key {
	ZONE_KEY_VNI = 1,
	ZONE_KEY_VLAN = 2,
	ZONE_KEY_PORT = 4,
};

/** The tags of one combination; those that `keys` does not name are 0. */
struct zone_tags {
	unsigned keys; /**< bits of enum zone_key */
	uint32_t vni;
	uint16_t vlan;
	uint16_t port;
};

/** A port has 16 bits of the number, a VLAN 12, a VXLAN network 24. */
static inline uint64_t
zone_tags_key(const struct zone_tags *tags)
{
	return prefix_map_tag(tags->keys,
			      (uint64_t)tags->vni << 28 | (uint64_t)tags->vlan << 16 | tags->port);
}

/** Stands in `any_address` for all of them. */
static const struct ip_prefix zone_any_address = {.address.version = 4};

struct zone_table {
	struct arena *arena;
	struct zone *zones;
	size_t count;
	struct zone unmapped;
	bool built_in;             /**< no zone was given: zones[0] is `internal` */
	const struct zone **by_id; /**< sorted */
	const char **ports;        /**< sorted; a port's number is its place */
	size_t port_count;
	struct prefix_map *prefixes;    /**< with and without tags; values are places in `zones` */
	struct prefix_map *any_address; /**< zones with tags and without a prefix */
};

/**
 * As zone_table_create, but gives the table even after faults, so that what refers to its zones can
 * be checked in the same run; NULL only when out of memory, which is a fault too.
 */
struct zone_table *
zone_table_build(const struct config_list *zones, const struct zone_defaults *defaults,
		 struct fault_list *faults);
