/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes packets one conversation, and its hash: which worker a conversation falls to, where it
 * lies in a table, and its id in records. Plain data; any thread.
 */
#pragma once

#include <stdint.h>

/**
 * Who talks to whom, without direction: the lower (address, port) pair first, so that both directions
 * of a conversation have the same key. No padding: it is compared and hashed as bytes.
 */
struct flow_key {
	uint8_t low_address[16];
	uint8_t high_address[16];
	uint16_t
		low_port; /**< host order; ICMP echo: the identifier in both; others without ports: 0 */
	uint16_t high_port;
	uint32_t vni;      /**< VXLAN network identifier, or FLOW_NO_VNI */
	uint8_t version;   /**< 4 or 6 */
	uint8_t transport; /**< IANA protocol number */
	uint8_t zero[2];
};

/**
 * A seeded 64-bit hash of the key: the same for both directions. Whoever does not know the seed
 * cannot choose keys that meet, as long as the seed is a number drawn by chance.
 */
uint64_t flow_key_hash(const struct flow_key *key, uint64_t seed);
