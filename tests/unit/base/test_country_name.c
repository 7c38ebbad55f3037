/* SPDX-License-Identifier: Apache-2.0 */
#include "base/country_name.h"

#include "base/country.h"
#include "tests/unit/unit.h"

static void
name_stands_as_in_a_sentence(void)
{
	static const struct {
		const char *code, *name;
	} rows[] = {
		{"AD", "Andorra"},         {"CN", "China"},    {"GB", "the United Kingdom"},
		{"NL", "the Netherlands"}, {"ZW", "Zimbabwe"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(country_name(rows[i].code));
		CU_ASSERT_STRING_EQUAL(country_name(rows[i].code), rows[i].name);
	}
}

static void
every_assigned_code_has_a_name_and_no_other(void)
{
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			const char code[] = {a, b, '\0'};
			CU_ASSERT_EQUAL(country_name(code) != NULL, country_is_assigned(code));
		}
	}
}

static void
other_texts_have_no_name(void)
{
	static const char *const texts[] = {"", "F", "fr", "FRA", "EU", "UK"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CU_ASSERT_PTR_NULL(country_name(texts[i]));
}

static const struct unit_case cases[] = {
	{"name_stands_as_in_a_sentence", name_stands_as_in_a_sentence},
	{"every_assigned_code_has_a_name_and_no_other",
	 every_assigned_code_has_a_name_and_no_other},
	{"other_texts_have_no_name", other_texts_have_no_name},
};

int
main(void)
{
	return unit_run("country_name", cases, sizeof(cases) / sizeof(*cases));
}
