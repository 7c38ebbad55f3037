/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/live.h"
#include "app/ruleset.h"

/* Program name, the settings' options, then those of the command line. NULL when out of memory. */
static char **
eal_options(const struct settings *settings, int argc, char **argv, int *count)
{
	char **options = calloc(settings->run_eal_count + (size_t)argc + 2, sizeof(*options));
	if (options == NULL)
		return NULL;
	int n = 0;
	options[n++] = (char *)"vigie";
	for (size_t i = 0; i < settings->run_eal_count; i++)
		options[n++] = (char *)settings->run_eal[i];
	for (int i = 0; i < argc; i++)
		options[n++] = argv[i];
	*count = n;
	return options;
}

static int
run(const char *path, int argc, char **argv)
{
	struct ruleset ruleset;
	int eal_argc = 0;

	if (ruleset_load(path, &ruleset) != 0)
		return EXIT_NOT_DONE;
	char **eal_argv = eal_options(&ruleset.settings, argc, argv, &eal_argc);
	int error = eal_argv != NULL ? live_run(&ruleset, eal_argc, eal_argv) : -ENOMEM;
	free(eal_argv);
	ruleset_fini(&ruleset);
	return error == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

int
command_run(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *settings = NULL;
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "+:c:h", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			settings = optarg;
			break;
		case ':':
			return command_usage("run", "a value is missing behind ", argv[optind - 1]);
		case 'h':
			return command_help("run");
		default:
			return command_unknown_option("run", argv);
		}
	}
	if (settings == NULL)
		return command_usage("run", "a settings file is needed: -c FILE", NULL);
	if (optind < argc && strcmp(argv[optind - 1], "--") != 0)
		return command_usage("run", "EAL options stand behind --, not ", argv[optind]);
	return run(settings, argc - optind, argv + optind);
}
