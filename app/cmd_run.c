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
#include "app/settings_check.h"

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

/* What is written without end must not be written into what the program needs. */
static bool
has_safe_outputs(const struct settings *settings)
{
	struct fault_list faults = FAULT_LIST_INIT;

	settings_check_outputs(settings, &faults);
	bool safe = faults.count == 0;
	ruleset_print_faults(&faults);
	fault_list_fini(&faults);
	return safe;
}

static int
watch(const char *path, int argc, char **argv)
{
	struct ruleset ruleset;
	int eal_argc = 0, error = -EINVAL;

	if (ruleset_load(path, &ruleset) != 0)
		return EXIT_NOT_DONE;
	if (has_safe_outputs(&ruleset.settings)) {
		char **eal_argv = eal_options(&ruleset.settings, argc, argv, &eal_argc);
		error = eal_argv != NULL ? live_run(&ruleset, eal_argc, eal_argv) : -ENOMEM;
		free(eal_argv);
	}
	ruleset_fini(&ruleset);
	return error == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

static int
run(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_run, known, argc, argv, true, false};
	const char *settings = NULL;
	int option, status;

	while ((option = command_next_option(&line, &status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return status;
		settings = optarg;
	}
	if (settings == NULL)
		return command_usage(&command_run, "a settings file is needed: -c FILE", NULL);
	if (optind < argc && strcmp(argv[optind - 1], "--") != 0)
		return command_usage(&command_run, "EAL options stand behind --, not ",
				     argv[optind]);
	return watch(settings, argc - optind, argv + optind);
}

const struct command command_run = {
	.name = "run",
	.usage = "-c FILE [-- EAL-OPTIONS]",
	.what = "watch live ports until SIGINT or SIGTERM",
	.help = "  -c, --config FILE    settings; `run` in them says which ports, and where flows "
		"and\n"
		"                       alerts go; needed\n"
		"  -h, --help           this text\n"
		"  EAL-OPTIONS          for DPDK, behind those of `run.eal`; default: none\n"
		"\n"
		"Examples:\n"
		"  vigie run -c /etc/vigie/vigie.yaml\n"
		"  vigie run -c vigie.yaml -- --no-huge --no-pci --vdev "
		"net_af_packet0,iface=eth1\n",
	.run = run,
};
