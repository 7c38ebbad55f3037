/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/dns_memories.h"

#define ME "10.0.0.1"

static void
a_hint_names_and_links_but_never_contradicts(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer hint = hint_of("www.example", "", "192.0.2.1");

	add(memory, ME, START, &hint);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START), "www.example");
	CU_ASSERT_TRUE(links(memory, ME, "192.0.2.1", "www.example", START));
	CU_ASSERT_FALSE(tell(memory, ME, "192.0.2.9", "www.example", START).contradicted);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START + 360 * S + 1), "");
	dns_memory_destroy(memory);
}

static void
where_addresses_are_known_they_contradict_and_hints_still_link(void)
{
	for (unsigned hint_first = 0; hint_first < 2; hint_first++) {
		struct dns_memory *memory = memory_of(64);
		struct dns_answer hint = hint_of("www.example", "", "192.0.2.1");

		if (hint_first)
			add(memory, ME, START, &hint);
		add_plain(memory, START, "www.example", "192.0.2.2");
		if (!hint_first)
			add(memory, ME, START, &hint);
		CU_ASSERT_TRUE(links(memory, ME, "192.0.2.1", "www.example", START));
		CU_ASSERT_TRUE(links(memory, ME, "192.0.2.2", "www.example", START));
		CU_ASSERT_TRUE(tell(memory, ME, "192.0.2.9", "www.example", START).contradicted);
		dns_memory_destroy(memory);
	}
}

static void
a_hint_does_not_make_an_old_answer_whole_again(void)
{
	static const struct {
		uint64_t after_s;
		bool contradicted;
	} rows[] = {{0, true},    {300, true},  {360, true},  {361, false},
		    {600, false}, {1000, true}, {1360, true}, {1361, false}};
	struct dns_memory *memory = memory_of(64);
	struct dns_answer hint = hint_of("www.example", "", "192.0.2.1");

	add_plain(memory, START, "www.example", "192.0.2.1");
	for (unsigned i = 1; i < 10; i++)
		add(memory, ME, START + i * 100 * S, &hint);
	add_plain(memory, START + 1000 * S, "www.example", "192.0.2.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t time_ns = START + rows[i].after_s * S;
		/* What was before the gap is told no more. */
		bool expected = rows[i].contradicted && rows[i].after_s >= 1000;
		CU_ASSERT_EQUAL(tell(memory, ME, "192.0.2.9", "www.example", time_ns).contradicted,
				expected);
	}
	dns_memory_destroy(memory);
}

static void
hints_stand_behind_the_chain_and_the_target(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer hint = hint_of("www.example", "svc.cdn.example", "192.0.2.1");

	snprintf(hint.aliases[hint.alias_count++], DOMAIN_NAME_MAX, "www.cdn.example");
	add(memory, ME, START, &hint);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START), "www.example");
	CU_ASSERT_TRUE(links(memory, ME, "192.0.2.1", "www.cdn.example", START));
	CU_ASSERT_TRUE(links(memory, ME, "192.0.2.1", "svc.cdn.example", START));
	CU_ASSERT_EQUAL(tell(memory, ME, "192.0.2.1", "www.example", START).alias_count, 2);
	dns_memory_destroy(memory);
}

static void
a_port_in_front_of_the_name_is_no_part_of_it(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer hint = hint_of("_8443._https.www.example", "", "192.0.2.1");

	add(memory, ME, START, &hint);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START), "www.example");
	hint = hint_of("_https", "", "192.0.2.2");
	add(memory, ME, START, &hint);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.2", START), "");
	dns_memory_destroy(memory);
}

static void
hints_of_svcb_are_the_targets(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer hint = hint_of("_dns.resolver.arpa", "dns.example", "192.0.2.1");

	hint.services[0].type = DNS_TYPE_SVCB;
	add(memory, ME, START, &hint);
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START), "dns.example");
	CU_ASSERT_FALSE(links(memory, ME, "192.0.2.1", "resolver.arpa", START));
	dns_memory_destroy(memory);
}

static void
addresses_of_a_target_are_the_names_too(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer alias = https_of("www.example", "svc.cdn.example");
	struct dns_answer of_target =
		answer_of("svc.cdn.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	alias.services[0].priority = 0;
	add_plain(memory, START, "www.example", "192.0.2.7");
	CU_ASSERT_TRUE(tell(memory, ME, "192.0.2.1", "www.example", START).contradicted);
	add(memory, ME, START, &alias);
	/* It may be one of the target's, nobody has seen them. */
	CU_ASSERT_FALSE(tell(memory, ME, "192.0.2.1", "www.example", START).contradicted);
	CU_ASSERT_FALSE(tell(memory, ME, "192.0.2.1", "www.example", START).linked);
	add(memory, ME, START + S, &of_target);
	struct dns_links told = tell(memory, ME, "192.0.2.1", "www.example", START + S);
	CU_ASSERT_TRUE(told.linked);
	CU_ASSERT_EQUAL(told.alias_count, 2);
	CU_ASSERT_STRING_EQUAL(told.aliases[0], "svc.cdn.example");
	CU_ASSERT_STRING_EQUAL(told.aliases[1], "edge.cdn.example");
	/* When nothing is known of the target any more, the name's own addresses speak again. */
	add_plain(memory, START + 200 * S, "www.example", "192.0.2.7");
	CU_ASSERT_TRUE(tell(memory, ME, "192.0.2.1", "www.example", START + 400 * S).contradicted);
	dns_memory_destroy(memory);
}

static void
targets_of_others_are_theirs(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer alias = https_of("www.example", "svc.cdn.example");

	add(memory, "10.0.0.2", START, &alias);
	add_plain(memory, START, "svc.cdn.example", "192.0.2.1");
	CU_ASSERT_FALSE(links(memory, ME, "192.0.2.1", "www.example", START));
	struct dns_answer of_target = answer_of("svc.cdn.example", 60, "192.0.2.1", NULL);
	dns_memory_add_shared(memory, START, &alias);
	dns_memory_add_shared(memory, START, &of_target);
	CU_ASSERT_TRUE(tell(memory, ME, "192.0.2.1", "www.example", START).linked_shared);
	dns_memory_destroy(memory);
}

static void
an_answer_that_tells_nothing_leaves_nothing(void)
{
	struct dns_memory *memory = memory_of(1);
	struct dns_answer nothing = https_of("www.example", "");
	char client[32];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(client, sizeof(client), "10.0.1.%u", i);
		add(memory, client, START, &nothing);
	}
	add_plain(memory, START, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, ME, "192.0.2.1", START), "www.example");
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
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
		CASE(a_hint_names_and_links_but_never_contradicts),
		CASE(where_addresses_are_known_they_contradict_and_hints_still_link),
		CASE(a_hint_does_not_make_an_old_answer_whole_again),
		CASE(hints_stand_behind_the_chain_and_the_target),
		CASE(a_port_in_front_of_the_name_is_no_part_of_it),
		CASE(hints_of_svcb_are_the_targets),
		CASE(addresses_of_a_target_are_the_names_too),
		CASE(targets_of_others_are_theirs),
		CASE(an_answer_that_tells_nothing_leaves_nothing),
	};
	return unit_run("dns_memory_add", cases, sizeof(cases) / sizeof(*cases));
}
