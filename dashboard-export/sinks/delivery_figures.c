/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_figures.h"

#include "base/clock.h"
#include "base/printable_text.h"
#include "dashboard-export/sinks/secret_mask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)
/* Figures that do not move the cursor are written so often. */
#define SAVE_EVERY_NS (2 * NS_PER_S)
/* What receivers refuse is told at most so often. */
#define TELL_EVERY_NS (60 * NS_PER_S)

/* Forgets the counts of seconds that have passed out of the window. */
static void
turn_seconds(struct delivery_lane *l, uint64_t second)
{
	uint64_t passed = second - l->rate_second;

	for (uint64_t i = 0; i < passed && i < LANE_RATE_S; i++)
		l->rate_counts[(second - i) % LANE_RATE_S] = 0;
	l->rate_second = second;
}

static void
count_rate(struct delivery_lane *l, uint64_t messages)
{
	uint64_t second = clock_monotonic_ns() / NS_PER_S;
	uint32_t sum = 0;

	turn_seconds(l, second);
	l->rate_counts[second % LANE_RATE_S] += (uint32_t)messages;
	for (size_t i = 0; i < LANE_RATE_S; i++)
		sum += l->rate_counts[i];
	l->cursor.rate = sum / LANE_RATE_S;
}

static void
show(struct delivery_lane *l)
{
	l->cursor.flows_dropped = delivery_flows_dropped(&l->flows);
	l->cursor.updated_ns = clock_wall_ns();
	pthread_mutex_lock(&l->lock);
	l->shown = l->cursor;
	pthread_mutex_unlock(&l->lock);
}

void
figures_save(struct delivery_lane *lane)
{
	show(lane);
	lane->unsaved_since_ns = clock_monotonic_ns();
	/* A disk that takes nothing costs repetitions after a crash, and nothing else. */
	(void)cursors_put(lane->cursors, &lane->cursor);
}

static void
tell(struct delivery_lane *l, const struct delivery_note *note)
{
	if (l->config->note != NULL)
		l->config->note(l->config->note_context, note);
}

/* What went wrong, without the secrets that a receiver may have told back. */
static void
keep_error(struct delivery_lane *l, const char *words, uint64_t now)
{
	(void)printable_text_copy(words, l->cursor.last_error, sizeof(l->cursor.last_error));
	secret_mask(l->sink, l->cursor.last_error, sizeof(l->cursor.last_error));
	l->cursor.last_error_ns = now;
}

void
figures_add_sent(struct delivery_lane *lane, uint64_t delivered, uint64_t refused,
		 const char *answer)
{
	lane->cursor.delivered += delivered;
	lane->cursor.refused += refused;
	lane->refused_untold += refused;
	if (refused > 0)
		keep_error(lane, answer, clock_wall_ns());
	count_rate(lane, delivered);
}

void
figures_note_failure(struct delivery_lane *lane, const char *why)
{
	uint64_t now = clock_wall_ns();

	keep_error(lane, why, now);
	if (lane->failing_mono_ns == 0) {
		lane->failing_mono_ns = clock_monotonic_ns();
		lane->cursor.failing_since_ns = now;
	}
	figures_save(lane);
	figures_look(lane);
}

void
figures_note_success(struct delivery_lane *lane)
{
	lane->cursor.last_success_ns = clock_wall_ns();
	lane->cursor.attempts = 0;
	if (lane->failing_mono_ns == 0)
		return;
	const struct delivery_note note = {
		.sink = lane->sink->name,
		.what = DELIVERY_RECOVERED,
		.since_ns = lane->cursor.failing_since_ns,
		.count = journal_durable(lane->config->journal) - lane->cursor.acknowledged,
		.error = lane->cursor.last_error,
	};
	lane->failing_mono_ns = 0;
	lane->cursor.failing_since_ns = 0;
	if (lane->told_failing)
		tell(lane, &note);
	lane->told_failing = false;
}

static void
tell_failing(struct delivery_lane *l, uint64_t now)
{
	if (l->told_failing || l->failing_mono_ns == 0 ||
	    now - l->failing_mono_ns < l->sink->failing_s * NS_PER_S)
		return;
	const struct delivery_note note = {
		.sink = l->sink->name,
		.what = DELIVERY_FAILING,
		.since_ns = l->cursor.failing_since_ns,
		.count = journal_durable(l->config->journal) - l->cursor.acknowledged,
		.error = l->cursor.last_error,
	};
	l->told_failing = true;
	tell(l, &note);
}

static void
tell_refused(struct delivery_lane *l, uint64_t now)
{
	if (l->refused_untold == 0 ||
	    (l->told_refused_ns != 0 && now - l->told_refused_ns < TELL_EVERY_NS))
		return;
	const struct delivery_note note = {
		.sink = l->sink->name,
		.what = DELIVERY_REFUSED,
		.since_ns = l->cursor.last_error_ns,
		.count = l->refused_untold,
		.error = l->cursor.last_error,
	};
	l->refused_untold = 0;
	l->told_refused_ns = now;
	tell(l, &note);
}

void
figures_look(struct delivery_lane *lane)
{
	uint64_t now = clock_monotonic_ns();

	tell_failing(lane, now);
	tell_refused(lane, now);
	if (now - lane->unsaved_since_ns < SAVE_EVERY_NS)
		return;
	count_rate(lane, 0);
	figures_save(lane);
	(void)cursors_note_head(lane->cursors, lane->cursor.journal,
				journal_durable(lane->config->journal));
}

void
figures_close(struct delivery_lane *lane)
{
	lane->told_refused_ns = 0;
	tell_refused(lane, clock_monotonic_ns());
	lane->cursor.rate = 0;
	figures_save(lane);
}
