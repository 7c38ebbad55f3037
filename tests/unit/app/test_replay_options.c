/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_options.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "classifier/policy/severity.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct command command = {
	.name = "replay", .usage = "...", .what = "of a test", .help = "# help\n"};

/* The words of a line behind the command's name; returns whether they were taken. */
static bool
parse(const char *words, struct replay_options *options, int *status)
{
	static char text[256];
	static char *argv[32];
	int argc = 1;

	snprintf(text, sizeof(text), "%s", words);
	argv[0] = (char *)"replay";
	for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	*status = -1;
	return replay_options_parse(&command, argc, argv, options, status);
}

static void
every_option_arrives(void)
{
	struct replay_options o;
	int status;

	CU_ASSERT_TRUE_FATAL(parse("a.pcap", &o, &status));
	CU_ASSERT_STRING_EQUAL(o.first_input, "a.pcap");
	CU_ASSERT(o.settings == NULL && o.flows == NULL && o.alerts == NULL && !o.merge);
	CU_ASSERT(o.workers == 0 && o.fail_on == -1 && o.summary == SUMMARY_TEXT);
	CU_ASSERT_TRUE_FATAL(parse("x --merge -c s.yaml --workers 64 --flows - --alerts=b "
				   "--summary none --fail-on critical -- -y",
				   &o, &status));
	CU_ASSERT_STRING_EQUAL(o.settings, "s.yaml");
	CU_ASSERT_STRING_EQUAL(o.flows, "-");
	CU_ASSERT_STRING_EQUAL(o.alerts, "b");
	CU_ASSERT_STRING_EQUAL(o.first_input, "x");
	CU_ASSERT(o.merge && o.workers == 64 && o.summary == SUMMARY_NONE);
	CU_ASSERT_EQUAL(o.fail_on, SEVERITY_CRITICAL);
}

static void
wrong_ones_are_wrong_usage(void)
{
	static const char *const lines[] = {
		"",
		"--flows",
		"--flows a --alerts a x",
		"--flows - --alerts /dev/stdout x",
		"--workers 0 x",
		"--workers 65 x",
		"--workers 1x x",
		"--workers -1 x",
		"--summary xml x",
		"--fail-on hihg x",
		"--merge=1 x",
		"--nothing x",
		"-z x",
		"- -",
		"- x -",
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct replay_options o;
		int status;
		CU_ASSERT_FALSE(parse(lines[i], &o, &status));
		CU_ASSERT_EQUAL(status, EXIT_USAGE);
	}
}

static void
help_is_no_mistake(void)
{
	struct replay_options o;
	int first = 0, second = 0, kept = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY);

	/* The test's own lines stand on standard output. */
	CU_ASSERT_FATAL(kept >= 0 && null >= 0);
	fflush(stdout);
	dup2(null, STDOUT_FILENO);
	bool taken = parse("--help", &o, &first) || parse("x -h", &o, &second);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	close(null);
	CU_ASSERT_FALSE(taken);
	CU_ASSERT_EQUAL(first, EXIT_DONE);
	CU_ASSERT_EQUAL(second, EXIT_DONE);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_option_arrives", every_option_arrives},
		{"wrong_ones_are_wrong_usage", wrong_ones_are_wrong_usage},
		{"help_is_no_mistake", help_is_no_mistake},
	};

	return unit_run("replay_options", cases, COUNT(cases));
}
