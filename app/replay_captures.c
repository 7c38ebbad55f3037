/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_captures.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/printable_text.h"
#include "dataplane/rx_capture.h"

static void
note_result(const struct replay *replay, const struct replay_input *input,
	    enum replay_result result, struct replay_outcome *outcome)
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

/* An output that has failed keeps none of the others from what comes later. */
static enum replay_result
run(const struct replay *replay, const char *const *paths, size_t count,
    struct replay_outcome *outcome)
{
	int error = 0;
	enum replay_result result = replay_run(replay, paths, count, &error);

	if (outcome->output_error == 0)
		outcome->output_error = error;
	return result;
}

void
replay_captures_apart(const struct replay *replay, const struct replay_inputs *inputs,
		      struct replay_outcome *outcome)
{
	for (size_t i = 0; i < inputs->count; i++) {
		const char *path = inputs->items[i].path;
		note_result(replay, &inputs->items[i], run(replay, &path, 1, outcome), outcome);
	}
}

static bool
is_pipe(const char *path)
{
	struct stat status;

	return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode));
}

/* Whether the first header can be read: the file may still be damaged behind it. */
static bool
is_capture(const char *path)
{
	struct packet packets[PACKET_BURST_MAX];
	struct capture_damage damage = {0};
	struct capture_file *file;

	if (capture_file_open(path, 1, &file) != CAPTURE_OPEN_OK)
		return false;
	struct capture_reader *reader = capture_reader_create(file, 0);
	if (reader != NULL && capture_reader_burst(reader, packets, 1) == 0)
		damage = capture_reader_damage(reader);
	capture_reader_destroy(reader);
	capture_file_close(file);
	return damage.what == NULL || damage.offset != 0;
}

/* Files were asked before they were merged, so what is no capture now is a pipe. */
static void
note_merged(enum replay_result result, size_t count, struct replay_outcome *outcome)
{
	if (result == REPLAY_DONE)
		outcome->captures += count;
	else
		outcome->failed = true;
	if (result == REPLAY_NO_CAPTURE || result == REPLAY_EMPTY)
		fprintf(stderr, "vigie: a pipe to be merged %s, expected pcap or pcapng\n",
			result == REPLAY_EMPTY ? "is empty" : "is no capture");
}

/* Paths of what can be merged into `paths`; returns their number. By itself another file tells what
 * is wrong with it. A pipe can be read only once, so it is not asked. */
static size_t
choose(const struct replay *replay, const struct replay_inputs *inputs, const char **paths,
       struct replay_outcome *outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < inputs->count; i++) {
		const char *path = inputs->items[i].path;
		if (is_pipe(path) || is_capture(path))
			paths[count++] = path;
		else
			note_result(replay, &inputs->items[i], run(replay, &path, 1, outcome),
				    outcome);
	}
	return count;
}

void
replay_captures_merged(const struct replay *replay, const struct replay_inputs *inputs,
		       struct replay_outcome *outcome)
{
	const char **paths = calloc(inputs->count, sizeof(*paths));

	if (paths == NULL) {
		fprintf(stderr, "vigie: no memory for the names of %zu captures\n", inputs->count);
		outcome->failed = true;
		return;
	}
	size_t count = choose(replay, inputs, paths, outcome);
	/* A packet names its file with 16 bits. */
	if (count > UINT16_MAX) {
		fprintf(stderr, "vigie: %zu captures are too many to merge, expected at most %d\n",
			count, UINT16_MAX);
		outcome->failed = true;
	} else if (count != 0) {
		note_merged(run(replay, paths, count, outcome), count, outcome);
	}
	free(paths);
}
