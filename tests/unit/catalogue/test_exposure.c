/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/exposure.h"

#include "tests/unit/unit.h"

static void
every_class_has_the_word_and_the_code_of_the_records(void)
{
	static const struct {
		const char *text, *code;
	} classes[EXPOSURE_COUNT] = {
		[EXPOSURE_STATE_INTERNAL] = {"state-internal", "INT"},
		[EXPOSURE_EU_QUALIFIED] = {"eu-qualified", "QUA"},
		[EXPOSURE_EU_SOVEREIGN] = {"eu-sovereign", "SOV"},
		[EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED] = {"us-technology-eu-controlled", "TEC"},
		[EXPOSURE_UNKNOWN] = {"unknown", "UNK"},
		[EXPOSURE_THIRD_COUNTRY] = {"third-country", "THC"},
		[EXPOSURE_US_PARENT] = {"us-parent", "USA"},
		[EXPOSURE_US_DIRECT] = {"us-direct", "USA"},
	};
	for (unsigned i = 0; i < EXPOSURE_COUNT; i++) {
		CU_ASSERT_STRING_EQUAL(exposure_text((enum exposure)i), classes[i].text);
		CU_ASSERT_STRING_EQUAL(exposure_code((enum exposure)i), classes[i].code);
	}
	CU_ASSERT_STRING_EQUAL(exposure_text(EXPOSURE_COUNT), "");
	CU_ASSERT_STRING_EQUAL(exposure_code(EXPOSURE_COUNT), "");
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
	{"every_class_has_the_word_and_the_code_of_the_records",
	 every_class_has_the_word_and_the_code_of_the_records},
	{"both_classes_under_us_law_share_a_code", both_classes_under_us_law_share_a_code},
	{"more_exposed_of_all_pairs", more_exposed_of_all_pairs},
};

int
main(void)
{
	return unit_run("exposure", cases, sizeof(cases) / sizeof(*cases));
}
