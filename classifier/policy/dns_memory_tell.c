/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the facts of dns_memory: each walks one list of the client's, and where that is
 * empty the list of what every client may know.
 */
#include "classifier/policy/dns_memory.h"

#include <string.h>

#include "classifier/policy/dns_fact_walk.h"

static const struct ip_address every_client;

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
find_asked(const struct dns_memory *memory, uint32_t client, const struct ip_address *address,
	   uint64_t time_ns)
{
	struct asked_names names = {0};

	if (client == DNS_CLIENT_NONE)
		return names;
	struct dns_fact key = {.client = client, .address = *address};
	struct dns_fact_walk walk = dns_fact_walk(memory, DNS_FACTS_BY_ADDRESS, &key, time_ns);
	for (const struct dns_fact *f; (f = dns_fact_walk_next(&walk)) != NULL;) {
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
	uint32_t own = dns_clients_find(&memory->clients, client);
	struct asked_names names = find_asked(memory, own, address, time_ns);

	if (names.latest == NULL) {
		uint32_t shared = dns_clients_find(&memory->clients, &every_client);
		names = find_asked(memory, shared, address, time_ns);
		if (names.several)
			return NULL;
	}
	return names.latest != NULL ? names.latest->name : NULL;
}

/* The target over which a link goes, and the aliases of the answer's chain in which it stands. */
static void
collect_aliases(const struct dns_memory *memory, const struct dns_fact_link_found *link,
		uint64_t time_ns, struct dns_links *out)
{
	struct dns_fact_walk walk =
		dns_fact_walk(memory, DNS_FACTS_BY_ADDRESS, link->fact, time_ns);
	const struct dns_fact *f;

	if (link->target != NULL)
		out->aliases[out->alias_count++] = link->target;
	while (out->alias_count < DNS_LINK_ALIASES_MAX && (f = dns_fact_walk_next(&walk)) != NULL) {
		if (f->question == link->fact->question && !dns_fact_is_asked(f))
			out->aliases[out->alias_count++] = f->name;
	}
}

static bool
is_whole(const struct dns_fact *fact, uint64_t time_ns)
{
	return fact->whole_from_ns <= time_ns && time_ns <= fact->whole_until_ns &&
	       fact->in_part_until_ns < time_ns;
}

/* Whether whole answers with that name list addresses, none of which is the key's. */
static bool
lists_others(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns)
{
	struct dns_fact_walk walk = dns_fact_walk(memory, DNS_FACTS_BY_NAME, key, time_ns);

	for (const struct dns_fact *f; (f = dns_fact_walk_next(&walk)) != NULL;) {
		if (f->address.version == key->address.version && is_whole(f, time_ns))
			return true;
	}
	return false;
}

/* Where the service of the name is under another, its own addresses say nothing. */
static bool
is_contradicted(const struct dns_memory *memory, const struct dns_fact *own,
		const struct dns_fact *shared, uint64_t time_ns)
{
	return lists_others(memory, own, time_ns) && !dns_fact_has_target(memory, own, time_ns) &&
	       !dns_fact_has_target(memory, shared, time_ns);
}

void
dns_memory_tell(const struct dns_memory *memory, const struct dns_question *question,
		struct dns_links *out)
{
	*out = (struct dns_links){0};
	if (question->name == NULL)
		return;
	uint64_t time_ns = question->time_ns;
	uint32_t client = dns_clients_find(&memory->clients, question->client);
	uint32_t everybody = dns_clients_find(&memory->clients, &every_client);
	/* Most clients were never seen to ask. */
	if (client == DNS_CLIENT_NONE && everybody == DNS_CLIENT_NONE)
		return;
	struct dns_fact own = dns_fact_key(memory, client, question->name, question->address);
	struct dns_fact shared = own;
	shared.client = everybody;
	struct dns_fact_link_found own_link = dns_fact_find_link(memory, &own, time_ns);
	struct dns_fact_link_found shared_link = dns_fact_find_link(memory, &shared, time_ns);

	struct asked_names names = find_asked(memory, own.client, question->address, time_ns);
	if (names.latest == NULL)
		names = find_asked(memory, shared.client, question->address, time_ns);
	out->linked = own_link.fact != NULL;
	out->linked_shared = shared_link.fact != NULL;
	out->several_names = names.several;
	out->contradicted = !out->linked && !out->linked_shared &&
			    is_contradicted(memory, &own, &shared, time_ns);
	if (out->linked)
		collect_aliases(memory, &own_link, time_ns, out);
	else if (out->linked_shared)
		collect_aliases(memory, &shared_link, time_ns, out);
}
