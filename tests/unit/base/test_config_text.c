/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_text.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char *const good[] = {
	"",
	"a: b\n",
	"a: b\r\nc: d\r\n",
	"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	"share: 60 %\n",
	"  % not a directive",
	"\xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbd",
};

static void
plain_utf8_is_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CU_ASSERT_PTR_NULL(config_text_check(good[i], strlen(good[i])).what);
}

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t len;
	unsigned line, column;
	const char *what;
} bad[] = {
	{TEXT("a\0b"), 1, 2, "control character"},
	{TEXT("a: 1\n\tb"), 2, 1, "tab"},
	{TEXT("a\rb"), 1, 2, "carriage return"},
	{TEXT("a\r"), 1, 2, "carriage return"},
	{TEXT("\x1b[31m"), 1, 1, "control character"},
	{TEXT("x\x7f"), 1, 2, "control character"},
	{TEXT("x\xc2\x85"), 1, 2, "control character"},
	{TEXT("ok\n%YAML 1.2"), 2, 1, "a line cannot begin with %"},
	{TEXT("\x80"), 1, 1, "not UTF-8"},
	{TEXT("\xc0\x80"), 1, 1, "not UTF-8"},
	{TEXT("\xc3"), 1, 1, "not UTF-8"},
	{TEXT("\xc3x"), 1, 1, "not UTF-8"},
	{TEXT("\xe0\x80\xaf"), 1, 1, "not UTF-8"},
	{TEXT("\xed\xa0\x80"), 1, 1, "not UTF-8"},
	{TEXT("\xf0\x80\x80\xaf"), 1, 1, "not UTF-8"},
	{TEXT("\xf4\x90\x80\x80"), 1, 1, "not UTF-8"},
	{TEXT("\xf5\x80\x80\x80"), 1, 1, "not UTF-8"},
	{TEXT("\xff"), 1, 1, "not UTF-8"},
	{TEXT("a \xe2\x80\xa8"), 1, 3, "invisible"},
	{TEXT("\xc3\xa9\n\xc3\xa9\xe4\xb8\x96\t"), 2, 3, "tab"},
	{TEXT("\xef\xbb\xbf"
	      "a"),
	 1, 1, "invisible"},
	{TEXT("\xef\xbf\xbe"), 1, 1, "invisible"},
	{TEXT("\xf0\x9f\xbf\xbf"), 1, 1, "invisible"},
};

static void
first_bad_character_is_told_with_its_place(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct config_text_fault fault = config_text_check(bad[i].text, bad[i].len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(fault.what);
		CU_ASSERT_EQUAL(fault.line, bad[i].line);
		CU_ASSERT_EQUAL(fault.column, bad[i].column);
		CU_ASSERT_EQUAL(strncmp(fault.what, bad[i].what, strlen(bad[i].what)), 0);
	}
}

static void
characters_are_judged_alone(void)
{
	static const struct {
		uint32_t character;
		bool allowed;
	} rows[] = {
		{'a', true},     {'%', true},     {' ', true},    {'\n', true},    {'\t', false},
		{'\r', false},   {0, false},      {0x7f, false},  {0x85, false},   {0xe9, true},
		{0x2028, false}, {0xfeff, false}, {0x202e, true}, {0xfffe, false}, {0x1f600, true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(config_text_allows(rows[i].character), rows[i].allowed);
}

static const struct unit_case cases[] = {
	{"plain_utf8_is_good", plain_utf8_is_good},
	{"characters_are_judged_alone", characters_are_judged_alone},
	{"first_bad_character_is_told_with_its_place", first_bad_character_is_told_with_its_place},
};

int
main(void)
{
	return unit_run("config_text", cases, sizeof(cases) / sizeof(*cases));
}
