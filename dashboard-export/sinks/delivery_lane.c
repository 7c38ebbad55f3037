/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_lane.h"

#include "base/clock.h"
#include "dashboard-export/sinks/delivery_figures.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* A lane looks around at least so often: for flows, for a connection that the other end closed. */
#define LOOK_MS 100
#define LANE_NICENESS 10
/* Breaks in a row after which one message at a time is sent to who does not acknowledge, and how
 * long is waited until it is looked what became of it. */
#define CAREFUL_BREAKS 3
#define CAREFUL_MS 10

static bool
is_stopping(const struct delivery_lane *l)
{
	return atomic_load(&l->stop.wanted);
}

/* False when told to stop meanwhile. */
static bool
pause_ms(struct delivery_lane *l, uint32_t ms)
{
	struct pollfd stop = {.fd = l->stop.fd, .events = POLLIN};

	if (!is_stopping(l))
		(void)poll(&stop, 1, (int)ms);
	return !is_stopping(l);
}

/* Whether what is accepted has not arrived for certain. */
static bool
is_in_doubt(const struct delivery_lane *l)
{
	return !l->sink->kind->acknowledges && l->sink->kind->pending != NULL;
}

static void
move_cursor(struct delivery_lane *l, uint64_t sequence)
{
	if (sequence <= l->cursor.acknowledged)
		return;
	l->cursor.acknowledged = sequence;
	figures_save(l);
}

static void
break_off(struct delivery_lane *l)
{
	l->sink->kind->disconnect(l->transport);
	l->connected = false;
	l->sent = l->cursor.acknowledged;
	delivery_pace_reset(&l->pace);
	delivery_window_clear(&l->window);
}

/* What went wrong is told, the connection given up where it is no good, and some time let pass. */
static void
fail(struct delivery_lane *l, int error, const struct transport_report *report)
{
	uint32_t random = 0;

	l->breaks += l->window.count > 0;
	if (error == -EAGAIN && l->connected && l->sink->kind->stays_connected)
		delivery_pace_ease(&l->pace);
	else
		break_off(l);
	if (error == -ECANCELED || is_stopping(l))
		return;
	figures_note_failure(l, report->answer[0] != '\0' ? report->answer : strerror(-error));
	(void)getrandom(&random, sizeof(random), GRND_NONBLOCK);
	(void)pause_ms(l, back_off_wait(&l->back_off, random));
}

static void
succeed(struct delivery_lane *l)
{
	back_off_reset(&l->back_off);
	figures_note_success(l);
}

/* What the receiver already has needs not be sent again: after a crash or a break it may know
 * better, as its last answer did not arrive. */
static int
ask_receiver(struct delivery_lane *l, struct transport_report *report)
{
	uint64_t has = 0;

	if (l->sink->kind->resume == NULL)
		return 0;
	int error = l->sink->kind->resume(l->transport, l->cursor.journal, &has, report);
	if (error != 0)
		return error;
	if (has > l->cursor.acknowledged && has <= journal_durable(l->config->journal))
		move_cursor(l, has);
	return 0;
}

static bool
connect_receiver(struct delivery_lane *l)
{
	struct transport_report report = {0};

	l->cursor.attempts++;
	int error = l->sink->kind->connect(l->transport, &report);
	if (error == 0)
		error = ask_receiver(l, &report);
	if (error != 0) {
		fail(l, error, &report);
		return false;
	}
	l->connected = true;
	l->sent = l->cursor.acknowledged;
	return true;
}

/*
 * Some receivers close after each message. What they had not read yet is lost with the connection,
 * so nothing that was written on it can count; and sending the same again and again brings nothing
 * on. So after some breaks one message goes on each connection, and where the other end has then
 * taken all bytes and closed in order - which it does not where some were left unread - that one
 * has arrived.
 */
static bool
is_careful(const struct delivery_lane *l)
{
	return is_in_doubt(l) && l->breaks >= CAREFUL_BREAKS;
}

static bool
has_arrived_alone(struct delivery_lane *l, int error)
{
	return error == -EPIPE && is_careful(l) && l->window.count == 1 &&
	       l->sink->kind->pending(l->transport) == 0;
}

/* Moves the cursor over what was written long enough ago. */
static void
settle(struct delivery_lane *l)
{
	if (!is_in_doubt(l) || l->window.count == 0)
		return;
	uint64_t arrived = delivery_window_settle(&l->window, l->sink->kind->pending(l->transport),
						  (uint64_t)l->sink->resend_s * 1000000000u,
						  clock_monotonic_ns());
	if (arrived == 0)
		return;
	l->breaks = 0;
	move_cursor(l, arrived);
	succeed(l);
}

/* Waits where a rate is set, so that `count` messages a batch keep to it. */
static bool
keep_rate(struct delivery_lane *l, size_t count)
{
	uint64_t now = clock_monotonic_ns();

	if (l->sink->rate == 0)
		return true;
	if (l->next_send_ns > now && !pause_ms(l, (uint32_t)((l->next_send_ns - now) / 1000000u)))
		return false;
	now = clock_monotonic_ns();
	l->next_send_ns = (l->next_send_ns > now ? l->next_send_ns : now) +
			  count * UINT64_C(1000000000) / l->sink->rate;
	return true;
}

/* Up to which row everything is settled when the first `accepted` messages are. */
static uint64_t
row_reached(const struct delivery_lane *l, const struct delivery_filled *filled, size_t accepted)
{
	const struct outgoing *messages = delivery_batch_messages(l->batch);

	return accepted >= filled->count ? filled->last : messages[accepted].sequence - 1;
}

static void
take_accepted(struct delivery_lane *l, const struct delivery_filled *filled,
	      const struct transport_report *report)
{
	uint64_t reached = row_reached(l, filled, report->accepted);

	l->sent = reached;
	figures_add_sent(l, report->accepted - report->refused, report->refused, report->answer);
	if (is_in_doubt(l)) {
		if (report->accepted > 0)
			delivery_window_add(&l->window, reached, delivery_batch_bytes(l->batch),
					    clock_monotonic_ns());
		return;
	}
	move_cursor(l, reached);
	if (report->accepted > 0)
		succeed(l);
}

/* Rows that nobody is sent: those below the minimum, and those that are no events. */
static void
pass_over(struct delivery_lane *l, const struct delivery_filled *filled)
{
	l->cursor.filtered += filled->filtered;
	if (filled->unreadable > 0)
		figures_add_sent(l, 0, filled->unreadable, "rows that are no events of vigie");
	if (filled->missing > 0)
		figures_add_sent(l, 0, filled->missing,
				 "rows that retention removed before they could be sent");
	if (filled->count > 0)
		return;
	l->sent = filled->last;
	if (!is_in_doubt(l))
		move_cursor(l, filled->last);
	else if (l->window.count == 0)
		move_cursor(l, filled->last);
	else
		delivery_window_add(&l->window, filled->last, 0, clock_monotonic_ns());
}

/* Sends some of what the journal has behind what was sent. False: there is nothing, or it failed.
 */
static bool
send_rows(struct delivery_lane *l)
{
	struct transport_report report = {0};
	struct delivery_filled filled;
	uint64_t durable = journal_durable(l->config->journal);

	if (!l->sink->alerts || l->sent >= durable || (is_careful(l) && l->window.count > 0))
		return false;
	int error = delivery_batch_fill(
		l->batch, l->reader, l->sent, durable,
		is_careful(l) ? 1 : delivery_pace_batch(&l->pace, l->sink->batch), &filled);
	if (error != 0) {
		(void)snprintf(report.answer, sizeof(report.answer), "the journal: %.200s",
			       journal_reader_error(l->reader));
		fail(l, error, &report);
		return false;
	}
	if (filled.count == 0) {
		pass_over(l, &filled);
		return true;
	}
	if (!keep_rate(l, filled.count))
		return false;
	uint64_t begin = clock_monotonic_ns();
	error = l->sink->kind->send(l->transport, delivery_batch_messages(l->batch), filled.count,
				    &report);
	/* Once: a batch of which something is left is filled again. */
	if (report.accepted == filled.count)
		pass_over(l, &filled);
	take_accepted(l, &filled, &report);
	if (error != 0)
		fail(l, error, &report);
	else
		delivery_pace_note(&l->pace, filled.count, clock_monotonic_ns() - begin);
	return error == 0;
}

/* Sends some flows. As send_rows. */
static bool
send_flows(struct delivery_lane *l)
{
	struct transport_report report = {0};
	struct delivery_filled filled;
	size_t taken;

	delivery_batch_fill_flows(l->batch, &l->flows, l->sink->batch, &filled, &taken);
	if (taken == 0)
		return false;
	int error = filled.count > 0
			    ? l->sink->kind->send(l->transport, delivery_batch_messages(l->batch),
						  filled.count, &report)
			    : 0;
	l->cursor.flows_delivered += report.accepted - report.refused;
	l->window.bytes += delivery_batch_bytes(l->batch);
	/* Unreadable ones stand anywhere among them: a batch with one goes as a whole. */
	delivery_flows_drop(&l->flows,
			    error == 0 || filled.unreadable > 0 ? taken : report.accepted);
	if (error != 0) {
		fail(l, error, &report);
		return false;
	}
	succeed(l);
	return true;
}

/* Whether the other end is still there, as far as that can be seen without sending. */
static bool
is_alive(struct delivery_lane *l)
{
	struct transport_report report = {0};
	int error = l->sink->kind->check != NULL ? l->sink->kind->check(l->transport, &report) : 0;

	if (error == 0)
		return true;
	if (has_arrived_alone(l, error)) {
		move_cursor(l, l->sent);
		succeed(l);
		delivery_window_clear(&l->window);
	}
	/* A receiver may close what is idle; that is no failure where nothing was in doubt. */
	if (l->window.count == 0 && l->sent == l->cursor.acknowledged)
		break_off(l);
	else
		fail(l, error, &report);
	return false;
}

/* Whether all that there is has arrived. */
static bool
is_done(struct delivery_lane *l)
{
	return (!l->sink->alerts || l->sent >= journal_durable(l->config->journal)) &&
	       delivery_flows_first(&l->flows) == NULL;
}

static int open_state(struct delivery_lane *l, char why[256]);

/* The journal was replaced: what is in the new one is sent from its beginning on. False where it
 * cannot be read yet. */
static bool
follow_journal(struct delivery_lane *l)
{
	struct transport_report report = {0};

	if (strcmp(l->cursor.journal, journal_id(l->config->journal)) == 0)
		return true;
	break_off(l);
	int error = open_state(l, report.answer);
	if (error != 0)
		fail(l, error, &report);
	return error == 0;
}

static void
serve(struct delivery_lane *l)
{
	while (!is_stopping(l)) {
		if (!follow_journal(l))
			continue;
		bool idle = is_done(l);
		if (idle && atomic_load(&l->finishing))
			return;
		if (!l->connected && !idle && !connect_receiver(l))
			continue;
		if (l->connected && !is_alive(l))
			continue;
		bool sent = l->connected && send_rows(l);
		if (l->connected && l->sink->flows)
			sent |= send_flows(l);
		if (l->connected)
			settle(l);
		figures_look(l);
		if (!sent && !is_stopping(l) && is_done(l))
			(void)journal_wait(l->config->journal, l->sent, LOOK_MS);
		else if (!sent && l->connected && l->window.count > 0)
			(void)pause_ms(l, CAREFUL_MS);
	}
}

/* What was written and is in doubt may be known to have arrived if the receiver closes in turn. */
static void
say_goodbye(struct delivery_lane *l)
{
	struct transport_report report = {0};

	if (l->connected && l->sink->kind->finish != NULL && !is_stopping(l) &&
	    l->sink->kind->finish(l->transport, &report) == 0)
		move_cursor(l, l->sent);
	if (l->connected)
		l->sink->kind->disconnect(l->transport);
	l->connected = false;
	figures_close(l);
}

static void *
lane_main(void *context)
{
	struct delivery_lane *lane = context;

	/* Packets cannot wait, alerts on disk can: where cores are short, workers go first. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), LANE_NICENESS);
	serve(lane);
	say_goodbye(lane);
	return NULL;
}

static int
open_state(struct delivery_lane *l, char why[256])
{
	bool damaged;

	journal_reader_close(l->reader);
	l->reader = journal_reader_open(l->config->journal_path, why);
	if (l->reader == NULL)
		return -errno;
	if (l->cursors == NULL)
		l->cursors = cursors_open(l->config->journal_path, &damaged, why);
	if (l->cursors == NULL)
		return -errno;
	int found =
		cursors_get(l->cursors, l->sink->name, journal_reader_id(l->reader), &l->cursor);
	if (found < 0)
		(void)snprintf(why, 256, "the cursors cannot be read: %s", strerror(-found));
	l->shown = l->cursor;
	l->sent = l->cursor.acknowledged;
	return found < 0 ? found : 0;
}

int
lane_open(struct delivery_lane *lane, const struct delivery_config *config,
	  const struct sink_config *sink, char why[256])
{
	lane->config = config;
	lane->sink = sink;
	delivery_pace_reset(&lane->pace);
	(void)pthread_mutex_init(&lane->lock, NULL);
	delivery_flows_init(&lane->flows);
	lane->stop.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (lane->stop.fd < 0) {
		(void)snprintf(why, 256, "%s", strerror(errno));
		return -errno;
	}
	int error = open_state(lane, why);
	if (error != 0)
		return error;
	lane->batch = delivery_batch_create(sink);
	if (lane->batch == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return -ENOMEM;
	}
	lane->transport = sink->kind->create(sink, &lane->stop, why);
	return lane->transport != NULL ? 0 : -EINVAL;
}

int
lane_start(struct delivery_lane *lane)
{
	int error = pthread_create(&lane->thread, NULL, lane_main, lane);

	lane->running = error == 0;
	return -error;
}

void
lane_close(struct delivery_lane *lane)
{
	if (lane->running)
		(void)pthread_join(lane->thread, NULL);
	lane->running = false;
	if (lane->sink != NULL)
		lane->sink->kind->destroy(lane->transport);
	delivery_batch_destroy(lane->batch);
	journal_reader_close(lane->reader);
	cursors_close(lane->cursors);
	delivery_flows_fini(&lane->flows);
	(void)pthread_mutex_destroy(&lane->lock);
	if (lane->stop.fd >= 0)
		(void)close(lane->stop.fd);
}
