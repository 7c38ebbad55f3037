/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash of the tables in memory, seeded at random: addresses and names chosen by somebody
 * outside cannot be made to collide. Not a cryptographic one, and another one in every process.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct seeded_hash {
	uint64_t seed[2];
};

/** Draws the seed. Returns 0 or -errno. */
int seeded_hash_init(struct seeded_hash *hash);

/** Both halves of the 128-bit product: every bit of the input reaches every bit of the result. */
static inline uint64_t
seeded_hash_fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/** The hash of `len` bytes. */
static inline uint64_t
seeded_hash_bytes(const struct seeded_hash *hash, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t value = hash->seed[0] ^ len;

	for (size_t left = len; left > 0;) {
		size_t step = left < sizeof(uint64_t) ? left : sizeof(uint64_t);
		uint64_t word = 0;
		memcpy(&word, at, step);
		value = seeded_hash_fold(value ^ word, hash->seed[1]);
		at += step;
		left -= step;
	}
	return seeded_hash_fold(value, UINT64_C(0x9e3779b97f4a7c15));
}
