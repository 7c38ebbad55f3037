/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fact that comes again while it holds only lasts longer and moves to the front of its lists, so
 * a busy name takes one place and is not the first to go. Of the times when it was told, the first
 * and the last are kept: which of several names was the latest is exact for now, and for the past
 * as good as two times can tell.
 */
#include "classifier/policy/dns_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "classifier/policy/dns_facts.h"

#define NS_PER_S 1000000000u

/* Numbers of places, and a power of two of buckets for them, have to fit 32 bits. */
#define ANSWERS_MAX (1u << 30)

static const struct ip_address every_client;

static bool
allocate(struct dns_memory *m)
{
	m->facts = calloc(m->max, sizeof(*m->facts));
	bool all = m->facts != NULL;

	for (unsigned list = 0; list < DNS_FACT_LISTS; list++) {
		size_t buckets = list == DNS_FACTS_BY_AGE ? 1 : m->bucket_mask + (size_t)1;
		m->heads[list] = malloc(buckets * sizeof(*m->heads[list]));
		all &= m->heads[list] != NULL;
	}
	return all;
}

struct dns_memory *
dns_memory_create(uint32_t max_answers)
{
	if (max_answers == 0 || max_answers > ANSWERS_MAX) {
		errno = EINVAL;
		return NULL;
	}
	struct dns_memory *m = calloc(1, sizeof(*m));
	if (m == NULL)
		return NULL;
	uint32_t buckets = 1;
	while (buckets < max_answers)
		buckets *= 2;
	/* Without the kernel's randomness a fixed seed only loses the guard against chosen
	 * collisions. */
	if (getrandom(&m->seed, sizeof(m->seed), GRND_NONBLOCK) != (ssize_t)sizeof(m->seed))
		m->seed = 0x9e3779b97f4a7c15u;
	m->max = max_answers;
	m->bucket_mask = buckets - 1;
	if (!allocate(m)) {
		dns_memory_destroy(m);
		errno = ENOMEM;
		return NULL;
	}
	dns_memory_clear(m);
	return m;
}

static void
drop_name(struct dns_fact *fact)
{
	free((char *)fact->name);
	fact->name = NULL;
}

void
dns_memory_clear(struct dns_memory *memory)
{
	for (uint32_t i = 0; i < memory->used; i++)
		drop_name(&memory->facts[i]);
	memory->used = 0;
	memory->has_shared = false;
	memory->oldest = DNS_FACT_NONE;
	*memory->heads[DNS_FACTS_BY_AGE] = DNS_FACT_NONE;
	for (unsigned list = DNS_FACTS_BY_AGE + 1; list < DNS_FACT_LISTS; list++)
		memset(memory->heads[list], 0xff,
		       (memory->bucket_mask + (size_t)1) * sizeof(*memory->heads[list]));
}

void
dns_memory_destroy(struct dns_memory *memory)
{
	if (memory == NULL)
		return;
	for (uint32_t i = 0; i < memory->used; i++)
		drop_name(&memory->facts[i]);
	for (unsigned list = 0; list < DNS_FACT_LISTS; list++)
		free(memory->heads[list]);
	free(memory->facts);
	free(memory);
}

uint64_t
dns_memory_evicted(const struct dns_memory *memory)
{
	return memory->evicted;
}

static void
reach_in_part(struct dns_fact *fact, uint64_t until_ns)
{
	if (fact->in_part_until_ns < until_ns)
		fact->in_part_until_ns = until_ns;
}

/* What else is known of the name cannot speak against the address that is forgotten now. */
static void
spoil_contradiction(struct dns_memory *m, const struct dns_fact *gone)
{
	uint32_t i = *dns_fact_head(m, DNS_FACTS_BY_NAME, gone);

	for (unsigned walked = 0; i != DNS_FACT_NONE && walked < DNS_FACT_WALK_MAX; walked++) {
		struct dns_fact *fact = &m->facts[i];
		i = fact->links[DNS_FACTS_BY_NAME].older;
		if (dns_fact_same(DNS_FACTS_BY_NAME, fact, gone))
			reach_in_part(fact, gone->until_ns);
	}
}

/* Nor can what comes later: it takes over what the fact of that name told last has. */
static void
inherit_in_part(const struct dns_memory *m, struct dns_fact *fresh)
{
	uint32_t i = *dns_fact_head(m, DNS_FACTS_BY_NAME, fresh);

	for (unsigned walked = 0; i != DNS_FACT_NONE && walked < DNS_FACT_WALK_MAX; walked++) {
		const struct dns_fact *fact = &m->facts[i];
		if (dns_fact_same(DNS_FACTS_BY_NAME, fact, fresh)) {
			reach_in_part(fresh, fact->in_part_until_ns);
			return;
		}
		i = fact->links[DNS_FACTS_BY_NAME].older;
	}
}

/* A place for a new fact: a fresh one, or that of the fact told longest ago. */
static uint32_t
take_place(struct dns_memory *m, struct dns_fact *fresh)
{
	if (m->used < m->max)
		return m->used++;
	uint32_t index = m->oldest;
	struct dns_fact *gone = &m->facts[index];

	dns_fact_delist(m, index);
	spoil_contradiction(m, gone);
	if (dns_fact_same(DNS_FACTS_BY_NAME, gone, fresh))
		reach_in_part(fresh, gone->until_ns);
	drop_name(gone);
	m->evicted++;
	return index;
}

/* A fact of the same words that still holds only lasts longer. False when there is none. */
static bool
renew(struct dns_memory *m, const struct dns_fact *fresh)
{
	uint32_t i = *dns_fact_head(m, DNS_FACTS_BY_ALL, fresh);

	for (unsigned walked = 0; i != DNS_FACT_NONE && walked < DNS_FACT_WALK_MAX; walked++) {
		struct dns_fact *fact = &m->facts[i];
		if (fact->until_ns < fresh->from_ns ||
		    !dns_fact_same(DNS_FACTS_BY_ALL, fact, fresh)) {
			i = fact->links[DNS_FACTS_BY_ALL].older;
			continue;
		}
		fact->again_ns = fresh->from_ns;
		if (fresh->until_ns > fact->until_ns)
			fact->until_ns = fresh->until_ns;
		reach_in_part(fact, fresh->in_part_until_ns);
		dns_fact_delist(m, i);
		dns_fact_enlist(m, i);
		return true;
	}
	return false;
}

static void
remember(struct dns_memory *m, const struct dns_fact *told, const char *name)
{
	struct dns_fact fresh = *told;

	fresh.name = name;
	fresh.name_hash = dns_fact_hash_name(m, name);
	if (renew(m, &fresh))
		return;
	char *copy = strdup(name);
	if (copy == NULL) {
		m->evicted++;
		return;
	}
	uint32_t index = take_place(m, &fresh);
	inherit_in_part(m, &fresh);
	m->facts[index] = fresh;
	m->facts[index].name = copy;
	dns_fact_enlist(m, index);
}

void
dns_memory_add(struct dns_memory *memory, const struct ip_address *client, uint64_t time_ns,
	       const struct dns_answer *answer)
{
	uint64_t holds_ns = ((uint64_t)answer->ttl_s + DNS_MEMORY_GRACE_S) * NS_PER_S;
	struct dns_fact fresh = {
		.client = *client,
		.question = dns_fact_hash_name(memory, answer->question),
		.from_ns = time_ns,
		.again_ns = time_ns,
		.until_ns = time_ns + holds_ns < time_ns ? UINT64_MAX : time_ns + holds_ns,
	};

	fresh.in_part_until_ns = answer->addresses_dropped != 0 ? fresh.until_ns : 0;
	for (size_t a = 0; a < answer->address_count; a++) {
		fresh.address = answer->addresses[a];
		for (size_t i = 0; i < answer->alias_count; i++)
			remember(memory, &fresh, answer->aliases[i]);
		remember(memory, &fresh, answer->question);
	}
}

void
dns_memory_add_shared(struct dns_memory *memory, uint64_t time_ns, const struct dns_answer *answer)
{
	memory->has_shared = true;
	dns_memory_add(memory, &every_client, time_ns, answer);
}
