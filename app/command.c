/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/printable_text.h"
#include "base/suggestion.h"

int
command_usage_near(const struct command *command, const char *why, const char *argument,
		   const char *near)
{
	fprintf(stderr, "vigie %s: %s%s", command->name, why,
		printable_text(argument != NULL ? argument : "").text);
	if (near != NULL)
		fprintf(stderr, ": did you mean %s?", near);
	fprintf(stderr, "\nusage: vigie %s %s\n", command->name, command->usage);
	return EXIT_USAGE;
}

int
command_usage(const struct command *command, const char *why, const char *argument)
{
	return command_usage_near(command, why, argument, NULL);
}

/* Room for "--" and a name that a slip of the finger has made of one of ours. */
#define LONG_OPTION_MAX (SUGGESTION_WORD_MAX + 3)

/* A word behind two dashes: as far as "=", it is an option that takes no value, or none at all. */
static int
refuse_long(const struct command_line *line, const char *given)
{
	char name[LONG_OPTION_MAX], meant[LONG_OPTION_MAX];
	struct suggestion near = {.given = name};
	size_t len = strcspn(given + 2, "=");

	(void)snprintf(name, sizeof(name), "%.*s", (int)len, given + 2);
	for (const struct option *known = line->options; known->name != NULL; known++) {
		if (strcmp(known->name, name) == 0 && given[2 + len] == '=')
			return command_usage(line->command,
					     "no value belongs behind an option: ", given);
		suggestion_offer(&near, known->name);
	}
	if (near.word != NULL)
		(void)snprintf(meant, sizeof(meant), "--%s", near.word);
	return command_usage_near(line->command, "unknown option ", given,
				  near.word != NULL ? meant : NULL);
}

/* The option that getopt_long has just refused. */
static int
refuse(const struct command_line *line)
{
	/* Among several letters behind one dash, only `optopt` tells which it was. */
	char letter[] = {'-', (char)optopt, '\0'};
	const char *given = line->argv[optind - 1];

	if (optopt > 0 && optopt < COMMAND_LONG_OPTION && strncmp(given, "--", 2) != 0)
		return command_usage(line->command, "unknown option ", letter);
	return refuse_long(line, given);
}

static int
print_help(const struct command *command)
{
	printf("usage: vigie %s %s\n%s\n\n%s", command->name, command->usage, command->what,
	       command->help);
	return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
}

int
command_next_option(struct command_line *line, int *status)
{
	if (!line->begun) {
		opterr = 0;
		optind = 0; /* glibc: from the beginning, whatever was read before */
		line->begun = true;
	}
	int option =
		getopt_long(line->argc, line->argv, line->operands_end_options ? "+:c:h" : ":c:h",
			    line->options, NULL);
	switch (option) {
	case 'h':
		*status = print_help(line->command);
		return COMMAND_OPTIONS_LEAVE;
	case ':':
		*status = command_usage(line->command, "a value is missing behind ",
					line->argv[optind - 1]);
		return COMMAND_OPTIONS_LEAVE;
	case '?':
		*status = refuse(line);
		return COMMAND_OPTIONS_LEAVE;
	default:
		return option;
	}
}

bool
command_finish_output(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	fprintf(stderr, "vigie: standard output: %s\n",
		errno != 0 ? strerror(errno) : "not everything could be written");
	return false;
}

bool
command_has_colour(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) && (no_colour == NULL || *no_colour == '\0') &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

unsigned
command_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 100;
	return size.ws_col < 80 ? 80 : size.ws_col > 160 ? 160 : size.ws_col;
}
