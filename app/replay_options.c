/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_options.h"

#include "app/command.h"
#include "app/output_guard.h"
#include "app/settings.h"
#include "base/suggestion.h"
#include "classifier/policy/severity.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* Options without a short form. */
enum {
	OPTION_ALERTS = COMMAND_LONG_OPTION,
	OPTION_FAIL_ON,
	OPTION_FLOWS,
	OPTION_JOURNAL,
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

static const char *
summary_text(unsigned form)
{
	static const char *const words[] = {
		[SUMMARY_TEXT] = "text",
		[SUMMARY_JSON] = "json",
		[SUMMARY_NONE] = "none",
	};

	return form < sizeof(words) / sizeof(*words) ? words[form] : NULL;
}

/* Number of a word of a list, -1 with the nearest one (or NULL) in `near` where it is none. */
static int
find_word(const char *(*word)(unsigned), const char *text, const char **near)
{
	struct suggestion suggestion = {.given = text};

	for (unsigned i = 0; word(i) != NULL; i++) {
		if (strcmp(text, word(i)) == 0)
			return (int)i;
		suggestion_offer(&suggestion, word(i));
	}
	*near = suggestion.word;
	return -1;
}

/* What is wrong with an option's value, and what was probably meant. */
struct refusal {
	const char *why; /* NULL: nothing */
	const char *near;
};

static struct refusal
take_summary(struct replay_options *options, const char *value)
{
	struct refusal refusal = {0};
	int form = find_word(summary_text, value, &refusal.near);

	if (form >= 0)
		options->summary = (enum summary_form)form;
	else
		refusal.why = "--summary takes text, json or none, not ";
	return refusal;
}

static struct refusal
take_fail_on(struct replay_options *options, const char *value)
{
	struct refusal refusal = {0};

	options->fail_on = find_word(severity_text, value, &refusal.near);
	if (options->fail_on < 0)
		refusal.why = "--fail-on takes informational, low, medium, high or critical, not ";
	return refusal;
}

static struct refusal
take(struct replay_options *options, int option, const char *value)
{
	const struct refusal none = {0};

	switch (option) {
	case 'c':
		options->settings = value;
		return none;
	case OPTION_ALERTS:
		options->alerts = value;
		return none;
	case OPTION_FLOWS:
		options->flows = value;
		return none;
	case OPTION_JOURNAL:
		options->journal = value;
		return none;
	case OPTION_MERGE:
		options->merge = true;
		return none;
	case OPTION_SUMMARY:
		return take_summary(options, value);
	case OPTION_FAIL_ON:
		return take_fail_on(options, value);
	default:
		if (parse_workers(value, &options->workers))
			return none;
		return (struct refusal){.why = "--workers takes a number from 1 to 64, not "};
	}
}

/* Two streams of lines in one cannot be told apart. */
static bool
share_output(const struct replay_options *o)
{
	return o->flows != NULL && o->alerts != NULL &&
	       output_guard_is_same_place(o->flows, o->alerts);
}

/* What is wrong with the arguments as a whole; NULL: nothing. `about` may stay NULL. */
static const char *
find_mistake(const struct replay_options *options, int count, char **captures, const char **about)
{
	int from_stdin = 0;

	for (int i = 0; i < count; i++)
		from_stdin += strcmp(captures[i], "-") == 0;
	if (from_stdin > 1)
		return "standard input (-) can be named once";
	if (count == 0)
		return "name at least one capture file or directory";
	if (!share_output(options))
		return NULL;
	*about = options->alerts;
	return "--flows and --alerts need two places, not both ";
}

bool
replay_options_parse(const struct command *command, int argc, char **argv,
		     struct replay_options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"alerts", required_argument, NULL, OPTION_ALERTS},
		{"fail-on", required_argument, NULL, OPTION_FAIL_ON},
		{"flows", required_argument, NULL, OPTION_FLOWS},
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"merge", no_argument, NULL, OPTION_MERGE},
		{"summary", required_argument, NULL, OPTION_SUMMARY},
		{"workers", required_argument, NULL, OPTION_WORKERS},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {command, known, argc, argv, false, false};
	const char *about = NULL;
	int option;

	*options = (struct replay_options){.fail_on = -1};
	while ((option = command_next_option(&line, status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return false;
		struct refusal refusal = take(options, option, optarg);
		if (refusal.why == NULL)
			continue;
		*status = command_usage_near(command, refusal.why, optarg, refusal.near);
		return false;
	}
	const char *mistake = find_mistake(options, argc - optind, argv + optind, &about);
	options->first_input = argv[optind];
	if (mistake != NULL)
		*status = command_usage(command, mistake, about);
	return mistake == NULL;
}
