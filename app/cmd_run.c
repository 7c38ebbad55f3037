/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/live.h"
#include "app/ruleset.h"
#include "app/settings_check.h"

/* More than any command line of ours; EAL's options are the longest part. */
#define ARGUMENTS_MAX 1024

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

/* What is written without end must not be written into what the program needs; and the sinks'
 * secrets are needed now. */
static bool
is_ready(struct settings *settings)
{
	struct fault_list faults = FAULT_LIST_INIT;

	settings_check_outputs(settings, &faults);
	settings_read_secrets(settings, &faults);
	bool safe = faults.count == 0;
	ruleset_print_faults(&faults);
	fault_list_fini(&faults);
	return safe;
}

/* The same process begins anew, with nothing of what it was but its number and its standard files.
 * Returns only where that fails. */
static void
begin_anew(void)
{
	static char *arguments[ARGUMENTS_MAX];
	static char text[65536], program[PATH_MAX];
	FILE *in = fopen("/proc/self/cmdline", "re");
	size_t len = in != NULL ? fread(text, 1, sizeof(text) - 1, in) : 0;
	size_t count = 0;

	/* By its path, so that it is found under its name. */
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0)
		(void)snprintf(program, sizeof(program), "/proc/self/exe");
	for (size_t at = 0; at < len && count < ARGUMENTS_MAX - 1; at += strlen(text + at) + 1)
		arguments[count++] = text + at;
	/* At the exec and not before: EAL's threads still wait on theirs. Signals stay blocked
	   until the new program can take them. */
	(void)close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	(void)execv(program, arguments);
	live_let_signals_through();
	fprintf(stderr, "vigie: cannot begin anew: %s; start it again\n", strerror(errno));
}

static int
watch(const char *path, int argc, char **argv)
{
	struct ruleset ruleset;
	int eal_argc = 0, error = -EINVAL;

	if (ruleset_load(path, &ruleset) != 0)
		return EXIT_NOT_DONE;
	if (is_ready(&ruleset.settings)) {
		char **eal_argv = eal_options(&ruleset.settings, argc, argv, &eal_argc);
		error = eal_argv != NULL ? live_run(&ruleset, path, eal_argc, eal_argv) : -ENOMEM;
		free(eal_argv);
	}
	ruleset_fini(&ruleset);
	if (error == LIVE_RESTART)
		begin_anew();
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
