/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_fact_walk.h"

/* Targets of one name that are followed. A record set has two or three. */
#define TARGETS_MAX 8

struct dns_fact_walk
dns_fact_walk(const struct dns_memory *memory, enum dns_fact_list list, const struct dns_fact *key,
	      uint64_t time_ns)
{
	return (struct dns_fact_walk){
		.memory = memory,
		.list = list,
		.key = key,
		.time_ns = time_ns,
		.next = key->client != DNS_CLIENT_NONE ? *dns_fact_bucket(memory, list, key)
						       : DNS_FACT_NONE,
	};
}

const struct dns_fact *
dns_fact_walk_next(struct dns_fact_walk *walk)
{
	while (walk->next != DNS_FACT_NONE && walk->walked < DNS_FACT_WALK_MAX) {
		const struct dns_fact *fact = &walk->memory->facts[walk->next];
		walk->next = fact->links[walk->list].older;
		walk->walked++;
		if (dns_fact_holds(fact, walk->time_ns) &&
		    dns_fact_same(walk->list, fact, walk->key))
			return fact;
	}
	return NULL;
}

struct dns_fact
dns_fact_key(const struct dns_memory *memory, uint32_t client, const char *name,
	     const struct ip_address *address)
{
	uint64_t hash = dns_fact_hash_name(memory, name);

	return (struct dns_fact){
		.client = client,
		.address = *address,
		.name = name,
		.name_hash = hash,
		.question = hash,
	};
}

/* As the question of an answer, which is one probe, or else as an alias. */
static const struct dns_fact *
find_direct(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct dns_fact_walk walk = dns_fact_walk(memory, DNS_FACTS_BY_ALL, key, time_ns);
	const struct dns_fact *fact = dns_fact_walk_next(&walk);

	if (fact != NULL)
		return fact;
	walk = dns_fact_walk(memory, DNS_FACTS_BY_NAME, key, time_ns);
	while ((fact = dns_fact_walk_next(&walk)) != NULL) {
		if (ip_address_equal(&fact->address, &key->address))
			return fact;
	}
	return NULL;
}

static bool
is_target(const struct dns_fact *fact)
{
	return fact->address.version == DNS_FACT_TARGET;
}

struct dns_fact_link_found
dns_fact_find_link(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct dns_fact_link_found found = {.fact = find_direct(memory, key, time_ns)};
	struct dns_fact_walk walk = dns_fact_walk(memory, DNS_FACTS_BY_NAME, key, time_ns);
	unsigned targets = 0;

	for (const struct dns_fact *f; found.fact == NULL && targets < TARGETS_MAX &&
				       (f = dns_fact_walk_next(&walk)) != NULL;) {
		if (!is_target(f))
			continue;
		struct dns_fact over = dns_fact_key(memory, key->client, f->other, &key->address);
		found.fact = find_direct(memory, &over, time_ns);
		found.target = found.fact != NULL ? f->other : NULL;
		targets++;
	}
	return found;
}

bool
dns_fact_has_target(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct dns_fact_walk walk = dns_fact_walk(memory, DNS_FACTS_BY_NAME, key, time_ns);

	for (const struct dns_fact *f; (f = dns_fact_walk_next(&walk)) != NULL;) {
		if (is_target(f))
			return true;
	}
	return false;
}
