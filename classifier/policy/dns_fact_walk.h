/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the facts of dns_memory, each a walk of bounded length over one list: for
 * dns_memory_tell.c and dns_memory_ech.c.
 */
#pragma once

#include "classifier/policy/dns_facts.h"

/** The facts of one list that held at a time, those told last first. */
struct dns_fact_walk {
	const struct dns_memory *memory;
	enum dns_fact_list list;
	const struct dns_fact *key;
	uint64_t time_ns;
	uint32_t next;
	unsigned walked;
};

/** Facts like `key`, which is borrowed; of a client without a number there are none. */
struct dns_fact_walk dns_fact_walk(const struct dns_memory *memory, enum dns_fact_list list,
				   const struct dns_fact *key, uint64_t time_ns);

/** The next one, or NULL: at the end, or when DNS_FACT_WALK_MAX were looked at. */
const struct dns_fact *dns_fact_walk_next(struct dns_fact_walk *walk);

/** Whether a walk that has ended left some out. */
static inline bool
dns_fact_walk_is_cut(const struct dns_fact_walk *walk)
{
	return walk->next != DNS_FACT_NONE;
}

/** What is looked for: the fact of that client with this name as the question for this address. */
struct dns_fact dns_fact_key(const struct dns_memory *memory, uint32_t client, const char *name,
			     const struct ip_address *address);

/** Links a name to an address. */
struct dns_fact_link_found {
	const struct dns_fact *fact; /**< NULL: nothing does */
	const char
		*target; /**< over this target of the name's service, whose fact it is; or NULL */
};

/** The answers that link name and address of `key`: the name is the question of one or an alias
 * behind it, or the target of its service is. */
struct dns_fact_link_found
dns_fact_find_link(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns);

/** Whether the service of the key's name is to be looked for under another. */
bool
dns_fact_has_target(const struct dns_memory *memory, const struct dns_fact *key, uint64_t time_ns);
