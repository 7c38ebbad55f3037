/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_chain.h"

#include "dashboard-export/keyed_hash.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_PREFIX "vigie journal row 1"
#define ORIGIN_PREFIX "vigie journal 1"
#define SIGNATURE_PURPOSE "journal signature"

struct journal_chain {
	EVP_MD *sha256; /* fetched once: looking it up costs more than hashing a row */
	EVP_MD_CTX *context;
	EVP_PKEY *key; /* or NULL */
};

/* The private key is bound to its purpose: what signs journals reveals nothing of pseudonyms. */
static EVP_PKEY *
derive_key(const struct site_key *site)
{
	uint8_t seed[KEYED_HASH_LEN];
	EVP_PKEY *key = NULL;
	struct keyed_hash *hash = keyed_hash_create(site->bytes, sizeof(site->bytes));

	if (hash != NULL &&
	    keyed_hash_compute(hash, SIGNATURE_PURPOSE, strlen(SIGNATURE_PURPOSE), seed))
		key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
	keyed_hash_destroy(hash);
	explicit_bzero(seed, sizeof(seed));
	return key;
}

struct journal_chain *
journal_chain_create(const struct site_key *key)
{
	struct journal_chain *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	c->context = EVP_MD_CTX_new();
	c->key = key != NULL ? derive_key(key) : NULL;
	if (c->sha256 == NULL || c->context == NULL || (key != NULL && c->key == NULL)) {
		journal_chain_destroy(c);
		errno = ENOMEM;
		return NULL;
	}
	return c;
}

void
journal_chain_destroy(struct journal_chain *chain)
{
	if (chain == NULL)
		return;
	EVP_PKEY_free(chain->key);
	EVP_MD_CTX_free(chain->context);
	EVP_MD_free(chain->sha256);
	free(chain);
}

/* A hash being made; `good` sticks. */
struct hashing {
	EVP_MD_CTX *context;
	bool good;
};

static void
add(struct hashing *h, const void *bytes, size_t len)
{
	h->good = h->good && EVP_DigestUpdate(h->context, bytes, len) == 1;
}

static void
add_text(struct hashing *h, const char *text, size_t len)
{
	uint64_t prefix = htobe64(text != NULL ? len : UINT64_MAX);

	add(h, &prefix, sizeof(prefix));
	if (text != NULL)
		add(h, text, len);
}

static struct hashing
begin(struct journal_chain *chain, const char *prefix)
{
	struct hashing h = {chain->context,
			    EVP_DigestInit_ex2(chain->context, chain->sha256, NULL) == 1};

	add(&h, prefix, strlen(prefix) + 1);
	return h;
}

static bool
end(struct hashing *h, uint8_t hash[JOURNAL_HASH_LEN])
{
	unsigned len = 0;

	return h->good && EVP_DigestFinal_ex(h->context, hash, &len) == 1 &&
	       len == JOURNAL_HASH_LEN;
}

bool
journal_chain_begin(struct journal_chain *chain, const char *id, uint8_t hash[JOURNAL_HASH_LEN])
{
	struct hashing h = begin(chain, ORIGIN_PREFIX);

	add(&h, id, strlen(id));
	return end(&h, hash);
}

static size_t
length(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

bool
journal_chain_hash(struct journal_chain *chain, const uint8_t before[JOURNAL_HASH_LEN],
		   const struct journal_row *row, uint8_t hash[JOURNAL_HASH_LEN])
{
	const uint64_t numbers[] = {htobe64(row->sequence), htobe64(row->recorded_ns),
				    htobe64(row->time_ns), htobe64((uint64_t)row->kind),
				    htobe64((uint64_t)row->severity)};
	struct hashing h = begin(chain, ROW_PREFIX);

	add(&h, before, JOURNAL_HASH_LEN);
	add(&h, numbers, sizeof(numbers));
	add_text(&h, row->id, length(row->id));
	add_text(&h, row->rule, length(row->rule));
	add_text(&h, row->zone, length(row->zone));
	add_text(&h, row->content, row->len);
	return end(&h, hash);
}

bool
journal_chain_public_key(const struct journal_chain *chain, uint8_t out[JOURNAL_PUBLIC_KEY_LEN])
{
	size_t len = JOURNAL_PUBLIC_KEY_LEN;

	return chain->key != NULL && EVP_PKEY_get_raw_public_key(chain->key, out, &len) == 1 &&
	       len == JOURNAL_PUBLIC_KEY_LEN;
}

bool
journal_chain_sign(struct journal_chain *chain, const char *text,
		   uint8_t out[JOURNAL_SIGNATURE_LEN])
{
	size_t len = JOURNAL_SIGNATURE_LEN;

	if (chain->key == NULL)
		return false;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL &&
		    EVP_DigestSignInit(context, NULL, NULL, NULL, chain->key) == 1 &&
		    EVP_DigestSign(context, out, &len, (const uint8_t *)text, strlen(text)) == 1 &&
		    len == JOURNAL_SIGNATURE_LEN;
	EVP_MD_CTX_free(context);
	return good;
}

bool
journal_chain_check(const uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN], const char *text,
		    const uint8_t signature[JOURNAL_SIGNATURE_LEN])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key,
						    JOURNAL_PUBLIC_KEY_LEN);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = key != NULL && context != NULL &&
		    EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestVerify(context, signature, JOURNAL_SIGNATURE_LEN,
				     (const uint8_t *)text, strlen(text)) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return good;
}

void
journal_chain_head_text(const char *id, uint64_t sequence, const uint8_t hash[JOURNAL_HASH_LEN],
			char out[JOURNAL_CHAIN_TEXT_MAX])
{
	char digits[2 * JOURNAL_HASH_LEN + 1];

	journal_chain_hex(hash, JOURNAL_HASH_LEN, digits);
	(void)snprintf(out, JOURNAL_CHAIN_TEXT_MAX, "vigie journal head 1 %s %" PRIu64 " %s", id,
		       sequence, digits);
}

void
journal_chain_hex(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 0xf];
	}
	out[2 * len] = '\0';
}

bool
journal_chain_unhex(const char *text, uint8_t *out, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != 2 * len || strspn(text, digits) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		size_t high = (size_t)(strchr(digits, text[2 * i]) - digits);
		size_t low = (size_t)(strchr(digits, text[2 * i + 1]) - digits);
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
