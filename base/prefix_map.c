/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One open-addressed table holds every prefix under every tag. For each kind of tag and each IP
 * version a bitmap says which lengths are in use; a look-up cuts the address to each of these, from
 * the longest down, and asks the table. Rules use a handful of lengths, so that is a handful of
 * probes however many rules there are.
 */
#include "base/prefix_map.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Power of two; at most half of the slots are taken, so runs of taken slots stay short. */
#define SLOTS_FIRST 16

/* What is looked for: an address cut to `bits`, as two host-order halves. */
struct key {
	uint64_t high;
	uint64_t low;
	uint64_t tag;
	uint8_t bits;
	uint8_t version;
};

/* 32 bytes: two to a cache line. */
struct slot {
	uint64_t high;
	uint64_t low;
	uint64_t tag;
	uint32_t value;
	uint8_t bits;
	uint8_t version; /* 0: empty */
};

/* Bit n of the whole: length n is in use. 129 lengths for IPv6. */
struct lengths {
	uint64_t words[3];
};

struct prefix_map {
	struct slot *slots;
	size_t slot_count;
	size_t count;
	struct lengths lengths[PREFIX_MAP_KINDS][2]; /* IPv4, IPv6 */
};

static uint64_t
mask_of(unsigned bits)
{
	if (bits == 0)
		return 0;
	return bits >= 64 ? UINT64_MAX : UINT64_MAX << (64 - bits);
}

/* The key of the first `bits` of an address. */
static struct key
key_of(uint64_t tag, const struct ip_address *address, unsigned bits)
{
	uint64_t halves[2];

	memcpy(halves, address->bytes, sizeof(halves));
	return (struct key){
		.high = be64toh(halves[0]) & mask_of(bits),
		.low = be64toh(halves[1]) & mask_of(bits > 64 ? bits - 64 : 0),
		.tag = tag,
		.bits = (uint8_t)bits,
		.version = address->version,
	};
}

/*
 * Multiplication carries every bit upwards, the shift brings the upper ones back down: so each bit
 * of the key reaches the lower ones, which choose the slot.
 */
static uint64_t
hash_of(const struct key *key)
{
	uint64_t h = key->tag ^ key->tag >> 32;

	h = (h ^ (uint64_t)key->bits << 8 ^ key->version) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 32 ^ key->high) * UINT64_C(0xd1342543de82ef95);
	h = (h ^ h >> 32 ^ key->low) * UINT64_C(0xd6e8feb86659fd93);
	h = (h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

static bool
slot_has(const struct slot *slot, const struct key *key)
{
	return slot->high == key->high && slot->low == key->low && slot->tag == key->tag &&
	       slot->bits == key->bits && slot->version == key->version;
}

/* The slot that has the key, or the empty one where it would go. */
static struct slot *
probe(const struct prefix_map *map, const struct key *key)
{
	size_t mask = map->slot_count - 1;
	size_t at = hash_of(key) & mask;

	while (map->slots[at].version != 0 && !slot_has(&map->slots[at], key))
		at = (at + 1) & mask;
	return &map->slots[at];
}

struct prefix_map *
prefix_map_create(void)
{
	struct prefix_map *map = calloc(1, sizeof(*map));

	if (map == NULL)
		return NULL;
	map->slots = calloc(SLOTS_FIRST, sizeof(*map->slots));
	if (map->slots == NULL) {
		free(map);
		errno = ENOMEM;
		return NULL;
	}
	map->slot_count = SLOTS_FIRST;
	return map;
}

void
prefix_map_destroy(struct prefix_map *map)
{
	if (map == NULL)
		return;
	free(map->slots);
	free(map);
}

/* Doubles the table; nothing changes when there is no memory for it. */
static int
grow(struct prefix_map *map)
{
	struct prefix_map larger = {.slot_count = 2 * map->slot_count};

	larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < map->slot_count; i++) {
		const struct slot *slot = &map->slots[i];
		if (slot->version == 0)
			continue;
		const struct key key = {slot->high, slot->low, slot->tag, slot->bits,
					slot->version};
		*probe(&larger, &key) = *slot;
	}
	free(map->slots);
	map->slots = larger.slots;
	map->slot_count = larger.slot_count;
	return 0;
}

static unsigned
kind_of(uint64_t tag)
{
	return (unsigned)(tag >> PREFIX_MAP_KIND_SHIFT);
}

int
prefix_map_add(struct prefix_map *map, uint64_t tag, const struct ip_prefix *prefix,
	       uint32_t *value)
{
	assert(prefix->address.version == 4 || prefix->address.version == 6);
	const struct key key = key_of(tag, &prefix->address, prefix->bits);
	struct slot *slot = probe(map, &key);

	if (slot->version != 0) {
		*value = slot->value;
		return -EEXIST;
	}
	if (2 * (map->count + 1) > map->slot_count) {
		if (grow(map) != 0)
			return -ENOMEM;
		slot = probe(map, &key);
	}
	*slot = (struct slot){key.high, key.low, tag, *value, key.bits, key.version};
	map->count++;
	map->lengths[kind_of(tag)][key.version == 6].words[key.bits / 64] |= UINT64_C(1)
									     << key.bits % 64;
	return 0;
}

bool
prefix_map_find(const struct prefix_map *map, uint64_t tag, const struct ip_address *address,
		uint32_t *value, uint8_t *bits)
{
	if (map == NULL || address->version == 0)
		return false;
	const struct lengths *lengths = &map->lengths[kind_of(tag)][address->version == 6];
	for (unsigned word = 3; word-- > 0;) {
		uint64_t left = lengths->words[word];
		while (left != 0) {
			unsigned bit = 63 - (unsigned)__builtin_clzll(left);
			const struct key key = key_of(tag, address, 64 * word + bit);
			const struct slot *slot = probe(map, &key);
			if (slot->version != 0) {
				if (value != NULL)
					*value = slot->value;
				if (bits != NULL)
					*bits = key.bits;
				return true;
			}
			left ^= UINT64_C(1) << bit;
		}
	}
	return false;
}

size_t
prefix_map_count(const struct prefix_map *map)
{
	return map != NULL ? map->count : 0;
}
