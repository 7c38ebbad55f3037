/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts of dns_memory and the lists they stand in: for dns_memory.c and dns_memory_add.c, which
 * keep them, and for dns_fact_walk.c, over which they are asked.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "classifier/policy/dns_clients.h"

#define DNS_FACT_NONE UINT32_MAX

/* Facts looked at in one list, the ones told last first: an address answered under thousands of
 * names, or a name with thousands of addresses, must not make every question a long walk. */
#define DNS_FACT_WALK_MAX 64

/** Each fact stands in one list of every kind; lists of one hash share a bucket. */
enum dns_fact_list {
	DNS_FACTS_BY_AGE,     /**< all of them, in a single bucket */
	DNS_FACTS_BY_CLIENT,  /**< all of one client, by age, in a bucket of its own */
	DNS_FACTS_BY_ADDRESS, /**< of one client and address */
	DNS_FACTS_BY_NAME,    /**< of one client and name */
	DNS_FACTS_BY_ALL,     /**< of one client, address, name and question */
	DNS_FACT_LISTS,
};

/** The lists that have buckets of their own. */
#define DNS_FACT_HASHED_LISTS (DNS_FACT_LISTS - DNS_FACTS_BY_ADDRESS)

struct dns_fact_link {
	uint32_t newer;
	uint32_t older;
};

/**
 * What a name leads to beside addresses is another name. It stands in `other`, and its hash in the
 * place of the address, under a version that no address has.
 */
enum dns_fact_other {
	DNS_FACT_PUBLIC_NAME = 1, /**< of an ECH configuration that was announced for the name */
	DNS_FACT_TARGET = 2,      /**< where the service of the name is to be looked for */
};

/** One name of one answer, and one address or other name that it leads to. */
struct dns_fact {
	struct ip_address address;
	uint32_t client;  /**< number in dns_clients */
	const char *name; /**< in the place of the fact's number or owned, with `other` behind it */
	const char *other;  /**< NULL: an address */
	uint64_t name_hash; /**< of dns_fact_hash_name */
	uint64_t question;  /**< hash of the name asked for; `name_hash` where it is this one */
	uint64_t from_ns;   /**< first told */
	uint64_t again_ns;  /**< last told */
	uint64_t until_ns;  /**< end of TTL and grace */
	/** When it was part of all the addresses that the name has; a hint never is. */
	uint64_t whole_from_ns, whole_until_ns;
	uint64_t in_part_until_ns; /**< till then the name may have addresses that were dropped */
	struct dns_fact_link links[DNS_FACT_LISTS];
};

/** Room for the names of a fact; longer ones are allocated. */
#define DNS_FACT_TEXT_MAX 64

struct dns_fact_text {
	char text[DNS_FACT_TEXT_MAX];
};

struct dns_memory {
	struct dns_fact *facts;
	struct dns_fact_text *texts;            /**< one for each fact */
	uint32_t long_names;                    /**< facts whose names are allocated */
	uint32_t *heads[DNS_FACT_HASHED_LISTS]; /**< the fact told last in each bucket */
	uint32_t bucket_mask;
	uint32_t newest; /**< of all */
	uint32_t oldest;
	uint32_t max;
	uint32_t max_own;    /**< facts of one client */
	uint32_t max_shared; /**< facts for every client */
	uint32_t used;       /**< places used since the last clearing, from the first on */
	uint32_t adding;     /**< the client whose answer is being added keeps its number */
	struct dns_clients clients;
	uint64_t evicted;
	uint64_t evicted_own;
	uint64_t seed; /**< of the hashes; what is found does not depend on it */
};

/** The question itself, not an alias on the way to its address. */
static inline bool
dns_fact_is_asked(const struct dns_fact *fact)
{
	return fact->question == fact->name_hash;
}

static inline bool
dns_fact_holds(const struct dns_fact *fact, uint64_t time_ns)
{
	return fact->from_ns <= time_ns && time_ns <= fact->until_ns;
}

uint64_t dns_fact_hash_address(uint64_t seed, const struct ip_address *address);
uint64_t dns_fact_hash_name(const struct dns_memory *memory, const char *name);

/** Makes `fact` lead to another name (borrowed). */
void dns_fact_lead_to(const struct dns_memory *memory, enum dns_fact_other kind, const char *other,
		      struct dns_fact *fact);

/** Head of the bucket in which facts like `key` stand, of a list that has buckets. */
uint32_t *dns_fact_bucket(const struct dns_memory *memory, enum dns_fact_list list,
			  const struct dns_fact *key);

/** Whether two facts belong to one list of that kind; the bucket may hold others too. */
bool
dns_fact_same(enum dns_fact_list list, const struct dns_fact *fact, const struct dns_fact *key);

/** Puts a fact to the front of its lists: it is the one told last. */
void dns_fact_enlist(struct dns_memory *memory, uint32_t index);

/** Twice the buckets, as far as there is memory. */
void dns_facts_grow(struct dns_memory *memory);

/** Takes it out of all of them; its name must still be there. */
void dns_fact_delist(struct dns_memory *memory, uint32_t index);

/** Keeps what an answer told of `name`; all else of the fact is in `told` (names are copied). */
void dns_memory_remember(struct dns_memory *memory, const struct dns_fact *told, const char *name);
