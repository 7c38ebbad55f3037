/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where addresses belong, kept for those asked for lately: the same few thousand serve most flows.
 * One thread owns it.
 */
#pragma once

#include "base/ip_address.h"
#include "geo/origin.h"

struct origin_cache;

/** Borrows the databases. NULL with errno; free with origin_cache_destroy (NULL allowed). */
struct origin_cache *origin_cache_create(struct origin_db *origins);
void origin_cache_destroy(struct origin_cache *cache);

/** Of an address that embeds another (NAT64, 6to4), the other's. Borrowed until the next find. */
const struct origin *
origin_cache_find(struct origin_cache *cache, const struct ip_address *address);
