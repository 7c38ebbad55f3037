/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside hosts are shown under pseudonyms: a keyed hash of the address, so that one host can be
 * followed through the records of one key, and nobody without the key gets from the pseudonym to
 * the address or the other way. With monthly keys a host cannot be followed from one month into the
 * next either (domain §3i). One object, one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "dashboard-export/site_key.h"

/** "h-" and 12 hexadecimal digits, without a NUL. */
#define HOST_PSEUDONYM_LEN 14

/**
 * What stands in place of a key in a replay without settings. Everybody knows it, so it hides
 * nothing from somebody who tries all addresses; it makes the records of one file agree in every
 * run and on every machine.
 */
#define HOST_PSEUDONYM_PUBLIC_KEY "vigie replay without settings: this key is public"

struct host_pseudonym;

/**
 * Pseudonyms under a key made of the site's: HMAC-SHA-256(site key, "host pseudonym"), or, where
 * `monthly`, HMAC-SHA-256(site key, "host pseudonym 2026-12") for December 2026. With the public
 * site key the key is HOST_PSEUDONYM_PUBLIC_KEY in every month. The site key is not kept as it is.
 * NULL with errno ENOMEM; free with host_pseudonym_destroy.
 */
struct host_pseudonym *host_pseudonym_create(const struct site_key *key, bool monthly);

/** Wipes the keys and the addresses kept. NULL is allowed. */
void host_pseudonym_destroy(struct host_pseudonym *pseudonyms);

/**
 * The pseudonym of `address` in a month (1 to 12): "h-" and the first 48 bits of HMAC-SHA-256(the
 * month's key, the 4 or 16 bytes of the address) in hexadecimal. Valid until the next call. NULL
 * where libcrypto fails.
 */
const char *host_pseudonym_get(struct host_pseudonym *pseudonyms, const struct ip_address *address,
			       unsigned year, unsigned month);
