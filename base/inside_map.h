/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the packet half needs of the policy, as plain data: which addresses are on our side of the
 * tap. Built on the cold side, read by the workers, never changed after that.
 */
#pragma once

#include <stdbool.h>

#include "base/ip_address.h"
#include "base/prefix_map.h"

struct inside_map {
	struct prefix_map *prefixes; /**< addresses that are one's own, under tag 0; NULL: none */
	/** Addresses of documentation ranges (ip_address_is_documentation) are inside only where a
	 * prefix has them: sample networks use them for both sides of the tap. */
	bool documentation_outside;
};

/**
 * Whether the address is on our side: local (private, unique-local, link-local, multicast, ...:
 * traffic to these never leaves), or in one of the prefixes. An IPv6 address that stands for an
 * IPv4 address is where that is.
 */
bool inside_map_contains(const struct inside_map *map, const struct ip_address *address);

/** Adds a prefix, which may be there already; returns 0 or -ENOMEM. */
int inside_map_add(struct inside_map *map, const struct ip_prefix *prefix);

/** Frees the prefixes and makes the map empty. */
void inside_map_fini(struct inside_map *map);
