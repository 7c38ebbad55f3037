/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/ruleset.h"
#include "app/ruleset_overview.h"
#include "app/settings_check.h"
#include "app/settings_print.h"
#include "base/fault_excerpt.h"
#include "base/printable_text.h"
#include "geo/origin_table.h"

/* A fault names a file of any length and may quote from it. */
#define FAULT_TEXT_MAX 8192

/* Opening looks at the header only. A table that does not open has been told. */
static void
verify_table(const struct settings *settings, struct fault_list *faults)
{
	struct fault_list told = FAULT_LIST_INIT, found = FAULT_LIST_INIT;
	struct origin_table *table = settings->origin_table != NULL
					     ? origin_table_open(settings->origin_table, &told)
					     : NULL;

	if (table != NULL)
		(void)origin_table_verify(table, &found);
	settings_add_faults(settings, &found, faults);
	origin_table_close(table);
	fault_list_fini(&found);
	fault_list_fini(&told);
}

static void
print_faults(const struct fault_list *faults)
{
	bool colour = command_has_colour(STDERR_FILENO);
	char text[FAULT_TEXT_MAX];

	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++) {
		const struct fault *fault = &faults->faults[i];
		(void)printable_text_copy(fault->text != NULL ? fault->text : "out of memory", text,
					  sizeof(text));
		fprintf(stderr, "%s\n", text);
		(void)fault_excerpt_write(stderr, fault, colour);
	}
	if (faults->count > FAULT_LIST_MAX)
		fprintf(stderr, "... and %zu more, not shown\n", faults->count - FAULT_LIST_MAX);
	fprintf(stderr, "%zu mistake%s\n", faults->count, faults->count == 1 ? "" : "s");
}

/* What was not looked at because something it needs is broken. */
static void
print_unchecked(const struct ruleset *ruleset)
{
	if (ruleset->catalogue == NULL)
		fprintf(stderr, "The catalogue could not be read: operators and services that the "
				"settings name were not looked up.\n");
}

static int
tell_good(const struct ruleset *ruleset, const char *path, bool print)
{
	struct timespec now;

	if (print && settings_print(&ruleset->settings, ruleset->rules, stdout) != 0) {
		fprintf(stderr, "vigie: %s\n", strerror(ENOMEM));
		return EXIT_NOT_DONE;
	}
	if (!print) {
		(void)clock_gettime(CLOCK_REALTIME, &now);
		ruleset_overview_write(ruleset, path,
				       (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
				       stdout);
	}
	return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
}

static int
check(const char *path, bool print)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct ruleset ruleset;
	int status = EXIT_NOT_DONE;

	(void)ruleset_build(path, &ruleset, &faults);
	verify_table(&ruleset.settings, &faults);
	settings_check_key(&ruleset.settings, &faults);
	settings_check_outputs(&ruleset.settings, &faults);
	settings_check_journal(&ruleset.settings, &faults);
	settings_check_sinks(&ruleset.settings, &faults);
	settings_check_secrets(&ruleset.settings, &faults);
	fault_list_sort(&faults);
	if (faults.count == 0) {
		status = tell_good(&ruleset, path, print);
	} else {
		print_faults(&faults);
		print_unchecked(&ruleset);
	}
	settings_check_tell_unset(&ruleset.settings, stderr);
	settings_check_tell_risks(&ruleset.settings, stderr);
	ruleset_fini(&ruleset);
	fault_list_fini(&faults);
	return status;
}

static int
run(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"print", no_argument, NULL, COMMAND_LONG_OPTION},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_check, known, argc, argv, false, false};
	const char *settings = NULL;
	bool print = false;
	int option, status;

	while ((option = command_next_option(&line, &status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return status;
		if (option == 'c')
			settings = optarg;
		else
			print = true;
	}
	if (optind < argc)
		return command_usage(&command_check, "settings are given with -c, not as ",
				     argv[optind]);
	return check(settings, print);
}

const struct command command_check = {
	.name = "check",
	.usage = "[-c FILE] [--print]",
	.what = "settings, rules, catalogue, databases: every mistake in one run, or what is set",
	.help = "  -c, --config FILE    settings to check; default: none, only what is packaged\n"
		"      --print          the settings with every default filled in, as a file; "
		"default: "
		"an overview\n"
		"  -h, --help           this text\n"
		"\n"
		"Nothing is written; the key file is looked at but not made.\n"
		"\n"
		"Examples:\n"
		"  vigie check -c /etc/vigie/vigie.yaml\n"
		"  vigie check -c vigie.yaml --print > all.yaml\n",
	.run = run,
};
