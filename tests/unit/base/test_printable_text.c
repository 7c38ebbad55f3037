/* SPDX-License-Identifier: Apache-2.0 */
#include "base/printable_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct row {
	const char *text, *printed;
};

static void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct printable_text printed = printable_text(rows[i].text);
		CU_ASSERT_STRING_EQUAL(printed.text, rows[i].printed);
	}
}

static void
readable_text_stays_as_it_is(void)
{
	static const struct row rows[] = {
		{"", ""},
		{"/srv/captures/a b.pcap", "/srv/captures/a b.pcap"},
		{"\xc3\xa9t\xc3\xa9.pcap", "\xc3\xa9t\xc3\xa9.pcap"},
		{"\xe4\xb8\xad \xf0\x9f\x98\x80", "\xe4\xb8\xad \xf0\x9f\x98\x80"},
		{"C:\\x41", "C:\\x41"},
		{"\xc2\xa0", "\xc2\xa0"}, /* the first behind the C1 controls */
	};
	check(rows, COUNT(rows));
}

static void
what_drives_a_terminal_is_spelled_out(void)
{
	static const struct row rows[] = {
		{"a\x1b[31mRED\n2.pcap", "a\\x1b[31mRED\\x0a2.pcap"},
		{"\x01\t\r\x1f", "\\x01\\x09\\x0d\\x1f"},
		{"\x7f", "\\x7f"},
		{"\xc2\x9b"
		 "31m",
		 "\\xc2\\x9b31m"}, /* CSI as one C1 control */
		{"\xe2\x80\xae"
		 "pacp",
		 "\\xe2\\x80\\xaepacp"}, /* right to left */
	};
	check(rows, COUNT(rows));
}

static void
what_is_no_utf8_is_spelled_out(void)
{
	static const struct row rows[] = {
		{"\xff\xfe", "\\xff\\xfe"},
		{"\x9b"
		 "31m",
		 "\\x9b31m"},
		{"a\xc3", "a\\xc3"},
		{"\xc0\x80", "\\xc0\\x80"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	};
	check(rows, COUNT(rows));
}

static void
long_text_is_cut_between_characters(void)
{
	static const struct {
		const char *text;
		size_t size;
		const char *printed;
	} rows[] = {
		{"abcdefg", 8, "abcdefg"},
		{"abcdefgh", 8, "abcd..."},
		{"abcdefgh", 4, "..."},
		{"abc", 4, "abc"},
		{"abc\xc3\xa9"
		 "fgh",
		 8, "abc..."},
		{"ab\x1b"
		 "cdefghi",
		 9, "ab..."},
		{"ab\x1b"
		 "cdefghi",
		 10, "ab\\x1b..."},
		{"\x1b\x1b", 9, "\\x1b\\x1b"},
		{"\x1b\x1b", 8, "\\x1b..."},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		/* On the heap, where a byte too many is noticed. */
		char *out = malloc(rows[i].size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		size_t len = printable_text_copy(rows[i].text, out, rows[i].size);
		CU_ASSERT_STRING_EQUAL(out, rows[i].printed);
		CU_ASSERT_EQUAL(len, strlen(rows[i].printed));
		free(out);
	}
}

static void
any_bytes_come_out_bounded_and_clean(void)
{
	char text[3 * PRINTABLE_TEXT_MAX];

	srand(1);
	for (unsigned round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof(text) - 1; i++)
			text[i] = (char)(1 + rand() % 255);
		text[(size_t)rand() % sizeof(text)] = '\0';
		text[sizeof(text) - 1] = '\0';
		struct printable_text printed = printable_text(text);
		CU_ASSERT_FATAL(strnlen(printed.text, sizeof(printed.text)) < sizeof(printed.text));
		/* Clean text is the same again. */
		struct printable_text again = printable_text(printed.text);
		CU_ASSERT_STRING_EQUAL(again.text, printed.text);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"readable_text_stays_as_it_is", readable_text_stays_as_it_is},
		{"what_drives_a_terminal_is_spelled_out", what_drives_a_terminal_is_spelled_out},
		{"what_is_no_utf8_is_spelled_out", what_is_no_utf8_is_spelled_out},
		{"long_text_is_cut_between_characters", long_text_is_cut_between_characters},
		{"any_bytes_come_out_bounded_and_clean", any_bytes_come_out_bounded_and_clean},
	};
	return unit_run("printable_text", cases, COUNT(cases));
}
