/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prefixes to numbers, longest prefix first, under a tag: the tag tells rules of several kinds
 * apart (a VLAN, a VXLAN network, a port), so that one map holds them all. A look-up costs one hash
 * probe for each prefix length in use under tags of that kind, whether there are ten entries or ten
 * thousand. Filled on the cold side; any number of threads may ask once nobody adds any more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip_address.h"

/** A tag's three upper bits are its kind; the lengths in use are remembered for each. */
#define PREFIX_MAP_KINDS 8
#define PREFIX_MAP_KIND_SHIFT 61

/** Kind (0 to PREFIX_MAP_KINDS - 1) and number (below 2^61) as a tag. */
static inline uint64_t
prefix_map_tag(unsigned kind, uint64_t number)
{
	return (uint64_t)kind << PREFIX_MAP_KIND_SHIFT | number;
}

struct prefix_map;

/** An empty map; NULL with errno ENOMEM. Free with prefix_map_destroy. */
struct prefix_map *prefix_map_create(void);

/** NULL is allowed. */
void prefix_map_destroy(struct prefix_map *map);

/**
 * Adds one entry. Returns 0; -EEXIST where the same prefix stands under the same tag already
 * (`*value` then receives the value it has, and nothing changes); -ENOMEM.
 */
int prefix_map_add(struct prefix_map *map, uint64_t tag, const struct ip_prefix *prefix,
		   uint32_t *value);

/**
 * The value of the longest prefix under `tag` that has `address`, and in `bits` its length (either
 * may be NULL). Returns whether there is one. Never across IP versions; a prefix of no bits is
 * one of its version. `map` may be NULL: nothing found.
 */
bool prefix_map_find(const struct prefix_map *map, uint64_t tag, const struct ip_address *address,
		     uint32_t *value, uint8_t *bits);

/** Entries; none in NULL. */
size_t prefix_map_count(const struct prefix_map *map);
