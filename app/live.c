/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "app/analysis.h"
#include "app/command.h"
#include "app/outputs.h"
#include "app/settings_check.h"
#include "app/worker_report.h"
#include "base/byte_hash.h"
#include "base/clock.h"
#include "base/printable_text.h"
#include "base/rfc3339.h"
#include "dashboard-export/line_writer.h"
#include "dataplane/rx_port.h"

#define NS_PER_S 1000000000u
/* After the signal, packets that already wait are still taken, but not for longer than this. */
#define LAST_PACKETS_NS (10 * (uint64_t)NS_PER_S)
/* Shares of what was not seen are those of ten minutes. */
#define BLINDNESS_NS (600 * (uint64_t)NS_PER_S)
/* So often the alerts that have grown are looked for. */
#define UPDATE_NS (5 * (uint64_t)NS_PER_S)
/* Empty polls in a row after which a worker rests a little, and how long. */
#define IDLE_POLLS 64
#define IDLE_PAUSE_NS 100000

/* Set by the signal handler and where something fails, read by everybody. `end_wanted` is a stop
 * that no reload takes back. */
static atomic_bool stop_wanted, end_wanted, reload_wanted;

struct lane {
	struct live *live;
	struct worker *worker;
	unsigned index;
	pthread_t thread;
	bool running;
};

struct live {
	const struct ruleset *ruleset;
	int eal_argc;
	char **eal_argv;
	struct rx_ports *ports;
	struct summary *summary;
	struct judge *judge;
	unsigned worker_count;
	struct lane lanes[SETTINGS_WORKERS_MAX];
	struct message_ring *rings[SETTINGS_WORKERS_MAX];
	struct outputs outputs;
	uint64_t reported_ns;
	uint64_t flushed_ns;
	uint64_t updated_ns;
	uint64_t looked_ns;
	const char *path; /* of the settings */
	bool restart;     /* the settings were loaded anew: begin again under them */
	bool watched;     /* so there is something to sum up, whatever became of the outputs */
};

static void
on_signal(int signal_number)
{
	if (signal_number == SIGHUP) {
		reload_wanted = true;
		return;
	}
	end_wanted = true;
	stop_wanted = true;
}

/* What to do when a poll brought nothing: end, go on at once, or rest. False: end. */
static bool
idle(struct lane *lane, unsigned empty_polls, uint64_t *stop_ns)
{
	if (stop_wanted) {
		uint64_t now = clock_monotonic_ns();
		if (*stop_ns == 0)
			*stop_ns = now;
		/* Workers that are shown the first one's packets end after it. */
		bool follows = lane->index != 0 && rx_ports_is_shared(lane->live->ports);
		if (!follows)
			return false;
		return now - *stop_ns < 2 * LAST_PACKETS_NS;
	}
	if (empty_polls % IDLE_POLLS == 0) {
		/* Quiet ports: time still passes, flows fall due, and the analysis waits for
		 * nobody. */
		if (!rx_ports_has_capture_time(lane->live->ports))
			worker_advance(lane->worker, clock_wall_ns());
		nanosleep(&(struct timespec){.tv_nsec = IDLE_PAUSE_NS}, NULL);
	}
	return true;
}

static void
poll_until_stopped(struct lane *lane)
{
	struct rx_ports *ports = lane->live->ports;
	struct packet packets[PACKET_BURST_MAX];
	uint64_t stop_ns = 0;
	unsigned empty_polls = 0;
	size_t count;

	for (;;) {
		enum rx_poll polled = rx_ports_poll(ports, lane->index, packets, &count);
		if (polled == RX_POLL_ENDED)
			return;
		if (polled == RX_POLL_EMPTY) {
			if (!idle(lane, ++empty_polls, &stop_ns))
				return;
			continue;
		}
		empty_polls = 0;
		worker_process(lane->worker, packets, count);
		if (stop_wanted && stop_ns == 0)
			stop_ns = clock_monotonic_ns();
		if (stop_ns != 0 && clock_monotonic_ns() - stop_ns > LAST_PACKETS_NS)
			return;
	}
}

static void *
lane_main(void *context)
{
	struct lane *lane = context;

	int error = rx_ports_enter_thread();
	if (error == 0) {
		poll_until_stopped(lane);
		rx_ports_leave_thread();
	} else {
		fprintf(stderr, "vigie: worker %u: EAL takes no more threads: %s\n", lane->index,
			strerror(-error));
		stop_wanted = true;
	}
	if (lane->index == 0)
		rx_ports_end(lane->live->ports);
	worker_drain(lane->worker);
	return NULL;
}

/* A status line now and then: what a service manager's log shows of a quiet program. */
static void
report(const struct live *live)
{
	struct rx_port_counters counters;
	char when[RFC3339_LEN + 1], status[128] = "";
	uint64_t flows = 0;
	rx_ports_count(live->ports, &counters);
	for (unsigned i = 0; i < live->worker_count; i++)
		flows += worker_flow_count(live->lanes[i].worker);
	rfc3339_format(clock_wall_ns(), when);
	if (live->outputs.alerting != NULL)
		alerting_format_status(live->outputs.alerting, status, sizeof(status));
	fprintf(stderr, "vigie: %s received %llu missed %llu flows %llu%s\n", when,
		(unsigned long long)counters.received,
		(unsigned long long)(counters.missed + counters.no_memory),
		(unsigned long long)flows, status);
}

static void
look_for_blindness(struct live *live)
{
	struct rx_port_counters counters;

	rx_ports_count(live->ports, &counters);
	outputs_look_for_blindness(&live->outputs, counters.received,
				   counters.missed + counters.no_memory);
}

/* Lines leave once a second at the latest. */
static void
flush(struct live *live, uint64_t now)
{
	outputs_flush(&live->outputs);
	if (live->outputs.alerting != NULL)
		alerting_tick(live->outputs.alerting);
	if (now - live->looked_ns >= BLINDNESS_NS) {
		live->looked_ns = now;
		look_for_blindness(live);
	}
	if (rx_ports_has_capture_time(live->ports))
		return;
	(void)judge_end_days(live->judge, clock_wall_ns());
	if (now - live->updated_ns < UPDATE_NS)
		return;
	live->updated_ns = now;
	(void)judge_update(live->judge, clock_wall_ns());
}

/*
 * New settings take effect by a new beginning under the same process id, and only where they have
 * no fault: what is wrong with them must not end the watch.
 */
static void
reload(struct live *live)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct ruleset ruleset;
	struct alerting *alerting = live->outputs.alerting;

	reload_wanted = false;
	int error = ruleset_build(live->path, &ruleset, &faults);
	if (error == 0) {
		settings_check_key(&ruleset.settings, &faults);
		settings_check_journal(&ruleset.settings, &faults);
		settings_check_outputs(&ruleset.settings, &faults);
		settings_check_output_folders(&ruleset.settings, &faults);
		settings_check_sinks(&ruleset.settings, &faults);
		settings_read_secrets(&ruleset.settings, &faults);
	}
	bool good = error == 0 && faults.count == 0;
	char first_place[64] = "", first_fault[PRINTABLE_TEXT_MAX + 2] = "";
	if (faults.count > 0 && faults.faults[0].what != NULL) {
		(void)snprintf(first_place, sizeof(first_place), "line %u", faults.faults[0].line);
		(void)snprintf(first_fault, sizeof(first_fault), " %s",
			       printable_text(faults.faults[0].what).text);
	}
	fprintf(stderr, "vigie: %s: %s\n", printable_text(live->path).text,
		good ? "loaded anew" : "not loaded, the old settings stay:");
	ruleset_print_faults(&faults);
	if (alerting != NULL)
		alerting_note(alerting, good ? SENSOR_RELOAD : SENSOR_RELOAD_FAILED, live->path,
			      good ? "%s is loaded anew.%s%s"
				   : "%s has faults, the old settings stay. The first one: %s:%s",
			      printable_text(live->path).text, first_place, first_fault);
	fault_list_fini(&faults);
	ruleset_fini(&ruleset);
	live->restart = good;
	if (good && alerting != NULL)
		alerting_hurry(alerting);
	if (good)
		stop_wanted = true;
}

static void
on_tick(void *context)
{
	struct live *live = context;
	uint64_t every = (uint64_t)live->ruleset->settings.run_report_s * NS_PER_S;
	uint64_t now = clock_monotonic_ns();

	if (reload_wanted && !stop_wanted)
		reload(live);
	if (now - live->flushed_ns >= NS_PER_S) {
		live->flushed_ns = now;
		flush(live, now);
	}
	if (every != 0 && now - live->reported_ns >= every) {
		live->reported_ns = now;
		report(live);
	}
}

static int
create_workers(struct live *live)
{
	const struct settings *settings = &live->ruleset->settings;
	bool shared = rx_ports_is_shared(live->ports);
	struct worker_config config = {
		.max_flows = settings->max_flows,
		.timeouts = settings->timeouts,
		.protocol_detection = settings->protocol_detection,
		.inside = &settings->inside,
	};

	config.hash_seed = byte_hash_seed();
	/* Whoever knows the seed gets from a flow id to the address by trying all of them. */
	if (settings->addresses != SETTINGS_ADDRESSES_CLEAR &&
	    getrandom(&config.id_seed, sizeof(config.id_seed), 0) !=
		    (ssize_t)sizeof(config.id_seed))
		return -EIO;
	for (unsigned i = 0; i < live->worker_count; i++) {
		struct lane *lane = &live->lanes[i];
		lane->live = live;
		lane->index = i;
		config.index = shared ? i : 0;
		config.count = shared ? live->worker_count : 1;
		lane->worker = worker_create(&config);
		if (lane->worker == NULL)
			return -ENOMEM;
		live->rings[i] = worker_ring(lane->worker);
	}
	return 0;
}

static void
start_workers(struct live *live)
{
	for (unsigned i = 0; i < live->worker_count; i++) {
		struct lane *lane = &live->lanes[i];
		lane->running = pthread_create(&lane->thread, NULL, lane_main, lane) == 0;
		if (lane->running)
			continue;
		fprintf(stderr, "vigie: cannot start worker %u\n", i);
		stop_wanted = true;
		if (i == 0)
			rx_ports_end(live->ports);
		worker_drain(lane->worker);
	}
}

/* What live_run takes. */
static void
fill_signals(sigset_t *signals)
{
	(void)sigemptyset(signals);
	(void)sigaddset(signals, SIGINT);
	(void)sigaddset(signals, SIGTERM);
	(void)sigaddset(signals, SIGHUP);
}

void
live_let_signals_through(void)
{
	sigset_t signals;

	fill_signals(&signals);
	(void)pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

/* Kept back until a program that begins anew can take them; a stop that came before the block
 * counts here, one that comes after it counts there. */
static bool
begins_anew(const struct live *live)
{
	sigset_t signals;

	if (!live->restart)
		return false;
	fill_signals(&signals);
	(void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (!end_wanted)
		return true;
	live_let_signals_through();
	return false;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	live_let_signals_through();
	signal(SIGPIPE, SIG_IGN);
}

/* Packets that the devices lost belong to the picture: coverage is told with the figures. */
static void
report_losses(const struct live *live)
{
	struct rx_port_counters counters;
	rx_ports_count(live->ports, &counters);
	const struct summary_counter losses[] = {
		{"port-missed", counters.missed},
		{"port-error", counters.errors},
		{"port-no-buffer", counters.no_memory},
	};

	for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
		struct summary_packets note = {.notes = &losses[i], .note_count = 1};
		if (losses[i].count != 0)
			summary_add_packets(live->summary, &note);
	}
}

static int
watch(struct live *live)
{
	const struct settings *settings = &live->ruleset->settings;
	struct worker *workers[SETTINGS_WORKERS_MAX];
	struct name_disputes disputes =
		name_disputes_begin(settings->addresses != SETTINGS_ADDRESSES_CLEAR);
	struct analysis analysis = {
		.judge = live->judge,
		.disputes = &disputes,
		.rings = live->rings,
		.ring_count = live->worker_count,
		.tick = on_tick,
		.tick_context = live,
	};

	live->reported_ns = live->looked_ns = clock_monotonic_ns();
	judge_begin(live->judge, NULL);
	start_workers(live);
	fprintf(stderr, "vigie: watching with %u worker%s; stop with SIGINT or SIGTERM\n",
		live->worker_count, live->worker_count == 1 ? "" : "s");
	int error = analysis_run(&analysis);
	for (unsigned i = 0; i < live->worker_count; i++) {
		if (live->lanes[i].running)
			pthread_join(live->lanes[i].thread, NULL);
		workers[i] = live->lanes[i].worker;
	}
	look_for_blindness(live);
	int ending = judge_end(live->judge);
	worker_report(live->summary, workers, live->worker_count);
	report_losses(live);
	judge_report(live->judge);
	live->watched = true;
	return error != 0 ? error : ending;
}

static int
watch_ports(struct live *live)
{
	const struct settings *settings = &live->ruleset->settings;
	char why[256];

	live->ports = rx_ports_open(settings->run_ports, settings->run_port_count,
				    live->worker_count, why, sizeof(why));
	if (live->ports == NULL) {
		fprintf(stderr, "vigie: %s\n", printable_text(why).text);
		return -ENODEV;
	}
	int error = create_workers(live);
	if (error == 0)
		error = watch(live);
	else
		fprintf(stderr, "vigie: no memory for %u workers of %u flows\n", live->worker_count,
			settings->max_flows);
	for (unsigned i = 0; i < live->worker_count; i++)
		worker_destroy(live->lanes[i].worker);
	rx_ports_close(live->ports);
	return error;
}

/* Behind the outputs: what can fail without EAL fails before it has said anything. */
static int
start_and_watch(struct live *live)
{
	int error = rx_ports_start_eal(live->eal_argc, live->eal_argv);

	if (error == 0)
		return watch_ports(live);
	fprintf(stderr,
		"vigie: EAL does not start: %s; without huge pages or root it does with "
		"--no-huge --no-shconf --no-pci\n",
		strerror(-error));
	return error;
}

static int
with_outputs(struct live *live)
{
	const struct settings *settings = &live->ruleset->settings;
	struct outputs_wanted wanted = {
		.flows = settings->run_flows,
		.alerts = settings->run_alerts,
		.journal = settings->journal_path,
		.summary = live->summary,
		.live = true,
	};

	int error = outputs_open(&live->outputs, live->ruleset, &wanted);
	if (error == 0) {
		struct judge_outputs to = outputs_for_judge(&live->outputs);
		to.interim = true;
		to.hide_inside = settings->addresses != SETTINGS_ADDRESSES_CLEAR;
		live->judge = judge_create(live->ruleset, &to);
		error = live->judge != NULL ? start_and_watch(live) : -ENOMEM;
		judge_destroy(live->judge);
	}
	int closing = outputs_close(&live->outputs);
	return error != 0 ? error : closing;
}

int
live_run(const struct ruleset *ruleset, const char *path, int eal_argc, char **eal_argv)
{
	struct live live = {
		.ruleset = ruleset,
		.path = path,
		.eal_argc = eal_argc,
		.eal_argv = eal_argv,
		.worker_count = ruleset->settings.workers,
		.summary = summary_create(),
	};

	if (live.summary == NULL)
		return -ENOMEM;
	catch_signals();
	int error = with_outputs(&live);
	bool taken = line_writer_is_stdout(ruleset->settings.run_flows) ||
		     line_writer_is_stdout(ruleset->settings.run_alerts);
	FILE *out = taken ? stderr : stdout;
	if (live.watched)
		summary_write_text(live.summary, out, command_has_colour(fileno(out)),
				   command_width(fileno(out)));
	summary_destroy(live.summary);
	return begins_anew(&live) ? LIVE_RESTART : error;
}
