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

int
command_lookup(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"json", no_argument, NULL, COMMAND_LONG_OPTION},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *settings = NULL;
	bool json = false;
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":c:h", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			settings = optarg;
			break;
		case COMMAND_LONG_OPTION:
			json = true;
			break;
		case ':':
			return command_usage("lookup", "a value is missing behind ",
					     argv[optind - 1]);
		case 'h':
			return command_help("lookup");
		default:
			return command_unknown_option("lookup", argv);
		}
	}
	if (optind == argc)
		return command_usage("lookup", "name at least one address or host name", NULL);

	struct ruleset ruleset;
	if (ruleset_load(settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	bool all = true;
	for (int i = optind; i < argc; i++) {
		if (i > optind && !json)
			putchar('\n');
		all &= look_up(&ruleset, argv[i], json);
	}
	ruleset_fini(&ruleset);
	return command_finish_output() && all ? EXIT_DONE : EXIT_NOT_DONE;
}
