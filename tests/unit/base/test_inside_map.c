/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inside_map.h"

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
contains(const struct inside_map *map, const char *text)
{
	struct ip_address a;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &a), 0);
	return inside_map_contains(map, &a);
}

static void
add(struct inside_map *map, const char *text)
{
	struct ip_prefix prefix;

	CU_ASSERT_EQUAL_FATAL(ip_prefix_parse(text, &prefix), 0);
	CU_ASSERT_EQUAL(inside_map_add(map, &prefix), 0);
}

static void
what_is_no_address_of_the_internet_is_inside_without_a_prefix(void)
{
	static const struct {
		const char *address;
		bool inside;
	} rows[] = {
		{"10.1.2.3", true},        {"172.31.255.255", true},
		{"172.32.0.0", false},     {"192.168.0.1", true},
		{"100.64.0.1", true},      {"127.0.0.1", true},
		{"169.254.1.1", true},     {"224.0.0.251", true},
		{"255.255.255.255", true}, {"8.8.8.8", false},
		{"fd12:3456::1", true},    {"fe80::1", true},
		{"ff02::1", true},         {"::1", true},
		{"2001:db8::1", true},     {"2a00:1450::1", false},
	};
	const struct inside_map empty = {0};

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(contains(&empty, rows[i].address), rows[i].inside);
}

static void
prefixes_add_public_addresses(void)
{
	struct inside_map map = {0};

	add(&map, "193.48.96.0/20");
	add(&map, "2001:660::/32");
	add(&map, "8.8.8.8");
	CU_ASSERT_TRUE(contains(&map, "193.48.96.0"));
	CU_ASSERT_TRUE(contains(&map, "193.48.111.255"));
	CU_ASSERT_FALSE(contains(&map, "193.48.112.0"));
	CU_ASSERT_TRUE(contains(&map, "2001:660:1::1"));
	CU_ASSERT_FALSE(contains(&map, "2001:661::1"));
	CU_ASSERT_TRUE(contains(&map, "8.8.8.8"));
	CU_ASSERT_FALSE(contains(&map, "8.8.8.9"));
	CU_ASSERT_TRUE(contains(&map, "10.0.0.1"));

	inside_map_fini(&map);
	CU_ASSERT_PTR_NULL(map.prefixes);
	CU_ASSERT_FALSE(contains(&map, "8.8.8.8"));
	inside_map_fini(&map);
}

/* Another form of one address is where that is; a 6to4 prefix is of a network. */
static void
addresses_that_stand_for_ipv4_ones_are_where_these_are(void)
{
	struct inside_map map = {0};

	add(&map, "193.48.96.0/20");
	CU_ASSERT_TRUE(contains(&map, "::ffff:10.0.0.77"));
	CU_ASSERT_TRUE(contains(&map, "64:ff9b::a00:4d"));
	CU_ASSERT_TRUE(contains(&map, "::ffff:193.48.96.1"));
	CU_ASSERT_TRUE(contains(&map, "64:ff9b::c130:6001"));
	CU_ASSERT_FALSE(contains(&map, "64:ff9b::808:808"));
	CU_ASSERT_FALSE(contains(&map, "2002:a00:4d::1"));
	CU_ASSERT_FALSE(contains(&map, "2001:470:a00:4d::1"));
	inside_map_fini(&map);
}

static void
a_prefix_given_twice_counts_once(void)
{
	struct inside_map map = {0};

	add(&map, "193.48.96.0/20");
	add(&map, "193.48.96.0/20");
	CU_ASSERT_EQUAL(prefix_map_count(map.prefixes), 1);
	CU_ASSERT_TRUE(contains(&map, "193.48.96.1"));
	inside_map_fini(&map);
}

static void
documentation_addresses_can_be_outside_unless_listed(void)
{
	static const struct {
		const char *address;
		bool inside;
	} rows[] = {
		{"192.0.2.1", true},    {"192.0.2.128", false},  {"198.51.100.7", false},
		{"203.0.113.9", false}, {"2001:db8:1::1", true}, {"2001:db8:2::1", false},
		{"3fff::1", false},     {"10.0.0.1", true},      {"fd00::1", true},
		{"fe80::1", true},      {"224.0.0.251", true},   {"8.8.8.8", false},
	};
	struct inside_map map = {.documentation_outside = true};

	add(&map, "192.0.2.0/25");
	add(&map, "2001:db8:1::/48");
	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(contains(&map, rows[i].address), rows[i].inside);
	map.documentation_outside = false;
	CU_ASSERT_TRUE(contains(&map, "198.51.100.7"));
	CU_ASSERT_TRUE(contains(&map, "3fff::1"));
	inside_map_fini(&map);
}

static void
a_prefix_of_one_version_says_nothing_of_the_other(void)
{
	struct inside_map map = {0};

	add(&map, "0.0.0.0/0");
	CU_ASSERT_TRUE(contains(&map, "8.8.8.8"));
	CU_ASSERT_FALSE(contains(&map, "2a00:1450::1"));
	inside_map_fini(&map);
}

static const struct unit_case cases[] = {
	{"what_is_no_address_of_the_internet_is_inside_without_a_prefix",
	 what_is_no_address_of_the_internet_is_inside_without_a_prefix},
	{"prefixes_add_public_addresses", prefixes_add_public_addresses},
	{"addresses_that_stand_for_ipv4_ones_are_where_these_are",
	 addresses_that_stand_for_ipv4_ones_are_where_these_are},
	{"a_prefix_given_twice_counts_once", a_prefix_given_twice_counts_once},
	{"documentation_addresses_can_be_outside_unless_listed",
	 documentation_addresses_can_be_outside_unless_listed},
	{"a_prefix_of_one_version_says_nothing_of_the_other",
	 a_prefix_of_one_version_says_nothing_of_the_other},
};

int
main(void)
{
	return unit_run("inside_map", cases, COUNT(cases));
}
