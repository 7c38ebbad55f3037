/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_excerpt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config_tree.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define TEN "1234567890"
#define FIFTY TEN TEN TEN TEN TEN
#define E_ACUTE "\xc3\xa9"
#define WIDE "\xe4\xb8\x96"

static char path[] = "/tmp/vigie-fault-excerpt-XXXXXX";

static void
store(const char *text, size_t len)
{
	FILE *file = fopen(path, "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(text, 1, len, file), len);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

/* The excerpt, or NULL where there is none; valid until the next call. */
static const char *
excerpt_of(const char *file, unsigned line, unsigned column, bool colour)
{
	static char *text;
	size_t len;

	free(text);
	text = NULL;
	FILE *out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	struct fault fault = {.file = (char *)file, .line = line, .column = column};
	bool written = fault_excerpt_write(out, &fault, colour);
	fclose(out);
	CU_ASSERT_EQUAL(written, len != 0);
	return written ? text : NULL;
}

static void
expect(unsigned line, unsigned column, const char *expected)
{
	const char *text = excerpt_of(path, line, column, false);

	if (text == NULL || strcmp(text, expected) != 0) {
		fprintf(stderr, "# got:\n%s# not:\n%s", text != NULL ? text : "nothing\n",
			expected);
		CU_FAIL("another excerpt");
	}
}

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t len;
	unsigned line, column;
	const char *excerpt;
} rows[] = {
	{TEXT("a: 1\n    class: inernal\nb: 2\n"), 2, 12,
	 "   2 |     class: inernal\n"
	 "     |            ^\n"},
	{TEXT("x"), 1, 1, "   1 | x\n     | ^\n"},
	{TEXT("x\r\ny\r\n"), 2, 1, "   2 | y\n     | ^\n"},
	{TEXT("x\n\ny\n"), 2, 1, "   2 | \n     | ^\n"},
	{TEXT("x: y\n"), 1, 5, "   1 | x: y\n     |     ^\n"},
	{TEXT("x: y\n"), 1, 4000000000, "   1 | x: y\n     |     ^\n"},
	{TEXT("no column\n"), 1, 0, "   1 | no column\n"},
	/* Columns are characters; the mark stands below what a terminal shows. */
	{TEXT(E_ACUTE E_ACUTE ": z\n"), 1, 5, "   1 | " E_ACUTE E_ACUTE ": z\n     |     ^\n"},
	{TEXT(WIDE WIDE ": z\n"), 1, 5, "   1 | " WIDE WIDE ": z\n     |       ^\n"},
	{TEXT("\tx: \x1b[31m\x00\xff\xe2\x80\xae!\n"), 1, 13,
	 "   1 |  x: \xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd!\n"
	 "     |             ^\n"},
};

static void
the_line_is_shown_with_a_mark_below_its_place(void)
{
	char expected[512];

	for (size_t i = 0; i < COUNT(rows); i++) {
		store(rows[i].text, rows[i].len);
		expect(rows[i].line, rows[i].column, rows[i].excerpt);
	}
	store(FIFTY FIFTY "\n", 101);
	snprintf(expected, sizeof(expected), "   1 | %s%s\n     | %*s^\n", FIFTY, FIFTY, 99, "");
	expect(1, 100, expected);
}

static void
long_lines_are_cut_around_the_place(void)
{
	char expected[512];

	store(FIFTY FIFTY FIFTY FIFTY "x" FIFTY FIFTY "\n", 302);
	snprintf(expected, sizeof(expected), "   1 | ...%s%sx%.39s...\n     | %*s^\n", TEN, FIFTY,
		 FIFTY, 63, "");
	expect(1, 201, expected);
	snprintf(expected, sizeof(expected), "   1 | %s%s...\n     | ^\n", FIFTY, FIFTY);
	expect(1, 1, expected);
	snprintf(expected, sizeof(expected), "   1 | ...%s%s\n     | %*s^\n", TEN, FIFTY, 63, "");
	expect(1, 302, expected);
}

static void
lines_of_several_megabytes_are_cut_too(void)
{
	size_t len = 3 * 1024 * 1024;
	char *text = malloc(len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, 'x', len);
	store(text, len);
	const char *excerpt = excerpt_of(path, 1, 2000000, false);
	CU_ASSERT_PTR_NOT_NULL_FATAL(excerpt);
	CU_ASSERT_EQUAL(strlen(excerpt), 7 + 3 + 100 + 3 + 1 + 7 + 63 + 2);
	free(text);
}

static void
the_mark_can_be_coloured(void)
{
	store("x: y\n", 5);
	const char *excerpt = excerpt_of(path, 1, 4, true);
	CU_ASSERT_PTR_NOT_NULL_FATAL(excerpt);
	CU_ASSERT_STRING_EQUAL(excerpt, "   1 | x: y\n     |    \033[1;31m^\033[0m\n");
}

static void
without_a_line_there_is_no_excerpt(void)
{
	char fifo[sizeof(path) + 8];

	store("x: y\n", 5);
	CU_ASSERT_PTR_NULL(excerpt_of(path, 0, 0, false));
	CU_ASSERT_PTR_NULL(excerpt_of(path, 2, 1, false));
	CU_ASSERT_PTR_NULL(excerpt_of(path, 4000000000, 1, false));
	CU_ASSERT_PTR_NULL(excerpt_of("/nonexistent/x.yaml", 1, 1, false));
	CU_ASSERT_PTR_NULL(excerpt_of("/", 1, 1, false));
	CU_ASSERT_PTR_NULL(excerpt_of("/dev/zero", 1, 1, false));
	CU_ASSERT_PTR_NULL(excerpt_of(NULL, 1, 1, false));
	store("", 0);
	CU_ASSERT_PTR_NULL(excerpt_of(path, 1, 1, false));
	snprintf(fifo, sizeof(fifo), "%s.fifo", path);
	CU_ASSERT_EQUAL(mkfifo(fifo, 0600), 0);
	CU_ASSERT_PTR_NULL(excerpt_of(fifo, 1, 1, false));
	unlink(fifo);
}

/* What libfyaml and the check of the text call a column is what is marked. */
static void
columns_of_settings_files_are_marked(void)
{
	static const struct {
		const char *text, *marked;
	} files[] = {
		{E_ACUTE WIDE ": [x, &b c]\n", "     |             ^\n"},
		{E_ACUTE WIDE ": \"" WIDE "\tx\"\n", "     |         ^\n"},
		{WIDE ": 1\n" WIDE WIDE ": 2\n" WIDE ": 3\n", "     | ^\n"},
	};
	for (size_t i = 0; i < COUNT(files); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		store(files[i].text, strlen(files[i].text));
		CU_ASSERT_PTR_NULL(config_tree_load(path, &faults));
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		const char *excerpt =
			excerpt_of(path, faults.faults[0].line, faults.faults[0].column, false);
		CU_ASSERT_PTR_NOT_NULL_FATAL(excerpt);
		CU_ASSERT_STRING_EQUAL(strchr(excerpt, '\n') + 1, files[i].marked);
		fault_list_fini(&faults);
	}
}

static void
secrets_are_masked_and_the_mark_stays_in_place(void)
{
	static const char text[] =
		"    url: https://user:pa55/w@rd@e.example/x\n"
		"    token: SECRETTOKEN\n"
		"  - {name: a, hec_token: 'SECRET, TOKEN', Password: x, type: b}\n"
		"    token_file: /etc/token\n"
		"    token:SECRET\n"
		"    secret: \"" E_ACUTE E_ACUTE E_ACUTE E_ACUTE "\" # c\n";

	store(text, sizeof(text) - 1);
	expect(1, 10, "   1 |     url: https://***@e.example/x\n     |          ^\n");
	expect(1, 33, "   1 |     url: https://***@e.example/x\n     |                      ^\n");
	expect(2, 5, "   2 |     token: ***\n     |     ^\n");
	expect(2, 20, "   2 |     token: ***\n     |            ^\n");
	expect(3, 56,
	       "   3 |   - {name: a, hec_token: ***, Password: *, type: b}\n"
	       "     |                                            ^\n");
	expect(4, 5, "   4 |     token_file: /etc/token\n     |     ^\n");
	expect(6, 20, "   6 |     secret: *** # c\n     |                 ^\n");
}

static const struct unit_case cases[] = {
	{"secrets_are_masked_and_the_mark_stays_in_place",
	 secrets_are_masked_and_the_mark_stays_in_place},
	{"the_line_is_shown_with_a_mark_below_its_place",
	 the_line_is_shown_with_a_mark_below_its_place},
	{"long_lines_are_cut_around_the_place", long_lines_are_cut_around_the_place},
	{"lines_of_several_megabytes_are_cut_too", lines_of_several_megabytes_are_cut_too},
	{"the_mark_can_be_coloured", the_mark_can_be_coloured},
	{"without_a_line_there_is_no_excerpt", without_a_line_there_is_no_excerpt},
	{"columns_of_settings_files_are_marked", columns_of_settings_files_are_marked},
};

int
main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	int status = unit_run("fault_excerpt", cases, COUNT(cases));
	unlink(path);
	return status;
}
