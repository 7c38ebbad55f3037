/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "app/command.h"
#include "app/journal_place.h"
#include "app/row_progress.h"
#include "app/sink_choice.h"
#include "app/sink_sending.h"
#include "app/time_argument.h"
#include "base/human_text.h"
#include "base/printable_text.h"

enum { OPTION_JOURNAL = COMMAND_LONG_OPTION, OPTION_SINCE, OPTION_UNTIL, OPTION_SINK };

struct options {
	const char *settings, *journal, *since, *until, *sink;
};

/* Returns true with `options` filled; false with the status to leave with. */
static bool
parse_options(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"since", required_argument, NULL, OPTION_SINCE},
		{"until", required_argument, NULL, OPTION_UNTIL},
		{"sink", required_argument, NULL, OPTION_SINK},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_alerts_replay, known, argc, argv, false, false};
	const char **const values[] = {&options->journal, &options->since, &options->until,
				       &options->sink};
	int option;

	while ((option = command_next_option(&line, status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return false;
		if (option == 'c')
			options->settings = optarg;
		else
			*values[option - OPTION_JOURNAL] = optarg;
	}
	if (optind == argc && options->since != NULL && options->sink != NULL)
		return true;
	*status = optind < argc
			  ? command_usage(&command_alerts_replay,
					  "the sink is named with --sink, not as ", argv[optind])
			  : command_usage(&command_alerts_replay,
					  "say which alerts, --since T, and to whom, --sink "
					  "NAME",
					  NULL);
	return false;
}

/* A time that was given; false after a message. */
static bool
take_time(bool (*parse)(const char *, const struct time_argument_clock *, uint64_t *),
	  const char *text, const struct time_zone *zone, uint64_t *out, int *status)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	const struct time_argument_clock clock = {
		(uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec, zone};
	if (text == NULL || parse(text, &clock, out))
		return true;
	*status = command_usage(&command_alerts_replay,
				"--since and --until take " TIME_ARGUMENT_EXPECTED ", not ", text);
	return false;
}

/* Number of the row before the first that was recorded at `time_ns` or later. */
static int
find_row_before(struct journal_reader *reader, uint64_t time_ns, uint64_t *sequence)
{
	const struct journal_filter filter = {.recorded_since = time_ns};
	struct journal_row row;
	uint8_t hash[JOURNAL_HASH_LEN];

	int found = journal_reader_select(reader, &filter);
	if (found == 0)
		found = journal_reader_next(reader, &row);
	if (found == 1)
		*sequence = row.sequence - 1;
	journal_reader_pause(reader);
	return found == 0 ? journal_reader_head(reader, sequence, hash) : found < 0 ? found : 0;
}

static int
find_rows(struct journal_reader *reader, uint64_t since_ns, uint64_t until_ns,
	  struct sink_sending_rows *rows)
{
	int error = find_row_before(reader, since_ns, &rows->after);

	/* Without an end: up to what is there now. */
	if (error == 0)
		error = find_row_before(reader, until_ns != 0 ? until_ns : UINT64_MAX,
					&rows->through);
	return error;
}

static void
on_signal(int signal_number)
{
	(void)signal_number;
	sink_sending_cancel();
}

static void
tell(const struct sink_config *sink, const struct sink_sending_result *r)
{
	if (r->acknowledged)
		printf("%s took %s of %s alerts", sink->name, human_count(r->taken).text,
		       human_count(r->rows).text);
	else
		printf("%s of %s alerts written to %s, which acknowledges nothing",
		       human_count(r->taken).text, human_count(r->rows).text, sink->name);
	if (r->filtered > 0)
		printf("; %s below its minimum, %s", human_count(r->filtered).text,
		       severity_text(sink->minimum));
	if (r->refused > 0)
		printf("; %s refused", human_count(r->refused).text);
	if (r->unreadable > 0)
		printf("; %s no alerts", human_count(r->unreadable).text);
	putchar('\n');
}

static void
tell_failed(const struct sink_config *sink, const struct sink_sending_rows *rows,
	    const struct sink_sending_result *r)
{
	fprintf(stderr, "vigie: sink %s: %s", sink->name, printable_text(r->answer).text);
	if (r->last == rows->after && r->taken == 0)
		fprintf(stderr, "; nothing was sent\n");
	else
		fprintf(stderr,
			"; rows up to %llu of the journal are sent, some behind them may be\n",
			(unsigned long long)r->last);
}

static int
send(const struct sink_config *sink, struct journal_reader *reader, struct sink_sending_rows *rows)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct sink_sending_result result;
	struct row_progress progress;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	row_progress_init(&progress, "sending");
	rows->progress = &progress;
	int error = sink_sending_rows(sink, reader, rows, &result);
	row_progress_end(&progress);
	if (error == 0 || result.taken > 0)
		tell(sink, &result);
	if (error != 0)
		tell_failed(sink, rows, &result);
	return command_finish_output() && error == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

static int
replay(struct journal_place *place, const struct options *options)
{
	struct sink_sending_rows rows = {0};
	struct sink_choice choice;
	uint64_t since_ns = 0, until_ns = 0;
	int status = EXIT_NOT_DONE;

	if (!take_time(time_argument_parse_since, options->since, place->zone, &since_ns,
		       &status) ||
	    !take_time(time_argument_parse_until, options->until, place->zone, &until_ns, &status))
		return status;
	if (!sink_choice_find(&place->settings, options->sink, &choice) ||
	    !sink_choice_read_secrets(&place->settings, &choice))
		return status;
	struct journal_reader *reader = journal_place_open(place);
	if (reader == NULL)
		return status;
	if (find_rows(reader, since_ns, until_ns, &rows) != 0)
		fprintf(stderr, "vigie: %s: %s\n", printable_text(place->path).text,
			printable_text(journal_reader_error(reader)).text);
	else
		status = send(&place->settings.sinks[choice.first], reader, &rows);
	journal_reader_close(reader);
	return status;
}

static int
run(int argc, char **argv)
{
	struct options options = {0};
	struct journal_place place;
	int status = EXIT_NOT_DONE;

	if (!parse_options(argc, argv, &options, &status))
		return status;
	if (journal_place_find(&place, options.settings, options.journal))
		status = replay(&place, &options);
	journal_place_fini(&place);
	return status;
}

const struct command command_alerts_replay = {
	.name = "alerts replay",
	.usage = "-c FILE --since T [--until T] --sink NAME [--journal FILE]",
	.what = "sends alerts of the journal to a sink again, whatever it has had already",
	.help = "  -c, --config FILE    settings with the sink\n"
		"      --since T        recorded then or later: " TIME_ARGUMENT_EXPECTED "\n"
		"      --until T        recorded before, or on that day; default: up to now\n"
		"      --sink NAME      to this one, over a connection of its own\n"
		"      --journal FILE   the journal; default: that of the settings, else the usual "
		"one\n"
		"  -h, --help           this text\n"
		"\n"
		"Every row is sent, also of one alert several: ids and `event.sequence` are those "
		"of the first time,\n"
		"so a receiver can drop what it has. A running vigie goes on as it is.\n"
		"\n"
		"Examples:\n"
		"  vigie alerts replay -c /etc/vigie/vigie.yaml --since 2026-12-01 --sink soc\n"
		"  vigie alerts replay -c vigie.yaml --since 2h --until 1h --sink elastic\n",
	.run = run,
};
