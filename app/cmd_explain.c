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
#include "dashboard-export/journal/journal_reader.h"
#include "dashboard-export/formats/alert_reader.h"

enum { OPTION_ALERTS = COMMAND_LONG_OPTION, OPTION_JOURNAL };

struct options {
	const char *settings;
	const char *alerts, *journal; /* both NULL: as the settings say */
	char id[ALERT_ID_LEN + 1];
};

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
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_explain, known, argc, argv, false, false};
	int option;

	while ((option = command_next_option(&line, status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return false;
		if (option == 'c')
			options->settings = optarg;
		else if (option == OPTION_ALERTS)
			options->alerts = optarg;
		else
			options->journal = optarg;
	}
	if (options->alerts != NULL && options->journal != NULL) {
		*status = command_usage(&command_explain,
					"--alerts and --journal: only one of them", NULL);
		return false;
	}
	if (optind + 1 != argc) {
		*status = command_usage(&command_explain, "name one alert by its id", NULL);
		return false;
	}
	if (take_id(argv[optind], options->id))
		return true;
	*status = command_usage(&command_explain,
				strlen(argv[optind]) > ALERT_ID_LEN
					? "an alert's id has 32 digits, so this is too long: "
					: "an alert's id, or the first 6 digits of it or more, is "
					  "hexadecimal, not ",
				argv[optind]);
	return false;
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
	else if (answer->passed_over != 0 || answer->unfinished)
		fprintf(stderr, ": no line of it can be read; is it a file that `vigie replay "
				"--alerts` or `vigie run` wrote?\n");
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
		explain_write_choice(&answer->alerts[i]->event, stderr);
	if (answer->more)
		fprintf(stderr, "  and more\n");
	return EXIT_NOT_DONE;
}

static int
explain(const struct ruleset *ruleset, const struct event *alert)
{
	struct explain_sources sources = {
		.rules = ruleset->rules,
		.catalogue = ruleset->catalogue,
		.exceptions = ruleset->policy->exceptions,
		.zones = ruleset->policy->zones,
		.inside = ruleset->settings.from_file ? &ruleset->settings.inside : NULL,
	};
	struct explain_page page = {
		.out = stdout,
		.width = command_width(STDOUT_FILENO),
		.colour = command_has_colour(STDOUT_FILENO),
	};

	explain_write(&sources, alert, &page);
	return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
}

/* Half a line, as a crash leaves it, must not hide the others. */
static void
warn_of_lines(const struct alert_reader_answer *answer)
{
	if (answer->passed_over == 0)
		return;
	fprintf(stderr, "vigie: %s; passed over", answer->first_passed_over);
	if (answer->passed_over > 1)
		fprintf(stderr, ", and %llu more", (unsigned long long)answer->passed_over - 1);
	fputc('\n', stderr);
}

/* Looks for the alert in an open file. */
static int
find_and_explain(const struct ruleset *ruleset, FILE *in, const char *path, const char *id)
{
	struct alert_reader_answer answer;
	int status = EXIT_NOT_DONE;
	enum alert_reader_result result = alert_reader_find(in, path, id, &answer);

	warn_of_lines(&answer);
	switch (result) {
	case ALERT_READER_FOUND:
		status = explain(ruleset, &answer.alerts[0]->event);
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

/* Puts the rows with that id, line by line, into a text. Returns 0 or -errno, told on stderr. */
static int
gather_rows(struct journal_reader *reader, const char *path, const char *id, FILE *out)
{
	const struct journal_filter filter = {
		.id_prefix = id,
		.kinds = 1u << JOURNAL_ALERT | 1u << JOURNAL_SENSOR,
	};
	struct journal_row row;
	int found;

	(void)journal_reader_select(reader, &filter);
	while ((found = journal_reader_next(reader, &row)) == 1)
		fprintf(out, "%.*s\n", (int)row.len, row.content);
	if (found < 0)
		fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text,
			printable_text(journal_reader_error(reader)).text);
	return found;
}

static int
explain_gathered(const struct ruleset *ruleset, const char *path, const char *id, char *text,
		 size_t len)
{
	if (len == 0) {
		fprintf(stderr, "vigie: %s: no alert with the id %s\n", printable_text(path).text,
			id);
		return EXIT_NOT_DONE;
	}
	FILE *in = fmemopen(text, len, "re");
	if (in == NULL) {
		fprintf(stderr, "vigie: %s\n", strerror(errno));
		return EXIT_NOT_DONE;
	}
	int status = find_and_explain(ruleset, in, path, id);
	fclose(in);
	return status;
}

static int
explain_from_journal(const struct ruleset *ruleset, const char *path, const char *id)
{
	char *text = NULL, why[256] = "";
	size_t len = 0;
	int status = EXIT_NOT_DONE;
	struct journal_reader *reader = journal_reader_open(path, why);
	FILE *out = reader != NULL ? open_memstream(&text, &len) : NULL;

	if (out == NULL) {
		fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text,
			reader == NULL ? why : strerror(errno));
	} else {
		int error = gather_rows(reader, path, id, out);
		fclose(out);
		if (error == 0)
			status = explain_gathered(ruleset, path, id, text, len);
	}
	free(text);
	journal_reader_close(reader);
	return status;
}

/* What is named goes first; then the journal, where there is one; then the file of the settings. */
static int
explain_from_any(const struct ruleset *ruleset, const struct options *options)
{
	const struct settings *settings = &ruleset->settings;

	if (options->alerts != NULL)
		return explain_from(ruleset, options->alerts, options->id);
	if (options->journal != NULL)
		return explain_from_journal(ruleset, options->journal, options->id);
	if (access(settings->journal_path, F_OK) == 0)
		return explain_from_journal(ruleset, settings->journal_path, options->id);
	if (settings->run_alerts != NULL && strcmp(settings->run_alerts, "-") != 0)
		return explain_from(ruleset, settings->run_alerts, options->id);
	return command_usage(&command_explain,
			     "there is no journal yet: name a file of alerts, --alerts FILE, or "
			     "settings, -c FILE",
			     NULL);
}

static int
run(int argc, char **argv)
{
	struct options options = {0};
	struct ruleset ruleset;
	int status;

	if (!parse_options(argc, argv, &options, &status))
		return status;
	if (ruleset_load(options.settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	status = explain_from_any(&ruleset, &options);
	ruleset_fini(&ruleset);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.usage = "[-c FILE] [--alerts FILE] [--journal FILE] ALERT-ID",
	.what = "the rule, the evidence and the law behind an alert",
	.help = "  ALERT-ID             event.id of an alert, or its first 6 digits or more\n"
		"  -c, --config FILE    settings; default: none, as if they said nothing\n"
		"      --alerts FILE|-  alerts as `replay` and `run` write them, - for standard "
		"input;\n"
		"                       default: the journal\n"
		"      --journal FILE   another journal than that of the settings; default: that, "
		"else "
		"the usual\n"
		"                       one; where there is none, `run.alerts` of the settings\n"
		"  -h, --help           this text\n"
		"\n"
		"Examples:\n"
		"  vigie explain --alerts alerts.jsonl 3f9a1c\n"
		"  vigie explain -c /etc/vigie/vigie.yaml 3f9a1c\n",
	.run = run,
};
