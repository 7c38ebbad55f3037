/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_options.h"

#include "app/command.h"
#include "app/settings.h"
#include "classifier/policy/severity.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* Options without a short form. */
enum {
	OPTION_ALERTS = COMMAND_LONG_OPTION,
	OPTION_FAIL_ON,
	OPTION_FLOWS,
	OPTION_MERGE,
	OPTION_SUMMARY,
	OPTION_WORKERS,
};

static bool
parse_workers(const char *text, unsigned *out)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || n == 0 || n > SETTINGS_WORKERS_MAX)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool
parse_summary(const char *text, enum summary_form *out)
{
	static const char *const words[] = {"text", "json", "none"};
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = (enum summary_form)i;
			return true;
		}
	}
	return false;
}

static bool
parse_severity(const char *text, int *out)
{
	for (unsigned i = 0; i < SEVERITY_COUNT; i++) {
		if (strcmp(text, severity_text(i)) == 0) {
			*out = (int)i;
			return true;
		}
	}
	return false;
}

/* Takes one option with its value; NULL, or what to tell the user. */
static const char *
take(struct replay_options *options, int option, const char *value)
{
	switch (option) {
	case 'c':
		options->settings = value;
		return NULL;
	case OPTION_ALERTS:
		options->alerts = value;
		return NULL;
	case OPTION_FLOWS:
		options->flows = value;
		return NULL;
	case OPTION_MERGE:
		options->merge = true;
		return NULL;
	case OPTION_WORKERS:
		return parse_workers(value, &options->workers)
			       ? NULL
			       : "--workers takes a number from 1 to 64, not ";
	case OPTION_SUMMARY:
		return parse_summary(value, &options->summary)
			       ? NULL
			       : "--summary takes text, json or none, not ";
	case OPTION_FAIL_ON:
		return parse_severity(value, &options->fail_on)
			       ? NULL
			       : "--fail-on takes informational, low, medium, high or critical, "
				 "not ";
	default:
		return "";
	}
}

static bool
leave(int *status, int with)
{
	*status = with;
	return false;
}

/* Two streams of lines in one cannot be told apart. */
static bool
share_output(const struct replay_options *o)
{
	return o->flows != NULL && o->alerts != NULL && strcmp(o->flows, o->alerts) == 0;
}

bool
replay_options_parse(int argc, char **argv, struct replay_options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"alerts", required_argument, NULL, OPTION_ALERTS},
		{"fail-on", required_argument, NULL, OPTION_FAIL_ON},
		{"flows", required_argument, NULL, OPTION_FLOWS},
		{"merge", no_argument, NULL, OPTION_MERGE},
		{"summary", required_argument, NULL, OPTION_SUMMARY},
		{"workers", required_argument, NULL, OPTION_WORKERS},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	*options = (struct replay_options){.fail_on = -1};
	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":c:h", known, NULL)) != -1) {
		if (option == 'h')
			return leave(status, command_help("replay"));
		if (option == ':')
			return leave(status, command_usage("replay", "a value is missing behind ",
							   argv[optind - 1]));
		if (option == '?')
			return leave(status, command_unknown_option("replay", argv));
		const char *why = take(options, option, optarg);
		if (why != NULL)
			return leave(status, command_usage("replay", why, optarg));
	}
	if (share_output(options))
		return leave(status,
			     command_usage("replay", "--flows and --alerts need two places, not ",
					   options->flows));
	if (optind == argc)
		return leave(status,
			     command_usage("replay", "name at least one capture file or directory",
					   NULL));
	options->first_input = argv[optind];
	return true;
}
