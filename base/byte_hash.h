/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A seeded 64-bit hash of bytes from outside, of the kind of flow_key_hash: about 16 bytes in a
 * nanosecond, where SipHash took 6 % of a worker's time for certificates. Whoever does not know the
 * seed cannot choose bytes that meet, as long as the seed is a number drawn by chance. Plain data;
 * any thread.
 */
#pragma once

#include <stdint.h>

#include "base/bytes.h"

/** The same on every machine. */
uint64_t byte_hash(struct slice bytes, uint64_t seed);

/**
 * A seed drawn by chance. Where the kernel has none to give yet, a fixed one: only the guard
 * against chosen collisions is lost then.
 */
uint64_t byte_hash_seed(void);
