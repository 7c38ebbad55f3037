/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/region_table.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct region regions[] = {
	{"eu-west-3", "FR"}, {"eu-west-1", "IE"}, {"us-east-1", "US"},
	{"eu-west", "NL"},   {"new-1", NULL},
};
static const char *const forms[] = {"eu-{word}-{number}", "{word}{number}x"};
static struct region_table table = {regions, 5, forms, 2};

static const struct {
	const char *code;
	bool known;
	const char *country;
} codes[] = {
	{"eu-west-3", true, "FR"},    {"eu-west-1", true, "IE"},  {"eu-west", true, "NL"},
	{"us-east-1", true, "US"},    {"new-1", true, NULL},      {"eu-west-9", true, NULL},
	{"eu-isle-12", true, NULL},   {"abc9x", true, NULL},      {"eu-west-", false, NULL},
	{"eu--3", false, NULL},       {"eu-w3st-3", false, NULL}, {"eu-west-3x", false, NULL},
	{"us-east-9", false, NULL},   {"us-east-", false, NULL},  {"eu", false, NULL},
	{"eu-west-33x", false, NULL}, {"EU-WEST-3", false, NULL}, {"", false, NULL},
	{"s3", false, NULL},          {"9x", false, NULL},        {"abcx", false, NULL},
};

static void
codes_are_known_from_table_or_form(void)
{
	CU_ASSERT_PTR_NULL(region_table_sort(&table));
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		const char *country = "unset";
		CU_ASSERT_EQUAL(
			region_table_knows(&table, codes[i].code, strlen(codes[i].code), &country),
			codes[i].known);
		if (codes[i].country == NULL)
			CU_ASSERT_PTR_NULL(country);
		if (codes[i].country != NULL)
			CU_ASSERT_STRING_EQUAL(country, codes[i].country);
	}
}

static void
only_the_given_characters_count(void)
{
	const char *country;
	CU_ASSERT_TRUE(region_table_knows(&table, "eu-west-3.amazonaws.com", 9, &country));
	CU_ASSERT_STRING_EQUAL(country, "FR");
	CU_ASSERT_TRUE(region_table_knows(&table, "eu-west-3", 7, &country));
	CU_ASSERT_STRING_EQUAL(country, "NL");
}

static void
operator_without_regions_knows_none(void)
{
	const char *country;
	struct region_table none = {0};
	CU_ASSERT_PTR_NULL(region_table_sort(&none));
	CU_ASSERT_FALSE(region_table_knows(NULL, "eu-west-3", 9, &country));
	CU_ASSERT_FALSE(region_table_knows(&none, "eu-west-3", 9, &country));
}

static void
code_given_twice_is_told(void)
{
	struct region twice[] = {{"b", "FR"}, {"a", "FR"}, {"b", "DE"}};
	struct region_table t = {.regions = twice, .region_count = 3};
	CU_ASSERT_STRING_EQUAL(region_table_sort(&t), "b");
}

static void
forms_are_checked(void)
{
	static const char *const good[] = {"{word}", "eu-{word}-{number}", "a9-"};
	static const char *const bad[] = {"", "{", "{words}", "EU-{word}", "eu_{word}", "{word"};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CU_ASSERT_TRUE(region_form_is_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CU_ASSERT_FALSE(region_form_is_valid(bad[i]));
}

static const struct unit_case cases[] = {
	{"codes_are_known_from_table_or_form", codes_are_known_from_table_or_form},
	{"only_the_given_characters_count", only_the_given_characters_count},
	{"operator_without_regions_knows_none", operator_without_regions_knows_none},
	{"code_given_twice_is_told", code_given_twice_is_told},
	{"forms_are_checked", forms_are_checked},
};

int
main(void)
{
	return unit_run("region_table", cases, sizeof(cases) / sizeof(*cases));
}
