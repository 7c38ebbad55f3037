/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix table and its builder against a reading of the same ranges one by one. */
#include <errno.h>

#include "geo/lpm.h"
#include "geo/lpm_builder.h"
#include "tests/unit/geo/given.h"

struct row {
	number first;
	number last;
	uint32_t value;
};

/* A table with the memory of its image, which has exactly the size it says. */
struct built {
	void *image;
	size_t size;
	struct lpm table;
};

static struct built
finish(struct lpm_builder *b, uint8_t version)
{
	struct built t = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL_FATAL(lpm_builder_finish(b, &t.image, &t.size), 0);
	lpm_builder_destroy(b);
	CU_ASSERT_EQUAL_FATAL(
		lpm_open(slice_of(t.image, t.size), version, "image", &t.table, &faults), 0);
	CU_ASSERT_EQUAL(lpm_verify(&t.table, "image", &faults), 0);
	CU_ASSERT_EQUAL(faults.count, 0);
	fault_list_fini(&faults);
	return t;
}

static struct built
build_rows(const struct row *rows, size_t count, uint8_t version)
{
	struct lpm_builder *b = lpm_builder_create(version);
	for (size_t i = 0; i < count; i++) {
		struct ip_address first = address_of(rows[i].first, version);
		struct ip_address last = address_of(rows[i].last, version);
		CU_ASSERT_EQUAL(lpm_builder_add_range(b, &first, &last, rows[i].value), 0);
	}
	return finish(b, version);
}

static struct built
build_prefixes(const char *const *prefixes, uint8_t version)
{
	struct lpm_builder *b = lpm_builder_create(version);
	for (uint32_t i = 0; prefixes[i] != NULL; i++) {
		struct ip_prefix p = given_prefix(prefixes[i]);
		CU_ASSERT_EQUAL(lpm_builder_add_prefix(b, &p, i), 0);
	}
	return finish(b, version);
}

/* The value found, or LPM_NO_VALUE. */
static uint32_t
value_at(const struct built *t, const struct ip_address *a)
{
	uint32_t value = LPM_NO_VALUE;
	enum lookup_answer answer = lpm_lookup(&t->table, a, &value);
	CU_ASSERT_EQUAL(answer, value == LPM_NO_VALUE ? LOOKUP_ABSENT : LOOKUP_FOUND);
	return value;
}

static uint32_t
value_of(const struct built *t, const char *address)
{
	struct ip_address a = given_address(address);
	return value_at(t, &a);
}

/* What the table has to answer: the narrowest range around `n`, of equal ones the first. */
static uint32_t
oracle(const struct row *rows, size_t count, number n)
{
	const struct row *best = NULL;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].first > n || rows[i].last < n)
			continue;
		if (best == NULL || rows[i].last - rows[i].first < best->last - best->first)
			best = &rows[i];
	}
	return best != NULL ? best->value : LPM_NO_VALUE;
}

static unsigned
wrong_around_edges(const struct built *t, const struct row *rows, size_t count, uint8_t version)
{
	number highest = version == 4 ? UINT32_MAX : ~(number)0;
	unsigned wrong = 0;
	for (size_t i = 0; i < count; i++) {
		number near[] = {rows[i].first, rows[i].last, rows[i].first - 1, rows[i].last + 1};
		for (int k = 0; k < 4; k++) {
			struct ip_address a = address_of(near[k] & highest, version);
			wrong += value_at(t, &a) != oracle(rows, count, near[k] & highest);
		}
	}
	return wrong;
}

static unsigned
wrong_anywhere(const struct built *t, const struct row *rows, size_t count, uint8_t version)
{
	uint64_t chance = 20240229;
	unsigned wrong = 0;
	for (int i = 0; i < 3000; i++) {
		number n = (number)next_random(&chance) << 64 | next_random(&chance);
		if (version == 4)
			n = (uint32_t)n;
		/* Half of them in the upper sixteenth, where the rows are dense. */
		if (i % 2 == 0)
			n |= (number)15 << (version == 4 ? 28 : 124);
		struct ip_address a = address_of(n, version);
		wrong += value_at(t, &a) != oracle(rows, count, n);
	}
	return wrong;
}

/* Prefixes and free ranges of every size, half of them crowded into the upper sixteenth. */
static void
compare_with_oracle(uint8_t version, uint64_t chance)
{
	enum { ROWS = 700 };
	static struct row rows[ROWS];
	unsigned width = version == 4 ? 32 : 128;
	number highest = version == 4 ? UINT32_MAX : ~(number)0;

	for (uint32_t i = 0; i < ROWS; i++) {
		number n = (number)next_random(&chance) << 64 | next_random(&chance);
		unsigned host_bits = (unsigned)(next_random(&chance) % width);
		number mask = ((number)1 << host_bits) - 1;
		n &= highest;
		if (i % 2 == 0)
			n |= (number)15 << (width - 4);
		if (i % 3 != 0)
			n &= ~mask; /* a prefix; else any range */
		number last = n > highest - mask ? highest : n + mask;
		rows[i] = (struct row){.first = n, .last = last, .value = i / 2};
	}
	struct built t = build_rows(rows, ROWS, version);
	CU_ASSERT_EQUAL(wrong_around_edges(&t, rows, ROWS, version), 0);
	CU_ASSERT_EQUAL(wrong_anywhere(&t, rows, ROWS, version), 0);
	free(t.image);
}

static void
random_v4_ranges_answer_as_the_oracle(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		compare_with_oracle(4, seed * 7919);
}

static void
random_v6_ranges_answer_as_the_oracle(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		compare_with_oracle(6, seed * 104729);
}

static void
empty_table_knows_nothing(void)
{
	for (int version = 4; version <= 6; version += 2) {
		struct built t = build_rows(NULL, 0, (uint8_t)version);
		CU_ASSERT_EQUAL(value_of(&t, version == 4 ? "0.0.0.0" : "::"), LPM_NO_VALUE);
		CU_ASSERT_EQUAL(value_of(&t, version == 4 ? "255.255.255.255" : "ffff::"),
				LPM_NO_VALUE);
		free(t.image);
	}
}

static void
longest_v4_prefix_wins_from_zero_to_32_bits(void)
{
	static const char *const prefixes[] = {
		"0.0.0.0/0",   "10.0.0.0/8",         "10.1.0.0/16",      "10.1.2.0/24",
		"10.1.2.3/32", "255.255.255.255/32", "255.255.254.0/23", NULL};
	struct built t = build_prefixes(prefixes, 4);
	CU_ASSERT_EQUAL(value_of(&t, "9.255.255.255"), 0);
	CU_ASSERT_EQUAL(value_of(&t, "10.0.0.0"), 1);
	CU_ASSERT_EQUAL(value_of(&t, "10.1.0.0"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "10.1.2.2"), 3);
	CU_ASSERT_EQUAL(value_of(&t, "10.1.2.3"), 4);
	CU_ASSERT_EQUAL(value_of(&t, "10.1.2.4"), 3);
	CU_ASSERT_EQUAL(value_of(&t, "10.1.3.0"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "10.2.0.0"), 1);
	CU_ASSERT_EQUAL(value_of(&t, "11.0.0.0"), 0);
	CU_ASSERT_EQUAL(value_of(&t, "255.255.255.254"), 6);
	CU_ASSERT_EQUAL(value_of(&t, "255.255.255.255"), 5);
	free(t.image);
}

static void
longest_v6_prefix_wins_from_zero_to_128_bits(void)
{
	static const char *const prefixes[] = {"::/0",
					       "2001:db8::/32",
					       "2001:db8::/64",
					       "2001:db8::8/125",
					       "2001:db8::a/128",
					       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
					       NULL};
	struct built t = build_prefixes(prefixes, 6);
	CU_ASSERT_EQUAL(value_of(&t, "::"), 0);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8:0:1::"), 1);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::7"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::8"), 3);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::a"), 4);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::b"), 3);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::10"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), 1);
	CU_ASSERT_EQUAL(value_of(&t, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), 0);
	CU_ASSERT_EQUAL(value_of(&t, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 5);
	free(t.image);
}

static void
adjacent_ranges_do_not_bleed(void)
{
	static const struct row rows[] = {{0x01000000, 0x010000ff, 1},
					  {0x01000100, 0x010001ff, 2},
					  {0x01000300, 0x010003ff, 3}};
	struct built t = build_rows(rows, 3, 4);
	CU_ASSERT_EQUAL(value_of(&t, "0.255.255.255"), LPM_NO_VALUE);
	CU_ASSERT_EQUAL(value_of(&t, "1.0.0.255"), 1);
	CU_ASSERT_EQUAL(value_of(&t, "1.0.1.0"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "1.0.1.255"), 2);
	CU_ASSERT_EQUAL(value_of(&t, "1.0.2.0"), LPM_NO_VALUE);
	CU_ASSERT_EQUAL(value_of(&t, "1.0.3.0"), 3);
	free(t.image);
}

static void
range_reaches_the_top_of_the_address_space(void)
{
	struct row v4 = {0xfffffff0, 0xffffffff, 4}, v6 = {~(number)0 - 15, ~(number)0, 6};
	struct built t = build_rows(&v4, 1, 4);
	CU_ASSERT_EQUAL(value_of(&t, "255.255.255.239"), LPM_NO_VALUE);
	CU_ASSERT_EQUAL(value_of(&t, "255.255.255.255"), 4);
	free(t.image);
	t = build_rows(&v6, 1, 6);
	CU_ASSERT_EQUAL(value_of(&t, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffef"), LPM_NO_VALUE);
	CU_ASSERT_EQUAL(value_of(&t, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 6);
	free(t.image);
}

static void
first_added_of_equal_ranges_wins(void)
{
	static const char *const prefixes[] = {"192.0.2.0/24", "192.0.2.0/24", NULL};
	struct built t = build_prefixes(prefixes, 4);
	CU_ASSERT_EQUAL(value_of(&t, "192.0.2.1"), 0);
	free(t.image);
}

static void
address_of_the_other_family_is_absent(void)
{
	static const char *const prefixes[] = {"0.0.0.0/0", NULL};
	struct built t = build_prefixes(prefixes, 4);
	struct ip_address none = {0};
	CU_ASSERT_EQUAL(value_of(&t, "2001:db8::1"), LPM_NO_VALUE);
	CU_ASSERT_EQUAL(value_at(&t, &none), LPM_NO_VALUE);
	free(t.image);
}

static void
builder_refuses_what_is_no_range(void)
{
	struct lpm_builder *b = lpm_builder_create(4);
	struct ip_address low = given_address("10.0.0.1"), high = given_address("10.0.0.2");
	struct ip_address v6 = given_address("2001:db8::");
	struct ip_prefix long_prefix = {.address = low, .bits = 33};
	struct ip_prefix v6_prefix = {.address = v6, .bits = 32};
	CU_ASSERT_EQUAL(lpm_builder_add_range(b, &high, &low, 1), -EINVAL);
	CU_ASSERT_EQUAL(lpm_builder_add_range(b, &low, &v6, 1), -EINVAL);
	CU_ASSERT_EQUAL(lpm_builder_add_range(b, &v6, &v6, 1), -EINVAL);
	CU_ASSERT_EQUAL(lpm_builder_add_range(b, &low, &high, LPM_NO_VALUE), -EINVAL);
	CU_ASSERT_EQUAL(lpm_builder_add_prefix(b, &long_prefix, 1), -EINVAL);
	CU_ASSERT_EQUAL(lpm_builder_add_prefix(b, &v6_prefix, 1), -EINVAL);
	lpm_builder_destroy(b);
	lpm_builder_destroy(NULL);
}

static void
host_bits_of_a_prefix_count_as_zero(void)
{
	struct lpm_builder *b = lpm_builder_create(4);
	struct ip_prefix p = {.address = given_address("10.1.2.3"), .bits = 8};
	CU_ASSERT_EQUAL(lpm_builder_add_prefix(b, &p, 9), 0);
	struct built t = finish(b, 4);
	CU_ASSERT_EQUAL(value_of(&t, "10.0.0.0"), 9);
	CU_ASSERT_EQUAL(value_of(&t, "10.255.255.255"), 9);
	CU_ASSERT_EQUAL(value_of(&t, "11.0.0.0"), LPM_NO_VALUE);
	free(t.image);
}

static void
equal_input_gives_equal_bytes(void)
{
	static const char *const prefixes[] = {"10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", NULL};
	struct built a = build_prefixes(prefixes, 4), b = build_prefixes(prefixes, 4);
	CU_ASSERT_EQUAL_FATAL(a.size, b.size);
	CU_ASSERT_EQUAL(memcmp(a.image, b.image, a.size), 0);
	free(a.image);
	free(b.image);
}

static void
image_of_a_wrong_size_or_kind_is_refused(void)
{
	static const char *const prefixes[] = {"10.0.0.0/8", NULL};
	struct built t = build_prefixes(prefixes, 4);
	struct fault_list faults = FAULT_LIST_INIT;
	struct lpm out;
	size_t tried = 0;
	for (size_t len = 0; len < t.size; len++, tried++)
		CU_ASSERT_EQUAL(lpm_open(slice_of(t.image, len), 4, "image", &out, &faults),
				-EINVAL);
	CU_ASSERT_EQUAL(lpm_open(slice_of(t.image, t.size), 6, "image", &out, &faults), -EINVAL);
	struct slice shifted = slice_of((uint8_t *)t.image + 4, t.size - 4);
	CU_ASSERT_EQUAL(lpm_open(shifted, 4, "image", &out, &faults), -EINVAL);
	CU_ASSERT_EQUAL(faults.count, tried + 2);
	fault_list_fini(&faults);
	free(t.image);
}

/* Every word of an image replaced by values that lead astray; the sanitizer watches the bounds. */
static void
damaged_image_is_never_read_out_of_bounds(void)
{
	static const uint32_t astray[] = {0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff};
	static const char *const v4[] = {"10.0.0.0/8", "10.1.0.0/16", "240.0.0.0/4", NULL};
	static const char *const v6[] = {"2001:db8::/32", "2001:db8::/64", "f000::/4", NULL};
	struct built tables[] = {build_prefixes(v4, 4), build_prefixes(v6, 6)};
	unsigned corrupt = 0, refused = 0;

	for (int k = 0; k < 2; k++) {
		struct built *t = &tables[k];
		uint32_t *words = t->image;
		for (size_t i = 0; i < t->size / 4 * 6; i++) {
			struct fault_list faults = FAULT_LIST_INIT;
			struct lpm table;
			uint32_t kept = words[i / 6], value;
			words[i / 6] = astray[i % 6];
			if (lpm_open(slice_of(t->image, t->size), k == 0 ? 4 : 6, "image", &table,
				     &faults) == 0) {
				for (unsigned top = 0; top < 256; top++) {
					struct ip_address a = {.bytes = {(uint8_t)top, 1, 2},
							       .version = k == 0 ? 4 : 6};
					corrupt += lpm_lookup(&table, &a, &value) == LOOKUP_CORRUPT;
				}
				refused += lpm_verify(&table, "image", &faults) != 0;
			}
			fault_list_fini(&faults);
			words[i / 6] = kept;
		}
		free(t->image);
	}
	CU_ASSERT(corrupt > 0);
	CU_ASSERT(refused > 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"empty_table_knows_nothing", empty_table_knows_nothing},
		{"longest_v4_prefix_wins_from_zero_to_32_bits",
		 longest_v4_prefix_wins_from_zero_to_32_bits},
		{"longest_v6_prefix_wins_from_zero_to_128_bits",
		 longest_v6_prefix_wins_from_zero_to_128_bits},
		{"adjacent_ranges_do_not_bleed", adjacent_ranges_do_not_bleed},
		{"range_reaches_the_top_of_the_address_space",
		 range_reaches_the_top_of_the_address_space},
		{"first_added_of_equal_ranges_wins", first_added_of_equal_ranges_wins},
		{"address_of_the_other_family_is_absent", address_of_the_other_family_is_absent},
		{"builder_refuses_what_is_no_range", builder_refuses_what_is_no_range},
		{"host_bits_of_a_prefix_count_as_zero", host_bits_of_a_prefix_count_as_zero},
		{"equal_input_gives_equal_bytes", equal_input_gives_equal_bytes},
		{"image_of_a_wrong_size_or_kind_is_refused",
		 image_of_a_wrong_size_or_kind_is_refused},
		{"damaged_image_is_never_read_out_of_bounds",
		 damaged_image_is_never_read_out_of_bounds},
		{"random_v4_ranges_answer_as_the_oracle", random_v4_ranges_answer_as_the_oracle},
		{"random_v6_ranges_answer_as_the_oracle", random_v6_ranges_answer_as_the_oracle},
	};
	return unit_run("lpm", cases, sizeof(cases) / sizeof(*cases));
}
