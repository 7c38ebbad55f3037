/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/lookup.h"
#include "app/ruleset.h"
#include "base/printable_text.h"

/* Records are as good as they are today. */
static int32_t
today(const struct ruleset *ruleset)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return policy_day(ruleset->policy, (uint64_t)now.tv_sec * 1000000000u);
}

static bool
look_up(const struct ruleset *ruleset, const char *query, bool json)
{
	struct lookup lookup;

	if (!lookup_find(ruleset, query, today(ruleset), &lookup)) {
		fprintf(stderr, "vigie: `%s` is no address and no host name\n",
			printable_text(query).text);
		return false;
	}
	if (json)
		lookup_write_json(&lookup, stdout);
	else
		lookup_write_text(&lookup, stdout, command_has_colour(STDOUT_FILENO));
	return true;
}

static int
look_up_all(const char *settings, int count, char **queries, bool json)
{
	struct ruleset ruleset;
	bool all = true;

	if (ruleset_load(settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	for (int i = 0; i < count; i++) {
		if (i > 0 && !json)
			putchar('\n');
		all &= look_up(&ruleset, queries[i], json);
	}
	ruleset_fini(&ruleset);
	return command_finish_output() && all ? EXIT_DONE : EXIT_NOT_DONE;
}

static int
run(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"json", no_argument, NULL, COMMAND_LONG_OPTION},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_lookup, known, argc, argv, false, false};
	const char *settings = NULL;
	bool json = false;
	int option, status;

	while ((option = command_next_option(&line, &status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return status;
		if (option == 'c')
			settings = optarg;
		else
			json = true;
	}
	if (optind == argc)
		return command_usage(&command_lookup, "name at least one address or host name",
				     NULL);
	return look_up_all(settings, argc - optind, argv + optind, json);
}

const struct command command_lookup = {
	.name = "lookup",
	.usage = "[-c FILE] [--json] ADDRESS|NAME...",
	.what = "what is known of an end point, and which source said it",
	.help = "  ADDRESS|NAME...      IPv4 and IPv6 addresses, host names\n"
		"  -c, --config FILE    settings; default: none, as if they said nothing\n"
		"      --json           a line of JSON for each; default: text for people\n"
		"  -h, --help           this text\n"
		"\n"
		"Examples:\n"
		"  vigie lookup 192.0.2.1 storage.example.org\n"
		"  vigie lookup --json 2001:db8::1\n",
	.run = run,
};
