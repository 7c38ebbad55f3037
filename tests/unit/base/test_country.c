/* SPDX-License-Identifier: Apache-2.0 */
#include "base/country.h"

#include "tests/unit/unit.h"

static void
assigned_codes_are_known(void)
{
	static const char *const codes[] = {"AD", "FR", "US", "GB", "ZW", "NO"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		CU_ASSERT_TRUE(country_is_assigned(codes[i]));
}

static void
other_texts_are_no_country(void)
{
	static const char *const texts[] = {"",   "F",  "FRA", "fr", "UK", "EU",
					    "ZZ", "D ", " F",  "RA", "F ", "12"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CU_ASSERT_FALSE(country_is_assigned(texts[i]));
}

static void
eea_is_the_union_and_three_more(void)
{
	static const char *const inside[] = {"FR", "DE", "HR", "IS", "LI", "NO"};
	static const char *const outside[] = {"CH", "GB", "US", "CN", "TR", "EU", ""};
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		CU_ASSERT_TRUE(country_is_in_eea(inside[i]));
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		CU_ASSERT_FALSE(country_is_in_eea(outside[i]));
}

static void
counts_are_those_of_the_standards(void)
{
	unsigned assigned = 0, eea = 0;
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			const char code[] = {a, b, '\0'};
			assigned += country_is_assigned(code);
			eea += country_is_in_eea(code);
		}
	}
	CU_ASSERT_EQUAL(assigned, 249);
	CU_ASSERT_EQUAL(eea, 30);
}

static const struct unit_case cases[] = {
	{"assigned_codes_are_known", assigned_codes_are_known},
	{"other_texts_are_no_country", other_texts_are_no_country},
	{"eea_is_the_union_and_three_more", eea_is_the_union_and_three_more},
	{"counts_are_those_of_the_standards", counts_are_those_of_the_standards},
};

int
main(void)
{
	return unit_run("country", cases, sizeof(cases) / sizeof(*cases));
}
