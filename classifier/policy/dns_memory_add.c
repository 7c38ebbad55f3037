/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers become facts. An address is told under the question and every alias on the way to it.
 *
 * A hint of an HTTPS record is an address that a client may use for the asked name before it has
 * asked for any (RFC 9460 7.3). So it links and names like an address. But it need not be one that
 * the name has, nor all of them: it never contradicts, and where addresses of A and AAAA are known,
 * they alone do. The hints of a SVCB record are the target's; how the asked name comes into it is
 * said by each protocol (RFC 9461: the target's name is that of the TLS server).
 */
#include "classifier/policy/dns_memory.h"

#include <string.h>

#include "classifier/policy/dns_facts.h"

#define NS_PER_S 1000000000u

static const struct ip_address every_client;

/* Makes `fresh` what an answer tells of the name that was asked for. */
static void
ask(const struct dns_memory *m, const char *question, struct dns_fact *fresh)
{
	fresh->question = dns_fact_hash_name(m, question);
}

static void
remember_chain(struct dns_memory *m, const struct dns_fact *told, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->alias_count; i++)
		dns_memory_remember(m, told, answer->aliases[i]);
}

/* Where facts are looked for lies scattered: fetched together, it is waited for but once. */
static void
prefetch(const struct dns_memory *m, const struct dns_fact *told, const struct dns_answer *answer)
{
	const uint32_t *buckets[DNS_FACT_HASHED_LISTS * DNS_ADDRESSES_MAX];
	struct dns_fact key = *told;
	size_t count = 0;

	key.name_hash = key.question;
	for (size_t a = 0; a < answer->address_count; a++) {
		key.address = answer->addresses[a];
		for (unsigned list = DNS_FACTS_BY_ADDRESS; list < DNS_FACT_LISTS; list++) {
			buckets[count] = dns_fact_bucket(m, (enum dns_fact_list)list, &key);
			__builtin_prefetch(buckets[count++]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (*buckets[i] == DNS_FACT_NONE)
			continue;
		const struct dns_fact *first = &m->facts[*buckets[i]];
		__builtin_prefetch(first);
		__builtin_prefetch((const char *)first + 64);
		__builtin_prefetch((const char *)first + 128);
	}
}

static void
add_addresses(struct dns_memory *m, const struct dns_fact *told, const struct dns_answer *answer)
{
	struct dns_fact fresh = *told;

	ask(m, answer->question, &fresh);
	fresh.whole_from_ns = fresh.from_ns;
	fresh.whole_until_ns = fresh.until_ns;
	prefetch(m, &fresh, answer);
	for (size_t a = 0; a < answer->address_count; a++) {
		fresh.address = answer->addresses[a];
		remember_chain(m, &fresh, answer);
		dns_memory_remember(m, &fresh, answer->question);
	}
}

static void
add_hints(struct dns_memory *m, const struct dns_fact *told, const struct dns_answer *answer,
	  const struct dns_service *service, const char *name)
{
	struct dns_fact fresh = *told;
	bool other_target = *service->target != '\0' && strcmp(service->target, name) != 0;

	fresh.whole_from_ns = UINT64_MAX;
	for (size_t i = 0; i < service->hint_count; i++) {
		fresh.address = service->hints[i];
		if (service->type == DNS_TYPE_HTTPS)
			remember_chain(m, &fresh, answer);
		if (other_target)
			dns_memory_remember(m, &fresh, service->target);
		dns_memory_remember(m, &fresh, name);
	}
}

static void
add_service(struct dns_memory *m, const struct dns_fact *told, const struct dns_answer *answer,
	    const struct dns_service *service)
{
	const char *origin = dns_answer_origin(answer);
	bool by_target = service->type == DNS_TYPE_SVCB && *service->target != '\0';
	const char *name = by_target ? service->target : origin;
	struct dns_fact fresh = *told;

	if (*name == '\0')
		return;
	ask(m, name, &fresh);
	add_hints(m, &fresh, answer, service, name);
	if (*service->target != '\0' && !by_target && strcmp(service->target, name) != 0) {
		dns_fact_lead_to(m, DNS_FACT_TARGET, service->target, &fresh);
		dns_memory_remember(m, &fresh, name);
	}
	for (size_t i = 0; i < service->public_name_count; i++) {
		/* Its own name in the outer ClientHello hides nothing. */
		if (strcmp(service->public_names[i], name) == 0)
			continue;
		dns_fact_lead_to(m, DNS_FACT_PUBLIC_NAME, service->public_names[i], &fresh);
		dns_memory_remember(m, &fresh, name);
	}
}

void
dns_memory_add(struct dns_memory *memory, const struct ip_address *client, uint64_t time_ns,
	       const struct dns_answer *answer)
{
	uint64_t holds_ns = ((uint64_t)answer->ttl_s + DNS_MEMORY_GRACE_S) * NS_PER_S;
	bool in_part = answer->addresses_dropped != 0 || answer->services_dropped != 0;
	struct dns_fact told = {
		.client = dns_clients_take(&memory->clients, client),
		.from_ns = time_ns,
		.again_ns = time_ns,
		.until_ns = time_ns + holds_ns < time_ns ? UINT64_MAX : time_ns + holds_ns,
	};

	told.in_part_until_ns = in_part ? told.until_ns : 0;
	memory->adding = told.client;
	add_addresses(memory, &told, answer);
	for (size_t i = 0; i < answer->service_count; i++)
		add_service(memory, &told, answer, &answer->services[i]);
	memory->adding = DNS_CLIENT_NONE;
	if (memory->clients.clients[told.client].facts == 0)
		dns_clients_leave(&memory->clients, told.client);
}

void
dns_memory_add_shared(struct dns_memory *memory, uint64_t time_ns, const struct dns_answer *answer)
{
	dns_memory_add(memory, &every_client, time_ns, answer);
}
