/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the facts of dns_memory: each walks one list of the client's, and where that is
 * empty the list of what every client may know.
 */
#include "classifier/policy/dns_memory.h"

#include <string.h>

#include "classifier/policy/dns_facts.h"

static const struct ip_address every_client;

/* The facts of one list that held at a time, those told last first. */
struct walk {
	const struct dns_memory *memory;
	enum dns_fact_list list;
	struct dns_fact key;
	uint64_t time_ns;
	uint32_t next;
	unsigned walked;
};

static struct walk
walk_of(const struct dns_memory *memory, enum dns_fact_list list, const struct dns_fact *key,
	uint64_t time_ns)
{
	return (struct walk){
		.memory = memory,
		.list = list,
		.key = *key,
		.time_ns = time_ns,
		.next = *dns_fact_head(memory, list, key),
	};
}

static const struct dns_fact *
walk_next(struct walk *walk)
{
	while (walk->next != DNS_FACT_NONE && walk->walked < DNS_FACT_WALK_MAX) {
		const struct dns_fact *fact = &walk->memory->facts[walk->next];
		walk->next = fact->links[walk->list].older;
		walk->walked++;
		if (dns_fact_holds(fact, walk->time_ns) &&
		    dns_fact_same(walk->list, fact, &walk->key))
			return fact;
	}
	return NULL;
}

/* When the fact was told last, as far as known at `time_ns`. */
static uint64_t
told_ns(const struct dns_fact *fact, uint64_t time_ns)
{
	return fact->again_ns <= time_ns ? fact->again_ns : fact->from_ns;
}

/* The names asked for to get an address: the latest, and whether it is the only one. */
struct asked_names {
	const struct dns_fact *latest; /* NULL: none */
	bool several;
};

static struct asked_names
find_asked(const struct dns_memory *memory, const struct ip_address *client,
	   const struct ip_address *address, uint64_t time_ns)
{
	struct dns_fact key = {.client = *client, .address = *address};
	struct walk walk = walk_of(memory, DNS_FACTS_BY_ADDRESS, &key, time_ns);
	struct asked_names names = {0};

	for (const struct dns_fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
		if (!dns_fact_is_asked(f))
			continue;
		names.several |= names.latest != NULL && f->question != names.latest->question;
		if (names.latest == NULL || told_ns(f, time_ns) > told_ns(names.latest, time_ns))
			names.latest = f;
	}
	return names;
}

const char *
dns_memory_find_name(const struct dns_memory *memory, const struct ip_address *client,
		     const struct ip_address *address, uint64_t time_ns)
{
	struct asked_names names = find_asked(memory, client, address, time_ns);

	if (names.latest == NULL && memory->has_shared) {
		names = find_asked(memory, &every_client, address, time_ns);
		if (names.several)
			return NULL;
	}
	return names.latest != NULL ? names.latest->name : NULL;
}

static struct dns_fact
key_of(const struct dns_memory *memory, const struct dns_question *question)
{
	struct dns_fact key = {
		.client = *question->client,
		.address = *question->address,
		.name = question->name,
		.name_hash = dns_fact_hash_name(memory, question->name),
	};

	key.question = key.name_hash;
	return key;
}

/*
 * The fact that links the name to the address: as the question of an answer, which is one probe, or
 * else as an alias.
 */
static const struct dns_fact *
find_link(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct walk walk = walk_of(memory, DNS_FACTS_BY_ALL, key, time_ns);
	const struct dns_fact *fact = walk_next(&walk);

	if (fact != NULL)
		return fact;
	walk = walk_of(memory, DNS_FACTS_BY_NAME, key, time_ns);
	for (fact = walk_next(&walk); fact != NULL; fact = walk_next(&walk)) {
		if (ip_address_equal(&fact->address, &key->address))
			return fact;
	}
	return NULL;
}

/* The aliases of the answer's chain in which `link` stands. */
static void
collect_aliases(const struct dns_memory *memory, const struct dns_fact *link, uint64_t time_ns,
		struct dns_links *out)
{
	struct walk walk = walk_of(memory, DNS_FACTS_BY_ADDRESS, link, time_ns);
	const struct dns_fact *f;

	while (out->alias_count < DNS_LINK_ALIASES_MAX && (f = walk_next(&walk)) != NULL) {
		if (f->question == link->question && !dns_fact_is_asked(f))
			out->aliases[out->alias_count++] = f->name;
	}
}

/* Whether whole answers with that name list addresses, none of which is the key's. */
static bool
find_contradiction(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct walk walk = walk_of(memory, DNS_FACTS_BY_NAME, key, time_ns);

	for (const struct dns_fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
		if (f->address.version == key->address.version && f->in_part_until_ns < time_ns)
			return true;
	}
	return false;
}

void
dns_memory_tell(const struct dns_memory *memory, const struct dns_question *question,
		struct dns_links *out)
{
	*out = (struct dns_links){0};
	if (question->name == NULL)
		return;
	uint64_t time_ns = question->time_ns;
	struct dns_fact own = key_of(memory, question);
	const struct dns_fact *own_link = find_link(memory, &own, time_ns);
	const struct dns_fact *shared_link = NULL;
	struct asked_names names = find_asked(memory, question->client, question->address, time_ns);

	if (memory->has_shared) {
		struct dns_fact shared = own;
		shared.client = every_client;
		shared_link = find_link(memory, &shared, time_ns);
		if (names.latest == NULL)
			names = find_asked(memory, &every_client, question->address, time_ns);
	}
	out->linked = own_link != NULL;
	out->linked_shared = shared_link != NULL;
	out->several_names = names.several;
	out->contradicted = own_link == NULL && shared_link == NULL &&
			    find_contradiction(memory, &own, time_ns);
	if (own_link != NULL)
		collect_aliases(memory, own_link, time_ns, out);
	else if (shared_link != NULL)
		collect_aliases(memory, shared_link, time_ns, out);
}
