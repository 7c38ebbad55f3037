/* SPDX-License-Identifier: Apache-2.0 */
/* The compiler as a program: what it makes, what it says, how it exits. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "geo/origin.h"
#include "tests/unit/geo/given.h"

#define ARGUMENTS_MAX 160

/* A folder with the inputs of a case; everything below it goes away at the end. */
struct inputs {
	char folder[PATH_MAX];
	char v4[PATH_MAX];
	char v6[PATH_MAX];
	char list[PATH_MAX];
	char table[PATH_MAX];
	char errors[PATH_MAX];
	char said[4096]; /* stderr of the last run */
};

static void
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void
name_file(const struct inputs *in, char *path, const char *name)
{
	snprintf(path, PATH_MAX, "%.100s/%s", in->folder, name);
}

static void
prepare(struct inputs *in)
{
	snprintf(in->folder, sizeof(in->folder), "/tmp/vigie-test-compile-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(in->folder));
	name_file(in, in->v4, "v4.csv");
	name_file(in, in->v6, "v6.csv");
	name_file(in, in->list, "list@x.tsv");
	name_file(in, in->table, "table");
	name_file(in, in->errors, "errors");
	write_text(in->v4, "1.0.0.0,1.0.0.255,13335,\"Cloudflare, Inc.\"\n");
	write_text(in->v6, "2001:db8::,2001:db8::ffff,64500,Réseau\n");
	write_text(in->list, "# feed: google-cloud\n# source: a list\n# date: 2026-08-22\n"
			     "8.8.8.0/24\tGoogle Cloud\tus-central1\n");
}

static void
clean_up(const struct inputs *in)
{
	const char *const files[] = {in->v4, in->v6, in->list, in->table, in->errors};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(files[i]);
	CU_ASSERT_EQUAL(rmdir(in->folder), 0);
}

/* Runs the program with its output in `errors`; returns the exit status. */
static int
compile(struct inputs *in, const char *const *arguments)
{
	char program[PATH_MAX], *argv[ARGUMENTS_MAX + 2] = {program};
	const char *root = getenv("VIGIE_BUILD_ROOT");
	snprintf(program, sizeof(program), "%s/geo/origin-compile", root != NULL ? root : "build");
	for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)arguments[i];

	fflush(stdout);
	pid_t child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (child == 0) {
		int fd = open(in->errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDERR_FILENO);
		dup2(fd, STDOUT_FILENO);
		execv(program, argv);
		_exit(127);
	}
	int status = 0;
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	FILE *file = fopen(in->errors, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	in->said[fread(in->said, 1, sizeof(in->said) - 1, file)] = '\0';
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct origin
ask(const char *table, const char *address)
{
	struct origin_paths paths = {.table = table};
	struct fault_list faults = FAULT_LIST_INIT;
	struct ip_address a = given_address(address);
	struct origin out;
	struct origin_db *db = origin_db_open(&paths, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	origin_db_lookup(db, &a, &out);
	/* Only what is no text of the table outlives it. */
	origin_db_close(db);
	return out;
}

static void
table_answers_from_all_inputs(void)
{
	struct inputs in;
	prepare(&in);
	char ranges[PATH_MAX + 32];
	snprintf(ranges, sizeof(ranges), "google-cloud=%s", in.list);
	const char *const arguments[] = {"--asn-v4",     in.v4,    "--asn-v6", in.v6,
					 "--asn-source", "rows",   "--ranges", ranges,
					 "-o",           in.table, NULL};
	CU_ASSERT_EQUAL(compile(&in, arguments), 0);
	CU_ASSERT_STRING_EQUAL(in.said, "");
	CU_ASSERT_EQUAL(ask(in.table, "1.0.0.1").asn, 13335);
	CU_ASSERT_EQUAL(ask(in.table, "2001:db8::1").asn, 64500);
	CU_ASSERT_STRING_EQUAL(ask(in.table, "2001:db8::1").as_org, "Réseau");
	CU_ASSERT_EQUAL(ask(in.table, "8.8.8.8").feed_prefix.bits, 24);
	CU_ASSERT_EQUAL(ask(in.table, "8.8.9.8").feed_prefix.bits, 0);
	clean_up(&in);
}

/* The only list of the table has to have 8.8.8.8, and this source. */
static void
source_is(const struct inputs *in, const char *expected)
{
	struct origin_paths paths = {.table = in->table};
	struct fault_list faults = FAULT_LIST_INIT;
	struct ip_address a = given_address("8.8.8.8");
	struct origin out;
	struct origin_db *db = origin_db_open(&paths, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	origin_db_lookup(db, &a, &out);
	CU_ASSERT_STRING_EQUAL(out.feed_source, expected);
	origin_db_close(db);
}

static void
source_of_a_list_may_be_given(void)
{
	struct inputs in;
	prepare(&in);
	char ranges[PATH_MAX + 32];
	snprintf(ranges, sizeof(ranges), "google-cloud=%s@named here", in.list);
	const char *const arguments[] = {"--ranges", ranges, "-o", in.table, NULL};
	CU_ASSERT_EQUAL(compile(&in, arguments), 0);
	source_is(&in, "named here 2026-08-22");
	clean_up(&in);
}

static void
list_without_a_date_has_only_its_name(void)
{
	struct inputs in;
	prepare(&in);
	write_text(in.list, "8.8.8.0/24\n");
	char plain[PATH_MAX + 32], named[PATH_MAX + 64];
	snprintf(plain, sizeof(plain), "cloudflare=%s", in.list);
	snprintf(named, sizeof(named), "cloudflare=%s@ips-v4 of 2026-11-22", in.list);
	CU_ASSERT_EQUAL(
		compile(&in, (const char *const[]){"--ranges", plain, "-o", in.table, NULL}), 0);
	source_is(&in, "prefix list of cloudflare");
	CU_ASSERT_EQUAL(
		compile(&in, (const char *const[]){"--ranges", named, "-o", in.table, NULL}), 0);
	source_is(&in, "ips-v4 of 2026-11-22");
	clean_up(&in);
}

/* There are more feeds than there used to be places for lists. */
static void
as_many_lists_as_fit_are_taken(void)
{
	enum { LISTS = 64 };
	struct inputs in;
	prepare(&in);
	char ranges[PATH_MAX + 32];
	const char *arguments[2 * (LISTS + 1) + 3] = {NULL};
	snprintf(ranges, sizeof(ranges), "google-cloud=%s", in.list);
	for (size_t i = 0; i <= LISTS; i++) {
		arguments[2 * i] = "--ranges";
		arguments[2 * i + 1] = ranges;
	}
	arguments[2 * LISTS] = "-o";
	arguments[2 * LISTS + 1] = in.table;
	CU_ASSERT_EQUAL(compile(&in, arguments), 0);
	CU_ASSERT_STRING_EQUAL(in.said, "");
	arguments[2 * LISTS] = "--ranges";
	arguments[2 * LISTS + 1] = ranges;
	arguments[2 * LISTS + 2] = "-o";
	arguments[2 * LISTS + 3] = in.table;
	CU_ASSERT_EQUAL(compile(&in, arguments), 2);
	clean_up(&in);
}

static void
every_fault_of_every_input_is_told_and_nothing_written(void)
{
	struct inputs in;
	struct stat about;
	prepare(&in);
	write_text(in.v4, "1.0.0.0,1.0.0.255,x,a\n1.0.1.0,1.0.1.255,1,a\n1.0.2.0,nothing\n");
	write_text(in.list,
		   "# feed: google-cloud\n# source: a list\n# date: 2026-08-22\n8.8.8.1/24\t\t\n"
		   "8.8.4.4\t\t\n");
	char ranges[PATH_MAX + 32], expected[PATH_MAX + 64];
	snprintf(ranges, sizeof(ranges), "google-cloud=%s", in.list);
	const char *const arguments[] = {
		"--asn-v4", in.v4,      "--asn-v6",         in.v4, "--ranges", ranges, "--ranges",
		"nobody=x", "--ranges", "aws=/nonexistent", "-o",  in.table,   NULL};
	CU_ASSERT_EQUAL(compile(&in, arguments), 1);
	const struct {
		const char *file;
		const char *rest;
	} faults[] = {
		{in.v4, ":1: the third field"},      {in.v4, ":3: too few fields"},
		{in.v4, ":2: expected IPv6"},        {in.list, ":4: bits behind"},
		{"x", ": no feed is called nobody"}, {"/nonexistent", ": cannot be opened"},
	};
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		snprintf(expected, sizeof(expected), "%s%s", faults[i].file, faults[i].rest);
		CU_ASSERT_PTR_NOT_NULL(strstr(in.said, expected));
	}
	CU_ASSERT_NOT_EQUAL(stat(in.table, &about), 0);
	clean_up(&in);
}

static void
table_that_cannot_be_written_is_a_fault(void)
{
	struct inputs in;
	prepare(&in);
	const char *const arguments[] = {"--asn-v4", in.v4, "-o", "/nonexistent/table", NULL};
	CU_ASSERT_EQUAL(compile(&in, arguments), 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(in.said, "/nonexistent/table: cannot be written: No such file"));
	clean_up(&in);
}

static void
wrong_usage_exits_with_2(void)
{
	static const char *const cases[][4] = {{NULL},
					       {"--asn-v4", "x", NULL},
					       {"-o", NULL},
					       {"-o", "x", "y", NULL},
					       {"--what", NULL}};
	struct inputs in;
	prepare(&in);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CU_ASSERT_EQUAL(compile(&in, cases[i]), 2);
		CU_ASSERT_PTR_NOT_NULL(strstr(in.said, "usage: origin-compile"));
	}
	CU_ASSERT_EQUAL(compile(&in, (const char *const[]){"--help", NULL}), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(in.said, "google-cloud"));
	clean_up(&in);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"table_answers_from_all_inputs", table_answers_from_all_inputs},
		{"source_of_a_list_may_be_given", source_of_a_list_may_be_given},
		{"list_without_a_date_has_only_its_name", list_without_a_date_has_only_its_name},
		{"as_many_lists_as_fit_are_taken", as_many_lists_as_fit_are_taken},
		{"every_fault_of_every_input_is_told_and_nothing_written",
		 every_fault_of_every_input_is_told_and_nothing_written},
		{"table_that_cannot_be_written_is_a_fault",
		 table_that_cannot_be_written_is_a_fault},
		{"wrong_usage_exits_with_2", wrong_usage_exits_with_2},
	};
	return unit_run("origin_compile", cases, sizeof(cases) / sizeof(*cases));
}
