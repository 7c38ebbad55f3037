/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/output_guard.h"
#include "app/outputs.h"
#include "app/replay_captures.h"
#include "app/replay_options.h"
#include "base/byte_hash.h"
#include "base/printable_text.h"
#include "dashboard-export/flow_id_seed.h"
#include "dashboard-export/line_writer.h"

/* How a replay ended, and the worst that it found. */
struct outcome {
	struct replay_outcome replay;
	int worst; /* severity; -1: no verdict */
	char worst_rule[JUDGE_RULE_MAX];
};

static void
write_summary(const struct summary *summary, const struct replay_options *options)
{
	/* Lines on standard output leave no place there for anything else. */
	bool taken =
		line_writer_is_stdout(options->flows) || line_writer_is_stdout(options->alerts);
	FILE *out = taken ? stderr : stdout;

	if (options->summary == SUMMARY_TEXT)
		summary_write_text(summary, out, command_has_colour(fileno(out)),
				   command_width(fileno(out)));
	else if (options->summary == SUMMARY_JSON)
		summary_write_json(summary, out);
}

/* `--flows *.pcap` names the first capture as the output: better to stop than to lose it. */
static bool
is_safe_output(const struct settings *settings, const struct replay_inputs *inputs,
	       const char *option, const char *path)
{
	const char *loss = path != NULL ? output_guard_find_loss(settings, path) : NULL;

	for (size_t i = 0; path != NULL && loss == NULL && i < inputs->count; i++) {
		const char *input = inputs->items[i].path;
		if (strcmp(input, "-") != 0 && output_guard_is_same_place(input, path))
			loss = "a file to be read";
	}
	if (loss == NULL)
		return true;
	fprintf(stderr, "vigie: %s %s is %s, which would be lost; name another file\n", option,
		printable_text(path).text, loss);
	return false;
}

/* Where pseudonyms stand for inside addresses, flow ids must not give them away. */
static bool
hide_inside(struct replay *replay, const struct site_key *key)
{
	if (flow_id_seed_derive(key, &replay->id_seed))
		return true;
	fprintf(stderr, "vigie: no memory for flow ids\n");
	return false;
}

static void
replay_into(struct replay *replay, struct outputs *outputs, const struct replay_options *options,
	    const struct replay_inputs *inputs, struct outcome *outcome)
{
	struct judge_outputs to = outputs_for_judge(outputs);

	to.hide_inside = replay->ruleset->settings.addresses == SETTINGS_ADDRESSES_PSEUDONYM;
	outcome->replay.failed = to.hide_inside && !hide_inside(replay, &outputs->key);
	if (outcome->replay.failed)
		return;
	replay->judge = judge_create(replay->ruleset, &to);
	if (replay->judge == NULL) {
		fprintf(stderr, "vigie: no memory for judging\n");
		outcome->replay.failed = true;
		return;
	}
	if (options->merge)
		replay_captures_merged(replay, inputs, &outcome->replay);
	else
		replay_captures_apart(replay, inputs, &outcome->replay);
	judge_report(replay->judge);
	outcome->worst = judge_worst(replay->judge);
	(void)snprintf(outcome->worst_rule, sizeof(outcome->worst_rule), "%s",
		       judge_worst_rule(replay->judge));
	judge_destroy(replay->judge);
}

static void
replay_all(struct replay *replay, const struct replay_options *options,
	   const struct replay_inputs *inputs, struct outcome *outcome)
{
	struct outputs_wanted wanted = {
		.flows = options->flows,
		.alerts = options->alerts,
		.journal = options->journal,
		/* Nobody would read the rest of it. */
		.summary = options->summary != SUMMARY_NONE ? replay->summary : NULL,
	};
	struct outputs outputs;

	if (outputs_open(&outputs, replay->ruleset, &wanted) == 0)
		replay_into(replay, &outputs, options, inputs, outcome);
	else
		outcome->replay.failed = true;
	if (outputs_close(&outputs) != 0)
		outcome->replay.failed = true;
}

static bool
tell_fail_on(const struct outcome *outcome, const struct replay_options *options)
{
	if (options->fail_on < 0 || outcome->worst < options->fail_on)
		return false;
	fprintf(stderr, "vigie: --fail-on %s is met: the worst is %s (rule %s)\n",
		severity_text((unsigned)options->fail_on), severity_text((unsigned)outcome->worst),
		outcome->worst_rule);
	return true;
}

/* What the user is to hear of it at the end, as an exit status. */
static int
exit_status(const struct outcome *outcome, const struct replay_options *options)
{
	bool met = tell_fail_on(outcome, options);

	if (!command_finish_output() || outcome->replay.failed || outcome->replay.output_error != 0)
		return EXIT_NOT_DONE;
	return met ? EXIT_FAIL_ON : EXIT_DONE;
}

static int
replay_under(const struct ruleset *ruleset, const struct replay_options *options,
	     const struct replay_inputs *inputs)
{
	struct outcome outcome = {.worst = -1};
	struct replay replay = {
		.ruleset = ruleset,
		.summary = summary_create(),
		.workers = options->workers != 0 ? options->workers : ruleset->settings.workers,
		.progress = isatty(STDERR_FILENO),
	};

	replay.hash_seed = byte_hash_seed();
	if (replay.summary == NULL) {
		fprintf(stderr, "vigie: no memory for the summary\n");
		return EXIT_NOT_DONE;
	}
	replay_all(&replay, options, inputs, &outcome);
	if (outcome.replay.captures != 0) {
		write_summary(replay.summary, options);
	} else if (!outcome.replay.failed && outcome.replay.output_error == 0) {
		fprintf(stderr, "vigie: no capture among the files of %s\n",
			printable_text(options->first_input).text);
		outcome.replay.failed = true;
	}
	summary_destroy(replay.summary);
	return exit_status(&outcome, options);
}

/* The settings' own journal may be added to; anything else that is needed may not. */
static bool
is_safe_journal(const struct settings *settings, const struct replay_inputs *inputs,
		const char *path)
{
	return path == NULL || output_guard_is_same_place(path, settings->journal_path) ||
	       is_safe_output(settings, inputs, "--journal", path);
}

static int
replay_inputs_run(const struct replay_options *options, const struct replay_inputs *inputs)
{
	struct ruleset ruleset;
	int status = EXIT_NOT_DONE;

	if (ruleset_load(options->settings, &ruleset) != 0)
		return EXIT_NOT_DONE;
	if (is_safe_output(&ruleset.settings, inputs, "--flows", options->flows) &&
	    is_safe_output(&ruleset.settings, inputs, "--alerts", options->alerts) &&
	    is_safe_journal(&ruleset.settings, inputs, options->journal))
		status = replay_under(&ruleset, options, inputs);
	ruleset_fini(&ruleset);
	return status;
}

static int
run(int argc, char **argv)
{
	struct replay_options options;
	struct replay_inputs inputs = {0};

	int status = EXIT_DONE;
	if (!replay_options_parse(&command_replay, argc, argv, &options, &status))
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
	if (status == EXIT_DONE)
		status = replay_inputs_run(&options, &inputs);
	replay_inputs_fini(&inputs);
	return status;
}

const struct command command_replay = {
	.name = "replay",
	.usage = "[-c FILE] [--workers N] [--flows FILE|-] [--alerts FILE|-] [--summary "
		 "text|json|none]\n"
		 "                [--fail-on SEVERITY] [--journal FILE] [--merge] CAPTURE...",
	.what = "read capture files: which flows went to whom, under whose law",
	.help = "  CAPTURE...           pcap or pcapng, plain, .gz or .zst; a directory of them; - "
		"for\n"
		"                       standard input\n"
		"  -c, --config FILE    settings; default: none, one zone of all inside hosts\n"
		"      --flows FILE|-   a line of JSON for each flow, - for standard output; "
		"default: none\n"
		"      --alerts FILE|-  a line of JSON for each alert; default: none\n"
		"      --summary FORM   text, json or none; default: text, on standard output, or "
		"on\n"
		"                       standard error where lines go to standard output\n"
		"      --fail-on SEVERITY\n"
		"                       exit status 3 where a flow or a finding is that severe or "
		"more:\n"
		"                       informational, low, medium, high or critical. Counts "
		"after\n"
		"                       exceptions, whatever `alerts.minimum` says; default: "
		"never\n"
		"      --journal FILE   journal the alerts there too, behind what is in it; `vigie "
		"verify`\n"
		"                       proves it; default: none\n"
		"      --merge          all captures as one, by time; default: one after the "
		"other\n"
		"      --workers N      threads, 1 to 64; default: `flows.workers` of the "
		"settings, or 1\n"
		"  -h, --help           this text\n"
		"\n"
		"Examples:\n"
		"  vigie replay monday.pcap.gz\n"
		"  vigie replay -c vigie.yaml --alerts alerts.jsonl --fail-on high captures/\n"
		"  tcpdump -w - | vigie replay --flows - -\n",
	.run = run,
};
