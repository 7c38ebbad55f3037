/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/unit.h"

static void
every_piece_of_evidence_has_its_word(void)
{
	static const char *const words[] = {"tenancy", "prefix", "asn",  "dns",        "dns-shared",
					    "cname",   "sni",    "host", "certificate"};

	CU_ASSERT_EQUAL(sizeof(words) / sizeof(*words), EVIDENCE_COUNT);
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++)
		CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)(1u << i)), words[i]);
	CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)0), "");
	CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)(1u << EVIDENCE_COUNT)), "");
}

static void
every_flag_has_its_word(void)
{
	static const char *const words[] = {
		"ech",
		"cdn-fronted",
		"hosted",
		"name-address-mismatch",
		"sni-unconfirmed",
		"stale-record",
		"served",
		"night",
		"recurring",
		"low-slow",
		"review",
	};

	CU_ASSERT_EQUAL(sizeof(words) / sizeof(*words), JUDGED_FLAG_COUNT);
	for (unsigned i = 0; i < JUDGED_FLAG_COUNT; i++)
		CU_ASSERT_STRING_EQUAL(judged_flag_text((enum judged_flag)(1u << i)), words[i]);
	CU_ASSERT_STRING_EQUAL(judged_flag_text((enum judged_flag)0), "");
	CU_ASSERT_STRING_EQUAL(judged_flag_text((enum judged_flag)(1u << JUDGED_FLAG_COUNT)), "");
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(every_piece_of_evidence_has_its_word),
		CASE(every_flag_has_its_word),
	};
	return unit_run("attribution_text", cases, sizeof(cases) / sizeof(*cases));
}
