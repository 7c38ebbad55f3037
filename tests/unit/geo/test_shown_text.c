/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/shown_text.h"
#include "tests/unit/geo/given.h"

static bool
is_clean(const char *text)
{
	return shown_text_is_clean(slice_of(text, strlen(text)));
}

static void
printable_text_of_any_script_is_clean(void)
{
	static const char *const clean[] = {
		"",
		"Cloudflare, Inc.",
		"Réseau",
		"ヨーロッパ",
		"Российская",
		"\xc2\xa0",
		"\xdf\xbf",
		"\xe0\xa0\x80",
		"\xed\x9f\xbf",
		"\xee\x80\x80",
		"\xef\xbf\xbd",
		"\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf",
	};
	for (size_t i = 0; i < sizeof(clean) / sizeof(*clean); i++)
		CU_ASSERT(is_clean(clean[i]));
}

static void
broken_utf8_and_control_characters_are_not(void)
{
	static const char *const unclean[] = {
		"\n",
		"a\tb",
		"\x1b[2J",
		"\x7f",
		"\xc2\x80",
		"\xc2\x9f", /* control characters */
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",
		"\xed\xbf\xbf", /* surrogates */
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xfe", /* over U+10FFFF */
		"\xc3",
		"\xe3\x83",
		"\xf0\x9f\x98",
		"\xc3(",
		"\xe3\x83(",
		"\xf0\x9f\x98(", /* cut */
	};
	for (size_t i = 0; i < sizeof(unclean) / sizeof(*unclean); i++)
		CU_ASSERT(!is_clean(unclean[i]));
	CU_ASSERT(!shown_text_is_clean(slice_of("a\0b", 3)));
}

static void
copy_is_cut_between_characters(void)
{
	static const struct {
		const char *text;
		size_t size;
		const char *copy;
	} cases[] = {
		{"abc", 4, "abc"},   {"abcd", 4, "abc"}, {"", 4, ""},      {"é", 3, "é"},
		{"é", 2, ""},        {"aéb", 3, "a"},    {"aéb", 4, "aé"}, {"日本", 6, "日"},
		{"日本", 7, "日本"}, {"abc", 1, ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char copy[16];
		size_t len = shown_text_copy(slice_of(cases[i].text, strlen(cases[i].text)), copy,
					     cases[i].size);
		CU_ASSERT_STRING_EQUAL(copy, cases[i].copy);
		CU_ASSERT_EQUAL(len, strlen(copy));
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"printable_text_of_any_script_is_clean", printable_text_of_any_script_is_clean},
		{"broken_utf8_and_control_characters_are_not",
		 broken_utf8_and_control_characters_are_not},
		{"copy_is_cut_between_characters", copy_is_cut_between_characters},
	};
	return unit_run("shown_text", cases, sizeof(cases) / sizeof(*cases));
}
