/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct command command = {
	.name = "try", .usage = "[OPTION] X", .what = "a test", .help = "# help\n"};
static const struct option known[] = {
	{"config", required_argument, NULL, 'c'},
	{"output", required_argument, NULL, COMMAND_LONG_OPTION},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* The first line on standard error of one option that is refused. */
static void
refused(const char *given, char line[256])
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO), status = -1;
	char argument[64];
	char *argv[] = {(char *)"try", argument, NULL};
	struct command_line arguments = {&command, known, 2, argv, false, false};

	CU_ASSERT_TRUE_FATAL(file != NULL && kept >= 0);
	snprintf(argument, sizeof(argument), "%s", given);
	dup2(fileno(file), STDERR_FILENO);
	int option = command_next_option(&arguments, &status);
	dup2(kept, STDERR_FILENO);
	close(kept);
	CU_ASSERT_EQUAL(option, COMMAND_OPTIONS_LEAVE);
	CU_ASSERT_EQUAL(status, EXIT_USAGE);
	rewind(file);
	*line = '\0';
	CU_ASSERT_PTR_NOT_NULL(fgets(line, 256, file));
	fclose(file);
}

static void
an_option_that_is_refused_is_told_with_the_likely_one(void)
{
	static const struct {
		const char *given, *line;
	} rows[] = {
		{"--outptu", "vigie try: unknown option --outptu: did you mean --output?\n"},
		{"--confgi=3", "vigie try: unknown option --confgi=3: did you mean --config?\n"},
		{"--quite-another", "vigie try: unknown option --quite-another\n"},
		{"--help=me", "vigie try: no value belongs behind an option: --help=me\n"},
		{"-xyz", "vigie try: unknown option -x\n"},
		{"--output", "vigie try: a value is missing behind --output\n"},
		{"-c", "vigie try: a value is missing behind -c\n"},
		{"--x\033", "vigie try: unknown option --x\\x1b\n"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char line[256];
		refused(rows[i].given, line);
		CU_ASSERT_STRING_EQUAL(line, rows[i].line);
	}
}

static void
options_and_operands_are_told_apart(void)
{
	char *argv[] = {(char *)"try", (char *)"a",  (char *)"-c", (char *)"s", (char *)"--outpu",
			(char *)"b",   (char *)"--", (char *)"-h", NULL};
	struct command_line line = {&command, known, 8, argv, false, false};
	int status = -1;

	CU_ASSERT_EQUAL(command_next_option(&line, &status), 'c');
	CU_ASSERT_STRING_EQUAL(optarg, "s");
	CU_ASSERT_EQUAL(command_next_option(&line, &status), COMMAND_LONG_OPTION);
	CU_ASSERT_STRING_EQUAL(optarg, "b");
	CU_ASSERT_EQUAL(command_next_option(&line, &status), COMMAND_OPTIONS_END);
	CU_ASSERT_EQUAL(optind, 6); /* "a" and "-h" are left */
}

static void
the_first_operand_can_end_the_options(void)
{
	char *argv[] = {(char *)"try", (char *)"a", (char *)"-c", (char *)"s", NULL};
	struct command_line line = {&command, known, 4, argv, true, false};
	int status = -1;

	CU_ASSERT_EQUAL(command_next_option(&line, &status), COMMAND_OPTIONS_END);
	CU_ASSERT_EQUAL(optind, 1);
}

static void
no_terminal_has_neither_colour_nor_width(void)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	CU_ASSERT_FALSE(command_has_colour(fds[1]));
	CU_ASSERT_EQUAL(command_width(fds[1]), 100);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"an_option_that_is_refused_is_told_with_the_likely_one",
		 an_option_that_is_refused_is_told_with_the_likely_one},
		{"options_and_operands_are_told_apart", options_and_operands_are_told_apart},
		{"the_first_operand_can_end_the_options", the_first_operand_can_end_the_options},
		{"no_terminal_has_neither_colour_nor_width",
		 no_terminal_has_neither_colour_nor_width},
	};

	return unit_run("command", cases, COUNT(cases));
}
