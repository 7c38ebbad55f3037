/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/confidence.h"

#include "tests/unit/unit.h"

static void
the_lesser_is_the_smaller(void)
{
	CU_ASSERT_TRUE(CONFIDENCE_LOW < CONFIDENCE_MEDIUM && CONFIDENCE_MEDIUM < CONFIDENCE_HIGH);
	CU_ASSERT_STRING_EQUAL(confidence_text(CONFIDENCE_LOW), "low");
	CU_ASSERT_STRING_EQUAL(confidence_text(CONFIDENCE_MEDIUM), "medium");
	CU_ASSERT_STRING_EQUAL(confidence_text(CONFIDENCE_HIGH), "high");
	CU_ASSERT_STRING_EQUAL(confidence_text(CONFIDENCE_COUNT), "");
}

static const struct unit_case cases[] = {
	{"the_lesser_is_the_smaller", the_lesser_is_the_smaller},
};

int
main(void)
{
	return unit_run("confidence", cases, sizeof(cases) / sizeof(*cases));
}
