/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which name may stand behind an outer one. Candidates are the names whose addresses, or whose
 * service's target's addresses, include the flow's; of them, the ones for which the outer name was
 * announced. So one that was announced long ago counts like any other, and where not all could be
 * looked at, none is given.
 */
#include "classifier/policy/dns_memory.h"

#include <string.h>

#include "classifier/policy/dns_fact_walk.h"

/* Facts looked at for one answer, over all lists: a client can be told targets of targets. */
#define STEPS_MAX (4 * DNS_FACT_WALK_MAX)

static const struct ip_address every_client;

/* The names found so far, out of what one client was told. */
struct search {
	const struct dns_memory *memory;
	const struct dns_question *question; /* its name is the outer one */
	uint32_t client;
	const char *name; /* NULL: none yet */
	bool several;     /* or not all could be looked at */
	unsigned steps;
};

static bool
is_announced_for(const struct search *s, const struct dns_fact *candidate)
{
	struct dns_fact key = *candidate;

	key.question = key.name_hash;
	dns_fact_lead_to(s->memory, DNS_FACT_PUBLIC_NAME, s->question->name, &key);
	struct dns_fact_walk walk =
		dns_fact_walk(s->memory, DNS_FACTS_BY_ALL, &key, s->question->time_ns);
	return dns_fact_walk_next(&walk) != NULL;
}

static void
consider(struct search *s, const struct dns_fact *candidate)
{
	if (!dns_fact_is_asked(candidate) || !is_announced_for(s, candidate))
		return;
	s->several |= s->name != NULL && strcmp(s->name, candidate->name) != 0;
	s->name = candidate->name;
}

/* Names whose service is to be looked for under `target`. */
static void
consider_names_over(struct search *s, const struct dns_fact *target)
{
	struct dns_fact key = {.client = s->client};

	dns_fact_lead_to(s->memory, DNS_FACT_TARGET, target->name, &key);
	struct dns_fact_walk walk =
		dns_fact_walk(s->memory, DNS_FACTS_BY_ADDRESS, &key, s->question->time_ns);
	for (const struct dns_fact *f; (f = dns_fact_walk_next(&walk)) != NULL;)
		consider(s, f);
	s->several |= dns_fact_walk_is_cut(&walk);
	s->steps += 1 + walk.walked;
}

static struct search
find_behind(const struct dns_memory *memory, uint32_t client, const struct dns_question *question)
{
	struct search s = {.memory = memory, .question = question, .client = client};
	struct dns_fact key = {.client = client, .address = *question->address};
	struct dns_fact_walk walk =
		dns_fact_walk(memory, DNS_FACTS_BY_ADDRESS, &key, question->time_ns);

	for (const struct dns_fact *f;
	     s.steps < STEPS_MAX && (f = dns_fact_walk_next(&walk)) != NULL;) {
		consider(&s, f);
		consider_names_over(&s, f);
	}
	s.several |= dns_fact_walk_is_cut(&walk);
	return s;
}

static bool
is_announced(const struct dns_memory *memory, uint32_t client, const struct dns_question *question)
{
	struct dns_fact key = {.client = client};

	dns_fact_lead_to(memory, DNS_FACT_PUBLIC_NAME, question->name, &key);
	struct dns_fact_walk walk =
		dns_fact_walk(memory, DNS_FACTS_BY_ADDRESS, &key, question->time_ns);
	return dns_fact_walk_next(&walk) != NULL;
}

/* Whoever hides behind a name does not ask for its address. */
static bool
is_asked_itself(const struct dns_memory *memory, uint32_t client,
		const struct dns_question *question)
{
	struct dns_fact key = dns_fact_key(memory, client, question->name, question->address);
	struct dns_fact_walk walk =
		dns_fact_walk(memory, DNS_FACTS_BY_ALL, &key, question->time_ns);

	return dns_fact_walk_next(&walk) != NULL;
}

void
dns_memory_tell_ech(const struct dns_memory *memory, const struct dns_question *question,
		    struct dns_ech *out)
{
	*out = (struct dns_ech){0};
	if (question->name == NULL)
		return;
	uint32_t own = dns_clients_find(&memory->clients, question->client);
	uint32_t shared = dns_clients_find(&memory->clients, &every_client);
	struct search found = find_behind(memory, own, question);

	out->announced = found.name != NULL || is_announced(memory, own, question);
	if (!out->announced) {
		found = find_behind(memory, shared, question);
		out->announced = found.name != NULL || is_announced(memory, shared, question);
	}
	out->name = found.several ? NULL : found.name;
	out->asked_itself = out->announced && (is_asked_itself(memory, own, question) ||
					       is_asked_itself(memory, shared, question));
}
