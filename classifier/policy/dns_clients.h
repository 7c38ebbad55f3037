/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clients of which dns_memory has facts, and how many of each: what keeps one of them from
 * taking the room of all. Numbers of clients stand in the facts in place of addresses.
 */
#pragma once

#include <stdint.h>

#include "base/ip_address.h"

#define DNS_CLIENT_NONE UINT32_MAX

struct dns_client {
	struct ip_address address; /**< version 0: every client */
	uint32_t next;             /**< of the bucket, or of those that are free */
	uint32_t facts;
	uint32_t newest; /**< its facts by age; kept by dns_facts.c */
	uint32_t oldest;
};

struct dns_clients {
	struct dns_client *clients;
	uint32_t *heads;
	uint32_t bucket_mask;
	uint32_t used; /**< places taken since the last clearing, from the first on */
	uint32_t free; /**< first of those that were left */
	uint64_t seed;
};

/** Room for `max` clients, with `buckets` to begin with (a power of two); 0 or -ENOMEM. Free with
 * dns_clients_fini, after a failure too. */
int dns_clients_init(struct dns_clients *clients, uint32_t max, uint32_t buckets, uint64_t seed);
void dns_clients_fini(struct dns_clients *clients);

void dns_clients_clear(struct dns_clients *clients);

/** Its number, or DNS_CLIENT_NONE. */
uint32_t dns_clients_find(const struct dns_clients *clients, const struct ip_address *address);

/** Its number, a new one where it has none; the caller never has more than `max` at a time. */
uint32_t dns_clients_take(struct dns_clients *clients, const struct ip_address *address);

/** Gives a number back. */
void dns_clients_leave(struct dns_clients *clients, uint32_t client);
