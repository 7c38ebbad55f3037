/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/replay.h"
#include "app/replay_inputs.h"
#include "base/printable_text.h"
#include "dataplane/rx_capture.h"

/* Options without a short form. */
enum { OPTION_FLOWS = COMMAND_LONG_OPTION, OPTION_MERGE, OPTION_SUMMARY, OPTION_WORKERS };

enum summary_form { SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_NONE };

struct options {
	const char *settings;
	const char *flows;
	const char *first_input;
	unsigned workers; /* 0: as the settings say */
	enum summary_form summary;
	bool merge;
};

/* What has gone wrong so far; the rest is still replayed. */
struct outcome {
	size_t captures; /* read, whole or in part */
	bool failed;
	int output_error;
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
leave(int *status, int with)
{
	*status = with;
	return false;
}

/* Returns true with `options` filled; false with the status to leave with. */
static bool
parse_options(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"workers", required_argument, NULL, OPTION_WORKERS},
		{"flows", required_argument, NULL, OPTION_FLOWS},
		{"summary", required_argument, NULL, OPTION_SUMMARY},
		{"merge", no_argument, NULL, OPTION_MERGE},
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
		case OPTION_FLOWS:
			options->flows = optarg;
			break;
		case OPTION_MERGE:
			options->merge = true;
			break;
		case OPTION_WORKERS:
			if (!parse_workers(optarg, &options->workers))
				return leave(
					status,
					command_usage("replay",
						      "--workers takes a number from 1 to 64, not ",
						      optarg));
			break;
		case OPTION_SUMMARY:
			if (!parse_summary(optarg, &options->summary))
				return leave(
					status,
					command_usage("replay",
						      "--summary takes text, json or none, not ",
						      optarg));
			break;
		case ':':
			return leave(status, command_usage("replay", "a value is missing behind ",
							   argv[optind - 1]));
		case 'h':
			return leave(status, command_help("replay"));
		default:
			return leave(status, command_unknown_option("replay", argv));
		}
	}
	if (optind == argc)
		return leave(status,
			     command_usage("replay", "name at least one capture file or directory",
					   NULL));
	options->first_input = argv[optind];
	return true;
}

static void
note_result(const struct replay *replay, const struct replay_input *input,
	    enum replay_result result, struct outcome *outcome)
{
	switch (result) {
	case REPLAY_DONE:
		outcome->captures++;
		return;
	case REPLAY_FAILED:
		outcome->failed = true;
		return;
	case REPLAY_NO_CAPTURE:
	case REPLAY_EMPTY:
		break;
	}
	if (input->walked) {
		summary_add_passed_over(replay->summary);
		return;
	}
	fprintf(stderr, "vigie: %s: %s, expected pcap or pcapng, plain, gzip or zstd\n",
		printable_text(input->path).text,
		result == REPLAY_EMPTY ? "is empty" : "is no capture");
	outcome->failed = true;
}

static void
replay_apart(const struct replay *replay, const struct replay_inputs *inputs,
	     struct outcome *outcome)
{
	for (size_t i = 0; i < inputs->count && outcome->output_error == 0; i++) {
		const char *path = inputs->items[i].path;
		enum replay_result result = replay_run(replay, &path, 1, &outcome->output_error);
		note_result(replay, &inputs->items[i], result, outcome);
	}
}

static bool
is_pipe(const char *path)
{
	struct stat status;

	return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode));
}

static bool
is_capture(const char *path)
{
	struct capture_file *file;

	if (capture_file_open(path, 1, &file) != CAPTURE_OPEN_OK)
		return false;
	capture_file_close(file);
	return true;
}

/* Files were asked before they were merged, so what is no capture now is a pipe. */
static void
note_merged(enum replay_result result, size_t count, struct outcome *outcome)
{
	if (result == REPLAY_DONE)
		outcome->captures += count;
	else
		outcome->failed = true;
	if (result == REPLAY_NO_CAPTURE || result == REPLAY_EMPTY)
		fprintf(stderr, "vigie: a pipe to be merged %s, expected pcap or pcapng\n",
			result == REPLAY_EMPTY ? "is empty" : "is no capture");
}

/* As one: what is no capture has to be left out before the files are opened together. */
static void
replay_merged(const struct replay *replay, const struct replay_inputs *inputs,
	      struct outcome *outcome)
{
	const char **paths = calloc(inputs->count, sizeof(*paths));
	size_t count = 0;

	for (size_t i = 0; paths != NULL && i < inputs->count; i++) {
		const char *path = inputs->items[i].path;
		/* A pipe can be read only once, so it is not asked. By itself a file tells what is
		 * wrong with it. */
		if (is_pipe(path) || is_capture(path))
			paths[count++] = path;
		else
			note_result(replay, &inputs->items[i],
				    replay_run(replay, &path, 1, &outcome->output_error), outcome);
	}
	if (paths == NULL || count > UINT16_MAX) {
		fprintf(stderr, "vigie: %zu captures are too many to merge\n", inputs->count);
		outcome->failed = true;
	} else if (count != 0) {
		note_merged(replay_run(replay, paths, count, &outcome->output_error), count,
			    outcome);
	}
	free(paths);
}

static void
write_summary(const struct summary *summary, const struct options *options)
{
	/* Flows on standard output leave no place there for anything else. */
	bool taken = options->flows != NULL && strcmp(options->flows, "-") == 0;
	FILE *out = taken ? stderr : stdout;

	if (options->summary == SUMMARY_TEXT)
		summary_write_text(summary, out, command_has_colour(fileno(out)),
				   command_width(fileno(out)));
	else if (options->summary == SUMMARY_JSON)
		summary_write_json(summary, out);
}

/* `--flows *.pcap` names the first capture as the output: better to stop than to lose it. */
static bool
is_safe_output(const char *path)
{
	struct stat status;

	if (path == NULL || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !is_capture(path))
		return true;
	fprintf(stderr, "vigie: --flows %s would replace a capture; name another file\n",
		printable_text(path).text);
	return false;
}

static void
replay_all(struct replay *replay, const struct options *options, const struct replay_inputs *inputs,
	   struct outcome *outcome)
{
	struct judge_outputs outputs = {
		.summary = replay->summary,
		.hide_inside = replay->ruleset->settings.addresses == SETTINGS_ADDRESSES_PSEUDONYM,
	};
	int error = 0;

	if (options->flows != NULL) {
		outputs.flows = flow_writer_open(options->flows, &error);
		if (outputs.flows == NULL) {
			outcome->output_error = error;
			return;
		}
	}
	replay->judge = judge_create(replay->ruleset, &outputs);
	if (replay->judge == NULL)
		outcome->output_error = -errno;
	else if (options->merge)
		replay_merged(replay, inputs, outcome);
	else
		replay_apart(replay, inputs, outcome);
	if (replay->judge != NULL)
		judge_report(replay->judge);
	judge_destroy(replay->judge);
	if (outputs.flows != NULL) {
		error = flow_writer_close(outputs.flows);
		if (outcome->output_error == 0)
			outcome->output_error = error;
	}
}

static int
replay_inputs_run(const struct options *options, const struct replay_inputs *inputs)
{
	struct ruleset ruleset;
	struct outcome outcome = {0};

	if (ruleset_load(options->settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	struct replay replay = {
		.ruleset = &ruleset,
		.summary = summary_create(),
		.workers = options->workers != 0 ? options->workers : ruleset.settings.workers,
		.progress = isatty(STDERR_FILENO),
	};
	/* Without the kernel's randomness a fixed seed only loses the guard against chosen
	 * collisions. */
	if (getrandom(&replay.hash_seed, sizeof(replay.hash_seed), GRND_NONBLOCK) < 0)
		replay.hash_seed = 1;
	if (replay.summary != NULL)
		replay_all(&replay, options, inputs, &outcome);
	if (outcome.captures != 0)
		write_summary(replay.summary, options);
	else if (!outcome.failed && outcome.output_error == 0) {
		fprintf(stderr, "vigie: no capture among the files of %s\n",
			printable_text(options->first_input).text);
		outcome.failed = true;
	}
	summary_destroy(replay.summary);
	ruleset_fini(&ruleset);
	if (outcome.output_error != 0)
		fprintf(stderr, "vigie: %s: %s\n",
			printable_text(options->flows != NULL ? options->flows : "replay").text,
			strerror(-outcome.output_error));
	bool written = command_finish_output();
	return written && !outcome.failed && outcome.output_error == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

int
command_replay(int argc, char **argv)
{
	struct options options = {0};
	struct replay_inputs inputs = {0};

	int status = EXIT_DONE;
	if (!parse_options(argc, argv, &options, &status))
		return status;
	/* A reader of our output that goes away is an error to tell, not a reason to vanish. */
	signal(SIGPIPE, SIG_IGN);
	for (int i = optind; i < argc && status == EXIT_DONE; i++) {
		if (replay_inputs_add(&inputs, argv[i]) != 0)
			status = EXIT_NOT_DONE;
	}
	if (status == EXIT_DONE && inputs.count == 0) {
		fprintf(stderr, "vigie: no file to read in %s\n",
			printable_text(argv[optind]).text);
		status = EXIT_NOT_DONE;
	}
	if (status == EXIT_DONE && !is_safe_output(options.flows))
		status = EXIT_NOT_DONE;
	if (status == EXIT_DONE)
		status = replay_inputs_run(&options, &inputs);
	replay_inputs_fini(&inputs);
	return status;
}
