/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/text_writer.h"

#include "tests/unit/unit.h"

#include <string.h>

static char out[128];

static const struct text_escape escape = {{['='] = "\\=", ['\\'] = "\\\\", ['\n'] = "\\n"}};

/* The written form with a NUL; NULL after an overflow. */
static const char *
written(const char *text, size_t len, size_t max_len, size_t size)
{
	struct text_writer w;

	memset(out, 0x55, sizeof(out));
	text_writer_init(&w, out, size);
	text_writer_text(&w, text, len, max_len, &escape);
	CU_ASSERT_EQUAL(out[size], 0x55);
	if (w.overflow)
		return NULL;
	out[text_writer_len(&w)] = '\0';
	return out;
}

static void
hostile_bytes_are_made_harmless(void)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{"", ""},
		{"plain text ~", "plain text ~"},
		{"a=b\\c\nd", "a\\=b\\\\c\\nd"},
		{"a\rb\tc\x1b[31m\x7f", "a\xef\xbf\xbd"
					"b\xef\xbf\xbd"
					"c\xef\xbf\xbd[31m\xef\xbf\xbd"},
		{"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"},
		{"\xff", "\xef\xbf\xbd"},
		{"\xc3", "\xef\xbf\xbd"},
		{"\xc3(", "\xef\xbf\xbd("},
		{"\xe4\xb8", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xc2\x85", "\xef\xbf\xbd"},
		{"\xe2\x80\xae"
		 "abc",
		 "\xef\xbf\xbd"
		 "abc"},
		{"\xe2\x81\xa6", "\xef\xbf\xbd"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(written(rows[i].text, strlen(rows[i].text), 100, 100),
				       rows[i].written);
	CU_ASSERT_STRING_EQUAL(written("a\0b", 3, 100, 100), "a\xef\xbf\xbd"
							     "b");
}

static void
long_texts_are_cut_between_characters(void)
{
	static const struct {
		const char *text;
		size_t max_len;
		const char *written;
	} rows[] = {
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abc..."},
		{"abcd", 3, "..."},
		{"abc", 3, "abc"},
		{"ab====", 8, "ab\\=..."},
		{"ab===", 8, "ab\\=\\=\\="},
		{"ab\xc3\xa9"
		 "defg",
		 7, "ab\xc3\xa9..."},
		{"abc\xc3\xa9"
		 "efg",
		 7, "abc..."},
		{"\xff\xff\xff", 8, "\xef\xbf\xbd..."},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text =
			written(rows[i].text, strlen(rows[i].text), rows[i].max_len, 100);
		CU_ASSERT_STRING_EQUAL(text, rows[i].written);
		CU_ASSERT(strlen(text) <= rows[i].max_len);
	}
}

static void
what_does_not_fit_is_noticed(void)
{
	CU_ASSERT_STRING_EQUAL(written("abc", 3, 100, 3), "abc");
	CU_ASSERT_PTR_NULL(written("abcd", 4, 100, 3));
	CU_ASSERT_PTR_NULL(written("ab=", 3, 100, 3));
	CU_ASSERT_PTR_NULL(written("a", 1, 100, 0));
}

static void
an_overflow_is_sticky(void)
{
	struct text_writer w;

	text_writer_init(&w, out, 4);
	text_writer_put(&w, "abcde");
	text_writer_put(&w, "f");
	text_writer_uint(&w, 1);
	CU_ASSERT_TRUE(w.overflow);
	CU_ASSERT_EQUAL(text_writer_len(&w), 0);
}

static void
numbers_have_64_bits(void)
{
	struct text_writer w;

	text_writer_init(&w, out, sizeof(out));
	text_writer_uint(&w, 0);
	text_writer_put(&w, " ");
	text_writer_uint(&w, UINT64_MAX);
	out[text_writer_len(&w)] = '\0';
	CU_ASSERT_STRING_EQUAL(out, "0 18446744073709551615");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"hostile_bytes_are_made_harmless", hostile_bytes_are_made_harmless},
		{"long_texts_are_cut_between_characters", long_texts_are_cut_between_characters},
		{"what_does_not_fit_is_noticed", what_does_not_fit_is_noticed},
		{"an_overflow_is_sticky", an_overflow_is_sticky},
		{"numbers_have_64_bits", numbers_have_64_bits},
	};
	return unit_run("text_writer", cases, sizeof(cases) / sizeof(*cases));
}
