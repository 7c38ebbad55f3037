/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/host_pseudonym.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

/*
 * A hash costs 170 ns even with the key blocks kept, and a host has many flows: direct-mapped, the
 * newest address of a slot stays. 4,096 slots of 32 bytes are a /20 without one collision.
 */
#define SLOT_BITS 12
#define SLOT_COUNT (1u << SLOT_BITS)

#define HASH_LEN 32
#define SHOWN_LEN ((HOST_PSEUDONYM_LEN - 2) / 2)

struct slot {
	struct ip_address address; /* version 0: empty */
	char text[HOST_PSEUDONYM_LEN + 1];
};

struct host_pseudonym {
	EVP_MAC_CTX *hmac;
	struct slot slots[SLOT_COUNT];
};

static EVP_MAC_CTX *
hmac_create(const void *key, size_t key_len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *hmac = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac); /* the context keeps its own reference */
	if (hmac != NULL && EVP_MAC_init(hmac, key, key_len, params) != 1) {
		EVP_MAC_CTX_free(hmac);
		return NULL;
	}
	return hmac;
}

struct host_pseudonym *
host_pseudonym_create(const void *key, size_t key_len)
{
	struct host_pseudonym *pseudonyms;

	if (key_len == 0) {
		errno = EINVAL;
		return NULL;
	}
	pseudonyms = calloc(1, sizeof(*pseudonyms));
	if (pseudonyms == NULL)
		return NULL;
	pseudonyms->hmac = hmac_create(key, key_len);
	if (pseudonyms->hmac == NULL) {
		free(pseudonyms);
		errno = ENOMEM;
		return NULL;
	}
	return pseudonyms;
}

void
host_pseudonym_destroy(struct host_pseudonym *pseudonyms)
{
	if (pseudonyms == NULL)
		return;
	EVP_MAC_CTX_free(pseudonyms->hmac);
	OPENSSL_cleanse(pseudonyms, sizeof(*pseudonyms));
	free(pseudonyms);
}

static struct slot *
slot_of(struct host_pseudonym *pseudonyms, const struct ip_address *address)
{
	uint64_t high;
	uint64_t low;

	memcpy(&high, address->bytes, sizeof(high));
	memcpy(&low, address->bytes + sizeof(high), sizeof(low));
	/* Multiplication by an odd number carries every bit into the upper ones. */
	high = (high ^ low * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd1342543de82ef95);
	return &pseudonyms->slots[high >> (64 - SLOT_BITS)];
}

static void
format_text(const uint8_t hash[HASH_LEN], char *out)
{
	static const char hex[] = "0123456789abcdef";

	*out++ = 'h';
	*out++ = '-';
	for (unsigned i = 0; i < SHOWN_LEN; i++) {
		*out++ = hex[hash[i] >> 4];
		*out++ = hex[hash[i] & 0xf];
	}
	*out = '\0';
}

const char *
host_pseudonym_get(struct host_pseudonym *pseudonyms, const struct ip_address *address)
{
	struct slot *slot = slot_of(pseudonyms, address);
	uint8_t hash[HASH_LEN];
	size_t hash_len;

	if (slot->address.version != 0 && ip_address_equal(&slot->address, address))
		return slot->text;
	/* Without a key, EVP_MAC_init begins anew with the one given first. */
	if (EVP_MAC_init(pseudonyms->hmac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(pseudonyms->hmac, address->bytes, address->version == 4 ? 4 : 16) != 1 ||
	    EVP_MAC_final(pseudonyms->hmac, hash, &hash_len, sizeof(hash)) != 1)
		return NULL;
	slot->address = *address;
	format_text(hash, slot->text);
	return slot->text;
}
