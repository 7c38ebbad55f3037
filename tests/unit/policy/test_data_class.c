/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/data_class.h"

#include "tests/unit/unit.h"

static void
classes_go_from_least_to_most(void)
{
	static const char *const words[] = {
		"public",
		"internal",
		"personal",
		"economic-secret",
		"state-business-application",
		"health",
		"diffusion-restreinte",
		"secret",
	};
	static const char *const codes[] = {"PUB", "INT", "PER", "ECO", "SBA", "HLT", "DRE", "SEC"};

	CU_ASSERT_EQUAL(sizeof(words) / sizeof(*words), DATA_CLASS_COUNT);
	for (unsigned c = 0; c < DATA_CLASS_COUNT; c++) {
		CU_ASSERT_STRING_EQUAL(data_class_text(c), words[c]);
		CU_ASSERT_STRING_EQUAL(data_class_code((enum data_class)c), codes[c]);
	}
}

static void
words_end_behind_the_last(void)
{
	CU_ASSERT_PTR_NULL(data_class_text(DATA_CLASS_COUNT));
	CU_ASSERT_PTR_NULL(data_class_text(~0u));
	CU_ASSERT_STRING_EQUAL(data_class_code(DATA_CLASS_COUNT), "");
}

static const struct unit_case cases[] = {
	{"classes_go_from_least_to_most", classes_go_from_least_to_most},
	{"words_end_behind_the_last", words_end_behind_the_last},
};

int
main(void)
{
	return unit_run("data_class", cases, sizeof(cases) / sizeof(*cases));
}
