/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/severity.h"

#include "tests/unit/unit.h"

static void
severities_have_words_and_numbers(void)
{
	static const struct {
		const char *word;
		unsigned ecs, risk_score;
	} rows[] = {
		{"informational", 1, 0}, {"low", 3, 21},       {"medium", 5, 47},
		{"high", 8, 73},         {"critical", 10, 99},
	};

	CU_ASSERT_EQUAL(sizeof(rows) / sizeof(*rows), SEVERITY_COUNT);
	for (unsigned s = 0; s < SEVERITY_COUNT; s++) {
		CU_ASSERT_STRING_EQUAL(severity_text(s), rows[s].word);
		CU_ASSERT_EQUAL(severity_ecs((enum severity)s), rows[s].ecs);
		CU_ASSERT_EQUAL(severity_risk_score((enum severity)s), rows[s].risk_score);
	}
}

static void
words_end_behind_the_last(void)
{
	CU_ASSERT_PTR_NULL(severity_text(SEVERITY_COUNT));
	CU_ASSERT_EQUAL(severity_ecs(SEVERITY_COUNT), 0);
	CU_ASSERT_EQUAL(severity_risk_score(SEVERITY_COUNT), 0);
}

static const struct unit_case cases[] = {
	{"severities_have_words_and_numbers", severities_have_words_and_numbers},
	{"words_end_behind_the_last", words_end_behind_the_last},
};

int
main(void)
{
	return unit_run("severity", cases, sizeof(cases) / sizeof(*cases));
}
