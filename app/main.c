/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/command.h"
#include "base/printable_text.h"
#include "base/suggestion.h"

static const struct command commands[] = {
	{"replay",
	 "[-c FILE] [--workers N] [--flows FILE|-] [--alerts FILE|-] [--summary text|json|none]\n"
	 "                [--fail-on SEVERITY] [--merge] CAPTURE...",
	 "read capture files: which flows went to whom, under whose law", command_replay},
	{"run", "-c FILE [-- EAL-OPTIONS]", "watch live ports until SIGINT or SIGTERM",
	 command_run},
	{"check", "[-c FILE] [--print]",
	 "settings, rules, catalogue, databases: every mistake in one run, or what is set",
	 command_check},
	{"lookup", "[-c FILE] [--json] ADDRESS|NAME...",
	 "what is known of an end point, and which source said it", command_lookup},
	{"explain", "[-c FILE] [--alerts FILE] ALERT-ID",
	 "the rule, the evidence and the law behind an alert", command_explain},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void
print_help(FILE *out)
{
	fprintf(out,
		"vigie says which flows leave a network, who controls the other end, and under "
		"which law.\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  vigie %-7s %s\n                %s\n", commands[i].name,
			commands[i].usage, commands[i].what);
	fprintf(out,
		"\nCAPTURE is a pcap or pcapng file, plain, .gz or .zst, a directory of them, or - "
		"for standard input.\n"
		"SEVERITY is informational, low, medium, high or critical.\n"
		"Exit status: 0 done, 1 could not be done, 2 wrong usage, 3 --fail-on met.\n");
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

int
command_usage(const char *name, const char *why, const char *argument)
{
	fprintf(stderr, "vigie %s: %s%s\n", name, why,
		printable_text(argument != NULL ? argument : "").text);
	fprintf(stderr, "usage: vigie %s %s\n", name, find_command(name)->usage);
	return EXIT_USAGE;
}

int
command_unknown_option(const char *name, char **argv)
{
	/* Among several letters behind one dash, only `optopt` tells which it was. */
	char letter[] = {'-', (char)optopt, '\0'};
	bool is_letter = optopt > 0 && optopt < COMMAND_LONG_OPTION;

	return command_usage(name, "unknown option ", is_letter ? letter : argv[optind - 1]);
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

int
command_help(const char *name)
{
	const struct command *command = find_command(name);

	printf("usage: vigie %s %s\n%s\n", name, command->usage, command->what);
	return EXIT_DONE;
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

static int
unknown_command(const char *name)
{
	struct suggestion near = {.given = name};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		suggestion_offer(&near, commands[i].name);
	fprintf(stderr, "vigie: unknown command `%s`", printable_text(name).text);
	if (near.word != NULL)
		fprintf(stderr, ": did you mean `%s`?", near.word);
	fprintf(stderr,
		"\nusage: vigie replay|run|check|lookup|explain ...; vigie --help tells more\n");
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("vigie %s\n", VIGIE_VERSION);
		return EXIT_DONE;
	}
	const struct command *command = find_command(argv[1]);
	return command != NULL ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}
