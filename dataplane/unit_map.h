/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which eights of bytes of a datagram are there: offsets of fragments count in eights, and all but
 * the last are whole eights long, so that one bit each is exact, whatever the order. Plain data.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UNIT_BYTES 8u

/** As many as the longest datagram has. */
#define UNITS_MAX 8192u

struct unit_map {
	uint64_t words[UNITS_MAX / 64];
};

/** Units that bytes up to `len` take. */
static inline uint32_t
unit_map_end(uint32_t len)
{
	return (len + UNIT_BYTES - 1) / UNIT_BYTES;
}

static inline bool
unit_map_has(const struct unit_map *map, uint32_t unit)
{
	return (map->words[unit / 64] >> unit % 64 & 1) != 0;
}

/** Units from `first` to before `last`, at most UNITS_MAX, that are there. */
uint32_t unit_map_count(const struct unit_map *map, uint32_t first, uint32_t last);
void unit_map_set(struct unit_map *map, uint32_t first, uint32_t last);

/** Units from the start on without a gap. */
uint32_t unit_map_leading(const struct unit_map *map);
