/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_clients.h"

#include <string.h>

#include "tests/unit/unit.h"

#define MAX 50
#define ADDRESSES 200

static struct ip_address
address_of(unsigned number)
{
	return (struct ip_address){.version = 4, .bytes = {10, 0, 0, (uint8_t)number}};
}

/* In one bucket all share a list; in more, only some. */
static void
numbers_are_kept_until_they_are_given_back(void)
{
	for (uint32_t buckets = 1; buckets <= 64; buckets *= 4) {
		struct dns_clients clients;
		uint32_t number[ADDRESSES];
		unsigned taken = 0, random = 1;

		memset(number, 0xff, sizeof(number));
		CU_ASSERT_EQUAL_FATAL(dns_clients_init(&clients, MAX, buckets, 7), 0);
		for (unsigned i = 0; i < 20000; i++) {
			random = random * 1103515245 + 12345;
			unsigned n = random / 65536 % ADDRESSES;
			struct ip_address address = address_of(n);
			CU_ASSERT_EQUAL(dns_clients_find(&clients, &address), number[n]);
			if (number[n] != DNS_CLIENT_NONE) {
				CU_ASSERT_EQUAL(dns_clients_take(&clients, &address), number[n]);
				dns_clients_leave(&clients, number[n]);
				number[n] = DNS_CLIENT_NONE;
				taken--;
			} else if (taken < MAX) {
				number[n] = dns_clients_take(&clients, &address);
				CU_ASSERT_TRUE(number[n] < MAX);
				CU_ASSERT_EQUAL(clients.clients[number[n]].facts, 0);
				taken++;
			}
		}
		dns_clients_clear(&clients);
		for (unsigned n = 0; n < ADDRESSES; n++) {
			struct ip_address address = address_of(n);
			CU_ASSERT_EQUAL(dns_clients_find(&clients, &address), DNS_CLIENT_NONE);
		}
		dns_clients_fini(&clients);
	}
}

static void
every_client_is_one_of_them(void)
{
	static const struct ip_address every;
	struct ip_address one = {.version = 4}; /* 0.0.0.0 */
	struct dns_clients clients;

	CU_ASSERT_EQUAL_FATAL(dns_clients_init(&clients, 2, 1, 0), 0);
	uint32_t shared = dns_clients_take(&clients, &every);
	CU_ASSERT_EQUAL(dns_clients_find(&clients, &one), DNS_CLIENT_NONE);
	CU_ASSERT_NOT_EQUAL(dns_clients_take(&clients, &one), shared);
	dns_clients_fini(&clients);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"numbers_are_kept_until_they_are_given_back",
		 numbers_are_kept_until_they_are_given_back},
		{"every_client_is_one_of_them", every_client_is_one_of_them},
	};
	return unit_run("dns_clients", cases, sizeof(cases) / sizeof(*cases));
}
