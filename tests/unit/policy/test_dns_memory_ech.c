/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/dns_memories.h"

#define ME "10.0.0.1"
#define OUT "out.example"

static struct dns_ech
ech(const struct dns_memory *memory, const char *client, const char *address, const char *outer,
    uint64_t time_ns)
{
	struct ip_address c = address_of(client), a = address_of(address);
	struct dns_question question = {&c, &a, outer, time_ns};
	struct dns_ech told;

	memset(&told, 0x5a, sizeof(told));
	dns_memory_tell_ech(memory, &question, &told);
	return told;
}

static void
announce(struct dns_memory *memory, uint64_t time_ns, const char *name, const char *public_name)
{
	struct dns_answer answer = announcement_of(name, public_name);

	add(memory, ME, time_ns, &answer);
}

static void
check(const struct dns_ech *told, bool announced, bool asked_itself, const char *name)
{
	CU_ASSERT_EQUAL(told->announced, announced);
	CU_ASSERT_EQUAL(told->asked_itself, asked_itself);
	CU_ASSERT_STRING_EQUAL(told->name != NULL ? told->name : "", name);
}

static void
an_announcement_holds_for_its_client_and_time(void)
{
	static const struct {
		const char *client, *address, *outer;
		uint64_t time_ns;
		bool announced;
		const char *name;
	} rows[] = {
		{ME, "192.0.2.1", OUT, START, true, "www.example"},
		{ME, "192.0.2.1", OUT, START + 360 * S, true, "www.example"},
		{ME, "192.0.2.1", OUT, START + 360 * S + 1, false, ""},
		{ME, "192.0.2.1", OUT, START - 1, false, ""},
		{ME, "192.0.2.9", OUT, START, true, ""},
		{ME, "192.0.2.1", "www.out.example", START, false, ""},
		{ME, "192.0.2.1", "www.example", START, false, ""},
		{ME, "192.0.2.1", NULL, START, false, ""},
		{"10.0.0.2", "192.0.2.1", OUT, START, false, ""},
	};
	struct dns_memory *memory = memory_of(64);

	check(&(struct dns_ech){0}, false, false, "");
	struct dns_ech none = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&none, false, false, "");
	announce(memory, START, "www.example", OUT);
	add_plain(memory, START, "www.example", "192.0.2.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_ech told = ech(memory, rows[i].client, rows[i].address, rows[i].outer,
					  rows[i].time_ns);
		check(&told, rows[i].announced, false, rows[i].name);
	}
	dns_memory_destroy(memory);
}

static void
a_name_that_is_its_own_public_name_hides_nothing(void)
{
	struct dns_memory *memory = memory_of(64);

	announce(memory, START, OUT, OUT);
	add_plain(memory, START, OUT, "192.0.2.1");
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, false, false, "");
	announce(memory, START, "www.example", OUT);
	add_plain(memory, START, "www.example", "192.0.2.1");
	told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, true, "www.example");
	/* At another address it is not what was asked for. */
	told = ech(memory, ME, "192.0.2.2", OUT, START);
	check(&told, true, false, "");
	dns_memory_destroy(memory);
}

static void
of_several_names_behind_it_none_is_given(void)
{
	struct dns_memory *memory = memory_of(64);

	announce(memory, START, "a.example", OUT);
	announce(memory, START, "b.example", OUT);
	announce(memory, START, "c.example", "other.example");
	add_plain(memory, START, "a.example", "192.0.2.1");
	add_plain(memory, START, "c.example", "192.0.2.1");
	add_plain(memory, START, "plain.example", "192.0.2.1");
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "a.example");
	add_plain(memory, START, "b.example", "192.0.2.1");
	told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "");
	told = ech(memory, ME, "192.0.2.1", "other.example", START);
	check(&told, true, false, "c.example");
	dns_memory_destroy(memory);
}

static void
the_question_is_named_and_no_alias(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer =
		answer_of("www.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	add(memory, ME, START, &answer);
	announce(memory, START, "www.example", OUT);
	announce(memory, START, "edge.cdn.example", OUT);
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "www.example");
	dns_memory_destroy(memory);
}

static void
a_name_whose_target_has_the_address_counts(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer over = announcement_of("a.example", OUT);

	snprintf(over.services[0].target, DOMAIN_NAME_MAX, "svc.example");
	add(memory, ME, START, &over);
	add_plain(memory, START, "svc.example", "192.0.2.1");
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "a.example");
	announce(memory, START, "b.example", OUT);
	add_plain(memory, START, "b.example", "192.0.2.1");
	told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "");
	dns_memory_destroy(memory);
}

static void
hints_tell_the_address_too(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = announcement_of("www.example", OUT);

	answer.services[0].hint_count = 1;
	answer.services[0].hints[0] = address_of("2001:db8::1");
	add(memory, ME, START, &answer);
	struct dns_ech told = ech(memory, ME, "2001:db8::1", OUT, START);
	check(&told, true, false, "www.example");
	dns_memory_destroy(memory);
}

static void
an_announcement_to_a_shared_resolver_counts_where_there_is_no_other(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = announcement_of("shared.example", OUT);

	dns_memory_add_shared(memory, START, &answer);
	answer = answer_of("shared.example", 60, "192.0.2.1", NULL);
	dns_memory_add_shared(memory, START, &answer);
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "shared.example");
	answer = answer_of(OUT, 60, "192.0.2.1", NULL);
	dns_memory_add_shared(memory, START, &answer);
	told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, true, "shared.example");
	announce(memory, START, "own.example", OUT);
	told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, true, "");
	dns_memory_destroy(memory);
}

static void
an_announcement_of_long_ago_counts_among_hundreds(void)
{
	struct dns_memory *memory = memory_of(32768);
	char name[32];

	announce(memory, START, "first.example", OUT);
	add_plain(memory, START, "first.example", "192.0.2.1");
	for (unsigned i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		announce(memory, START + 1 + i, name, OUT);
	}
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "first.example");
	add_plain(memory, START + 1000, "n7.example", "192.0.2.1");
	told = ech(memory, ME, "192.0.2.1", OUT, START + 1000);
	check(&told, true, false, "");
	dns_memory_destroy(memory);
}

static void
among_more_names_than_are_looked_at_none_is_given(void)
{
	struct dns_memory *memory = memory_of(32768);
	char name[32];

	for (unsigned i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		add_plain(memory, START, name, "192.0.2.1");
	}
	announce(memory, START, "n199.example", OUT);
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "");
	dns_memory_destroy(memory);
}

static void
targets_of_many_names_are_not_walked_without_end(void)
{
	struct dns_memory *memory = memory_of(1u << 20);
	char name[32], target[32];

	for (unsigned t = 0; t < 60; t++) {
		snprintf(target, sizeof(target), "t%u.example", t);
		add_plain(memory, START, target, "192.0.2.1");
		for (unsigned i = 0; i < 60; i++) {
			snprintf(name, sizeof(name), "n%u-%u.example", t, i);
			struct dns_answer over = announcement_of(name, OUT);
			snprintf(over.services[0].target, DOMAIN_NAME_MAX, "%s", target);
			add(memory, ME, START, &over);
		}
	}
	struct dns_ech told = ech(memory, ME, "192.0.2.1", OUT, START);
	check(&told, true, false, "");
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
		CASE(an_announcement_holds_for_its_client_and_time),
		CASE(a_name_that_is_its_own_public_name_hides_nothing),
		CASE(of_several_names_behind_it_none_is_given),
		CASE(the_question_is_named_and_no_alias),
		CASE(a_name_whose_target_has_the_address_counts),
		CASE(hints_tell_the_address_too),
		CASE(an_announcement_to_a_shared_resolver_counts_where_there_is_no_other),
		CASE(an_announcement_of_long_ago_counts_among_hundreds),
		CASE(among_more_names_than_are_looked_at_none_is_given),
		CASE(targets_of_many_names_are_not_walked_without_end),
	};
	return unit_run("dns_memory_ech", cases, sizeof(cases) / sizeof(*cases));
}
