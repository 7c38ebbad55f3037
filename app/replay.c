/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/analysis.h"
#include "app/progress.h"
#include "app/replay_ports.h"
#include "app/replay_source.h"
#include "app/worker_report.h"
#include "base/printable_text.h"

/* One worker thread with all that it needs. */
struct lane {
	struct worker *worker;
	struct replay_source *source;
	struct replay_ports *ports; /* or NULL */
	pthread_t thread;
	bool running;
};

struct run {
	const struct replay *replay;
	const char *const *paths;
	size_t file_count;
	struct capture_file **files;
	struct replay_ports *ports; /* NULL: no zone goes by its port */
	struct lane lanes[SETTINGS_WORKERS_MAX];
	struct message_ring *rings[SETTINGS_WORKERS_MAX];
};

static void *
lane_main(void *context)
{
	struct lane *lane = context;
	struct packet packets[PACKET_BURST_MAX];
	size_t count;

	while ((count = replay_source_burst(lane->source, packets)) != 0) {
		if (lane->ports != NULL)
			replay_ports_note(lane->ports, lane->source, packets, count);
		worker_process(lane->worker, packets, count);
	}
	worker_drain(lane->worker);
	return NULL;
}

/* Opens every file; the first that cannot be opened ends it. */
static enum replay_result
open_files(struct run *run)
{
	for (size_t i = 0; i < run->file_count; i++) {
		const char *path = run->paths[i];
		switch (capture_file_open(path, run->replay->workers, &run->files[i])) {
		case CAPTURE_OPEN_OK:
			break;
		case CAPTURE_OPEN_SYSTEM:
			fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text,
				strerror(errno));
			return REPLAY_FAILED;
		case CAPTURE_OPEN_EMPTY:
			return REPLAY_EMPTY;
		case CAPTURE_OPEN_NO_CAPTURE:
			return REPLAY_NO_CAPTURE;
		}
	}
	return REPLAY_DONE;
}

static int
create_lanes(struct run *run)
{
	const struct settings *settings = &run->replay->ruleset->settings;
	struct worker_config config = {
		.count = run->replay->workers,
		.max_flows = settings->max_flows,
		.wait_for_ring = true,
		.hash_seed = run->replay->hash_seed,
		.id_seed = run->replay->id_seed,
		.timeouts = settings->timeouts,
		.protocol_detection = settings->protocol_detection,
		.inside = &settings->inside,
	};

	for (unsigned i = 0; i < config.count; i++) {
		struct lane *lane = &run->lanes[i];
		config.index = i;
		lane->ports = run->ports;
		lane->worker = worker_create(&config);
		lane->source = replay_source_open(run->files, run->file_count, i);
		if (lane->worker == NULL || lane->source == NULL)
			return -ENOMEM;
		run->rings[i] = worker_ring(lane->worker);
	}
	return 0;
}

static int
start_lanes(struct run *run)
{
	for (unsigned i = 0; i < run->replay->workers; i++) {
		struct lane *lane = &run->lanes[i];
		int error = pthread_create(&lane->thread, NULL, lane_main, lane);
		if (error != 0) {
			/* The lanes that run must not wait for this one's reading or messages. */
			for (unsigned k = i; k < run->replay->workers; k++) {
				replay_source_close(run->lanes[k].source);
				run->lanes[k].source = NULL;
				worker_drain(run->lanes[k].worker);
			}
			return -error;
		}
		lane->running = true;
	}
	return 0;
}

static void
report_damage(const struct run *run)
{
	for (size_t i = 0; i < run->file_count; i++) {
		struct capture_damage damage = replay_source_damage(run->lanes[0].source, i);
		if (damage.what != NULL)
			fprintf(stderr,
				"vigie: %s: warning: damaged at byte %llu: %s; what stands before "
				"it was read\n",
				printable_text(run->paths[i]).text,
				(unsigned long long)damage.offset, damage.what);
		summary_add_capture(run->replay->summary, damage.what != NULL);
	}
}

/* Of a file by itself: whether its first header could not be read, so that it held nothing. */
static bool
has_no_header(const struct run *run)
{
	struct capture_damage damage = replay_source_damage(run->lanes[0].source, 0);

	return run->file_count == 1 && damage.what != NULL && damage.offset == 0;
}

static int
analyse(struct run *run)
{
	const struct settings *settings = &run->replay->ruleset->settings;
	struct progress progress;
	struct name_disputes disputes =
		name_disputes_begin(settings->addresses == SETTINGS_ADDRESSES_PSEUDONYM);
	struct analysis analysis = {
		.judge = run->replay->judge,
		.rings = run->rings,
		.ring_count = run->replay->workers,
		.disputes = &disputes,
	};

	judge_begin(run->replay->judge, run->paths[0]);
	if (run->file_count > 1)
		judge_set_captures(run->replay->judge, run->paths);
	if (run->ports != NULL)
		judge_set_ports(run->replay->judge, replay_ports_number, run->ports);
	if (run->replay->progress) {
		progress_init(&progress, run->files, run->file_count, run->paths[0]);
		analysis.tick = progress_tick;
		analysis.tick_context = &progress;
	}
	int error = analysis_run(&analysis);
	int ending = judge_end(run->replay->judge);
	if (run->replay->progress)
		progress_end(&progress);
	return error != 0 ? error : ending;
}

/* Starts the threads, analyses to the end, and adds up what the workers counted. */
static enum replay_result
run_lanes(struct run *run, int *error)
{
	run->ports = replay_ports_create(run->replay->ruleset->policy->zones, run->paths,
					 run->file_count);
	int failed = run->ports == NULL && errno != ENOENT ? -errno : create_lanes(run);
	bool created = failed == 0;

	if (created)
		failed = start_lanes(run);
	if (created)
		*error = analyse(run);
	for (unsigned i = 0; i < run->replay->workers; i++) {
		if (run->lanes[i].running)
			pthread_join(run->lanes[i].thread, NULL);
	}
	if (failed != 0) {
		fprintf(stderr, "vigie: %s: cannot start %u workers: %s\n",
			printable_text(run->paths[0]).text, run->replay->workers,
			strerror(-failed));
		return REPLAY_FAILED;
	}
	if (has_no_header(run))
		return REPLAY_NO_CAPTURE;
	report_damage(run);
	struct worker *workers[SETTINGS_WORKERS_MAX];
	for (unsigned i = 0; i < run->replay->workers; i++)
		workers[i] = run->lanes[i].worker;
	worker_report(run->replay->summary, workers, run->replay->workers);
	return REPLAY_DONE;
}

enum replay_result
replay_run(const struct replay *replay, const char *const *paths, size_t count, int *error)
{
	struct run run = {.replay = replay, .paths = paths, .file_count = count};

	*error = 0;
	run.files = calloc(count, sizeof(struct capture_file *));
	if (run.files == NULL) {
		fprintf(stderr, "vigie: out of memory\n");
		return REPLAY_FAILED;
	}
	enum replay_result result = open_files(&run);
	if (result == REPLAY_DONE)
		result = run_lanes(&run, error);
	for (unsigned i = 0; i < replay->workers; i++) {
		replay_source_close(run.lanes[i].source);
		worker_destroy(run.lanes[i].worker);
	}
	replay_ports_destroy(run.ports);
	for (size_t i = 0; i < count; i++) {
		if (run.files[i] != NULL)
			capture_file_close(run.files[i]);
	}
	free(run.files);
	return result;
}
