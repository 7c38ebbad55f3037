/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets how much of the room, and what goes first. */
#include "tests/unit/policy/dns_memories.h"

/* Adds facts n0.example, n1.example ... of a client (NULL: all) at addresses of their own. */
static void
flood(struct dns_memory *memory, const char *client, unsigned count, uint64_t time_ns)
{
	char name[32], address[32];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		snprintf(address, sizeof(address), "2001:db8::%x", i);
		struct dns_answer answer = answer_of(name, 60, address, NULL);
		if (client != NULL)
			add(memory, client, time_ns + i, &answer);
		else
			dns_memory_add_shared(memory, time_ns + i, &answer);
	}
}

static void
a_client_that_floods_takes_the_room_from_itself(void)
{
	static const struct {
		uint32_t max;
		unsigned kept;
	} rows[] = {{2048, 128}, {1024, 64}, {512, 64}, {100, 64}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_memory *memory = memory_of(rows[i].max);
		char address[32];
		unsigned kept = rows[i].kept, found = 0;

		add_plain(memory, START, "www.example", "192.0.2.1");
		flood(memory, "10.0.0.66", 1000, START);
		CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
		CU_ASSERT_EQUAL(dns_memory_evicted_own(memory), 1000 - kept);
		CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START),
				       "www.example");
		for (unsigned n = 0; n < 1000; n++) {
			snprintf(address, sizeof(address), "2001:db8::%x", n);
			bool is_there = *name_for(memory, "10.0.0.66", address, START + S) != '\0';
			CU_ASSERT_EQUAL(is_there, n >= 1000 - kept);
			found += is_there;
		}
		CU_ASSERT_EQUAL(found, kept);
		dns_memory_destroy(memory);
	}
}

static void
many_clients_push_out_the_oldest_whoever_has_it(void)
{
	struct dns_memory *memory = memory_of(256);
	char client[32];

	add_plain(memory, START, "www.example", "192.0.2.1");
	for (unsigned i = 0; i < 300; i++) {
		snprintf(client, sizeof(client), "10.1.%u.%u", i / 200, i % 200);
		flood(memory, client, 1, START + 1 + i);
	}
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 300 + 1 - 256);
	CU_ASSERT_EQUAL(dns_memory_evicted_own(memory), 0);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.1.1.99", "2001:db8::", START + S),
			       "n0.example");
	/* Who was forgotten wholly comes back like anybody. */
	add_plain(memory, START + S, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + S), "www.example");
	dns_memory_destroy(memory);
}

static void
what_all_share_may_have_half(void)
{
	struct dns_memory *memory = memory_of(512);

	add_plain(memory, START, "www.example", "192.0.2.1");
	flood(memory, NULL, 1000, START);
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
	CU_ASSERT_EQUAL(dns_memory_evicted_own(memory), 1000 - 256);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.9", "2001:db8::3e7", START + S),
			       "n999.example");
	dns_memory_destroy(memory);
}

/* Whatever was forgotten for it, the answer told last is there. */
static void
answers_of_all_kinds_come_and_go(void)
{
	struct dns_memory *memory = memory_of(100);
	char client[32], name[32], address[32];
	unsigned random = 1, found = 0;

	for (unsigned i = 0; i < 20000; i++) {
		random = random * 1103515245 + 12345;
		unsigned n = random >> 16;
		snprintf(client, sizeof(client), "10.0.0.%u", n % 7 < 4 ? 1 : n % 7);
		snprintf(name, sizeof(name), "n%u.example", n % 90);
		snprintf(address, sizeof(address), "192.0.2.%u", n % 50);
		struct dns_answer answer = announcement_of(name, n % 3 ? "out.example" : name);
		snprintf(answer.services[0].target, DOMAIN_NAME_MAX, "%s",
			 n % 5 ? "" : "svc.example");
		answer.addresses[answer.address_count++] = address_of(address);
		answer.ttl_s = n % 1000;
		if (n % 11 == 0)
			dns_memory_clear(memory);
		add(memory, client, START + i * S, &answer);
		found += links(memory, client, address, name, START + i * S);
	}
	CU_ASSERT_EQUAL(found, 20000);
	dns_memory_destroy(memory);
}

static void
room_for_one_answer_is_enough_to_work(void)
{
	struct dns_memory *memory = memory_of(1);
	struct dns_answer answer =
		answer_of("www.example", 60, "192.0.2.1", "a.example", "b.example", NULL);

	add(memory, "10.0.0.1", START, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "www.example");
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 2);
	dns_memory_destroy(memory);
}

/* Some are longer than the place that a fact has. */
static void
format_name(char name[96], unsigned round, unsigned number)
{
	static const char label[] = "a-label-that-is-nearly-as-long-as-labels-may-become-";

	snprintf(name, 96, "r%u.%s%u.example", round, number % 3 == 0 ? label : "n", number);
}

/* More clients and facts than there are buckets at first; the order of lists stays. */
static void
of_many_clients_each_is_told_its_latest(void)
{
	enum { CLIENTS = 6000 };
	struct dns_memory *memory = memory_of(4 * CLIENTS);
	char client[32], name[96];
	unsigned wrong = 0;

	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < CLIENTS; i++) {
			snprintf(client, sizeof(client), "10.7.%u.%u", i / 200, i % 200);
			format_name(name, round, i);
			struct dns_answer answer = answer_of(name, 60, "192.0.2.1", NULL);
			add(memory, client, START + round * S, &answer);
		}
	}
	for (unsigned i = 0; i < CLIENTS; i++) {
		snprintf(client, sizeof(client), "10.7.%u.%u", i / 200, i % 200);
		const char *told = name_for(memory, client, "192.0.2.1", START + S);
		format_name(name, 1, i);
		wrong += strcmp(told, name) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
	dns_memory_clear(memory);
	CU_ASSERT_STRING_EQUAL(name_for(memory, client, "192.0.2.1", START + S), "");
	dns_memory_destroy(memory);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(a_client_that_floods_takes_the_room_from_itself),
		CASE(many_clients_push_out_the_oldest_whoever_has_it),
		CASE(what_all_share_may_have_half),
		CASE(answers_of_all_kinds_come_and_go),
		CASE(of_many_clients_each_is_told_its_latest),
		CASE(room_for_one_answer_is_enough_to_work),
	};
	return unit_run("dns_memory_room", cases, sizeof(cases) / sizeof(*cases));
}
