/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/alert_list.h"
#include "app/command.h"
#include "app/journal_place.h"
#include "app/time_argument.h"
#include "base/config_value.h"
#include "base/human_text.h"
#include "base/suggestion.h"
#include "dashboard-export/alert.h"

enum {
	OPTION_JOURNAL = COMMAND_LONG_OPTION,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_SEVERITY,
	OPTION_RULE,
	OPTION_ZONE,
	OPTION_ID,
	OPTION_LIMIT,
	OPTION_ALL,
	OPTION_FOLLOW,
	OPTION_FORMAT,
};

/* Of the table for people; the other formats are for programs, which want all. */
#define TEXT_LIMIT 100

struct options {
	const char *settings, *journal, *since, *until;
	struct alert_list_query query;
	char id[ALERT_ID_LEN + 1];
	unsigned format;
	bool has_limit, follow;
};

static volatile sig_atomic_t stop_wanted;

static void
on_signal(int signal_number)
{
	(void)signal_number;
	stop_wanted = 1;
}

typedef const char *(*word_function)(unsigned value);

/* The number of a word; UINT_MAX after a message. */
static bool
take_word(const char *what, const char *text, word_function word, unsigned *out, int *status)
{
	struct suggestion near = {.given = text};

	for (*out = 0; word(*out) != NULL; ++*out) {
		if (strcmp(word(*out), text) == 0)
			return true;
		suggestion_offer(&near, word(*out));
	}
	*status = command_usage_near(&command_alerts, what, text, near.word);
	return false;
}

/* Ids may have been copied from somewhere in capitals. */
static bool
take_id(const char *text, struct options *options, int *status)
{
	size_t len = strlen(text);

	if (len == 0 || len > ALERT_ID_LEN || strspn(text, "0123456789abcdefABCDEF") != len) {
		*status = command_usage(&command_alerts,
					"an alert's id, or its first digits, is hexadecimal, not ",
					text);
		return false;
	}
	for (size_t i = 0; i <= len; i++)
		options->id[i] = (char)tolower((unsigned char)text[i]);
	options->query.id_prefix = options->id;
	return true;
}

static bool
take_limit(const char *text, struct options *options, int *status)
{
	options->has_limit = true;
	if (config_value_parse_uint(text, &options->query.limit))
		return true;
	*status = command_usage(&command_alerts, "--limit is a number, 0 for no limit, not ", text);
	return false;
}

static bool
take_option(int option, const char *value, struct options *options, int *status)
{
	unsigned severity;

	switch (option) {
	case 'c':
		options->settings = value;
		return true;
	case OPTION_JOURNAL:
		options->journal = value;
		return true;
	case OPTION_SINCE:
		options->since = value;
		return true;
	case OPTION_UNTIL:
		options->until = value;
		return true;
	case OPTION_SEVERITY:
		if (!take_word("unknown severity ", value, severity_text, &severity, status))
			return false;
		options->query.minimum = (enum severity)severity;
		return true;
	case OPTION_RULE:
		options->query.rule = value;
		return true;
	case OPTION_ZONE:
		options->query.zone = value;
		return true;
	case OPTION_ID:
		return take_id(value, options, status);
	case OPTION_LIMIT:
		return take_limit(value, options, status);
	case OPTION_ALL:
		options->query.all = true;
		return true;
	case OPTION_FOLLOW:
		options->follow = true;
		return true;
	default:
		return take_word("unknown format ", value, alert_output_word, &options->format,
				 status);
	}
}

/* Returns true with `options` filled; false with the status to leave with. */
static bool
parse_options(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"since", required_argument, NULL, OPTION_SINCE},
		{"until", required_argument, NULL, OPTION_UNTIL},
		{"severity", required_argument, NULL, OPTION_SEVERITY},
		{"rule", required_argument, NULL, OPTION_RULE},
		{"zone", required_argument, NULL, OPTION_ZONE},
		{"id", required_argument, NULL, OPTION_ID},
		{"limit", required_argument, NULL, OPTION_LIMIT},
		{"all", no_argument, NULL, OPTION_ALL},
		{"follow", no_argument, NULL, OPTION_FOLLOW},
		{"format", required_argument, NULL, OPTION_FORMAT},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_alerts, known, argc, argv, false, false};
	int option;

	while ((option = command_next_option(&line, status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE ||
		    !take_option(option, optarg, options, status))
			return false;
	}
	if (optind < argc) {
		*status = command_usage(&command_alerts,
					"`alerts` takes options or `replay` first, not ",
					argv[optind]);
		return false;
	}
	if (options->follow && options->until != NULL) {
		*status = command_usage(&command_alerts, "--follow has no --until", NULL);
		return false;
	}
	return true;
}

/* Days are those of the settings, which are known only now. */
static bool
take_times(const struct journal_place *place, struct options *options, int *status)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	const struct time_argument_clock clock = {
		(uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec, place->zone};
	if (options->since != NULL &&
	    !time_argument_parse_since(options->since, &clock, &options->query.since_ns)) {
		*status = command_usage(&command_alerts,
					"--since takes " TIME_ARGUMENT_EXPECTED ", not ",
					options->since);
		return false;
	}
	if (options->until != NULL &&
	    !time_argument_parse_until(options->until, &clock, &options->query.until_ns)) {
		*status = command_usage(&command_alerts,
					"--until takes " TIME_ARGUMENT_EXPECTED ", not ",
					options->until);
		return false;
	}
	return true;
}

/* Of nothing a person is told; programs get nothing. */
static void
tell_rest(const struct options *options, const struct alert_list_result *result)
{
	if (result->unreadable > 1)
		fprintf(stderr,
			"vigie: %s rows are no alerts; `vigie verify` tells whether "
			"somebody changed them\n",
			human_count(result->unreadable).text);
	if (alert_output_format_at(options->format) != &alert_output_text)
		return;
	if (result->shown == 0 && !options->follow)
		fprintf(stderr, "vigie: no such alert in the journal\n");
	if (result->left_out > 0)
		fprintf(stderr, "vigie: %s earlier ones are not shown; --limit 0 shows all\n",
			human_count(result->left_out).text);
}

static int
show(struct journal_reader **reader, const struct options *options)
{
	struct alert_list_result result;
	bool terminal = isatty(STDOUT_FILENO);
	struct alert_output output = {
		.format = alert_output_format_at(options->format),
		.out = stdout,
		.width = terminal ? command_width(STDOUT_FILENO) : 0,
		.colour = command_has_colour(STDOUT_FILENO),
		.terminal = terminal,
	};

	int error = output.format->begin(&output);
	if (error == 0)
		error = alert_list_show(*reader, &options->query, &output, &stop_wanted, &result);
	if (error == 0)
		tell_rest(options, &result);
	if (error == 0 && options->follow)
		error = alert_list_follow(reader, &options->query, &output, &stop_wanted, &result);
	alert_output_fini(&output);
	return command_finish_output() && error == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int
list(struct options *options)
{
	struct journal_place place;
	struct journal_reader *reader = NULL;
	int status = EXIT_NOT_DONE;

	if (!journal_place_find(&place, options->settings, options->journal) ||
	    !take_times(&place, options, &status))
		goto end;
	options->query.path = place.path;
	if (!options->has_limit && alert_output_format_at(options->format) == &alert_output_text)
		options->query.limit = TEXT_LIMIT;
	reader = journal_place_open(&place);
	if (reader != NULL) {
		if (options->follow)
			catch_signals();
		status = show(&reader, options);
	}
end:
	journal_reader_close(reader);
	journal_place_fini(&place);
	return status;
}

static int
run(int argc, char **argv)
{
	struct options options = {0};
	int status;

	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return command_alerts_replay.run(argc - 1, argv + 1);
	return parse_options(argc, argv, &options, &status) ? list(&options) : status;
}

const struct command command_alerts = {
	.name = "alerts",
	.usage = "[replay] [-c FILE] [--since T] [--until T] [--severity S] [--follow]\n"
		 "                [--format text|json|csv] ...",
	.what = "alerts of the journal and those that come; `replay` sends some to a sink again",
	.help = "      replay           sends alerts to a sink again: vigie alerts replay --help\n"
		"  -c, --config FILE    settings; default: none, as if they said nothing\n"
		"      --journal FILE   the journal; default: that of the settings, else the usual "
		"one\n"
		"      --since T        recorded then or later: " TIME_ARGUMENT_EXPECTED "\n"
		"      --until T        recorded before, or on that day; default for both: all\n"
		"      --severity S     of this severity or more; default: "
		"all\n"
		"      --rule R         with this rule, as in ECO-USA; default: all\n"
		"      --zone Z         of this zone; default: all\n"
		"      --id PREFIX      whose id begins so; default: all\n"
		"      --limit N        the latest N, 0 for all; default: 100 as text, else all\n"
		"      --all            every time that an alert was told; default: the last of "
		"each\n"
		"      --follow         then those that come, each time, until a signal\n"
		"      --format text|json|csv\n"
		"                       a table; lines as they were journalled; RFC 4180; "
		"default: text\n"
		"  -h, --help           this text\n"
		"\n"
		"A day is one of the policy's time zone. In CSV, a text that a spreadsheet would "
		"take for a formula\n"
		"begins with an apostrophe. On a terminal, JSON has characters that would drive it "
		"as "
		"\\u009b.\n"
		"\n"
		"Examples:\n"
		"  vigie alerts -c /etc/vigie/vigie.yaml --since 7d --severity high\n"
		"  vigie alerts --follow --format json | jq .message\n",
	.run = run,
};
