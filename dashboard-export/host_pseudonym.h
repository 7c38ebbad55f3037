/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside hosts are shown under pseudonyms: a keyed hash of the address, so that one host can be
 * followed through the records of one key, and nobody without the key gets from the pseudonym to
 * the address or the other way. Which key, and for how long, is the caller's business. One object,
 * one thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip_address.h"

/** "h-" and 12 hexadecimal digits, without a NUL. */
#define HOST_PSEUDONYM_LEN 14

/**
 * The key of a replay without settings. Everybody knows it, so it hides nothing from somebody who
 * tries all addresses; it makes the records of one file agree in every run and on every machine.
 */
#define HOST_PSEUDONYM_PUBLIC_KEY "vigie replay without settings: this key is public"

struct host_pseudonym;

/**
 * `key` is copied; 32 random bytes are the right length, any length from 1 is accepted. NULL with
 * errno: EINVAL for an empty key, ENOMEM otherwise. Free with host_pseudonym_destroy.
 */
struct host_pseudonym *host_pseudonym_create(const void *key, size_t key_len);

/** Wipes the key and the addresses kept. NULL is allowed. */
void host_pseudonym_destroy(struct host_pseudonym *pseudonyms);

/**
 * The pseudonym of `address`: "h-" and the first 48 bits of HMAC-SHA-256(key, the 4 or 16 bytes of
 * the address) in hexadecimal. Valid until the next call. NULL where libcrypto fails.
 */
const char *host_pseudonym_get(struct host_pseudonym *pseudonyms, const struct ip_address *address);
