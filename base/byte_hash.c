/* SPDX-License-Identifier: Apache-2.0 */
#include "base/byte_hash.h"

#include <endian.h>
#include <string.h>
#include <sys/random.h>

/* One round of 64x64 to 128-bit multiplication, folded. */
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

static uint64_t
word_at(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return le64toh(word);
}

/*
 * The seed is in every factor, each time turned differently, so that nobody can make one zero who
 * does not know it; each round of a lane goes into its next. Two lanes, so that the second
 * multiplication need not wait for the first.
 */
struct lanes {
	uint64_t a, b, first, second;
};

static void
take_block(struct lanes *l, const uint8_t *at)
{
	l->a = mix(word_at(at) ^ l->a, word_at(at + 8) ^ l->first);
	l->b = mix(word_at(at + 16) ^ l->b, word_at(at + 24) ^ l->second);
}

uint64_t
byte_hash(struct slice bytes, uint64_t seed)
{
	struct lanes l = {.first = seed ^ 0x9e3779b97f4a7c15u,
			  .second = rotate(seed, 32) ^ 0xd6e8feb86659fd93u};
	uint8_t last[32] = {0};
	size_t at = 0;

	/* The length tells apart what zeros at the end would make equal. */
	l.a = mix(bytes.len ^ l.first, l.second);
	l.b = rotate(l.a, 29) ^ l.second;
	for (; bytes.len - at >= sizeof(last); at += sizeof(last))
		take_block(&l, bytes.data + at);
	if (bytes.len != at) {
		memcpy(last, bytes.data + at, bytes.len - at);
		take_block(&l, last);
	}
	return mix(l.a ^ l.second, rotate(l.b, 13) ^ l.first);
}

uint64_t
byte_hash_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		return 1;
	return seed;
}
