/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static void
well_formed_characters_are_decoded(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t code_point;
	} rows[] = {
		{"A", 1, 'A'},
		{"\x7f", 1, 0x7f},
		{"\xc2\x80", 2, 0x80},
		{"\xdf\xbf", 2, 0x7ff},
		{"\xe0\xa0\x80", 3, 0x800},
		{"\xed\x9f\xbf", 3, 0xd7ff},
		{"\xee\x80\x80", 3, 0xe000},
		{"\xef\xbf\xbf", 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t code_point = 0;
		CU_ASSERT_EQUAL(utf8_decode(rows[i].bytes, strlen(rows[i].bytes), &code_point),
				rows[i].len);
		CU_ASSERT_EQUAL(code_point, rows[i].code_point);
	}
}

static void
ill_formed_bytes_are_refused(void)
{
	static const char *const rows[] = {
		"\x80",             /* continuation alone */
		"\xc0\x80",         /* overlong NUL */
		"\xc1\xbf",         /* overlong */
		"\xe0\x9f\xbf",     /* overlong */
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",     /* first surrogate */
		"\xed\xbf\xbf",     /* last surrogate */
		"\xf4\x90\x80\x80", /* above U+10FFFF */
		"\xf5\x80\x80\x80",
		"\xff",
		"\xfe",
		"\xc3",
		"\xc3(",
		"\xe2\x82",
		"\xe2\x82(",
		"\xf0\x9f\x98",
		"\xf0\x9f\x98(",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(utf8_decode(rows[i], strlen(rows[i]), NULL), 0);
	CU_ASSERT_EQUAL(utf8_decode("", 0, NULL), 0);
}

/* Exact heap blocks, so that a sanitizer sees a read past the end. */
static void
no_byte_behind_the_end_is_read(void)
{
	static const char text[] = "\xf0\x9f\x98\x80";
	for (size_t left = 1; left < 4; left++) {
		char *block = malloc(left);
		memcpy(block, text, left);
		CU_ASSERT_EQUAL(utf8_decode(block, left, NULL), 0);
		free(block);
	}
}

static void
clean_copies_cannot_drive_a_terminal(void)
{
	static const struct {
		const char *text;
		const char *clean;
	} rows[] = {
		{"Caf\xc3\xa9 SA", "Caf\xc3\xa9 SA"},
		{"\x1b[31mred", UTF8_REPLACEMENT "[31mred"},
		{"a\nb\tc", "a" UTF8_REPLACEMENT "b" UTF8_REPLACEMENT "c"},
		{"\x7f\xc2\x9b", UTF8_REPLACEMENT UTF8_REPLACEMENT}, /* DEL, CSI */
		{"gpj.\xe2\x80\xae", "gpj." UTF8_REPLACEMENT},       /* right-to-left override */
		{"\xc3(\xff", UTF8_REPLACEMENT "(" UTF8_REPLACEMENT},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[64];
		CU_ASSERT_EQUAL(utf8_copy_clean(rows[i].text, out, sizeof(out)),
				strlen(rows[i].clean));
		CU_ASSERT_STRING_EQUAL(out, rows[i].clean);
	}
}

static void
clean_copies_are_cut_between_characters(void)
{
	char out[6];

	CU_ASSERT_EQUAL(utf8_copy_clean("abcd\xc3\xa9", out, sizeof(out)), 4);
	CU_ASSERT_STRING_EQUAL(out, "abcd");
	CU_ASSERT_EQUAL(utf8_copy_clean("abc\xc3\xa9", out, sizeof(out)), 5);
	CU_ASSERT_STRING_EQUAL(out, "abc\xc3\xa9");
	CU_ASSERT_EQUAL(utf8_copy_clean("abc", out, 1), 0);
	CU_ASSERT_STRING_EQUAL(out, "");
}

static void
widths_are_those_of_a_terminal(void)
{
	CU_ASSERT_EQUAL(utf8_width(""), 0);
	CU_ASSERT_EQUAL(utf8_width("OVHcloud"), 8);
	CU_ASSERT_EQUAL(utf8_width("T\xc3\xa9l\xc3\xa9"
				   "com"),
			7);
	CU_ASSERT_EQUAL(utf8_width("e\xcc\x81"), 1);                /* combining acute */
	CU_ASSERT_EQUAL(utf8_width("\xe4\xb8\xad\xe5\x9b\xbd"), 4); /* two ideographs */
	CU_ASSERT_EQUAL(utf8_width("\xed\x95\x9c"), 2);             /* Hangul */
}

static void
prefixes_fit_and_keep_combining_marks(void)
{
	size_t width;

	CU_ASSERT_EQUAL(utf8_prefix("abcdef", 4, &width), 4);
	CU_ASSERT_EQUAL(width, 4);
	CU_ASSERT_EQUAL(utf8_prefix("\xe4\xb8\xad\xe5\x9b\xbd", 3, &width),
			3); /* half does not fit */
	CU_ASSERT_EQUAL(width, 2);
	CU_ASSERT_EQUAL(utf8_prefix("e\xcc\x81x", 1, &width), 3);
	CU_ASSERT_EQUAL(width, 1);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"well_formed_characters_are_decoded", well_formed_characters_are_decoded},
		{"ill_formed_bytes_are_refused", ill_formed_bytes_are_refused},
		{"no_byte_behind_the_end_is_read", no_byte_behind_the_end_is_read},
		{"clean_copies_cannot_drive_a_terminal", clean_copies_cannot_drive_a_terminal},
		{"clean_copies_are_cut_between_characters",
		 clean_copies_are_cut_between_characters},
		{"widths_are_those_of_a_terminal", widths_are_those_of_a_terminal},
		{"prefixes_fit_and_keep_combining_marks", prefixes_fit_and_keep_combining_marks},
	};
	return unit_run("utf8", cases, sizeof(cases) / sizeof(*cases));
}
