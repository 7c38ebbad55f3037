/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts of dns_memory and the lists they stand in: for dns_memory.c, which keeps them, and
 * dns_memory_tell.c, which asks them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ip_address.h"

#define DNS_FACT_NONE UINT32_MAX

/* Facts looked at in one list, the ones told last first: an address answered under thousands of
 * names, or a name with thousands of addresses, must not make every question a long walk. */
#define DNS_FACT_WALK_MAX 64

/** Each fact stands in one list of every kind; lists of one hash share a bucket. */
enum dns_fact_list {
	DNS_FACTS_BY_AGE,     /**< all of them, in a single bucket */
	DNS_FACTS_BY_ADDRESS, /**< of one client and address */
	DNS_FACTS_BY_NAME,    /**< of one client and name */
	DNS_FACTS_BY_ALL,     /**< of one client, address, name and question */
	DNS_FACT_LISTS,
};

struct dns_fact_link {
	uint32_t newer;
	uint32_t older;
};

/** One name of one answer, for one of its addresses. */
struct dns_fact {
	struct ip_address client; /**< version 0: every client */
	struct ip_address address;
	const char *name;   /**< owned; NULL: place not used */
	uint64_t name_hash; /**< of dns_fact_hash_name */
	uint64_t question;  /**< hash of the name asked for; `name_hash` where it is this one */
	uint64_t from_ns;   /**< first told */
	uint64_t again_ns;  /**< last told */
	uint64_t until_ns;  /**< end of TTL and grace */
	uint64_t in_part_until_ns; /**< till then the name may have addresses that were dropped */
	struct dns_fact_link links[DNS_FACT_LISTS];
};

struct dns_memory {
	struct dns_fact *facts;
	uint32_t *heads[DNS_FACT_LISTS]; /**< the fact told last in each bucket */
	uint32_t bucket_mask;            /**< of all lists but the one by age */
	uint32_t oldest;                 /**< told longest ago */
	uint32_t max;
	uint32_t used;   /**< places used since the last clearing, from the first on */
	bool has_shared; /**< some fact is for every client: half of the probes can be saved if not
			  */
	uint64_t evicted;
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

uint64_t dns_fact_hash_name(const struct dns_memory *memory, const char *name);

/** Head of the bucket in which facts like `key` stand. */
uint32_t *
dns_fact_head(const struct dns_memory *memory, enum dns_fact_list list, const struct dns_fact *key);

/** Whether two facts belong to one list of that kind; the bucket may hold others too. */
bool
dns_fact_same(enum dns_fact_list list, const struct dns_fact *fact, const struct dns_fact *key);

/** Puts a fact to the front of its lists: it is the one told last. */
void dns_fact_enlist(struct dns_memory *memory, uint32_t index);

/** Takes it out of all of them; its name must still be there. */
void dns_fact_delist(struct dns_memory *memory, uint32_t index);
