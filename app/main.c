/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/printable_text.h"
#include "base/suggestion.h"

static const struct command *const commands[] = {
	&command_replay,  &command_run,    &command_check,  &command_lookup,
	&command_explain, &command_alerts, &command_verify, &command_sink,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void
print_help(FILE *out)
{
	fprintf(out,
		"vigie says which flows leave a network, who controls the other end, and under "
		"which law.\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  vigie %-7s %s\n                %s\n", commands[i]->name,
			commands[i]->usage, commands[i]->what);
	fprintf(out, "\nvigie COMMAND --help tells each option with its default, and examples; "
		     "vigie --version the version.\n"
		     "Exit status: 0 done, 1 could not be done, 2 wrong usage, 3 --fail-on met.\n");
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int
unknown_command(const char *name)
{
	struct suggestion near = {.given = name};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		suggestion_offer(&near, commands[i]->name);
	fprintf(stderr, "vigie: unknown command `%s`", printable_text(name).text);
	if (near.word != NULL)
		fprintf(stderr, ": did you mean `%s`?", near.word);
	fprintf(stderr, "\nusage: vigie replay|run|check|lookup|explain|alerts|verify|sink ...; "
			"vigie --help "
			"tells more\n");
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
		return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("vigie %s\n", VIGIE_VERSION);
		return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
	}
	const struct command *command = find_command(argv[1]);
	return command != NULL ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}
