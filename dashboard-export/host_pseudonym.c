/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two months are kept ready, the even and the odd one: flows end in another order than they began,
 * so around midnight of the first they come from both by turns.
 */
#include "dashboard-export/host_pseudonym.h"

#include "dashboard-export/keyed_hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A hash costs 170 ns even with the key blocks kept, and a host has many flows: direct-mapped, the
 * newest address of a slot stays. 4,096 slots of 32 bytes are a /20 without one collision.
 */
#define SLOT_BITS 12
#define SLOT_COUNT (1u << SLOT_BITS)

#define SHOWN_LEN ((HOST_PSEUDONYM_LEN - 2) / 2)

/* A number that no month has: not made yet. */
#define NO_MONTH UINT64_MAX

/* "host pseudonym 2026-12", for any number that a caller may give. */
#define LABEL_MAX 64

struct slot {
	struct ip_address address; /* version 0: empty */
	char text[HOST_PSEUDONYM_LEN + 1];
};

/* What is used in one month; without rotation, always. */
struct period {
	uint64_t month;          /* 12 * year + month, or NO_MONTH */
	struct keyed_hash *hash; /* or NULL */
	struct slot slots[SLOT_COUNT];
};

struct host_pseudonym {
	struct keyed_hash *master; /* makes the months' keys; NULL: one key for ever */
	struct period periods[2];
};

static bool
is_public(const struct site_key *key)
{
	struct site_key public_key;

	site_key_public(&public_key);
	return memcmp(key, &public_key, sizeof(public_key)) == 0;
}

/* The hash under the key that `master` makes of `label`. */
static struct keyed_hash *
derive(struct keyed_hash *master, const char *label)
{
	uint8_t key[KEYED_HASH_LEN];
	struct keyed_hash *hash = NULL;

	if (keyed_hash_compute(master, label, strlen(label), key))
		hash = keyed_hash_create(key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return hash;
}

/* One key for all times. */
static bool
set_only_key(struct host_pseudonym *pseudonyms, const struct site_key *key)
{
	struct period *only = &pseudonyms->periods[0];

	if (is_public(key)) {
		only->hash = keyed_hash_create(HOST_PSEUDONYM_PUBLIC_KEY,
					       strlen(HOST_PSEUDONYM_PUBLIC_KEY));
		return only->hash != NULL;
	}
	struct keyed_hash *master = keyed_hash_create(key->bytes, sizeof(key->bytes));
	if (master != NULL)
		only->hash = derive(master, "host pseudonym");
	keyed_hash_destroy(master);
	return only->hash != NULL;
}

static bool
set_master_key(struct host_pseudonym *pseudonyms, const struct site_key *key)
{
	pseudonyms->master = keyed_hash_create(key->bytes, sizeof(key->bytes));
	pseudonyms->periods[0].month = pseudonyms->periods[1].month = NO_MONTH;
	return pseudonyms->master != NULL;
}

struct host_pseudonym *
host_pseudonym_create(const struct site_key *key, bool monthly)
{
	struct host_pseudonym *pseudonyms = calloc(1, sizeof(*pseudonyms));
	bool rotates = monthly && !is_public(key);

	if (pseudonyms == NULL)
		return NULL;
	if (!(rotates ? set_master_key(pseudonyms, key) : set_only_key(pseudonyms, key))) {
		host_pseudonym_destroy(pseudonyms);
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
	keyed_hash_destroy(pseudonyms->master);
	keyed_hash_destroy(pseudonyms->periods[0].hash);
	keyed_hash_destroy(pseudonyms->periods[1].hash);
	explicit_bzero(pseudonyms, sizeof(*pseudonyms));
	free(pseudonyms);
}

/* The period of the month, made if it is not at hand; NULL where libcrypto fails. */
static struct period *
period_of(struct host_pseudonym *pseudonyms, unsigned year, unsigned month)
{
	uint64_t number = (uint64_t)year * 12 + month;
	struct period *period = &pseudonyms->periods[number & 1];
	char label[LABEL_MAX];

	if (pseudonyms->master == NULL)
		return &pseudonyms->periods[0];
	if (period->month == number)
		return period;
	keyed_hash_destroy(period->hash);
	explicit_bzero(period, sizeof(*period));
	period->month = NO_MONTH;
	(void)snprintf(label, sizeof(label), "host pseudonym %04u-%02u", year, month);
	period->hash = derive(pseudonyms->master, label);
	if (period->hash == NULL)
		return NULL;
	period->month = number;
	return period;
}

static struct slot *
slot_of(struct period *period, const struct ip_address *address)
{
	uint64_t high;
	uint64_t low;

	memcpy(&high, address->bytes, sizeof(high));
	memcpy(&low, address->bytes + sizeof(high), sizeof(low));
	/* Multiplication by an odd number carries every bit into the upper ones. */
	high = (high ^ low * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd1342543de82ef95);
	return &period->slots[high >> (64 - SLOT_BITS)];
}

static void
format_text(const uint8_t hash[KEYED_HASH_LEN], char *out)
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
host_pseudonym_get(struct host_pseudonym *pseudonyms, const struct ip_address *address,
		   unsigned year, unsigned month)
{
	struct period *period = period_of(pseudonyms, year, month);
	uint8_t hash[KEYED_HASH_LEN];

	if (period == NULL)
		return NULL;
	struct slot *slot = slot_of(period, address);
	if (slot->address.version != 0 && ip_address_equal(&slot->address, address))
		return slot->text;
	if (!keyed_hash_compute(period->hash, address->bytes, address->version == 4 ? 4 : 16, hash))
		return NULL;
	slot->address = *address;
	format_text(hash, slot->text);
	return slot->text;
}
