/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_memory.h"

#include "tests/unit/policy/dns_memories.h"

/* The aliases told, in order of the alphabet, as one text. */
static const char *
aliases_of(const struct dns_links *told)
{
	static char text[DNS_LINK_ALIASES_MAX * 32];
	const char *last = "";

	text[0] = '\0';
	for (size_t i = 0; i < told->alias_count; i++) {
		const char *next = NULL;
		for (size_t k = 0; k < told->alias_count; k++) {
			if (strcmp(told->aliases[k], last) > 0 &&
			    (next == NULL || strcmp(told->aliases[k], next) < 0))
				next = told->aliases[k];
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(next);
		strcat(strcat(text, *text != '\0' ? " " : ""), next);
		last = next;
	}
	return text;
}

static void
aliases_link_and_the_question_names(void)
{
	struct dns_memory *memory = memory_of(16);
	struct dns_answer answer = answer_of("www.phares.example", 60, "2001:db8::1",
					     "phares.cdn.example", "edge7.cdn.example", NULL);

	add(memory, "2001:db8:1::7", START, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "2001:db8:1::7", "2001:db8::1", START),
			       "www.phares.example");
	CU_ASSERT_TRUE(links(memory, "2001:db8:1::7", "2001:db8::1", "www.phares.example", START));
	CU_ASSERT_TRUE(links(memory, "2001:db8:1::7", "2001:db8::1", "phares.cdn.example", START));
	CU_ASSERT_TRUE(links(memory, "2001:db8:1::7", "2001:db8::1", "edge7.cdn.example", START));
	CU_ASSERT_FALSE(links(memory, "2001:db8:1::7", "2001:db8::1", "cdn.example", START));
	CU_ASSERT_FALSE(links(memory, "2001:db8:1::7", "2001:db8::1", "", START));
	dns_memory_destroy(memory);
}

static void
an_alias_that_was_asked_for_itself_names_too(void)
{
	struct dns_memory *memory = memory_of(16);
	struct dns_answer answer =
		answer_of("www.phares.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	add(memory, "10.0.0.1", START, &answer);
	add_plain(memory, START + S, "edge.cdn.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START),
			       "www.phares.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + S),
			       "edge.cdn.example");
	dns_memory_destroy(memory);
}

static void
the_aliases_told_are_those_of_the_names_own_chain(void)
{
	static const struct {
		const char *name, *aliases;
		uint64_t time_ns;
	} rows[] = {
		{"www.phares.example", "edge7.cdn.example phares.cdn.example", START},
		{"edge7.cdn.example", "edge7.cdn.example phares.cdn.example", START},
		{"www.other.example", "edge8.elsewhere.example", START},
		{"plain.example", "", START},
		{"nobody.example", "", START},
		{"www.phares.example", "", START - 1},
		{"www.phares.example", "", START + 361 * S},
	};
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = answer_of("www.phares.example", 60, "192.0.2.1",
					     "phares.cdn.example", "edge7.cdn.example", NULL);

	add(memory, "10.0.0.1", START, &answer);
	answer = answer_of("www.other.example", 60, "192.0.2.1", "edge8.elsewhere.example", NULL);
	add(memory, "10.0.0.1", START, &answer);
	add_plain(memory, START, "plain.example", "192.0.2.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_links told =
			tell(memory, "10.0.0.1", "192.0.2.1", rows[i].name, rows[i].time_ns);
		CU_ASSERT_STRING_EQUAL(aliases_of(&told), rows[i].aliases);
	}
	dns_memory_destroy(memory);
}

static void
no_more_aliases_are_told_than_fit(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = answer_of("www.example", 60, "192.0.2.1", "a", "b", "c", "d",
					     "e", "f", "g", "h", NULL);

	add(memory, "10.0.0.1", START, &answer);
	/* Another chain from the same question. */
	answer = answer_of("www.example", 60, "192.0.2.1", "i", "k", "l", NULL);
	add(memory, "10.0.0.1", START, &answer);
	struct dns_links told = tell(memory, "10.0.0.1", "192.0.2.1", "www.example", START);
	CU_ASSERT_EQUAL(told.alias_count, DNS_LINK_ALIASES_MAX);
	dns_memory_destroy(memory);
}

static void
an_answer_to_a_shared_resolver_counts_for_everybody(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer =
		answer_of("www.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	dns_memory_add_shared(memory, START, &answer);
	for (unsigned i = 0; i < 2; i++) {
		const char *client = i == 0 ? "10.0.0.1" : "2001:db8:1::7";
		struct dns_links told = tell(memory, client, "192.0.2.1", "www.example", START);
		CU_ASSERT_FALSE(told.linked);
		CU_ASSERT_TRUE(told.linked_shared);
		CU_ASSERT_FALSE(told.contradicted);
		CU_ASSERT_STRING_EQUAL(aliases_of(&told), "edge.cdn.example");
		CU_ASSERT_STRING_EQUAL(name_for(memory, client, "192.0.2.1", START), "www.example");
	}
	struct dns_links early = tell(memory, "10.0.0.1", "192.0.2.1", "www.example", START - 1);
	CU_ASSERT_FALSE(early.linked_shared);
	dns_memory_destroy(memory);
}

static void
what_a_client_was_told_itself_goes_before_what_all_may_know(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer =
		answer_of("shared.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	dns_memory_add_shared(memory, START + S, &answer);
	add_plain(memory, START, "own.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + S), "own.example");
	struct dns_links told = tell(memory, "10.0.0.1", "192.0.2.1", "own.example", START + S);
	CU_ASSERT_TRUE(told.linked);
	CU_ASSERT_FALSE(told.linked_shared);
	CU_ASSERT_FALSE(told.several_names);
	told = tell(memory, "10.0.0.1", "192.0.2.1", "shared.example", START + S);
	CU_ASSERT_FALSE(told.linked);
	CU_ASSERT_TRUE(told.linked_shared);
	dns_memory_destroy(memory);
}

static void
of_several_names_that_others_asked_for_none_is_given(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = answer_of("a.example", 60, "192.0.2.1", NULL);

	dns_memory_add_shared(memory, START, &answer);
	dns_memory_add_shared(memory, START + S, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + S), "a.example");
	answer = answer_of("b.example", 60, "192.0.2.1", NULL);
	dns_memory_add_shared(memory, START + 2 * S, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + S), "a.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 2 * S), "");
	struct dns_links told = tell(memory, "10.0.0.1", "192.0.2.1", "a.example", START + 2 * S);
	CU_ASSERT_TRUE(told.linked_shared);
	CU_ASSERT_TRUE(told.several_names);
	dns_memory_destroy(memory);
}

static void
several_names_of_an_address_are_told_as_of_the_flows_start(void)
{
	static const struct {
		uint64_t time_ns;
		bool several;
	} rows[] = {
		{START, false},          {START + 10 * S - 1, false},  {START + 10 * S, true},
		{START + 360 * S, true}, {START + 360 * S + 1, false},
	};
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer =
		answer_of("a.example", 60, "192.0.2.1", "edge.cdn.example", "x.cdn.example", NULL);

	add(memory, "10.0.0.1", START, &answer);
	add_plain(memory, START + 10 * S, "b.example", "192.0.2.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_links told =
			tell(memory, "10.0.0.1", "192.0.2.1", "b.example", rows[i].time_ns);
		CU_ASSERT_EQUAL(told.several_names, rows[i].several);
	}
	dns_memory_destroy(memory);
}

static void
an_answer_with_other_addresses_only_contradicts(void)
{
	static const struct {
		const char *client, *address, *name;
		uint64_t time_ns;
		bool contradicted;
	} rows[] = {
		{"10.0.0.1", "192.0.2.9", "www.example", START, true},
		{"10.0.0.1", "192.0.2.9", "edge.cdn.example", START, true},
		{"10.0.0.1", "192.0.2.1", "www.example", START, false},
		{"10.0.0.1", "192.0.2.2", "edge.cdn.example", START, false},
		{"10.0.0.1", "192.0.2.9", "other.example", START, false},
		{"10.0.0.2", "192.0.2.9", "www.example", START, false},
		{"10.0.0.1", "2001:db8::9", "www.example", START, false},
		{"10.0.0.1", "192.0.2.9", "www.example", START - 1, false},
		{"10.0.0.1", "192.0.2.9", "www.example", START + 360 * S, true},
		{"10.0.0.1", "192.0.2.9", "www.example", START + 360 * S + 1, false},
		{"10.0.0.1", "192.0.2.9", NULL, START, false},
	};
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer =
		answer_of("www.example", 60, "192.0.2.1", "edge.cdn.example", NULL);

	answer.addresses[answer.address_count++] = address_of("192.0.2.2");
	add(memory, "10.0.0.1", START, &answer);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_links told = tell(memory, rows[i].client, rows[i].address, rows[i].name,
					     rows[i].time_ns);
		CU_ASSERT_EQUAL(told.contradicted, rows[i].contradicted);
	}
	dns_memory_destroy(memory);
}

static void
an_answer_for_others_contradicts_nobody_but_may_link(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = answer_of("www.example", 60, "192.0.2.1", NULL);

	dns_memory_add_shared(memory, START, &answer);
	CU_ASSERT_FALSE(tell(memory, "10.0.0.1", "192.0.2.9", "www.example", START).contradicted);
	add_plain(memory, START, "www.example", "192.0.2.2");
	CU_ASSERT_TRUE(tell(memory, "10.0.0.1", "192.0.2.9", "www.example", START).contradicted);
	CU_ASSERT_FALSE(tell(memory, "10.0.0.1", "192.0.2.1", "www.example", START).contradicted);
	dns_memory_destroy(memory);
}

static void
an_answer_of_which_a_part_is_missing_contradicts_nothing(void)
{
	struct dns_memory *memory = memory_of(2);
	struct dns_answer answer = answer_of("cut.example", 60, "192.0.2.1", NULL);

	answer.addresses_dropped = 1;
	add(memory, "10.0.0.1", START, &answer);
	CU_ASSERT_FALSE(tell(memory, "10.0.0.1", "192.0.2.9", "cut.example", START).contradicted);
	/* The first of three addresses is forgotten for the third. */
	dns_memory_clear(memory);
	add_plain(memory, START, "www.example", "192.0.2.1");
	add_plain(memory, START + S, "www.example", "192.0.2.2");
	CU_ASSERT_TRUE(
		tell(memory, "10.0.0.1", "192.0.2.9", "www.example", START + S).contradicted);
	add_plain(memory, START + 2 * S, "www.example", "192.0.2.3");
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 1);
	CU_ASSERT_FALSE(
		tell(memory, "10.0.0.1", "192.0.2.1", "www.example", START + 2 * S).contradicted);
	/* When it would have ended, what is left speaks again. */
	CU_ASSERT_TRUE(
		tell(memory, "10.0.0.1", "192.0.2.1", "www.example", START + 361 * S).contradicted);
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
		CASE(aliases_link_and_the_question_names),
		CASE(an_alias_that_was_asked_for_itself_names_too),
		CASE(the_aliases_told_are_those_of_the_names_own_chain),
		CASE(no_more_aliases_are_told_than_fit),
		CASE(an_answer_to_a_shared_resolver_counts_for_everybody),
		CASE(what_a_client_was_told_itself_goes_before_what_all_may_know),
		CASE(of_several_names_that_others_asked_for_none_is_given),
		CASE(several_names_of_an_address_are_told_as_of_the_flows_start),
		CASE(an_answer_with_other_addresses_only_contradicts),
		CASE(an_answer_for_others_contradicts_nobody_but_may_link),
		CASE(an_answer_of_which_a_part_is_missing_contradicts_nothing),
	};
	return unit_run("dns_memory_tell", cases, sizeof(cases) / sizeof(*cases));
}
