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

#include "base/byte_hash.h"
#include "base/reserve.h"
#include "classifier/policy/dns_facts.h"

/* With the facts the buckets become more: few of them stay in the processor's caches. */
#define BUCKETS_FIRST 1024u

/* Numbers of places, and a power of two of buckets for them, have to fit 32 bits. */
#define ANSWERS_MAX (1u << 30)

/*
 * What one client may have of the room, so that one that is told names without end takes it from
 * itself; where there is little, no less than a few answers. A shared resolver asks for many.
 */
#define OWN_PART 16
#define OWN_MIN 64
#define SHARED_PART 2

static bool
allocate(struct dns_memory *m)
{
	/* Every client has a fact, but for the one whose answer is being added. */
	bool all = dns_clients_init(&m->clients, m->max + 1, BUCKETS_FIRST, m->seed) == 0;

	m->facts = reserve_take(m->max * sizeof(*m->facts), RESERVE_IN_ORDER);
	m->texts = reserve_take(m->max * sizeof(*m->texts), RESERVE_IN_ORDER);
	all &= m->facts != NULL && m->texts != NULL;
	for (unsigned list = 0; list < DNS_FACT_HASHED_LISTS; list++) {
		m->heads[list] = malloc(BUCKETS_FIRST * sizeof(*m->heads[list]));
		all &= m->heads[list] != NULL;
	}
	return all;
}

static uint32_t
part_of(uint32_t max, uint32_t part)
{
	return max / part > OWN_MIN ? max / part : OWN_MIN;
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
	m->seed = byte_hash_seed();
	m->max = max_answers;
	m->max_own = part_of(max_answers, OWN_PART);
	m->max_shared = part_of(max_answers, SHARED_PART);
	m->adding = DNS_CLIENT_NONE;
	m->bucket_mask = BUCKETS_FIRST - 1;
	if (!allocate(m)) {
		dns_memory_destroy(m);
		errno = ENOMEM;
		return NULL;
	}
	dns_memory_clear(m);
	return m;
}

static void
drop_name(struct dns_memory *m, uint32_t index)
{
	struct dns_fact *fact = &m->facts[index];

	if (fact->name != m->texts[index].text) {
		free((char *)fact->name);
		m->long_names--;
	}
	fact->name = NULL;
}

static void
drop_names(struct dns_memory *m)
{
	for (uint32_t i = 0; i < m->used && m->long_names != 0; i++)
		drop_name(m, i);
}

void
dns_memory_clear(struct dns_memory *memory)
{
	drop_names(memory);
	memory->used = 0;
	memory->newest = memory->oldest = DNS_FACT_NONE;
	dns_clients_clear(&memory->clients);
	for (unsigned list = 0; list < DNS_FACT_HASHED_LISTS; list++)
		memset(memory->heads[list], 0xff,
		       (memory->bucket_mask + (size_t)1) * sizeof(*memory->heads[list]));
}

void
dns_memory_destroy(struct dns_memory *memory)
{
	if (memory == NULL)
		return;
	drop_names(memory);
	for (unsigned list = 0; list < DNS_FACT_HASHED_LISTS; list++)
		free(memory->heads[list]);
	dns_clients_fini(&memory->clients);
	reserve_release(memory->facts, memory->max * sizeof(*memory->facts));
	reserve_release(memory->texts, memory->max * sizeof(*memory->texts));
	free(memory);
}

uint64_t
dns_memory_evicted(const struct dns_memory *memory)
{
	return memory->evicted;
}

uint64_t
dns_memory_evicted_own(const struct dns_memory *memory)
{
	return memory->evicted_own;
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
	uint32_t i = *dns_fact_bucket(m, DNS_FACTS_BY_NAME, gone);

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
	uint32_t i = *dns_fact_bucket(m, DNS_FACTS_BY_NAME, fresh);

	for (unsigned walked = 0; i != DNS_FACT_NONE && walked < DNS_FACT_WALK_MAX; walked++) {
		const struct dns_fact *fact = &m->facts[i];
		if (dns_fact_same(DNS_FACTS_BY_NAME, fact, fresh)) {
			reach_in_part(fresh, fact->in_part_until_ns);
			return;
		}
		i = fact->links[DNS_FACTS_BY_NAME].older;
	}
}

/* Forgets a fact whose place `fresh` takes. */
static void
replace(struct dns_memory *m, uint32_t index, struct dns_fact *fresh)
{
	struct dns_fact *gone = &m->facts[index];

	dns_fact_delist(m, index);
	spoil_contradiction(m, gone);
	if (dns_fact_same(DNS_FACTS_BY_NAME, gone, fresh))
		reach_in_part(fresh, gone->until_ns);
	drop_name(m, index);
	if (m->clients.clients[gone->client].facts == 0 && gone->client != m->adding)
		dns_clients_leave(&m->clients, gone->client);
}

/* A place for a new fact: that of the client's own oldest where it has all it may have, else a
 * fresh one, or that of the fact told longest ago. */
static uint32_t
take_place(struct dns_memory *m, struct dns_fact *fresh)
{
	const struct dns_client *client = &m->clients.clients[fresh->client];
	uint32_t may_have = client->address.version == 0 ? m->max_shared : m->max_own;
	uint32_t index = m->oldest;

	if (client->facts >= may_have) {
		index = client->oldest;
		m->evicted_own++;
	} else if (m->used < m->max) {
		return m->used++;
	} else {
		m->evicted++;
	}
	replace(m, index, fresh);
	return index;
}

/* For a time that was over before, nothing is known any more of the time before that. */
static void
renew_whole(struct dns_fact *fact, const struct dns_fact *fresh)
{
	if (fresh->whole_from_ns > fresh->whole_until_ns)
		return; /* a hint */
	if (fresh->whole_from_ns > fact->whole_until_ns ||
	    fact->whole_from_ns > fresh->whole_from_ns)
		fact->whole_from_ns = fresh->whole_from_ns;
	if (fresh->whole_until_ns > fact->whole_until_ns)
		fact->whole_until_ns = fresh->whole_until_ns;
}

/* A fact of the same words that still holds only lasts longer. False when there is none. */
static bool
renew(struct dns_memory *m, const struct dns_fact *fresh)
{
	uint32_t i = *dns_fact_bucket(m, DNS_FACTS_BY_ALL, fresh);

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
		renew_whole(fact, fresh);
		reach_in_part(fact, fresh->in_part_until_ns);
		dns_fact_delist(m, i);
		dns_fact_enlist(m, i);
		return true;
	}
	return false;
}

/* Bytes of both names with their ends. */
static size_t
names_size(const struct dns_fact *fact)
{
	return strlen(fact->name) + 1 + (fact->other != NULL ? strlen(fact->other) + 1 : 0);
}

static void
copy_names(struct dns_fact *fact, char *to)
{
	size_t name_len = strlen(fact->name) + 1;

	memcpy(to, fact->name, name_len);
	fact->name = to;
	if (fact->other != NULL)
		fact->other = memcpy(to + name_len, fact->other, strlen(fact->other) + 1);
}

void
dns_memory_remember(struct dns_memory *memory, const struct dns_fact *told, const char *name)
{
	struct dns_fact fresh = *told;
	char *long_room = NULL;

	fresh.name = name;
	fresh.name_hash = dns_fact_hash_name(memory, name);
	if (renew(memory, &fresh))
		return;
	size_t size = names_size(&fresh);
	if (size > DNS_FACT_TEXT_MAX && (long_room = malloc(size)) == NULL) {
		memory->evicted++;
		return;
	}
	uint32_t index = take_place(memory, &fresh);
	inherit_in_part(memory, &fresh);
	copy_names(&fresh, long_room != NULL ? long_room : memory->texts[index].text);
	memory->long_names += long_room != NULL;
	memory->facts[index] = fresh;
	dns_fact_enlist(memory, index);
	if (memory->used > memory->bucket_mask)
		dns_facts_grow(memory);
}
