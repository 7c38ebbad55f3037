/* SPDX-License-Identifier: Apache-2.0 */
#include "app/origin_cache.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 4096u

struct slot {
	struct ip_address address; /* version 0: free */
	struct origin origin;
};

struct origin_cache {
	struct origin_db *origins;
	struct slot slots[SLOTS];
};

struct origin_cache *
origin_cache_create(struct origin_db *origins)
{
	struct origin_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL)
		cache->origins = origins;
	return cache;
}

void
origin_cache_destroy(struct origin_cache *cache)
{
	free(cache);
}

const struct origin *
origin_cache_find(struct origin_cache *cache, const struct ip_address *address)
{
	uint64_t high, low;
	memcpy(&high, address->bytes, sizeof(high));
	memcpy(&low, address->bytes + sizeof(high), sizeof(low));
	uint64_t hash = (high ^ low * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
	struct slot *slot = &cache->slots[(hash >> 40) % SLOTS];

	if (!ip_address_equal(&slot->address, address)) {
		struct ip_address end = *address;
		(void)ip_address_embedded(address, &end);
		slot->address = *address;
		origin_db_lookup(cache->origins, &end, &slot->origin);
	}
	return &slot->origin;
}
