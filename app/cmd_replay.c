/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/outputs.h"
#include "app/replay.h"
#include "app/replay_inputs.h"
#include "app/replay_options.h"
#include "base/printable_text.h"
#include "dataplane/rx_capture.h"

/* What has gone wrong so far; the rest is still replayed. */
struct outcome {
	size_t captures; /* read, whole or in part */
	bool failed;
	int output_error; /* told when the outputs are closed */
	int worst;        /* severity; -1: no verdict */
};

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

static bool
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static void
write_summary(const struct summary *summary, const struct replay_options *options)
{
	/* Lines on standard output leave no place there for anything else. */
	bool taken = is_stdout(options->flows) || is_stdout(options->alerts);
	FILE *out = taken ? stderr : stdout;

	if (options->summary == SUMMARY_TEXT)
		summary_write_text(summary, out, command_has_colour(fileno(out)),
				   command_width(fileno(out)));
	else if (options->summary == SUMMARY_JSON)
		summary_write_json(summary, out);
}

/* `--flows *.pcap` names the first capture as the output: better to stop than to lose it. */
static bool
is_safe_output(const char *option, const char *path)
{
	struct stat status;

	if (path == NULL || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !is_capture(path))
		return true;
	fprintf(stderr, "vigie: %s %s would replace a capture; name another file\n", option,
		printable_text(path).text);
	return false;
}

static void
replay_into(struct replay *replay, struct outputs *outputs, const struct replay_options *options,
	    const struct replay_inputs *inputs, struct outcome *outcome)
{
	struct judge_outputs to = outputs_for_judge(outputs);

	to.hide_inside = replay->ruleset->settings.addresses == SETTINGS_ADDRESSES_PSEUDONYM;
	replay->judge = judge_create(replay->ruleset, &to);
	if (replay->judge == NULL) {
		fprintf(stderr, "vigie: no memory for judging\n");
		outcome->failed = true;
		return;
	}
	if (options->merge)
		replay_merged(replay, inputs, outcome);
	else
		replay_apart(replay, inputs, outcome);
	judge_report(replay->judge);
	outcome->worst = judge_worst(replay->judge);
	judge_destroy(replay->judge);
}

static void
replay_all(struct replay *replay, const struct replay_options *options,
	   const struct replay_inputs *inputs, struct outcome *outcome)
{
	struct outputs_wanted wanted = {
		.flows = options->flows,
		.alerts = options->alerts,
		.summary = replay->summary,
	};
	struct outputs outputs;

	if (outputs_open(&outputs, replay->ruleset, &wanted) == 0)
		replay_into(replay, &outputs, options, inputs, outcome);
	else
		outcome->failed = true;
	if (outputs_close(&outputs) != 0)
		outcome->failed = true;
}

/* What the user is to hear of it at the end, as an exit status. */
static int
exit_status(const struct outcome *outcome, const struct replay_options *options)
{
	if (!command_finish_output() || outcome->failed || outcome->output_error != 0)
		return EXIT_NOT_DONE;
	return options->fail_on >= 0 && outcome->worst >= options->fail_on ? EXIT_FAIL_ON
									   : EXIT_DONE;
}

static int
replay_inputs_run(const struct replay_options *options, const struct replay_inputs *inputs)
{
	struct ruleset ruleset;
	struct outcome outcome = {.worst = -1};

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
	return exit_status(&outcome, options);
}

int
command_replay(int argc, char **argv)
{
	struct replay_options options;
	struct replay_inputs inputs = {0};

	int status = EXIT_DONE;
	if (!replay_options_parse(argc, argv, &options, &status))
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
	if (status == EXIT_DONE && (!is_safe_output("--flows", options.flows) ||
				    !is_safe_output("--alerts", options.alerts)))
		status = EXIT_NOT_DONE;
	if (status == EXIT_DONE)
		status = replay_inputs_run(&options, &inputs);
	replay_inputs_fini(&inputs);
	return status;
}
