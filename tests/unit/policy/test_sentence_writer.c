/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/sentence.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/unit/unit.h"

static bool
is_clean(const char *text)
{
	for (uint32_t c; *text != '\0';) {
		size_t len = utf8_decode(text, strlen(text), &c);
		if (len == 0 || utf8_is_unsafe(c))
			return false;
		text += len;
	}
	return true;
}

/* Labels of 6,000 bytes: each value is cut, and so is the whole, between two characters. */
static void
endless_texts_are_cut_at_a_character(void)
{
	char label[6001], out[SENTENCE_MAX + 1];
	const struct sentence_value values[] = {{"a", label}, {"b", NULL}, {"c", ""}};

	for (size_t i = 0; i < 6000; i += 3)
		memcpy(label + i, "\xe2\x82\xac", 3);
	label[6000] = '\0';
	for (size_t lead = 0; lead < 4; lead++) {
		char text[64];
		snprintf(text, sizeof(text), "%.*s{a}{a}{a}{a}{a}{a}", (int)lead, "xxxx");
		memset(out, 0x5a, sizeof(out));
		size_t len = sentence_fill(text, values, sizeof(values) / sizeof(*values), out);
		CU_ASSERT_TRUE(len < SENTENCE_MAX && len > SENTENCE_MAX - 8);
		CU_ASSERT_EQUAL(strlen(out), len);
		CU_ASSERT_TRUE(is_clean(out));
		CU_ASSERT_EQUAL(out[SENTENCE_MAX], 0x5a);
	}
	CU_ASSERT_EQUAL(
		sentence_fill("x {b} y {c}.", values, sizeof(values) / sizeof(*values), out), 4);
	CU_ASSERT_STRING_EQUAL(out, "x y.");
	CU_ASSERT_EQUAL(sentence_fill("{b}", values, sizeof(values) / sizeof(*values), out), 0);
	CU_ASSERT_EQUAL(sentence_fill("{unclosed", values, sizeof(values) / sizeof(*values), out),
			0);
	CU_ASSERT_STRING_EQUAL(out, "");
}

static const struct unit_case cases[] = {
	{"endless_texts_are_cut_at_a_character", endless_texts_are_cut_at_a_character},
};

int
main(void)
{
	return unit_run("sentence_writer", cases, sizeof(cases) / sizeof(*cases));
}
