/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two tables. Days: for host, operator and day the sum that left. Services: for host and service
 * the flows of the last ten minutes, and the largest of the last nights. The ten minutes are kept
 * flow by flow as far as there is room; past that the two flows that began closest together become
 * one that began with the earlier, so it leaves the window a little early and nothing is
 * overstated. Most services see a flow or two, so a service takes memory as it sees more.
 */
#include "classifier/policy/history.h"

#include "base/recent_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_NS (600ull * 1000 * 1000 * 1000)
#define WINDOW_FLOWS 24

#define HOUR_S 3600
#define NIGHT_BEGINS_S (22 * HOUR_S)
#define NIGHT_ENDS_S (6 * HOUR_S)
#define DAY_S (24 * HOUR_S)
#define NIGHTS_BACK 7
#define NIGHTS_NEEDED 3
/* Two flows of each night from tonight to seven ago. */
#define NIGHT_FLOWS_EACH 2
#define NIGHT_FLOWS (NIGHT_FLOWS_EACH * (NIGHTS_BACK + 1))

#define LOW_SLOW_FLOWS 24
#define LOW_SLOW_BELOW (1024u * 1024)

struct day_key {
	const void *zone;
	const void *operator_record;
	struct ip_address host;
	int32_t day;
};

struct day_sum {
	uint64_t up;
	uint64_t reached_by_ns; /* start of the flow that reached the limit */
	uint32_t flows;
	bool reached;
	bool large; /* one of the flows is none of a low and slow sum */
};

struct service_key {
	const void *zone;
	uint64_t service;
	struct ip_address host;
};

struct window_flow {
	uint64_t start_ns;
	uint64_t up;
	uint64_t down;
};

struct night_flow {
	int32_t night;    /* day in whose evening it began */
	uint32_t seconds; /* since 22:00 */
	uint64_t up;      /* never 0 */
};

/* "Room" is what the arrays have memory for: as long as that is one, in the entry, which does not
 * move; then owned. */
struct service_past {
	struct window_flow *window; /* by start */
	struct night_flow *nights;
	uint32_t window_count, window_room;
	uint32_t night_count, night_room;
	struct window_flow first_window;
	struct night_flow first_night;
};

struct history {
	struct recent_table *days;
	struct recent_table *services;
};

static void
release_past(void *entry)
{
	struct service_past *past = entry;

	if (past->window != &past->first_window)
		free(past->window);
	if (past->nights != &past->first_night)
		free(past->nights);
}

struct history *
history_create(uint32_t max_days, uint32_t max_services)
{
	struct history *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->days =
		recent_table_create(max_days, sizeof(struct day_key), sizeof(struct day_sum), NULL);
	h->services = recent_table_create(max_services, sizeof(struct service_key),
					  sizeof(struct service_past), release_past);
	if (h->days == NULL || h->services == NULL) {
		int error = errno;
		history_destroy(h);
		errno = error;
		return NULL;
	}
	return h;
}

void
history_destroy(struct history *history)
{
	if (history == NULL)
		return;
	recent_table_destroy(history->days);
	recent_table_destroy(history->services);
	free(history);
}

void
history_clear(struct history *history)
{
	recent_table_clear(history->days);
	recent_table_clear(history->services);
}

uint64_t
history_evicted(const struct history *history)
{
	return recent_table_evicted(history->days) + recent_table_evicted(history->services);
}

/* FNV-1a: keys of a table that mixes them with a seed of its own. */
static uint64_t
hash_bytes(const void *bytes, size_t len, uint64_t hash)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 0x100000001b3u;
	return hash;
}

uint64_t
history_text_key(const char *text)
{
	return hash_bytes(text, strlen(text), 0xcbf29ce484222325u);
}

uint64_t
history_address_key(const struct ip_address *address)
{
	return hash_bytes(address, sizeof(*address), 0x84222325cbf29ce4u);
}

/* ---- sum of the day ---- */

static void
add_to_sum(struct history *h, const struct history_flow *flow, const void *operator_record,
	   struct history_answer *out)
{
	struct day_key key;
	bool made;

	memset(&key, 0, sizeof(key));
	key.zone = flow->zone;
	key.operator_record = operator_record;
	key.host = *flow->host;
	key.day = flow->start.day;
	struct day_sum *sum = recent_table_get(h->days, &key, &made);
	sum->up += flow->fresh_up;
	sum->flows += flow->first;
	sum->large |= flow->up >= LOW_SLOW_BELOW;
	if (!sum->reached && flow->day_limit != 0 && sum->up >= flow->day_limit) {
		sum->reached = true;
		sum->reached_by_ns = flow->start_ns;
	}
	if (!sum->reached || flow->start_ns < sum->reached_by_ns)
		return;
	out->day_reached = true;
	out->low_slow |= sum->flows >= LOW_SLOW_FLOWS && !sum->large;
}

/* Names that change from flow to flow and that nothing confirms must not split what one host sends
 * to nobody knows whom. */
static void
add_to_day(struct history *h, const struct history_flow *flow, struct history_answer *out)
{
	add_to_sum(h, flow, flow->operator_record, out);
	if (flow->is_claimed && flow->operator_record != NULL)
		add_to_sum(h, flow, NULL, out);
}

/* ---- what a service has memory for ---- */

/* `room` elements of `size`, of which the only one so far may stand in the entry
 * (`first`). NULL without memory. */
static void *
enlarge(void *array, void *first, uint32_t room, size_t size)
{
	if (room == 1)
		return first;
	void *larger = realloc(array == first ? NULL : array, room * size);
	if (larger != NULL && array == first)
		memcpy(larger, first, size);
	return larger;
}

static uint32_t
doubled(uint32_t room, uint32_t most)
{
	uint32_t more = room == 0 ? 1 : 2 * room;

	return more < most ? more : most;
}

static bool
grow_window(struct service_past *past)
{
	uint32_t room = doubled(past->window_room, WINDOW_FLOWS);
	struct window_flow *window =
		enlarge(past->window, &past->first_window, room, sizeof(*window));

	if (window == NULL)
		return false;
	past->window = window;
	past->window_room = room;
	return true;
}

static bool
grow_nights(struct service_past *past)
{
	uint32_t room = doubled(past->night_room, NIGHT_FLOWS);
	struct night_flow *nights =
		enlarge(past->nights, &past->first_night, room, sizeof(*nights));

	if (nights == NULL)
		return false;
	past->nights = nights;
	past->night_room = room;
	return true;
}

/* ---- ten minutes ---- */

static void
remove_window_flow(struct service_past *past, uint32_t at)
{
	past->window_count--;
	memmove(&past->window[at], &past->window[at + 1],
		(past->window_count - at) * sizeof(past->window[0]));
}

static void
join_closest(struct service_past *past)
{
	uint32_t best = 1;

	for (uint32_t i = 2; i < past->window_count; i++) {
		if (past->window[i].start_ns - past->window[i - 1].start_ns <
		    past->window[best].start_ns - past->window[best - 1].start_ns)
			best = i;
	}
	past->window[best - 1].up += past->window[best].up;
	past->window[best - 1].down += past->window[best].down;
	remove_window_flow(past, best);
}

/* Drops what no flow from now on can see, as far as flows come in the order of their starts. */
static void
make_room(struct service_past *past)
{
	uint64_t newest = past->window[past->window_count - 1].start_ns;

	while (newest - past->window[0].start_ns >= WINDOW_NS)
		remove_window_flow(past, 0);
	if (past->window_count == WINDOW_FLOWS)
		join_closest(past);
}

/* False where there is no memory for it. */
static bool
insert_window_flow(struct service_past *past, const struct history_flow *flow)
{
	if (past->window_count == WINDOW_FLOWS)
		make_room(past);
	else if (past->window_count == past->window_room && !grow_window(past))
		return false;
	uint32_t at = past->window_count;
	while (at > 0 && past->window[at - 1].start_ns > flow->start_ns)
		at--;
	if (at > 0 && past->window[at - 1].start_ns == flow->start_ns) {
		past->window[at - 1].up += flow->fresh_up;
		past->window[at - 1].down += flow->fresh_down;
		return true;
	}
	memmove(&past->window[at + 1], &past->window[at],
		(past->window_count - at) * sizeof(past->window[0]));
	past->window[at] = (struct window_flow){flow->start_ns, flow->fresh_up, flow->fresh_down};
	past->window_count++;
	return true;
}

static void
add_to_window(struct service_past *past, const struct history_flow *flow,
	      struct history_answer *out)
{
	if (!insert_window_flow(past, flow)) {
		out->window_up = flow->fresh_up; /* it stands alone */
		out->window_down = flow->fresh_down;
		return;
	}
	for (uint32_t i = 0; i < past->window_count; i++) {
		const struct window_flow *w = &past->window[i];
		if (w->start_ns > flow->start_ns || flow->start_ns - w->start_ns >= WINDOW_NS)
			continue;
		out->window_up += w->up;
		out->window_down += w->down;
	}
}

/* ---- nights ---- */

static bool
is_night(const struct wall_time *start)
{
	return start->seconds >= NIGHT_BEGINS_S || start->seconds < NIGHT_ENDS_S;
}

static struct night_flow
night_of(const struct history_flow *flow)
{
	bool evening = flow->start.seconds >= NIGHT_BEGINS_S;

	return (struct night_flow){
		.night = evening ? flow->start.day : flow->start.day - 1,
		.seconds = evening ? flow->start.seconds - NIGHT_BEGINS_S
				   : flow->start.seconds + DAY_S - NIGHT_BEGINS_S,
		.up = flow->up,
	};
}

/* Begins within an hour of the other, with 70 to 130 hundredths of its volume. */
static bool
is_alike(const struct night_flow *tonight, const struct night_flow *earlier)
{
	uint32_t apart = tonight->seconds > earlier->seconds ? tonight->seconds - earlier->seconds
							     : earlier->seconds - tonight->seconds;
	uint64_t difference =
		tonight->up > earlier->up ? tonight->up - earlier->up : earlier->up - tonight->up;

	return apart <= HOUR_S && difference / 3 <= tonight->up / 10;
}

static bool
is_recurring(const struct service_past *past, const struct night_flow *tonight)
{
	unsigned nights = 0; /* bit of each night back */

	for (uint32_t i = 0; i < past->night_count; i++) {
		const struct night_flow *earlier = &past->nights[i];
		int64_t back = (int64_t)tonight->night - earlier->night;
		if (back >= 1 && back <= NIGHTS_BACK && is_alike(tonight, earlier))
			nights |= 1u << back;
	}
	return __builtin_popcount(nights) >= NIGHTS_NEEDED;
}

/* Which flow gives way to this one: itself as it was told before, the smaller of its night, or one
 * of the oldest night; NULL: it has a place of its own. */
static struct night_flow *
find_replaced(const struct service_past *past, const struct night_flow *tonight)
{
	struct night_flow *same_night = NULL, *oldest = past->nights;
	unsigned of_night = 0;

	for (uint32_t i = 0; i < past->night_count; i++) {
		struct night_flow *f = &past->nights[i];
		if (f->night == tonight->night) {
			if (f->seconds == tonight->seconds)
				return f;
			of_night++;
			if (same_night == NULL || f->up < same_night->up)
				same_night = f;
		}
		if (f->night < oldest->night)
			oldest = f;
	}
	if (of_night >= NIGHT_FLOWS_EACH)
		return same_night;
	return past->night_count == NIGHT_FLOWS ? oldest : NULL;
}

/* Of its own night only a smaller flow gives way. */
static bool
gives_way(const struct night_flow *f, const struct night_flow *tonight)
{
	return f->night != tonight->night || f->seconds == tonight->seconds || f->up < tonight->up;
}

static void
add_to_nights(struct service_past *past, const struct history_flow *flow,
	      struct history_answer *out)
{
	struct night_flow tonight = night_of(flow);

	if (tonight.up == 0)
		return;
	out->recurring = is_recurring(past, &tonight);
	struct night_flow *replaced = find_replaced(past, &tonight);
	if (replaced != NULL && gives_way(replaced, &tonight))
		*replaced = tonight;
	if (replaced == NULL && (past->night_count < past->night_room || grow_nights(past)))
		past->nights[past->night_count++] = tonight;
}

void
history_add(struct history *history, const struct history_flow *flow, struct history_answer *out)
{
	struct service_key key;
	bool made;

	memset(&key, 0, sizeof(key));
	key.zone = flow->zone;
	key.service = flow->service_key;
	key.host = *flow->host;
	recent_table_prefetch(history->services, &key);
	*out = (struct history_answer){.night = is_night(&flow->start)};
	add_to_day(history, flow, out);
	struct service_past *past = recent_table_get(history->services, &key, &made);
	add_to_window(past, flow, out);
	if (out->night)
		add_to_nights(past, flow, out);
}
