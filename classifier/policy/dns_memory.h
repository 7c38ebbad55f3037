/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names a client was told for which address, and when: names the flows that carry none, and
 * says whether answers link a name to an address or speak against it. Answers come in order of
 * packet time; questions are about a flow's start, which may lie before later answers. A bounded
 * number of facts is kept, and of one client a part of it; the one told longest ago goes first. An
 * announcement of keys for an encrypted ClientHello is a fact too. One thread owns it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "classifier/names/dns.h"

/** An answer holds this long after its TTL: clients keep connections and caches longer (domain
 * §3b). */
#define DNS_MEMORY_GRACE_S 300u

struct dns_memory;

/**
 * Room for `max_answers` (client, address, name) facts, 1 to 2^30: a sixteenth of it, but no less
 * than 64, for one client, half of it for what all share. NULL with errno (EINVAL, ENOMEM); free
 * with dns_memory_destroy (NULL allowed).
 */
struct dns_memory *dns_memory_create(uint32_t max_answers);
void dns_memory_destroy(struct dns_memory *memory);

/** Forgets everything: files are judged apart. */
void dns_memory_clear(struct dns_memory *memory);

/**
 * Remembers an answer that `client` got at `time_ns`: question and aliases, for each address; of
 * its services hints, other targets and public names.
 */
void dns_memory_add(struct dns_memory *memory, const struct ip_address *client, uint64_t time_ns,
		    const struct dns_answer *answer);

/** The same for an answer to a resolver that asks for many: it counts for every client (domain
 * §5.13). */
void
dns_memory_add_shared(struct dns_memory *memory, uint64_t time_ns, const struct dns_answer *answer);

/**
 * The name that `client` last asked for to get `address`, among answers that held at `time_ns`;
 * NULL when there is none. Where the client itself was told nothing, the name that a shared
 * resolver was told, if it is the only one: which of several this client meant, nobody can say.
 * Borrowed until the next add.
 */
const char *dns_memory_find_name(const struct dns_memory *memory, const struct ip_address *client,
				 const struct ip_address *address, uint64_t time_ns);

/** What is asked about a flow: borrowed. */
struct dns_question {
	const struct ip_address *client;
	const struct ip_address *address;
	const char *name; /**< canonical, or NULL: then there is nothing to tell */
	uint64_t time_ns; /**< of the flow's first packet */
};

/** Names of a chain that are handed out; an answer has no more. */
#define DNS_LINK_ALIASES_MAX DNS_ALIASES_MAX

/** What answers told of name and address; all of it as it held at the time asked for. */
struct dns_links {
	bool linked;        /**< an answer for this client links the name to the address */
	bool linked_shared; /**< an answer to a shared resolver does */
	bool several_names; /**< more than one name was asked for to get the address */
	bool contradicted;  /**< answers to this client for that name list other addresses only */
	/** Names of the chains that lead from or over the name to the address; borrowed until the
	 * next add. */
	const char *aliases[DNS_LINK_ALIASES_MAX];
	size_t alias_count;
};

/**
 * Fills `out`. A name is linked where it is the question of an answer or stands in its chain, or
 * where the target of its service does (RFC 9460). Only addresses of A and AAAA contradict, of the
 * address's IP version (domain §5.47), and none of an answer of which a part was dropped, nor any
 * while another answer for the name is known to have been forgotten, or the name's service is under
 * another name.
 */
void dns_memory_tell(const struct dns_memory *memory, const struct dns_question *question,
		     struct dns_links *out);

/** What answers told of an outer name in front of an encrypted ClientHello. */
struct dns_ech {
	bool announced; /**< it is the public name of keys that were announced for another name */
	bool asked_itself; /**< and its own address was asked for too: it may be meant itself */
	/**
	 * The only name for which it was announced and which is linked to the address; NULL where
	 * there is none, or more than one. Borrowed until the next add.
	 */
	const char *name;
};

/**
 * Fills `out`, for the outer name in `question`. What the client itself was told goes before what
 * all may know.
 */
void dns_memory_tell_ech(const struct dns_memory *memory, const struct dns_question *question,
			 struct dns_ech *out);

/** Facts dropped to make room for those of others. */
uint64_t dns_memory_evicted(const struct dns_memory *memory);

/** Facts dropped because their client had all that one may have. */
uint64_t dns_memory_evicted_own(const struct dns_memory *memory);
