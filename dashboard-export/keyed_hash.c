/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/keyed_hash.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct keyed_hash {
	EVP_MAC_CTX *hmac;
};

static EVP_MAC_CTX *
hmac_create(const void *key, size_t len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *hmac = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac); /* the context keeps its own reference */
	if (hmac != NULL && EVP_MAC_init(hmac, key, len, params) != 1) {
		EVP_MAC_CTX_free(hmac);
		return NULL;
	}
	return hmac;
}

struct keyed_hash *
keyed_hash_create(const void *key, size_t len)
{
	if (len == 0) {
		errno = EINVAL;
		return NULL;
	}
	struct keyed_hash *hash = calloc(1, sizeof(*hash));
	if (hash == NULL)
		return NULL;
	hash->hmac = hmac_create(key, len);
	if (hash->hmac == NULL) {
		free(hash);
		errno = ENOMEM;
		return NULL;
	}
	return hash;
}

void
keyed_hash_destroy(struct keyed_hash *hash)
{
	if (hash == NULL)
		return;
	EVP_MAC_CTX_free(hash->hmac); /* which wipes the key */
	free(hash);
}

bool
keyed_hash_compute(struct keyed_hash *hash, const void *data, size_t len,
		   uint8_t out[KEYED_HASH_LEN])
{
	size_t out_len;

	/* Without a key, EVP_MAC_init begins anew with the one given first. */
	return EVP_MAC_init(hash->hmac, NULL, 0, NULL) == 1 &&
	       EVP_MAC_update(hash->hmac, data, len) == 1 &&
	       EVP_MAC_final(hash->hmac, out, &out_len, KEYED_HASH_LEN) == 1;
}
