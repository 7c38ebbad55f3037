/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/dns_memory.h"

#include <errno.h>

#include "tests/unit/policy/dns_memories.h"

#define WALK 64 /* names looked at of one address for one client */

static void
an_answer_counts_from_its_time_to_its_ttl_and_300_seconds(void)
{
	static const struct {
		uint64_t time_ns;
		bool holds;
	} questions[] = {
		{0, false},
		{START - 1, false},
		{START, true},
		{START + 60 * S, true},
		{START + 360 * S, true},
		{START + 360 * S + 1, false},
		{UINT64_MAX, false},
	};
	struct dns_memory *memory = memory_of(16);

	add_plain(memory, START, "www.example", "192.0.2.1");
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		uint64_t t = questions[i].time_ns;
		const char *expected = questions[i].holds ? "www.example" : "";
		CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", t), expected);
		CU_ASSERT_EQUAL(links(memory, "10.0.0.1", "192.0.2.1", "www.example", t),
				questions[i].holds);
	}
	dns_memory_destroy(memory);
}

static void
a_later_answer_does_not_change_what_held_before(void)
{
	struct dns_memory *memory = memory_of(16);

	add_plain(memory, START, "first.example", "192.0.2.1");
	add_plain(memory, START + 10 * S, "second.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 9 * S),
			       "first.example");
	CU_ASSERT_FALSE(links(memory, "10.0.0.1", "192.0.2.1", "second.example", START + 9 * S));
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 10 * S),
			       "second.example");
	CU_ASSERT_TRUE(links(memory, "10.0.0.1", "192.0.2.1", "first.example", START + 10 * S));
	dns_memory_destroy(memory);
}

static void
the_name_asked_for_last_is_given_even_when_it_was_known_before(void)
{
	struct dns_memory *memory = memory_of(16);

	add_plain(memory, START, "a.example", "192.0.2.1");
	add_plain(memory, START + 1 * S, "b.example", "192.0.2.1");
	add_plain(memory, START + 2 * S, "a.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 1 * S),
			       "b.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 3 * S),
			       "a.example");
	dns_memory_destroy(memory);
}

static void
an_answer_that_comes_again_takes_no_more_room_and_lasts_longer(void)
{
	struct dns_memory *memory = memory_of(4);

	add_plain(memory, START, "other.example", "192.0.2.2");
	for (unsigned i = 0; i < 100; i++)
		add_plain(memory, START + i * S, "www.example", "192.0.2.1");
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 459 * S),
			       "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.2", START), "other.example");
	dns_memory_destroy(memory);
}

static void
an_answer_that_comes_again_after_a_gap_does_not_fill_the_gap(void)
{
	struct dns_memory *memory = memory_of(4);

	add_plain(memory, START, "www.example", "192.0.2.1");
	add_plain(memory, START + 1000 * S, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 360 * S),
			       "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 500 * S), "");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 1000 * S),
			       "www.example");
	dns_memory_destroy(memory);
}

static void
every_address_of_an_answer_is_remembered_and_no_address_is_nothing(void)
{
	struct dns_memory *memory = memory_of(64);
	struct dns_answer answer = answer_of("www.example", 60, "192.0.2.0", NULL);
	char text[32];

	answer.address_count = 0;
	add(memory, "10.0.0.1", START, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.0", START), "");
	for (size_t i = 0; i < DNS_ADDRESSES_MAX; i++) {
		snprintf(text, sizeof(text), "192.0.2.%zu", i);
		answer.addresses[answer.address_count++] = address_of(text);
	}
	add(memory, "10.0.0.1", START, &answer);
	for (size_t i = 0; i < DNS_ADDRESSES_MAX; i++) {
		snprintf(text, sizeof(text), "192.0.2.%zu", i);
		CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", text, START), "www.example");
	}
	dns_memory_destroy(memory);
}

static void
what_one_client_was_told_is_not_known_of_another(void)
{
	struct dns_memory *memory = memory_of(16);

	add_plain(memory, START, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.2", "192.0.2.1", START), "");
	CU_ASSERT_FALSE(links(memory, "10.0.0.2", "192.0.2.1", "www.example", START));
	/* The other way round is another question as well. */
	CU_ASSERT_STRING_EQUAL(name_for(memory, "192.0.2.1", "10.0.0.1", START), "");
	/* 10.0.0.1 and the IPv6 address of the same bytes are two hosts. */
	CU_ASSERT_STRING_EQUAL(name_for(memory, "::ffff:0:a00:1", "192.0.2.1", START), "");
	dns_memory_destroy(memory);
}

static void
the_oldest_answer_makes_room_and_is_counted(void)
{
	struct dns_memory *memory = memory_of(3);
	char name[32], address[32];

	for (unsigned i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		snprintf(address, sizeof(address), "192.0.2.%u", i);
		add_plain(memory, START, name, address);
		CU_ASSERT_EQUAL(dns_memory_evicted(memory), i < 3 ? 0 : i - 2);
	}
	for (unsigned i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		snprintf(address, sizeof(address), "192.0.2.%u", i);
		CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", address, START),
				       i < 7 ? "" : name);
	}
	dns_memory_destroy(memory);
}

static void
an_address_under_thousands_of_names_gives_the_latest_and_links_all(void)
{
	struct dns_memory *memory = memory_of(32768);
	unsigned latest_given = 0, linked = 0;
	char name[32];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		add_plain(memory, START + i, name, "192.0.2.1");
		latest_given +=
			strcmp(name, name_for(memory, "10.0.0.1", "192.0.2.1", START + i)) == 0;
	}
	CU_ASSERT_EQUAL(latest_given, 2000);
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		linked += links(memory, "10.0.0.1", "192.0.2.1", name, START + S);
	}
	CU_ASSERT_EQUAL(linked, 2000);
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
	dns_memory_clear(memory);
	add_plain(memory, START, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "www.example");
	dns_memory_destroy(memory);
}

static void
a_name_with_thousands_of_addresses_links_all(void)
{
	struct dns_memory *memory = memory_of(32768);
	unsigned linked = 0;
	char address[32];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(address, sizeof(address), "2001:db8::%x", i);
		add_plain(memory, START + i, "www.example", address);
	}
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(address, sizeof(address), "2001:db8::%x", i);
		linked += links(memory, "10.0.0.1", address, "www.example", START + S);
	}
	CU_ASSERT_EQUAL(linked, 2000);
	dns_memory_destroy(memory);
}

static void
names_of_long_ago_do_not_keep_new_ones_out(void)
{
	struct dns_memory *memory = memory_of(4096);
	char name[32];

	for (unsigned i = 0; i < WALK; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		add_plain(memory, START, name, "192.0.2.1");
	}
	add_plain(memory, START + 86400 * S, "www.example", "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 86400 * S),
			       "www.example");
	dns_memory_destroy(memory);
}

static void
a_busy_name_is_not_the_first_to_go(void)
{
	struct dns_memory *memory = memory_of(3);

	add_plain(memory, START, "busy.example", "192.0.2.1");
	add_plain(memory, START + 1, "b.example", "192.0.2.2");
	add_plain(memory, START + 2, "c.example", "192.0.2.3");
	add_plain(memory, START + 3, "busy.example", "192.0.2.1");
	add_plain(memory, START + 4, "d.example", "192.0.2.4");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START + 4),
			       "busy.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.2", START + 4), "");
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 1);
	dns_memory_destroy(memory);
}

static void
clearing_forgets_everything_and_is_no_eviction(void)
{
	struct dns_memory *memory = memory_of(4);

	for (unsigned round = 0; round < 3; round++) {
		add_plain(memory, START, "a.example", "192.0.2.1");
		add_plain(memory, START, "b.example", "192.0.2.2");
		add_plain(memory, START, "c.example", "192.0.2.3");
		dns_memory_clear(memory);
		CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", START), "");
		CU_ASSERT_FALSE(links(memory, "10.0.0.1", "192.0.2.3", "c.example", START));
	}
	CU_ASSERT_EQUAL(dns_memory_evicted(memory), 0);
	dns_memory_destroy(memory);
}

static void
the_longest_ttl_neither_wraps_nor_ends(void)
{
	struct dns_memory *memory = memory_of(4);
	struct dns_answer answer = answer_of("www.example", UINT32_MAX, "192.0.2.1", NULL);
	uint64_t end = START + (UINT32_MAX + UINT64_C(300)) * S;

	add(memory, "10.0.0.1", START, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", end), "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", end + 1), "");
	dns_memory_clear(memory);
	/* A capture may claim any time: the end of the answer then is the end of time. */
	add(memory, "10.0.0.1", UINT64_MAX - S, &answer);
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", UINT64_MAX),
			       "www.example");
	CU_ASSERT_STRING_EQUAL(name_for(memory, "10.0.0.1", "192.0.2.1", UINT64_MAX - 2 * S), "");
	dns_memory_destroy(memory);
}

static void
no_room_at_all_and_more_than_can_be_numbered_are_refused(void)
{
	errno = 0;
	CU_ASSERT_PTR_NULL(dns_memory_create(0));
	CU_ASSERT_EQUAL(errno, EINVAL);
	errno = 0;
	CU_ASSERT_PTR_NULL(dns_memory_create(UINT32_MAX));
	CU_ASSERT_EQUAL(errno, EINVAL);
	dns_memory_destroy(NULL);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(an_answer_counts_from_its_time_to_its_ttl_and_300_seconds),
		CASE(a_later_answer_does_not_change_what_held_before),
		CASE(the_name_asked_for_last_is_given_even_when_it_was_known_before),
		CASE(an_answer_that_comes_again_takes_no_more_room_and_lasts_longer),
		CASE(an_answer_that_comes_again_after_a_gap_does_not_fill_the_gap),
		CASE(every_address_of_an_answer_is_remembered_and_no_address_is_nothing),
		CASE(what_one_client_was_told_is_not_known_of_another),
		CASE(the_oldest_answer_makes_room_and_is_counted),
		CASE(an_address_under_thousands_of_names_gives_the_latest_and_links_all),
		CASE(a_name_with_thousands_of_addresses_links_all),
		CASE(names_of_long_ago_do_not_keep_new_ones_out),
		CASE(a_busy_name_is_not_the_first_to_go),
		CASE(clearing_forgets_everything_and_is_no_eviction),
		CASE(the_longest_ttl_neither_wraps_nor_ends),
		CASE(no_room_at_all_and_more_than_can_be_numbered_are_refused),
	};
	return unit_run("dns_memory", cases, sizeof(cases) / sizeof(*cases));
}
