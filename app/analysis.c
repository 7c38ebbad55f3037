/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message may be taken when no other ring can still give an earlier one: each ring either shows
 * its oldest message, or the time and the packet that its worker has reached. The packet is needed
 * where many have one time: else a worker with nothing to say would hold up one whose ring is full,
 * and in the end wait for it in turn.
 */
#include "app/analysis.h"

#include <string.h>
#include <time.h>

/* Messages between two calls of the tick. */
#define TICK_MESSAGES 4096u

/*
 * The pause when no message can be taken: short at first, so that a small capture is not held up,
 * then longer, as each costs the processor some microseconds. In the longest a worker that ends a
 * million flows a second fills a fifth of its ring.
 */
#define PAUSE_FIRST_NS 125000
#define PAUSE_MAX_NS 4000000

struct head {
	struct message message;
	struct message_order order;
	bool present;
};

struct merge {
	const struct analysis *analysis;
	struct head heads[SETTINGS_WORKERS_MAX];
	/* Of rings without a head: what comes is not earlier, and of that time only of later
	 * packets. */
	uint64_t times[SETTINGS_WORKERS_MAX];
	uint64_t packets[SETTINGS_WORKERS_MAX];
};

static bool
is_before(const struct head *a, const struct head *b)
{
	if (a->message.time_ns != b->message.time_ns)
		return a->message.time_ns < b->message.time_ns;
	if (a->order.packet != b->order.packet)
		return a->order.packet < b->order.packet;
	return a->order.flow < b->order.flow;
}

/* Looks at every ring without a head. False when all of them have ended. */
static bool
refresh(struct merge *m)
{
	bool alive = false;

	for (unsigned i = 0; i < m->analysis->ring_count; i++) {
		struct head *head = &m->heads[i];
		if (!head->present) {
			/* These first: a message pushed in between only makes them an
			 * understatement. */
			m->times[i] = message_ring_time(m->analysis->rings[i]);
			m->packets[i] = message_ring_packet(m->analysis->rings[i]);
			head->present = message_ring_peek(m->analysis->rings[i], &head->message);
			if (head->present)
				memcpy(&head->order, head->message.body, sizeof(head->order));
		}
		alive |= head->present || m->times[i] != MESSAGE_RING_END;
	}
	return alive;
}

/* Whether ring `i`, which shows no message, may still give one that comes before `head`. */
static bool
may_precede(const struct merge *m, unsigned i, const struct head *head)
{
	if (m->times[i] != head->message.time_ns)
		return m->times[i] < head->message.time_ns;
	return m->packets[i] < head->order.packet;
}

/* The ring whose head is next; ring_count when that cannot be said yet. */
static unsigned
next_ring(const struct merge *m)
{
	unsigned count = m->analysis->ring_count, best = count;

	for (unsigned i = 0; i < count; i++) {
		if (m->heads[i].present &&
		    (best == count || is_before(&m->heads[i], &m->heads[best])))
			best = i;
	}
	for (unsigned i = 0; best != count && i < count; i++) {
		if (!m->heads[i].present && may_precede(m, i, &m->heads[best]))
			return count;
	}
	return best;
}

static void
tick(const struct analysis *analysis)
{
	if (analysis->tick != NULL)
		analysis->tick(analysis->tick_context);
}

/* Names in dispute are for the developer, all else is for the judge. */
static int
take(const struct analysis *analysis, const struct message *message)
{
	if (message->kind != WORKER_MESSAGE_NAME_DISPUTE)
		return judge_message(analysis->judge, message);
	struct inner_ends hidden;
	if (analysis->disputes != NULL && analysis->disputes->to != NULL &&
	    judge_may_tell(analysis->judge, message->body, &hidden))
		name_disputes_tell(analysis->disputes, message->body, &hidden, message->time_ns);
	return 0;
}

/* Returns how long the next rest is to be. */
static long
rest(long pause_ns)
{
	nanosleep(&(struct timespec){.tv_nsec = pause_ns}, NULL);
	return 2 * pause_ns < PAUSE_MAX_NS ? 2 * pause_ns : PAUSE_MAX_NS;
}

int
analysis_run(const struct analysis *analysis)
{
	struct merge m = {.analysis = analysis};
	unsigned since_tick = 0;
	long pause_ns = PAUSE_FIRST_NS;
	int first_error = 0;

	while (refresh(&m)) {
		unsigned ring = next_ring(&m);
		if (ring == analysis->ring_count) {
			tick(analysis);
			pause_ns = rest(pause_ns);
			continue;
		}
		int error = take(analysis, &m.heads[ring].message);
		if (first_error == 0)
			first_error = error;
		message_ring_pop(analysis->rings[ring]);
		m.heads[ring].present = false;
		if (++since_tick == TICK_MESSAGES) {
			since_tick = 0;
			tick(analysis);
		}
	}
	return first_error;
}
