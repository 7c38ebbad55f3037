/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inside_map.h"

#include <errno.h>
#include <stdlib.h>

bool
inside_map_contains(const struct inside_map *map, const struct ip_address *address)
{
	if (ip_address_is_local(address))
		return true;
	for (size_t i = 0; i < map->count; i++) {
		if (ip_prefix_contains(&map->prefixes[i], address))
			return true;
	}
	return false;
}

int
inside_map_add(struct inside_map *map, const struct ip_prefix *prefix)
{
	struct ip_prefix *grown =
		reallocarray(map->prefixes, map->count + 1, sizeof(*map->prefixes));
	if (grown == NULL)
		return -ENOMEM;
	grown[map->count++] = *prefix;
	map->prefixes = grown;
	return 0;
}

void
inside_map_fini(struct inside_map *map)
{
	free(map->prefixes);
	*map = (struct inside_map){0};
}
