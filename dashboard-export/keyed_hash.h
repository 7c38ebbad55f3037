/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4): who has the key can compute the hash of something and
 * compare; who has not learns nothing from it. Meant for many short messages under one key, whose
 * blocks are hashed once. One object, one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of a hash. */
#define KEYED_HASH_LEN 32

struct keyed_hash;

/**
 * `key` is copied; 32 random bytes are the right length, any length from 1 is accepted. NULL with
 * errno: EINVAL for an empty key, ENOMEM otherwise. Free with keyed_hash_destroy.
 */
struct keyed_hash *keyed_hash_create(const void *key, size_t len);

/** Wipes the key. NULL is allowed. */
void keyed_hash_destroy(struct keyed_hash *hash);

/** The hash of `len` bytes into `out`. Returns false where libcrypto fails; `out` is not to be used
 * then. */
bool keyed_hash_compute(struct keyed_hash *hash, const void *data, size_t len,
			uint8_t out[KEYED_HASH_LEN]);
