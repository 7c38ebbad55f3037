/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_quote.h"

#include <stdlib.h>
#include <string.h>

#include "base/config_tree.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Free the result. */
static char *
quote(const char *format, const char *text)
{
	char *written;
	size_t len;
	FILE *out = open_memstream(&written, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	for (; *format != '\0'; format++) {
		if (*format == '$')
			config_quote_write(out, text);
		else
			fputc(*format, out);
	}
	fclose(out);
	return written;
}

static void
texts_are_plain_only_where_they_stay_texts(void)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{"Ministry of Finance", "Ministry of Finance"},
		{"/etc/vigie/catalogue", "/etc/vigie/catalogue"},
		{"s3.amazonaws.com", "s3.amazonaws.com"},
		{"https://x.example/a?b=c&d#e", "https://x.example/a?b=c&d#e"},
		{"Zürich", "Zürich"},
		{"Éire, Paris (1st)", "Éire, Paris (1st)"},
		{"a-b", "a-b"},
		{"yesterday", "yesterday"},
		{"", "\"\""},
		{" lead", "\" lead\""},
		{"trail ", "\"trail \""},
		{"a: b", "\"a: b\""},
		{"a:", "\"a:\""},
		{"a #b", "\"a #b\""},
		{"#a", "\"#a\""},
		{"- a", "\"- a\""},
		{"-", "\"-\""},
		{"--- a", "\"--- a\""},
		{"? a", "\"? a\""},
		{"@a", "\"@a\""},
		{"`a`", "\"`a`\""},
		{"%a", "\"%a\""},
		{"&a", "\"&a\""},
		{"*a", "\"*a\""},
		{"!a", "\"!a\""},
		{"|", "\"|\""},
		{"> a", "\"> a\""},
		{"{a}", "\"{a}\""},
		{"[a]", "\"[a]\""},
		{"it's", "\"it's\""},
		{"say \"x\" \\ y", "\"say \\\"x\\\" \\\\ y\""},
		{"true", "\"true\""},
		{"False", "\"False\""},
		{"NO", "\"NO\""},
		{"on", "\"on\""},
		{"y", "\"y\""},
		{"null", "\"null\""},
		{"~", "\"~\""},
		{"1.10", "\"1.10\""},
		{"-1", "\"-1\""},
		{".inf", "\".inf\""},
		{"0x1f", "\"0x1f\""},
		{"2026-11-22", "\"2026-11-22\""},
		{"12:30", "\"12:30\""},
		{"two\nlines", "\"two\\nlines\""},
		{"tab\there", "\"tab\\there\""},
		{"\xc2\x85", "\"\\x85\""},
		{"a\xe2\x80\xa8z", "\"a\\u2028z\""},
		{"a\xe2\x80\xaez", "\"a\\u202ez\""},
		{"a\xef\xbb\xbfz", "\"a\\ufeffz\""},
		{"a\xf0\x9f\xbf\xbfz", "\"a\\U0001ffffz\""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *written = quote("$", rows[i].text);
		CU_ASSERT_STRING_EQUAL(written, rows[i].written);
		free(written);
	}
}

static void
expect_same(const char *format, const char *text)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *written = quote(format, text);
	struct config_tree *tree = config_tree_parse("q.yaml", written, strlen(written), &faults);

	if (tree == NULL) {
		fprintf(stderr, "# %s\n# %s\n", written, faults.faults[0].text);
		CU_FAIL_FATAL("written but not read");
	}
	const struct config_node *root = config_tree_root(tree);
	const struct config_node *child = config_node_first(root);
	CU_ASSERT_PTR_NOT_NULL_FATAL(child);
	CU_ASSERT_EQUAL(config_node_count(root), 1);
	CU_ASSERT_FALSE(config_node_is_null(child));
	CU_ASSERT_STRING_EQUAL(config_node_text(child), text);
	if (config_node_key(child) != NULL)
		CU_ASSERT_STRING_EQUAL(config_node_key(child), text);
	config_tree_destroy(tree);
	free(written);
}

static void
texts_read_back_as_keys_values_and_items(void)
{
	static const char *const texts[] = {
		"",
		" ",
		"a",
		"a b",
		" a ",
		"a: b",
		"a:b",
		"a:",
		":",
		"a #b",
		"a#b",
		"#",
		"-",
		"- a",
		"-a",
		"--- a",
		"...",
		"? a",
		"?",
		"@",
		"`",
		"%a",
		"&a",
		"*a",
		"!a",
		"|",
		">",
		"{a",
		"a}",
		"[a",
		"a, b",
		"'",
		"''",
		"'a'",
		"\"",
		"\"\"",
		"a\"b\"",
		"\\",
		"\\n",
		"\\x41",
		"null",
		"~",
		"yes",
		"NO",
		"1",
		"1.10",
		"1e3",
		"2026-11-22",
		"12:30",
		"=",
		"<<",
		"a\nb",
		"\n",
		"a\n\n b\n",
		"\t",
		"a\tb",
		"\xc3\xa9",
		"\xe4\xb8\x96",
		"\xc2\x85",
		"\xc2\xa0",
		"a\xc2\xa0",
		"\xe2\x80\xa8",
		"\xe2\x80\xae",
		"\xef\xbb\xbf",
		"\xef\xbf\xbe",
		"\xf0\x9f\x98\x80",
		"\xf0\x9f\xbf\xbf",
	};
	static const char *const forms[] = {"$: $\n", "- $\n"};

	for (size_t i = 0; i < COUNT(texts); i++) {
		for (size_t f = 0; f < COUNT(forms); f++)
			expect_same(forms[f], texts[i]);
	}
}

/* Every pair of ASCII characters that a text can hold. */
static void
pairs_of_characters_read_back(void)
{
	for (int a = ' '; a < 0x7f; a++) {
		for (int b = ' '; b < 0x7f; b++)
			expect_same("$: $\n", (char[]){(char)a, (char)b, '\0'});
	}
	for (int a = ' '; a < 0x7f; a++) {
		for (int b = ' '; b < 0x7f; b++)
			expect_same("- $\n", (char[]){'x', (char)a, (char)b, 'x', '\0'});
	}
}

static void
bytes_that_are_no_text_are_replaced(void)
{
	char *written = quote("$", "a\xff\xe2\x80z");

	CU_ASSERT_STRING_EQUAL(written, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
	free(written);
}

static const struct unit_case cases[] = {
	{"texts_are_plain_only_where_they_stay_texts", texts_are_plain_only_where_they_stay_texts},
	{"texts_read_back_as_keys_values_and_items", texts_read_back_as_keys_values_and_items},
	{"pairs_of_characters_read_back", pairs_of_characters_read_back},
	{"bytes_that_are_no_text_are_replaced", bytes_that_are_no_text_are_replaced},
};

int
main(void)
{
	return unit_run("config_quote", cases, COUNT(cases));
}
