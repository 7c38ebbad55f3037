/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/byte_hash.h"

uint64_t
dns_fact_hash_address(uint64_t seed, const struct ip_address *address)
{
	return byte_hash(slice_of(address, sizeof(*address)), seed);
}

uint64_t
dns_fact_hash_name(const struct dns_memory *memory, const char *name)
{
	return byte_hash(slice_of(name, strlen(name)), memory->seed);
}

void
dns_fact_lead_to(const struct dns_memory *memory, enum dns_fact_other kind, const char *other,
		 struct dns_fact *fact)
{
	uint64_t hash = dns_fact_hash_name(memory, other);

	fact->address = (struct ip_address){.version = (uint8_t)kind};
	memcpy(fact->address.bytes, &hash, sizeof(hash));
	fact->other = other;
}

/* Names and addresses in answers are chosen by whoever answers: the seed keeps them from choosing
 * one bucket. */
uint32_t *
dns_fact_bucket(const struct dns_memory *memory, enum dns_fact_list list,
		const struct dns_fact *key)
{
	uint64_t words[4] = {key->client}, hash;

	if (list != DNS_FACTS_BY_NAME)
		words[1] = dns_fact_hash_address(memory->seed, &key->address);
	if (list != DNS_FACTS_BY_ADDRESS)
		words[2] = key->name_hash;
	if (list != DNS_FACTS_BY_ADDRESS && list != DNS_FACTS_BY_NAME)
		words[3] = key->question;
	hash = byte_hash(slice_of(words, sizeof(words)), memory->seed);
	return &memory->heads[list - DNS_FACTS_BY_ADDRESS][hash & memory->bucket_mask];
}

static uint32_t *
head_of(struct dns_memory *memory, enum dns_fact_list list, const struct dns_fact *fact)
{
	if (list == DNS_FACTS_BY_AGE)
		return &memory->newest;
	return list == DNS_FACTS_BY_CLIENT ? &memory->clients.clients[fact->client].newest
					   : dns_fact_bucket(memory, list, fact);
}

static bool
same_end(const struct dns_fact *fact, const struct dns_fact *key)
{
	return ip_address_equal(&fact->address, &key->address) &&
	       (fact->other == NULL || strcmp(fact->other, key->other) == 0);
}

bool
dns_fact_same(enum dns_fact_list list, const struct dns_fact *fact, const struct dns_fact *key)
{
	bool by_name = list != DNS_FACTS_BY_ADDRESS, by_address = list != DNS_FACTS_BY_NAME;

	return fact->client == key->client && (!by_address || same_end(fact, key)) &&
	       (!by_name ||
		(fact->name_hash == key->name_hash && strcmp(fact->name, key->name) == 0)) &&
	       (list != DNS_FACTS_BY_ALL || fact->question == key->question);
}

static void
enter_list(struct dns_memory *m, enum dns_fact_list list, uint32_t index)
{
	struct dns_fact *fact = &m->facts[index];
	uint32_t *head = head_of(m, list, fact);

	fact->links[list] = (struct dns_fact_link){DNS_FACT_NONE, *head};
	if (*head != DNS_FACT_NONE)
		m->facts[*head].links[list].newer = index;
	*head = index;
}

void
dns_fact_enlist(struct dns_memory *m, uint32_t index)
{
	struct dns_client *client = &m->clients.clients[m->facts[index].client];

	if (m->oldest == DNS_FACT_NONE)
		m->oldest = index;
	if (client->oldest == DNS_FACT_NONE)
		client->oldest = index;
	client->facts++;
	for (unsigned list = 0; list < DNS_FACT_LISTS; list++)
		enter_list(m, (enum dns_fact_list)list, index);
}

/* All lists have one order, so that entering them by age again makes them as they were. */
void
dns_facts_grow(struct dns_memory *m)
{
	size_t buckets = 2 * ((size_t)m->bucket_mask + 1);

	for (unsigned list = 0; list < DNS_FACT_HASHED_LISTS; list++) {
		uint32_t *heads = realloc(m->heads[list], buckets * sizeof(*heads));
		if (heads == NULL)
			return; /* those that have become longer do no harm */
		m->heads[list] = heads;
	}
	m->bucket_mask = (uint32_t)(buckets - 1);
	for (unsigned list = 0; list < DNS_FACT_HASHED_LISTS; list++)
		memset(m->heads[list], 0xff, buckets * sizeof(*m->heads[list]));
	for (uint32_t i = m->oldest; i != DNS_FACT_NONE;
	     i = m->facts[i].links[DNS_FACTS_BY_AGE].newer) {
		for (unsigned list = DNS_FACTS_BY_ADDRESS; list < DNS_FACT_LISTS; list++)
			enter_list(m, (enum dns_fact_list)list, i);
	}
}

void
dns_fact_delist(struct dns_memory *m, uint32_t index)
{
	struct dns_fact *fact = &m->facts[index];
	struct dns_client *client = &m->clients.clients[fact->client];

	if (m->oldest == index)
		m->oldest = fact->links[DNS_FACTS_BY_AGE].newer;
	if (client->oldest == index)
		client->oldest = fact->links[DNS_FACTS_BY_CLIENT].newer;
	client->facts--;
	for (unsigned list = 0; list < DNS_FACT_LISTS; list++) {
		struct dns_fact_link link = fact->links[list];
		if (link.newer != DNS_FACT_NONE)
			m->facts[link.newer].links[list].older = link.older;
		else
			*head_of(m, list, fact) = link.older;
		if (link.older != DNS_FACT_NONE)
			m->facts[link.older].links[list].newer = link.newer;
	}
}
