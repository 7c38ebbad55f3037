/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inside_map.h"

#include <errno.h>

static bool
contains(const struct inside_map *map, const struct ip_address *address)
{
	if (ip_address_is_local(address) &&
	    !(map->documentation_outside && ip_address_is_documentation(address)))
		return true;
	return prefix_map_find(map->prefixes, 0, address, NULL, NULL);
}

bool
inside_map_contains(const struct inside_map *map, const struct ip_address *address)
{
	struct ip_address same;

	return contains(map, address) ||
	       (ip_address_stands_for_v4(address, &same) && contains(map, &same));
}

int
inside_map_add(struct inside_map *map, const struct ip_prefix *prefix)
{
	uint32_t value = 0;

	if (map->prefixes == NULL)
		map->prefixes = prefix_map_create();
	if (map->prefixes == NULL)
		return -ENOMEM;
	int error = prefix_map_add(map->prefixes, 0, prefix, &value);
	return error == -EEXIST ? 0 : error;
}

void
inside_map_fini(struct inside_map *map)
{
	prefix_map_destroy(map->prefixes);
	*map = (struct inside_map){0};
}
