/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_clients.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/policy/dns_facts.h"

int
dns_clients_init(struct dns_clients *clients, uint32_t max, uint32_t buckets, uint64_t seed)
{
	*clients = (struct dns_clients){
		.clients = calloc(max, sizeof(*clients->clients)),
		.heads = malloc(buckets * sizeof(*clients->heads)),
		.bucket_mask = buckets - 1,
		.seed = seed,
	};
	if (clients->clients == NULL || clients->heads == NULL)
		return -ENOMEM;
	dns_clients_clear(clients);
	return 0;
}

void
dns_clients_fini(struct dns_clients *clients)
{
	free(clients->clients);
	free(clients->heads);
}

void
dns_clients_clear(struct dns_clients *clients)
{
	clients->used = 0;
	clients->free = DNS_CLIENT_NONE;
	memset(clients->heads, 0xff, (clients->bucket_mask + (size_t)1) * sizeof(*clients->heads));
}

static uint32_t *
head_of(const struct dns_clients *clients, const struct ip_address *address)
{
	return &clients->heads[dns_fact_hash_address(clients->seed, address) &
			       clients->bucket_mask];
}

uint32_t
dns_clients_find(const struct dns_clients *clients, const struct ip_address *address)
{
	uint32_t i = *head_of(clients, address);

	while (i != DNS_CLIENT_NONE && !ip_address_equal(&clients->clients[i].address, address))
		i = clients->clients[i].next;
	return i;
}

/* Only while no place is free, so that all that were taken are in use. Without memory buckets stay
 * as few as they are. */
static void
grow(struct dns_clients *clients)
{
	size_t buckets = 2 * ((size_t)clients->bucket_mask + 1);
	uint32_t *heads = realloc(clients->heads, buckets * sizeof(*heads));

	if (heads == NULL)
		return;
	clients->heads = heads;
	clients->bucket_mask = (uint32_t)(buckets - 1);
	memset(heads, 0xff, buckets * sizeof(*heads));
	for (uint32_t i = 0; i < clients->used; i++) {
		uint32_t *head = head_of(clients, &clients->clients[i].address);
		clients->clients[i].next = *head;
		*head = i;
	}
}

static uint32_t
take_place(struct dns_clients *clients)
{
	uint32_t i = clients->free;

	if (i == DNS_CLIENT_NONE) {
		if (clients->used > clients->bucket_mask)
			grow(clients);
		return clients->used++;
	}
	clients->free = clients->clients[i].next;
	return i;
}

uint32_t
dns_clients_take(struct dns_clients *clients, const struct ip_address *address)
{
	uint32_t i = dns_clients_find(clients, address);

	if (i != DNS_CLIENT_NONE)
		return i;
	i = take_place(clients);
	uint32_t *head = head_of(clients, address);
	clients->clients[i] = (struct dns_client){
		.address = *address,
		.next = *head,
		.newest = DNS_FACT_NONE,
		.oldest = DNS_FACT_NONE,
	};
	*head = i;
	return i;
}

/* The seed keeps buckets short, so walking one is cheap. */
void
dns_clients_leave(struct dns_clients *clients, uint32_t client)
{
	uint32_t *link = head_of(clients, &clients->clients[client].address);

	while (*link != client)
		link = &clients->clients[*link].next;
	*link = clients->clients[client].next;
	clients->clients[client].next = clients->free;
	clients->free = client;
}
