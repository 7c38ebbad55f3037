/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/json_writer.h"

#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdlib.h>

#define REPLACED "\xef\xbf\xbd"

/* Whether `text` is written as `expected` (without the quotes) when it may take `max_len`. */
static bool
text_becomes(const char *text, size_t max_len, const char *expected)
{
	char out[256];
	struct json_writer w;
	size_t len = strlen(expected);

	json_writer_init(&w, out, sizeof(out));
	json_writer_text(&w, text, max_len);
	return json_writer_len(&w) == len + 2 && out[0] == '"' && out[len + 1] == '"' &&
	       memcmp(out + 1, expected, len) == 0;
}

static void
texts_are_escaped_as_rfc_8259_says(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{"", ""},
		{"plain.example", "plain.example"},
		{"a\"b\\c/d", "a\\\"b\\\\c/d"},
		{"\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
		{"\x01\x1f\x7f", "\\u0001\\u001f\x7f"},
		{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		 "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT(text_becomes(rows[i].text, 200, rows[i].expected));
}

static void
bytes_that_are_no_utf8_become_replacement_characters(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{"\xff", REPLACED},
		{"a\x80z", "a" REPLACED "z"},
		{"\xc0\xaf", REPLACED REPLACED},              /* overlong '/' */
		{"\xe0\x80\xaf", REPLACED REPLACED REPLACED}, /* overlong '/' */
		{"\xed\xa0\x80", REPLACED REPLACED REPLACED}, /* surrogate */
		{"\xf4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED},
		{"\xe2\x82", REPLACED REPLACED}, /* cut at the end */
		{"\xc3\"", REPLACED "\\\""},     /* the quote does not slip through */
		{"\xc3\xa9\xc3", "\xc3\xa9" REPLACED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT(text_becomes(rows[i].text, 200, rows[i].expected));
}

static void
long_texts_are_cut_between_characters(void)
{
	CU_ASSERT(text_becomes("abcdef", 4, "abcd"));
	CU_ASSERT(text_becomes("ab\x01", 7, "ab"));
	CU_ASSERT(text_becomes("ab\x01", 8, "ab\\u0001"));
	CU_ASSERT(text_becomes("ab\xc3\xa9", 3, "ab"));
	CU_ASSERT(text_becomes("ab\xc3\xa9", 4, "ab\xc3\xa9"));
	CU_ASSERT(text_becomes("abc", 0, ""));
}

static void
write_everything(struct json_writer *w)
{
	json_writer_open(w, '{');
	json_writer_plain_member(w, "plain", "x");
	json_writer_text_member(w, "text", "a\"\n\xc3\xa9\xff", 100);
	json_writer_uint_member(w, "zero", 0);
	json_writer_uint_member(w, "max", UINT64_MAX);
	json_writer_bool_member(w, "yes", true);
	json_writer_bool_member(w, "no", false);
	json_writer_open_array(w, "empty");
	json_writer_close(w, ']');
	json_writer_open_array(w, "array");
	json_writer_uint(w, 1);
	json_writer_plain(w, "2", 1);
	json_writer_open(w, '{');
	json_writer_close(w, '}');
	json_writer_close(w, ']');
	json_writer_open_object(w, "object");
	json_writer_open_object(w, "in");
	json_writer_bool_member(w, "deep", true);
	json_writer_close(w, '}');
	json_writer_uint_member(w, "behind", 3);
	json_writer_close(w, '}');
	json_writer_close(w, '}');
}

static const char everything[] =
	"{\"plain\":\"x\",\"text\":\"a\\\"\\n\xc3\xa9" REPLACED "\",\"zero\":0,"
	"\"max\":9223372036854775807,\"yes\":true,\"no\":false,\"empty\":[],"
	"\"array\":[1,\"2\",{}],\"object\":{\"in\":{\"deep\":true},\"behind\":3}}";

static void
commas_stand_between_values_only(void)
{
	char out[512];
	struct json_writer w;

	json_writer_init(&w, out, sizeof(out));
	write_everything(&w);
	CU_ASSERT_FALSE(w.overflow);
	CU_ASSERT_EQUAL(json_writer_len(&w), strlen(everything));
	CU_ASSERT_EQUAL(memcmp(out, everything, strlen(everything)), 0);
}

/* Every smaller size, each an exact heap block, so that a sanitizer sees a write past the end. */
static void
no_size_is_overrun(void)
{
	for (size_t size = 0; size <= strlen(everything); size++) {
		char *block = malloc(size > 0 ? size : 1);
		struct json_writer w;

		json_writer_init(&w, block, size);
		write_everything(&w);
		CU_ASSERT_EQUAL(w.overflow, size < strlen(everything));
		CU_ASSERT(json_writer_len(&w) <= size);
		free(block);
	}
}

static void
nothing_follows_an_overflow(void)
{
	char out[8];
	struct json_writer w;

	json_writer_init(&w, out, sizeof(out));
	json_writer_text(&w, "far too long", 100);
	size_t len = json_writer_len(&w);
	json_writer_raw(&w, "x", 1);
	CU_ASSERT(w.overflow);
	CU_ASSERT_EQUAL(json_writer_len(&w), len);
}

/* All pairs of bytes: a JSON parser has to take every line, whatever the name held. */
static void
any_two_bytes_give_valid_json(void)
{
	unsigned wrong = 0;

	for (unsigned pair = 0; pair < 65536; pair++) {
		char text[3] = {(char)(pair >> 8), (char)pair, '\0'};
		char out[32];
		struct json_writer w;

		json_writer_init(&w, out, sizeof(out));
		json_writer_open(&w, '[');
		json_writer_text(&w, text, sizeof(out));
		json_writer_close(&w, ']');
		json_t *parsed = json_loadb(out, json_writer_len(&w), 0, NULL);
		wrong += parsed == NULL;
		json_decref(parsed);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"texts_are_escaped_as_rfc_8259_says", texts_are_escaped_as_rfc_8259_says},
		{"bytes_that_are_no_utf8_become_replacement_characters",
		 bytes_that_are_no_utf8_become_replacement_characters},
		{"long_texts_are_cut_between_characters", long_texts_are_cut_between_characters},
		{"commas_stand_between_values_only", commas_stand_between_values_only},
		{"no_size_is_overrun", no_size_is_overrun},
		{"nothing_follows_an_overflow", nothing_follows_an_overflow},
		{"any_two_bytes_give_valid_json", any_two_bytes_give_valid_json},
	};
	return unit_run("json_writer", cases, sizeof(cases) / sizeof(*cases));
}
