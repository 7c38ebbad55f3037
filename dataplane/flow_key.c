/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_key.h"

#include <string.h>

/* One round of 64x64 to 128-bit multiplication, folded: mixes all bits for about a nanosecond. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

uint64_t
flow_key_hash(const struct flow_key *key, uint64_t seed)
{
	uint64_t word[6] = {0};

	_Static_assert(sizeof(*key) == 44, "the key is hashed as bytes and must have no padding");
	memcpy(word, key, sizeof(*key));
	/*
	 * Senders choose addresses and ports, and know the constants. A factor that they can make
	 * zero would take the other one out of the product: therefore the seed is in every factor,
	 * each time turned differently, and each round goes into the next.
	 */
	uint64_t h = mix(word[0] ^ seed, word[1] ^ rotate(seed, 32) ^ 0x9e3779b97f4a7c15u);
	h = mix(word[2] ^ h, word[3] ^ rotate(seed, 13) ^ 0xd6e8feb86659fd93u);
	return mix(word[4] ^ h, word[5] ^ rotate(seed, 51) ^ 0xa0761d6478bd642fu);
}
