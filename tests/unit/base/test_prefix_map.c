/* SPDX-License-Identifier: Apache-2.0 */
#include "base/prefix_map.h"

#include <errno.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define MANY 10000

static struct ip_prefix
prefix_of(const char *text)
{
	struct ip_prefix prefix;

	CU_ASSERT_EQUAL_FATAL(ip_prefix_parse(text, &prefix), 0);
	return prefix;
}

static int
add(struct prefix_map *map, uint64_t tag, const char *text, uint32_t value)
{
	struct ip_prefix prefix = prefix_of(text);

	return prefix_map_add(map, tag, &prefix, &value);
}

/* The value found, 0 for none. */
static uint32_t
find(const struct prefix_map *map, uint64_t tag, const char *text)
{
	struct ip_address address;
	uint32_t value = 0;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &address), 0);
	CU_ASSERT_EQUAL(prefix_map_find(map, tag, &address, &value, NULL), value != 0);
	return value;
}

static const struct {
	const char *prefix;
	uint32_t value;
} entries[] = {
	{"0.0.0.0/0", 1},     {"10.0.0.0/8", 2},         {"10.1.0.0/16", 3},
	{"10.1.2.0/24", 4},   {"10.1.2.3", 5},           {"10.1.2.128/25", 6},
	{"2001:db8::/32", 7}, {"2001:db8::/64", 8},      {"2001:db8::/65", 9},
	{"2001:db8::1", 10},  {"2001:db8:0:1::/64", 11}, {"2001:db8::/127", 12},
};

static const struct {
	const char *address;
	uint32_t value;
} answers[] = {
	{"0.0.0.0", 1},          {"255.255.255.255", 1},
	{"10.0.0.0", 2},         {"10.255.255.255", 2},
	{"10.1.0.1", 3},         {"10.1.2.4", 4},
	{"10.1.2.3", 5},         {"10.1.2.128", 6},
	{"10.1.2.255", 6},       {"11.0.0.0", 1},
	{"2001:db8::2", 9},      {"2001:db8::1", 10},
	{"2001:db8::", 12},      {"2001:db8::8000:0:0:0", 8},
	{"2001:db8:0:1::9", 11}, {"2001:db8:0:2::", 7},
	{"2001:db9::", 0},       {"::", 0},
};

static void
the_longest_prefix_answers(void)
{
	struct prefix_map *map = prefix_map_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(map);
	for (size_t i = 0; i < COUNT(entries); i++)
		CU_ASSERT_EQUAL(add(map, 0, entries[i].prefix, entries[i].value), 0);
	CU_ASSERT_EQUAL(prefix_map_count(map), COUNT(entries));
	for (size_t i = 0; i < COUNT(answers); i++)
		CU_ASSERT_EQUAL(find(map, 0, answers[i].address), answers[i].value);
	prefix_map_destroy(map);
}

static void
the_length_of_the_prefix_is_told(void)
{
	struct prefix_map *map = prefix_map_create();
	struct ip_address address = prefix_of("10.1.2.3").address;
	uint8_t bits = 77;

	CU_ASSERT_FALSE(prefix_map_find(map, 0, &address, NULL, &bits));
	CU_ASSERT_EQUAL(bits, 77);
	CU_ASSERT_EQUAL(add(map, 0, "0.0.0.0/0", 1), 0);
	CU_ASSERT_TRUE(prefix_map_find(map, 0, &address, NULL, &bits));
	CU_ASSERT_EQUAL(bits, 0);
	CU_ASSERT_EQUAL(add(map, 0, "10.1.2.0/23", 0), 0);
	CU_ASSERT_TRUE(prefix_map_find(map, 0, &address, NULL, &bits));
	CU_ASSERT_EQUAL(bits, 23);
	prefix_map_destroy(map);
}

static void
a_prefix_of_no_bits_is_one_of_its_version(void)
{
	struct prefix_map *map = prefix_map_create();

	CU_ASSERT_EQUAL(add(map, 0, "0.0.0.0/0", 4), 0);
	CU_ASSERT_EQUAL(find(map, 0, "::"), 0);
	CU_ASSERT_EQUAL(add(map, 0, "::/0", 6), 0);
	CU_ASSERT_EQUAL(find(map, 0, "::"), 6);
	CU_ASSERT_EQUAL(find(map, 0, "0.0.0.0"), 4);
	prefix_map_destroy(map);
}

static void
tags_are_kept_apart(void)
{
	const uint64_t vlan_7 = prefix_map_tag(1, 7), vlan_8 = prefix_map_tag(1, 8);
	const uint64_t port_7 = prefix_map_tag(2, 7),
		       last = prefix_map_tag(7, (UINT64_C(1) << PREFIX_MAP_KIND_SHIFT) - 1);
	struct prefix_map *map = prefix_map_create();

	CU_ASSERT_EQUAL(add(map, vlan_7, "10.0.0.0/8", 17), 0);
	CU_ASSERT_EQUAL(add(map, vlan_8, "10.0.0.0/8", 18), 0);
	CU_ASSERT_EQUAL(add(map, port_7, "10.0.0.0/8", 27), 0);
	CU_ASSERT_EQUAL(add(map, last, "10.9.0.0/16", 99), 0);
	CU_ASSERT_EQUAL(find(map, vlan_7, "10.9.1.1"), 17);
	CU_ASSERT_EQUAL(find(map, vlan_8, "10.9.1.1"), 18);
	CU_ASSERT_EQUAL(find(map, port_7, "10.9.1.1"), 27);
	CU_ASSERT_EQUAL(find(map, last, "10.9.1.1"), 99);
	CU_ASSERT_EQUAL(find(map, last, "10.8.1.1"), 0);
	CU_ASSERT_EQUAL(find(map, prefix_map_tag(1, 9), "10.9.1.1"), 0);
	CU_ASSERT_EQUAL(find(map, 0, "10.9.1.1"), 0);
	prefix_map_destroy(map);
}

static void
the_same_prefix_again_is_refused_with_its_value(void)
{
	struct prefix_map *map = prefix_map_create();
	struct ip_prefix prefix = prefix_of("192.0.2.0/24");
	uint32_t value = 5;

	CU_ASSERT_EQUAL(prefix_map_add(map, 3, &prefix, &value), 0);
	value = 6;
	CU_ASSERT_EQUAL(prefix_map_add(map, 3, &prefix, &value), -EEXIST);
	CU_ASSERT_EQUAL(value, 5);
	CU_ASSERT_EQUAL(prefix_map_count(map), 1);
	CU_ASSERT_EQUAL(find(map, 3, "192.0.2.1"), 5);
	prefix_map_destroy(map);
}

static void
nothing_is_found_without_map_or_address(void)
{
	struct prefix_map *map = prefix_map_create();
	struct ip_address none = {0};

	CU_ASSERT_EQUAL(find(NULL, 0, "192.0.2.1"), 0);
	CU_ASSERT_EQUAL(find(map, 0, "192.0.2.1"), 0);
	CU_ASSERT_EQUAL(add(map, 0, "0.0.0.0/0", 1), 0);
	CU_ASSERT_FALSE(prefix_map_find(map, 0, &none, NULL, NULL));
	prefix_map_destroy(map);
	CU_ASSERT_EQUAL(prefix_map_count(NULL), 0);
	prefix_map_destroy(NULL);
}

/* Repeatable numbers (Marsaglia's xorshift). */
static uint64_t
next_number(void)
{
	static uint64_t state = UINT64_C(0x123456789abcdef);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Few distinct first bytes, so that prefixes lie in each other and addresses in prefixes. */
static struct ip_prefix
any_prefix(void)
{
	struct ip_prefix prefix = {.address.version = next_number() % 2 ? 4 : 6};
	unsigned len = prefix.address.version == 4 ? 4 : 16;

	for (unsigned i = 0; i < len; i++)
		prefix.address.bytes[i] = (uint8_t)(next_number() % (i < 2 ? 4 : 256));
	prefix.bits = (uint8_t)(next_number() % (8 * len + 1));
	for (unsigned bit = prefix.bits; bit < 8 * len; bit++)
		prefix.address.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
	return prefix;
}

/* What a walk over all prefixes would say. */
static const struct ip_prefix *
longest_of(const struct ip_prefix *prefixes, const struct ip_address *address)
{
	const struct ip_prefix *best = NULL;

	for (size_t i = 0; i < MANY; i++) {
		if (ip_prefix_contains(&prefixes[i], address) &&
		    (best == NULL || prefixes[i].bits > best->bits))
			best = &prefixes[i];
	}
	return best;
}

static void
ten_thousand_entries_answer_as_a_walk_over_them_does(void)
{
	static struct ip_prefix prefixes[MANY];
	struct prefix_map *map = prefix_map_create();
	size_t added = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t value = i;
		prefixes[i] = any_prefix();
		int error = prefix_map_add(map, 0, &prefixes[i], &value);
		CU_ASSERT_EQUAL(error, value == i ? 0 : -EEXIST);
		added += error == 0;
	}
	CU_ASSERT_EQUAL(prefix_map_count(map), added);
	for (unsigned i = 0; i < 500; i++) {
		struct ip_address address = any_prefix().address;
		const struct ip_prefix *expected = longest_of(prefixes, &address);
		uint32_t value;
		uint8_t bits;
		bool found = prefix_map_find(map, 0, &address, &value, &bits);
		CU_ASSERT_EQUAL(found, expected != NULL);
		if (!found)
			continue;
		CU_ASSERT_EQUAL(bits, expected->bits);
		CU_ASSERT_TRUE(ip_address_equal(&prefixes[value].address, &expected->address));
	}
	prefix_map_destroy(map);
}

static const struct unit_case cases[] = {
	{"the_longest_prefix_answers", the_longest_prefix_answers},
	{"the_length_of_the_prefix_is_told", the_length_of_the_prefix_is_told},
	{"a_prefix_of_no_bits_is_one_of_its_version", a_prefix_of_no_bits_is_one_of_its_version},
	{"tags_are_kept_apart", tags_are_kept_apart},
	{"the_same_prefix_again_is_refused_with_its_value",
	 the_same_prefix_again_is_refused_with_its_value},
	{"nothing_is_found_without_map_or_address", nothing_is_found_without_map_or_address},
	{"ten_thousand_entries_answer_as_a_walk_over_them_does",
	 ten_thousand_entries_answer_as_a_walk_over_them_does},
};

int
main(void)
{
	return unit_run("prefix_map", cases, COUNT(cases));
}
