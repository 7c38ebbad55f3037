/* SPDX-License-Identifier: Apache-2.0 */
/* `vigie sink test` and `vigie sink status`: two commands with one name, as the manual has them. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/journal_place.h"
#include "app/settings_file.h"
#include "app/sink_choice.h"
#include "app/sink_sending.h"
#include "app/sink_status.h"
#include "base/printable_text.h"
#include "base/suggestion.h"
#include "dashboard-export/sensor_note.h"
#include "dashboard-export/sinks/sink_file.h"

enum { OPTION_JOURNAL = COMMAND_LONG_OPTION, OPTION_FORMAT };

struct options {
	const char *settings, *journal, *name;
	unsigned format;
};

static uint64_t
now_ns(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- test ---- */

static void
on_signal(int signal_number)
{
	(void)signal_number;
	sink_sending_cancel();
}

/* A line that says of itself that nothing happened; returns its length without its end, 0 where
 * libcrypto fails. Its id needs no secret. */
static size_t
make_test_alert(const struct journal_place *place, const struct sink_config *sink,
		char line[SENSOR_NOTE_JSON_MAX])
{
	char message[256], id[ALERT_ID_LEN + 1];
	struct site_key key;
	struct sensor_note note = {.what = SENSOR_TEST,
				   .subject = sink->name,
				   .message = message,
				   .start_ns = now_ns()};

	(void)snprintf(
		message, sizeof(message),
		"Test alert of `vigie sink test` from %.100s to sink %.64s. Nothing happened.",
		place->settings.sensor_name, sink->name);
	note.end_ns = note.start_ns;
	note.day = time_zone_wall(place->zone, note.start_ns).day;
	site_key_public(&key);
	struct keyed_hash *hash = keyed_hash_create(key.bytes, sizeof(key.bytes));
	bool made = hash != NULL && sensor_note_id(hash, &note, id);
	keyed_hash_destroy(hash);
	return made ? sensor_note_format(&note, id, line) - 1 : 0;
}

static void
tell_tested(const struct sink_config *sink, const struct sink_sending_result *result, int error)
{
	const char *answer = result->answer;
	struct printable_text clean = printable_text(answer);

	if (error != 0)
		printf("%s: failed: %s\n", sink->name, clean.text);
	else if (result->refused > 0)
		printf("%s: refused: %s\n", sink->name, clean.text);
	else if (!result->acknowledged)
		printf("%s: sent; this protocol acknowledges nothing, so look there whether it "
		       "arrived\n",
		       sink->name);
	else
		printf("%s: taken%s%s\n", sink->name, *answer != '\0' ? ": " : "", clean.text);
	(void)fflush(stdout);
}

static bool
test_sink(const struct journal_place *place, const struct sink_config *sink)
{
	char line[SENSOR_NOTE_JSON_MAX];
	struct sink_sending_result result = {0};

	size_t len = make_test_alert(place, sink, line);
	int error = len > 0 ? sink_sending_line(sink, line, len, &result) : -ENOMEM;
	if (len == 0)
		(void)snprintf(result.answer, sizeof(result.answer), "%s", strerror(ENOMEM));
	tell_tested(sink, &result, error);
	return error == 0 && result.refused == 0;
}

static int
test(struct journal_place *place, const struct options *options, const struct sink_choice *choice)
{
	struct sigaction action = {.sa_handler = on_signal};
	bool all = true;

	(void)options;
	if (!sink_choice_read_secrets(&place->settings, choice))
		return EXIT_NOT_DONE;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = choice->first; i < choice->end; i++)
		all &= test_sink(place, &place->settings.sinks[i]);
	return command_finish_output() && all ? EXIT_DONE : EXIT_NOT_DONE;
}

/* ---- status ---- */

static int
status(struct journal_place *place, const struct options *options, const struct sink_choice *choice)
{
	static struct sink_status figures[SINK_FILE_MAX];
	const struct sink_status_page page = {
		.sinks = figures,
		.count = choice->end - choice->first,
		.now_ns = now_ns(),
		.out = stdout,
		.width = command_width(STDOUT_FILENO),
		.colour = command_has_colour(STDOUT_FILENO),
	};
	char why[256] = "";

	if (sink_status_read(place->settings.sinks + choice->first, page.count, place->path,
			     figures, why) != 0) {
		fprintf(stderr, "vigie: %s: %s\n", printable_text(place->path).text,
			printable_text(why).text);
		return EXIT_NOT_DONE;
	}
	sink_status_format_at(options->format)->write(&page);
	return command_finish_output() ? EXIT_DONE : EXIT_NOT_DONE;
}

/* ---- both ---- */

static const struct command command_sink_test, command_sink_status;

typedef int (*act_function)(struct journal_place *place, const struct options *options,
			    const struct sink_choice *choice);

static bool
take_format(const struct command *command, const char *text, struct options *options, int *result)
{
	struct suggestion near = {.given = text};

	for (options->format = 0; sink_status_word(options->format) != NULL; options->format++) {
		if (strcmp(sink_status_word(options->format), text) == 0)
			return true;
		suggestion_offer(&near, sink_status_word(options->format));
	}
	*result = command_usage_near(command, "unknown format ", text, near.word);
	return false;
}

/* Returns true with `options` filled; false with the status to leave with. */
static bool
take_options(struct command_line *line, struct options *options, int *result)
{
	int option;

	while ((option = command_next_option(line, result)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return false;
		if (option == 'c')
			options->settings = optarg;
		else if (option == OPTION_JOURNAL)
			options->journal = optarg;
		else if (!take_format(line->command, optarg, options, result))
			return false;
	}
	if (optind < line->argc)
		options->name = line->argv[optind++];
	if (optind == line->argc)
		return true;
	*result = command_usage(line->command, "one sink, or none for all; too much is ",
				line->argv[optind]);
	return false;
}

static int
act(struct command_line *line, act_function function)
{
	struct options options = {0};
	struct journal_place place;
	struct sink_choice choice;
	int result = EXIT_NOT_DONE;

	if (!take_options(line, &options, &result))
		return result;
	if (journal_place_find(&place, options.settings, options.journal) &&
	    sink_choice_find(&place.settings, options.name, &choice))
		result = function(&place, &options, &choice);
	journal_place_fini(&place);
	return result;
}

static int
run_test(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_sink_test, known, argc, argv, false, false};

	return act(&line, test);
}

static int
run_status(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"format", required_argument, NULL, OPTION_FORMAT},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_sink_status, known, argc, argv, false, false};

	return act(&line, status);
}

static const struct command command_sink_test = {
	.name = "sink test",
	.usage = "[NAME] -c FILE",
	.what = "one marked test alert through the real path to each sink",
	.help = "  NAME                 this sink alone; default: all\n"
		"  -c, --config FILE    settings with the sinks\n"
		"  -h, --help           this text\n"
		"\n"
		"The alert has the rule SYS-TEST and says that nothing happened; the sink's "
		"minimum "
		"does not hold\n"
		"for it, and the journal has no row of it. Exit status 1: one did not take it.\n"
		"\n"
		"Examples:\n"
		"  vigie sink test -c /etc/vigie/vigie.yaml\n"
		"  vigie sink test soc -c vigie.yaml\n",
	.run = run_test,
};

static const struct command command_sink_status = {
	.name = "sink status",
	.usage = "[NAME] -c FILE [--journal FILE] [--format text|json|prometheus]",
	.what = "how far the sinks are, and what ails them",
	.help = "  NAME                 this sink alone; default: all\n"
		"  -c, --config FILE    settings with the sinks\n"
		"      --journal FILE   the journal; default: that of the settings, else the usual "
		"one\n"
		"      --format text|json|prometheus\n"
		"                       a table; a line of JSON a sink; metrics; default: text\n"
		"  -h, --help           this text\n"
		"\n"
		"Read from the journal and the cursors beside it, whether vigie runs or not.\n"
		"\n"
		"Examples:\n"
		"  vigie sink status -c /etc/vigie/vigie.yaml\n"
		"  vigie sink status soc -c vigie.yaml --format json\n",
	.run = run_status,
};

static const struct command *const parts[] = {&command_sink_test, &command_sink_status};

#define PART_COUNT (sizeof(parts) / sizeof(*parts))

/* The word behind "sink ". */
static const char *
part_word(size_t i)
{
	return strchr(parts[i]->name, ' ') + 1;
}

static int
run(int argc, char **argv)
{
	static const struct option known[] = {{"help", no_argument, NULL, 'h'}, {0}};
	struct command_line line = {&command_sink, known, argc, argv, true, false};
	struct suggestion near = {0};
	int result;

	for (size_t i = 0; argc > 1 && i < PART_COUNT; i++) {
		if (strcmp(argv[1], part_word(i)) == 0)
			return parts[i]->run(argc - 1, argv + 1);
	}
	if (command_next_option(&line, &result) == COMMAND_OPTIONS_LEAVE)
		return result;
	if (optind >= argc)
		return command_usage(&command_sink, "say `test` or `status`", NULL);
	near.given = argv[optind];
	for (size_t i = 0; i < PART_COUNT; i++)
		suggestion_offer(&near, part_word(i));
	return command_usage_near(&command_sink, "`test` or `status` comes first, not ",
				  argv[optind], near.word);
}

const struct command command_sink = {
	.name = "sink",
	.usage = "test|status [NAME] -c FILE [--format text|json|prometheus]",
	.what = "whether the receivers of alerts take them, and how far they are",
	.help = "  test                 sends a test alert: vigie sink test --help\n"
		"  status               tells what waits: vigie sink status --help\n"
		"  -h, --help           this text\n"
		"\n"
		"Examples:\n"
		"  vigie sink test soc -c vigie.yaml\n"
		"  vigie sink status -c vigie.yaml\n",
	.run = run,
};
