/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the packet half needs of the policy, as plain data: which addresses are on our side of the
 * tap. Built on the cold side, read by the workers, never changed after that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/ip_address.h"

struct inside_map {
	struct ip_prefix
		*prefixes; /**< public addresses that are one's own; NULL when count is 0 */
	size_t count;
};

/**
 * Whether the address is on our side: local (private, unique-local, documentation, link-local,
 * multicast, ...: traffic to these never leaves), or in one of the prefixes.
 */
bool inside_map_contains(const struct inside_map *map, const struct ip_address *address);

/** Adds a prefix; returns 0 or -ENOMEM. */
int inside_map_add(struct inside_map *map, const struct ip_prefix *prefix);

/** Frees the prefixes and makes the map empty. */
void inside_map_fini(struct inside_map *map);
