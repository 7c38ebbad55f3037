/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_facts.h"

#include <string.h>

/* Two words into one, all bits mixed. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
mix_address(uint64_t hash, const struct ip_address *address)
{
	uint64_t word[2];

	memcpy(word, address->bytes, sizeof(word));
	return mix(word[0] ^ hash, word[1] ^ ~hash ^ address->version);
}

uint64_t
dns_fact_hash_name(const struct dns_memory *memory, const char *name)
{
	size_t len = strlen(name);
	uint64_t hash = memory->seed ^ len;

	for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
		uint64_t word = 0;
		memcpy(&word, name + at, len - at < sizeof(word) ? len - at : sizeof(word));
		hash = mix(word ^ hash, ~memory->seed ^ hash << 1);
	}
	return hash;
}

/* Names and addresses in answers are chosen by whoever answers: the seed keeps them from choosing
 * one bucket. */
uint32_t *
dns_fact_head(const struct dns_memory *memory, enum dns_fact_list list, const struct dns_fact *key)
{
	uint64_t hash = mix_address(memory->seed, &key->client);

	switch (list) {
	case DNS_FACTS_BY_ADDRESS:
		hash = mix_address(hash, &key->address);
		break;
	case DNS_FACTS_BY_NAME:
		hash = mix(hash ^ key->name_hash, memory->seed);
		break;
	case DNS_FACTS_BY_ALL:
		hash = mix(mix_address(hash, &key->address) ^ key->name_hash,
			   memory->seed ^ key->question);
		break;
	case DNS_FACTS_BY_AGE:
	case DNS_FACT_LISTS:
		return memory->heads[DNS_FACTS_BY_AGE];
	}
	return &memory->heads[list][hash & memory->bucket_mask];
}

bool
dns_fact_same(enum dns_fact_list list, const struct dns_fact *fact, const struct dns_fact *key)
{
	bool by_name = list != DNS_FACTS_BY_ADDRESS, by_address = list != DNS_FACTS_BY_NAME;

	return ip_address_equal(&fact->client, &key->client) &&
	       (!by_address || ip_address_equal(&fact->address, &key->address)) &&
	       (!by_name ||
		(fact->name_hash == key->name_hash && strcmp(fact->name, key->name) == 0)) &&
	       (list != DNS_FACTS_BY_ALL || fact->question == key->question);
}

void
dns_fact_enlist(struct dns_memory *m, uint32_t index)
{
	struct dns_fact *fact = &m->facts[index];

	if (m->oldest == DNS_FACT_NONE)
		m->oldest = index;
	for (unsigned list = 0; list < DNS_FACT_LISTS; list++) {
		uint32_t *head = dns_fact_head(m, list, fact);
		fact->links[list] = (struct dns_fact_link){DNS_FACT_NONE, *head};
		if (*head != DNS_FACT_NONE)
			m->facts[*head].links[list].newer = index;
		*head = index;
	}
}

void
dns_fact_delist(struct dns_memory *m, uint32_t index)
{
	struct dns_fact *fact = &m->facts[index];

	if (m->oldest == index)
		m->oldest = fact->links[DNS_FACTS_BY_AGE].newer;
	for (unsigned list = 0; list < DNS_FACT_LISTS; list++) {
		struct dns_fact_link link = fact->links[list];
		if (link.newer != DNS_FACT_NONE)
			m->facts[link.newer].links[list].older = link.older;
		else
			*dns_fact_head(m, list, fact) = link.older;
		if (link.older != DNS_FACT_NONE)
			m->facts[link.older].links[list].newer = link.newer;
	}
}
