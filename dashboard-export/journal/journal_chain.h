/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ties the rows of a journal together: the hash of each row covers the hash of the row before
 * it, and signatures cover the head and the places where rows were removed.
 *
 *     hash(n) = SHA-256("vigie journal row 1" 00 hash(n-1) sequence recorded_ns time_ns kind
 * severity text(id) text(rule) text(zone) text(content)) hash(0) = SHA-256("vigie journal 1" 00 id)
 *
 * Numbers are 8 bytes, most significant first; text(x) is the length of x as such a number and its
 * bytes, or eight bytes ff for none. The signature is Ed25519 (RFC 8032); its private key is
 * HMAC-SHA-256(site key, "journal signature"). One object, one thread.
 */
#pragma once

#include <stdbool.h>

#include "dashboard-export/journal/journal_reader.h"

/** Ed25519 (RFC 8032). */
#define JOURNAL_PUBLIC_KEY_LEN 32
#define JOURNAL_SIGNATURE_LEN 64

struct journal_chain;

/** The hash behind which the first row of a journal stands. */
bool
journal_chain_begin(struct journal_chain *chain, const char *id, uint8_t hash[JOURNAL_HASH_LEN]);

/** NULL with errno. `key` may be NULL: then nothing can be signed. Free with journal_chain_destroy
 * (NULL allowed). */
struct journal_chain *journal_chain_create(const struct site_key *key);
void journal_chain_destroy(struct journal_chain *chain);

/** The hash of `row`, whose own `hash` is not looked at. False where libcrypto fails. */
bool journal_chain_hash(struct journal_chain *chain, const uint8_t before[JOURNAL_HASH_LEN],
			const struct journal_row *row, uint8_t hash[JOURNAL_HASH_LEN]);

/** The public key that belongs to the site key. False without one. */
bool
journal_chain_public_key(const struct journal_chain *chain, uint8_t out[JOURNAL_PUBLIC_KEY_LEN]);

/** Signs `text`. False without a site key, or where libcrypto fails. */
bool journal_chain_sign(struct journal_chain *chain, const char *text,
			uint8_t out[JOURNAL_SIGNATURE_LEN]);

/** Whether `signature` of `text` was made with the private key of `public_key`. */
bool journal_chain_check(const uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN], const char *text,
			 const uint8_t signature[JOURNAL_SIGNATURE_LEN]);

/** What is signed of the head: "vigie journal head 1 ID SEQUENCE HASH". */
#define JOURNAL_CHAIN_TEXT_MAX 256
void
journal_chain_head_text(const char *id, uint64_t sequence, const uint8_t hash[JOURNAL_HASH_LEN],
			char out[JOURNAL_CHAIN_TEXT_MAX]);

/** Bytes as hexadecimal digits and a NUL: 2 * len + 1 bytes. */
void journal_chain_hex(const uint8_t *bytes, size_t len, char *out);

/** Hexadecimal digits, 2 * len of them in small letters and no more, as bytes. False where it is
 * something else. */
bool journal_chain_unhex(const char *text, uint8_t *out, size_t len);
