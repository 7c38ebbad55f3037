/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_risk.h"

#include <string.h>

#include "tests/unit/unit.h"

static void
every_bit_with_a_meaning_has_a_word_of_its_own(void)
{
	for (unsigned i = 1; i < PROTOCOL_RISK_COUNT; i++) {
		const char *text = protocol_risk_text(i);
		CU_ASSERT_NOT_EQUAL(text[0], '\0');
		CU_ASSERT_EQUAL(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				strlen(text));
		for (unsigned k = 1; k < i; k++)
			CU_ASSERT_NOT_EQUAL(strcmp(text, protocol_risk_text(k)), 0);
	}
}

static void
other_bits_have_none(void)
{
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(0), "");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(PROTOCOL_RISK_COUNT), "");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(63), "");
}

/* Words go into other people's rules: they do not change. */
static void
words_stay(void)
{
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(5), "known-protocol-on-other-port");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(7), "tls-obsolete-version");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(22), "unsafe-protocol");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(36), "clear-text-credentials");
	CU_ASSERT_STRING_EQUAL(protocol_risk_text(41), "tls-certificate-about-to-expire");
}

static const struct unit_case cases[] = {
	{"every_bit_with_a_meaning_has_a_word_of_its_own",
	 every_bit_with_a_meaning_has_a_word_of_its_own},
	{"other_bits_have_none", other_bits_have_none},
	{"words_stay", words_stay},
};

int
main(void)
{
	return unit_run("protocol_risk", cases, sizeof(cases) / sizeof(*cases));
}
