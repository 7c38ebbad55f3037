/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes packets one conversation, and its hash: which worker a conversation falls to, where it
 * lies in a table, and its id in records. Plain data; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define FLOW_PATH_BITS 21
#define FLOW_PATH_MAX ((UINT32_C(1) << FLOW_PATH_BITS) - 1)

/**
 * Who talks to whom, without direction: the lower (address, port) pair first, so that both
 * directions of a conversation have the same key. No padding: it is compared and hashed as bytes.
 */
struct flow_key {
	uint8_t low_address[16];
	uint8_t high_address[16];
	uint16_t low_port; /**< host order; ICMP echo: the identifier, in both; 0 without ports */
	uint16_t high_port;
	uint32_t vni;           /**< VXLAN or GENEVE network, or FLOW_NO_VNI */
	uint32_t version : 3;   /**< 4 or 6 */
	uint32_t transport : 8; /**< IANA protocol number */
	/** 0, or of tunnels that cross the border: tells them apart (worker_outer.c). Of two ways
	 * of the same ends one pair in two million is taken for one. */
	uint32_t path : FLOW_PATH_BITS;
};

/**
 * A seeded 64-bit hash of the key: the same for both directions. Whoever does not know the seed
 * cannot choose keys that meet, as long as the seed is a number drawn by chance.
 */
uint64_t flow_key_hash(const struct flow_key *key, uint64_t seed);

/** Whether two keys are the same: six loads of each, where a call of memcmp took 5 % of a replay.
 */
static inline bool
flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
	uint64_t x[6] = {0}, y[6] = {0};

	memcpy(x, a, sizeof(*a));
	memcpy(y, b, sizeof(*b));
	return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]) |
		(x[5] ^ y[5])) == 0;
}
