/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts stand in a ring in the order they came; hash chains by (client, address) run through it,
 * youngest first. A fact that comes again while it holds only lasts longer, so a busy name takes
 * one place. Of the times when it was asked for, the first and the last are kept: which of several
 * names was the latest is exact for now, and for the past as good as two times can tell.
 */
#include "classifier/policy/dns_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NONE UINT32_MAX
#define NS_PER_S 1000000000u

/* Facts in one chain: an address answered under thousands of names must not make every question a
 * long walk. */
#define CHAIN_MAX 64

/* Numbers of places, and a power of two of chains for them, have to fit 32 bits. */
#define ANSWERS_MAX (1u << 30)

struct fact {
	struct ip_address client;
	struct ip_address address;
	bool asked;        /* the question itself, not an alias */
	char *name;        /* NULL: place not used */
	uint64_t from_ns;  /* first told */
	uint64_t again_ns; /* last told */
	uint64_t until_ns;
	uint32_t next; /* in the chain: older */
};

struct dns_memory {
	struct fact *facts;
	uint32_t *chains;
	uint32_t max;
	uint32_t chain_mask;
	uint32_t oldest; /* the next place to be used */
	uint32_t used;   /* places used since the last clearing, from the first on */
	uint64_t evicted;
	uint64_t seed; /* of the chains' hash; what is found does not depend on it */
};

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
	uint32_t chains = 1;
	while (chains < max_answers)
		chains *= 2;
	/* Without the kernel's randomness a fixed seed only loses the guard against chosen
	 * collisions. */
	if (getrandom(&m->seed, sizeof(m->seed), GRND_NONBLOCK) != (ssize_t)sizeof(m->seed))
		m->seed = 0x9e3779b97f4a7c15u;
	m->max = max_answers;
	m->chain_mask = chains - 1;
	m->facts = calloc(max_answers, sizeof(*m->facts));
	m->chains = malloc(chains * sizeof(*m->chains));
	if (m->facts == NULL || m->chains == NULL) {
		dns_memory_destroy(m);
		errno = ENOMEM;
		return NULL;
	}
	memset(m->chains, 0xff, chains * sizeof(*m->chains));
	return m;
}

void
dns_memory_clear(struct dns_memory *memory)
{
	for (uint32_t i = 0; i < memory->used; i++) {
		free(memory->facts[i].name);
		memory->facts[i].name = NULL;
	}
	memory->oldest = 0;
	memory->used = 0;
	memset(memory->chains, 0xff, (memory->chain_mask + (size_t)1) * sizeof(*memory->chains));
}

void
dns_memory_destroy(struct dns_memory *memory)
{
	if (memory == NULL)
		return;
	if (memory->facts != NULL && memory->chains != NULL)
		dns_memory_clear(memory);
	free(memory->facts);
	free(memory->chains);
	free(memory);
}

uint64_t
dns_memory_evicted(const struct dns_memory *memory)
{
	return memory->evicted;
}

/* Two words into one, all bits mixed. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Addresses in answers are chosen by whoever answers: the seed keeps them from choosing one chain.
 */
static uint32_t *
chain_of(const struct dns_memory *m, const struct ip_address *client,
	 const struct ip_address *address)
{
	uint64_t word[4];

	memcpy(word, client->bytes, sizeof(client->bytes));
	memcpy(word + 2, address->bytes, sizeof(address->bytes));
	uint64_t h = mix(word[0] ^ m->seed, word[1] ^ ~m->seed);
	h = mix(word[2] ^ h, word[3] ^ m->seed);
	return &m->chains[h & m->chain_mask];
}

static bool
is_about(const struct fact *f, const struct ip_address *client, const struct ip_address *address)
{
	return ip_address_equal(&f->client, client) && ip_address_equal(&f->address, address);
}

static void
forget(struct dns_memory *m, uint32_t index)
{
	struct fact *f = &m->facts[index];
	uint32_t *link = chain_of(m, &f->client, &f->address);

	while (*link != index)
		link = &m->facts[*link].next;
	*link = f->next;
	free(f->name);
	f->name = NULL;
	m->evicted++;
}

/* A fact of the same words that still holds only lasts longer. False when there is none. */
static bool
renew(struct dns_memory *m, const struct fact *fresh, const char *name)
{
	uint32_t i = *chain_of(m, &fresh->client, &fresh->address);

	for (; i != NONE; i = m->facts[i].next) {
		struct fact *f = &m->facts[i];
		if (f->until_ns < fresh->from_ns || f->asked != fresh->asked ||
		    !is_about(f, &fresh->client, &fresh->address) || strcmp(f->name, name) != 0)
			continue;
		f->again_ns = fresh->from_ns;
		if (fresh->until_ns > f->until_ns)
			f->until_ns = fresh->until_ns;
		return true;
	}
	return false;
}

/* Makes a full chain shorter by the fact that ends first. */
static void
shorten(struct dns_memory *m, uint32_t chain)
{
	unsigned length = 0;
	uint32_t first_to_end = chain;

	for (uint32_t i = chain; i != NONE; i = m->facts[i].next, length++) {
		if (m->facts[i].until_ns <= m->facts[first_to_end].until_ns)
			first_to_end = i;
	}
	if (length >= CHAIN_MAX)
		forget(m, first_to_end);
}

static void
remember(struct dns_memory *m, const struct fact *fresh, const char *name)
{
	if (renew(m, fresh, name))
		return;
	char *copy = strdup(name);
	if (copy == NULL) {
		m->evicted++;
		return;
	}
	uint32_t index = m->oldest;
	m->oldest = (m->oldest + 1) % m->max;
	if (m->used < m->max)
		m->used++;
	if (m->facts[index].name != NULL)
		forget(m, index);
	uint32_t *chain = chain_of(m, &fresh->client, &fresh->address);
	shorten(m, *chain);
	m->facts[index] = *fresh;
	m->facts[index].name = copy;
	m->facts[index].next = *chain;
	*chain = index;
}

void
dns_memory_add(struct dns_memory *memory, const struct ip_address *client, uint64_t time_ns,
	       const struct dns_answer *answer)
{
	struct fact fresh = {.client = *client, .from_ns = time_ns, .again_ns = time_ns};
	uint64_t holds_ns = ((uint64_t)answer->ttl_s + DNS_MEMORY_GRACE_S) * NS_PER_S;

	fresh.until_ns = time_ns + holds_ns < time_ns ? UINT64_MAX : time_ns + holds_ns;
	for (size_t a = 0; a < answer->address_count; a++) {
		fresh.address = answer->addresses[a];
		for (size_t i = 0; i < answer->alias_count; i++) {
			fresh.asked = false;
			remember(memory, &fresh, answer->aliases[i]);
		}
		fresh.asked = true;
		remember(memory, &fresh, answer->question);
	}
}

/* When the fact was told last, as far as known at `time_ns`. */
static uint64_t
told_ns(const struct fact *f, uint64_t time_ns)
{
	return f->again_ns <= time_ns ? f->again_ns : f->from_ns;
}

const char *
dns_memory_find_name(const struct dns_memory *memory, const struct ip_address *client,
		     const struct ip_address *address, uint64_t time_ns)
{
	const struct fact *latest = NULL;
	uint32_t i = *chain_of(memory, client, address);

	for (; i != NONE; i = memory->facts[i].next) {
		const struct fact *f = &memory->facts[i];
		if (f->asked && f->from_ns <= time_ns && time_ns <= f->until_ns &&
		    is_about(f, client, address) &&
		    (latest == NULL || told_ns(f, time_ns) > told_ns(latest, time_ns)))
			latest = f;
	}
	return latest != NULL ? latest->name : NULL;
}

bool
dns_memory_links(const struct dns_memory *memory, const struct ip_address *client,
		 const struct ip_address *address, const char *name, uint64_t time_ns)
{
	uint32_t i = *chain_of(memory, client, address);

	for (; i != NONE; i = memory->facts[i].next) {
		const struct fact *f = &memory->facts[i];
		if (f->from_ns <= time_ns && time_ns <= f->until_ns &&
		    is_about(f, client, address) && strcmp(f->name, name) == 0)
			return true;
	}
	return false;
}
