/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ranges_merge.h"

#include "tests/unit/geo/range_list.h"

/* Services of the test are ranked by their first letter's case: capitals are general. */
static int
rank(const char *service)
{
	return service[0] >= 'A' && service[0] <= 'Z';
}

struct row {
	const char *prefix;
	const char *service;
	const char *region;
};

/* Merges rows, a NULL prefix ends them, in their order and backwards; both have to give `expected`.
 */
static void
merges_to(const struct row *rows, bool inherit_region, const char *expected)
{
	size_t count = 0;
	while (rows[count].prefix != NULL)
		count++;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct range_merge merge = {.rank = rank, .inherit_region = inherit_region};
		struct taken taken = {0};
		struct range_sink sink = {.on_entry = take, .context = &taken};
		for (size_t i = 0; i < count; i++) {
			const struct row *row = &rows[backwards ? count - 1 - i : i];
			struct range_entry entry = {given_prefix(row->prefix), row->service,
						    row->region};
			CU_ASSERT_EQUAL(range_merge_add(&merge, &entry), 0);
		}
		CU_ASSERT_EQUAL(range_merge_finish(&merge, &sink), 0);
		CU_ASSERT_STRING_EQUAL(taken.text, expected);
		range_merge_fini(&merge);
	}
}

static void
lowest_rank_then_byte_order_chooses_the_service(void)
{
	merges_to((const struct row[]){{"1.1.1.0/24", "General", "r"},
				       {"1.1.1.0/24", "b", "r"},
				       {"1.1.1.0/24", "a", "r"},
				       {"1.1.1.0/24", NULL, "r"},
				       {"1.1.1.0/25", "General", "r"},
				       {NULL, NULL, NULL}},
		  false, "1.1.1.0/24|a|r\n1.1.1.0/25|General|r\n");
}

static void
region_of_the_chosen_service_goes_before_that_of_others(void)
{
	merges_to((const struct row[]){{"1.1.1.0/24", "a", "z"},
				       {"1.1.1.0/24", "a", NULL},
				       {"1.1.1.0/24", "b", "c"},
				       {"2.2.2.0/24", "a", NULL},
				       {"2.2.2.0/24", "b", "c"},
				       {NULL, NULL, NULL}},
		  false, "1.1.1.0/24|a|z\n2.2.2.0/24|a|c\n");
}

static void
region_is_inherited_only_where_it_is_asked_for(void)
{
	static const struct row rows[] = {{"1.0.0.0/8", "a", "r"},   {"1.1.0.0/16", "b", NULL},
					  {"1.1.1.0/24", "c", NULL}, {"2.0.0.0/8", "d", NULL},
					  {"2001::/16", "e", NULL},  {"::/0", "f", "six"},
					  {"0.0.0.0/32", "g", NULL}, {NULL, NULL, NULL}};
	merges_to(rows, true,
		  "0.0.0.0/32|g|-\n1.0.0.0/8|a|r\n1.1.0.0/16|b|r\n1.1.1.0/24|c|r\n2.0.0.0/8|d|-\n"
		  "::/0|f|six\n2001::/16|e|six\n");
	merges_to(rows, false,
		  "0.0.0.0/32|g|-\n1.0.0.0/8|a|r\n1.1.0.0/16|b|-\n1.1.1.0/24|c|-\n2.0.0.0/8|d|-\n"
		  "::/0|f|six\n2001::/16|e|-\n");
}

/* Every length of one address: as deep as prefixes can lie in each other. */
static void
deepest_nesting_inherits_to_the_end(void)
{
	struct range_merge merge = {.rank = rank, .inherit_region = true};
	struct taken taken = {0};
	struct range_sink sink = {.on_entry = take, .context = &taken};
	for (int bits = 128; bits >= 0; bits--) {
		char text[16];
		snprintf(text, sizeof(text), "::/%d", bits);
		struct range_entry entry = {given_prefix(text), NULL, bits == 0 ? "r" : NULL};
		CU_ASSERT_EQUAL(range_merge_add(&merge, &entry), 0);
	}
	CU_ASSERT_EQUAL(range_merge_finish(&merge, &sink), 0);
	CU_ASSERT_EQUAL(taken.entries, 129);
	CU_ASSERT_PTR_NOT_NULL(strstr(taken.text, "::/128|-|r\n"));
	range_merge_fini(&merge);
}

static void
nothing_gives_nothing(void)
{
	merges_to((const struct row[]){{NULL, NULL, NULL}}, true, "");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"lowest_rank_then_byte_order_chooses_the_service",
		 lowest_rank_then_byte_order_chooses_the_service},
		{"region_of_the_chosen_service_goes_before_that_of_others",
		 region_of_the_chosen_service_goes_before_that_of_others},
		{"region_is_inherited_only_where_it_is_asked_for",
		 region_is_inherited_only_where_it_is_asked_for},
		{"deepest_nesting_inherits_to_the_end", deepest_nesting_inherits_to_the_end},
		{"nothing_gives_nothing", nothing_gives_nothing},
	};
	return unit_run("ranges_merge", cases, sizeof(cases) / sizeof(*cases));
}
