/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/explain.h"
#include "app/ruleset.h"
#include "base/printable_text.h"

enum { OPTION_ALERTS = COMMAND_LONG_OPTION };

struct options {
	const char *settings;
	const char *alerts; /* NULL: as the settings say */
	char id[ALERT_ID_LEN + 1];
};

static bool
leave(int *status, int with)
{
	*status = with;
	return false;
}

/* An id may have been copied from somewhere in capitals. */
static bool
take_id(const char *text, char id[ALERT_ID_LEN + 1])
{
	size_t len = strlen(text);

	if (len > ALERT_ID_LEN)
		return false;
	for (size_t i = 0; i <= len; i++)
		id[i] = (char)tolower((unsigned char)text[i]);
	return alert_reader_is_id(id);
}

/* Returns true with `options` filled; false with the status to leave with. */
static bool
parse_options(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"alerts", required_argument, NULL, OPTION_ALERTS},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":c:h", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			options->settings = optarg;
			break;
		case OPTION_ALERTS:
			options->alerts = optarg;
			break;
		case ':':
			return leave(status, command_usage("explain", "a value is missing behind ",
							   argv[optind - 1]));
		case 'h':
			return leave(status, command_help("explain"));
		default:
			return leave(status, command_unknown_option("explain", argv));
		}
	}
	if (optind + 1 != argc)
		return leave(status, command_usage("explain", "name one alert by its id", NULL));
	if (!take_id(argv[optind], options->id))
		return leave(status,
			     command_usage("explain",
					   "an alert's id, or the first 6 digits of it or more, is "
					   "hexadecimal, not ",
					   argv[optind]));
	return true;
}

static int
tell_none(const char *path, const char *id, const struct alert_reader_answer *answer)
{
	fprintf(stderr, "vigie: %s: no alert with the id %s", printable_text(path).text, id);
	if (answer->alerts_seen != 0)
		fprintf(stderr, " among its %llu\n", (unsigned long long)answer->alerts_seen);
	else if (answer->others_seen != 0)
		fprintf(stderr, ": it holds no alerts at all; `vigie replay --alerts` writes "
				"them\n");
	else
		fprintf(stderr, ": it is empty\n");
	return EXIT_NOT_DONE;
}

static int
tell_several(const char *path, const char *id, const struct alert_reader_answer *answer)
{
	fprintf(stderr, "vigie: %s: several ids begin with %s, give more digits:\n",
		printable_text(path).text, id);
	for (size_t i = 0; i < answer->count; i++)
		explain_write_choice(answer->alerts[i], stderr);
	if (answer->more)
		fprintf(stderr, "  and more\n");
	return EXIT_NOT_DONE;
}

static int
explain(const struct ruleset *ruleset, const struct read_alert *alert)
{
	struct explain_sources sources = {
		.rules = ruleset->rules,
		.catalogue = ruleset->catalogue,
		.exceptions = ruleset->policy->exceptions,
	};
	struct explain_page page = {
		.out = stdout,
		.width = command_width(STDOUT_FILENO),
		.colour = command_has_colour(STDOUT_FILENO),
	};

	explain_write(&sources, alert, &page);
	return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
}

/* Looks for the alert in an open file. */
static int
find_and_explain(const struct ruleset *ruleset, FILE *in, const char *path, const char *id)
{
	struct alert_reader_answer answer;
	int status = EXIT_NOT_DONE;

	switch (alert_reader_find(in, path, id, &answer)) {
	case ALERT_READER_FOUND:
		status = explain(ruleset, answer.alerts[0]);
		break;
	case ALERT_READER_NONE:
		status = tell_none(path, id, &answer);
		break;
	case ALERT_READER_SEVERAL:
		status = tell_several(path, id, &answer);
		break;
	case ALERT_READER_FAILED:
		fprintf(stderr, "vigie: %s\n", answer.why);
		break;
	}
	alert_reader_answer_fini(&answer);
	return status;
}

static int
explain_from(const struct ruleset *ruleset, const char *path, const char *id)
{
	if (strcmp(path, "-") == 0)
		return find_and_explain(ruleset, stdin, "standard input", id);
	FILE *in = fopen(path, "re");
	if (in == NULL) {
		fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text, strerror(errno));
		return EXIT_NOT_DONE;
	}
	int status = find_and_explain(ruleset, in, path, id);
	fclose(in);
	return status;
}

int
command_explain(int argc, char **argv)
{
	struct options options = {0};
	struct ruleset ruleset;
	int status;

	if (!parse_options(argc, argv, &options, &status))
		return status;
	if (ruleset_load(options.settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	const char *path = options.alerts != NULL ? options.alerts : ruleset.settings.run_alerts;
	if (path != NULL && (options.alerts != NULL || strcmp(path, "-") != 0))
		status = explain_from(&ruleset, path, options.id);
	else
		status = command_usage("explain",
				       "name the file of alerts: --alerts FILE, or `run.alerts` in "
				       "the settings",
				       NULL);
	ruleset_fini(&ruleset);
	return status;
}
