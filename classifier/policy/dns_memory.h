/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names a client was told for which address, and when: names the flows that carry none, and
 * links names to addresses. Answers come in order of packet time; questions are about a flow's
 * start, which may lie before later answers. A bounded number of answers is kept; the oldest goes
 * first. One thread owns it.
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
 * Room for `max_answers` (client, address, name) facts, 1 to 2^30. NULL with errno (EINVAL,
 * ENOMEM); free with dns_memory_destroy (NULL allowed).
 */
struct dns_memory *dns_memory_create(uint32_t max_answers);
void dns_memory_destroy(struct dns_memory *memory);

/** Forgets everything: files are judged apart. */
void dns_memory_clear(struct dns_memory *memory);

/** Remembers an answer that `client` got at `time_ns`: question and aliases, for each address. */
void dns_memory_add(struct dns_memory *memory, const struct ip_address *client, uint64_t time_ns,
		    const struct dns_answer *answer);

/**
 * The name that `client` last asked for to get `address`, among answers that held at `time_ns`;
 * NULL when there is none. Borrowed until the next add.
 */
const char *dns_memory_find_name(const struct dns_memory *memory, const struct ip_address *client,
				 const struct ip_address *address, uint64_t time_ns);

/** Whether an answer that held at `time_ns` told `client` that `name` (asked, or an alias) has
 * `address`. */
bool dns_memory_links(const struct dns_memory *memory, const struct ip_address *client,
		      const struct ip_address *address, const char *name, uint64_t time_ns);

/** Facts dropped to make room. */
uint64_t dns_memory_evicted(const struct dns_memory *memory);
