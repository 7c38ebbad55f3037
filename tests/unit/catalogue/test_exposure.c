/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/exposure.h"

#include <string.h>

#include "tests/unit/unit.h"

static void
every_class_has_text_and_code_and_is_read_back(void)
{
	for (unsigned i = 0; i < EXPOSURE_COUNT; i++) {
		enum exposure back = EXPOSURE_COUNT;
		CU_ASSERT_TRUE(exposure_parse(exposure_text((enum exposure)i), &back));
		CU_ASSERT_EQUAL(back, i);
		CU_ASSERT_EQUAL(strlen(exposure_code((enum exposure)i)), 3);
	}
	CU_ASSERT_STRING_EQUAL(exposure_text(EXPOSURE_COUNT), "");
	CU_ASSERT_STRING_EQUAL(exposure_code(EXPOSURE_COUNT), "");
}

static void
other_words_are_refused_and_leave_the_answer_alone(void)
{
	static const char *const words[] = {"", "us", "US-DIRECT", "us-direct ", "none", "USA"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		enum exposure out = EXPOSURE_THIRD_COUNTRY;
		CU_ASSERT_FALSE(exposure_parse(words[i], &out));
		CU_ASSERT_EQUAL(out, EXPOSURE_THIRD_COUNTRY);
	}
}

static void
both_classes_under_us_law_share_a_code(void)
{
	CU_ASSERT_STRING_EQUAL(exposure_code(EXPOSURE_US_DIRECT), "USA");
	CU_ASSERT_STRING_EQUAL(exposure_code(EXPOSURE_US_PARENT), "USA");
	for (unsigned i = 0; i < EXPOSURE_COUNT; i++) {
		bool usa = i == EXPOSURE_US_DIRECT || i == EXPOSURE_US_PARENT;
		CU_ASSERT_EQUAL(exposure_is_under_us_law((enum exposure)i), usa);
	}
}

/* From most to least exposed, as the domain orders known answers; the last one yields to all. */
static const enum exposure order[] = {
	EXPOSURE_US_DIRECT,      EXPOSURE_US_PARENT,
	EXPOSURE_THIRD_COUNTRY,  EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED,
	EXPOSURE_EU_SOVEREIGN,   EXPOSURE_EU_QUALIFIED,
	EXPOSURE_STATE_INTERNAL, EXPOSURE_UNKNOWN,
};

static void
more_exposed_of_all_pairs(void)
{
	for (size_t i = 0; i < EXPOSURE_COUNT; i++) {
		for (size_t j = 0; j < EXPOSURE_COUNT; j++) {
			enum exposure expected = order[i < j ? i : j];
			CU_ASSERT_EQUAL(exposure_more_exposed(order[i], order[j]), expected);
		}
	}
}

static const struct unit_case cases[] = {
	{"every_class_has_text_and_code_and_is_read_back",
	 every_class_has_text_and_code_and_is_read_back},
	{"other_words_are_refused_and_leave_the_answer_alone",
	 other_words_are_refused_and_leave_the_answer_alone},
	{"both_classes_under_us_law_share_a_code", both_classes_under_us_law_share_a_code},
	{"more_exposed_of_all_pairs", more_exposed_of_all_pairs},
};

int
main(void)
{
	return unit_run("exposure", cases, sizeof(cases) / sizeof(*cases));
}
