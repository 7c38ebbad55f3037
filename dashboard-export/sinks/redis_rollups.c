/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The analysis thread adds to a small table of what is new; the thread here takes it away and
 * leaves an empty one, sums by minute and writes rows that changed, as absolute values: so writing
 * one twice does no harm. The two tables change hands by one atomic pointer. Who adds takes it out
 * for the moment, and only the thread here ever waits for it to come back.
 */
#include "dashboard-export/sinks/redis_rollups.h"

#include "base/printable_text.h"
#include "base/rfc3339.h"
#include "dashboard-export/sinks/live_command.h"
#include "dashboard-export/sinks/live_rows.h"
#include "dashboard-export/sinks/redis_connection.h"
#include "dashboard-export/sinks/secret_mask.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define MINUTE_NS UINT64_C(60000000000)

struct minute {
	uint64_t minute; /* since 1970 UTC; 0: none */
	struct live_rows *rows;
};

struct redis_rollups {
	/* Of the analysis thread for the time of an addition (then NULL), of ours for an exchange.
	 */
	_Atomic(struct live_rows *) active;
	struct live_rows *current, *spare; /* `current` is what `active` is */
	struct minute minutes[REDIS_ROLLUPS_MINUTES];
	char sensor[LIVE_ESCAPED_MAX];
	char started[RFC3339_LEN + 1];
	struct live_command command;
	const struct sink_config *config; /* borrowed */
	struct redis_connection *redis;
	bool connected;
	struct transport_stop stop; /* of input and output */
	int wake;                   /* eventfd: the end is near */
	atomic_bool ending;
	pthread_t thread;
	pthread_mutex_t change; /* guards what is below */
	pthread_cond_t ended;
	bool has_ended;
	struct redis_rollups_state state;
};

static uint64_t
wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void
redis_rollups_add(struct redis_rollups *rollups, uint64_t time_ns, const char *zone,
		  const char *operator_id, const char *exposure, uint64_t up, uint64_t down,
		  uint64_t flows)
{
	const struct live_key key = {time_ns / MINUTE_NS, zone, operator_id, exposure};
	const struct live_sums sums = {up, down, flows};
	struct live_rows *rows =
		atomic_exchange_explicit(&rollups->active, NULL, memory_order_acquire);

	live_rows_add(rows, &key, &sums);
	atomic_store_explicit(&rollups->active, rows, memory_order_release);
}

/* What was added since the last time. */
static struct live_rows *
take_new(struct redis_rollups *rollups)
{
	struct live_rows *taken = rollups->current;
	struct live_rows *expected = taken;

	/* It is away for the fraction of a microsecond that an addition takes. */
	while (!atomic_compare_exchange_weak_explicit(&rollups->active, &expected, rollups->spare,
						      memory_order_acq_rel, memory_order_relaxed)) {
		expected = taken;
		sched_yield();
	}
	rollups->current = rollups->spare;
	rollups->spare = taken;
	return taken;
}

static bool
has_unwritten(const struct minute *minute)
{
	for (size_t i = 0; i < minute->rows->count; i++) {
		if (minute->rows->rows[i].changed)
			return true;
	}
	return false;
}

/* The place of that minute: its own, an empty one, or that of the oldest, which is forgotten. NULL
 * where it is older than all. */
static struct minute *
place_of(struct redis_rollups *rollups, uint64_t number)
{
	struct minute *oldest = &rollups->minutes[0];

	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++) {
		struct minute *minute = &rollups->minutes[i];
		if (minute->minute == number && number != 0)
			return minute;
		if (minute->minute < oldest->minute)
			oldest = minute;
	}
	if (number == 0 || number < oldest->minute)
		return NULL;
	if (oldest->minute != 0 && has_unwritten(oldest)) {
		pthread_mutex_lock(&rollups->change);
		rollups->state.minutes_lost++;
		pthread_mutex_unlock(&rollups->change);
	}
	live_rows_clear(oldest->rows);
	oldest->minute = number;
	return oldest;
}

/* Sums what is new into its minutes. */
static void
sum_up(struct redis_rollups *rollups)
{
	struct live_rows *fresh = take_new(rollups);
	uint64_t lost = fresh->lost;

	for (size_t i = 0; i < fresh->count; i++) {
		const struct live_row *row = &fresh->rows[i];
		const struct live_key key = {row->minute, row->zone, row->operator_id,
					     row->exposure};
		struct minute *minute = place_of(rollups, row->minute);
		if (minute == NULL)
			lost++;
		else if (row->others)
			live_rows_add_others(minute->rows, row->minute, &row->sums);
		else
			live_rows_add(minute->rows, &key, &row->sums);
	}
	live_rows_clear(fresh);
	pthread_mutex_lock(&rollups->change);
	rollups->state.additions_lost += lost;
	pthread_mutex_unlock(&rollups->change);
}

static int
put_words(struct redis_rollups *rollups, size_t *replies, const char *const *words)
{
	(*replies)++;
	return redis_connection_put_words(rollups->redis, words);
}

/* Takes that many replies; the first that is an error is told. */
static int
take_replies(struct redis_rollups *rollups, size_t replies, char why[256])
{
	struct redis_reply reply;
	int first_error = 0;

	for (size_t i = 0; i < replies; i++) {
		char words[256];
		int error = redis_connection_take(rollups->redis, &reply, words);
		if (error == 0 && reply.kind == REDIS_KIND_ERROR) {
			printable_text_copy(reply.text, words, sizeof(words));
			error = redis_error_of(reply.text);
		}
		if (error != 0 && first_error == 0) {
			first_error = error;
			memcpy(why, words, sizeof(words));
		}
		if (error != 0 && reply.kind != REDIS_KIND_ERROR)
			return error; /* the connection is closed */
	}
	return first_error;
}

static const char *
expiry_text(char out[16])
{
	snprintf(out, 16, "%d", REDIS_ROLLUPS_EXPIRY_S);
	return out;
}

/* Writes the changed rows of a minute. */
static int
write_minute(struct redis_rollups *rollups, struct minute *minute, char why[256])
{
	struct live_command *c = &rollups->command;
	struct live_rows *rows = minute->rows;
	char expiry[16];
	size_t replies = 0, written = 0;
	int error = 0;

	live_command_begin(c, rollups->sensor, minute->minute);
	for (size_t i = 0; i < rows->count && error == 0; i++) {
		if (!rows->rows[i].changed)
			continue;
		written++;
		if (live_command_add(c, &rows->rows[i]))
			error = live_command_put(c, rollups->redis, &replies);
	}
	if (error == 0)
		error = live_command_put(c, rollups->redis, &replies);
	if (error == 0)
		error = put_words(
			rollups, &replies,
			(const char *const[]){"EXPIRE", c->key, expiry_text(expiry), NULL});
	if (error == 0)
		error = take_replies(rollups, replies, why);
	if (error != 0)
		return error;
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].changed = false;
	pthread_mutex_lock(&rollups->change);
	rollups->state.written += written;
	pthread_mutex_unlock(&rollups->change);
	return 0;
}

/* What tells a dashboard where to look: the sensor's own key, and the list of sensors. */
static int
write_state(struct redis_rollups *rollups, uint64_t newest, char why[256])
{
	char key[LIVE_KEY_MAX], minute[LIVE_MINUTE_LEN + 1], now[RFC3339_LEN + 1], expiry[16];
	char minutes_lost[24], additions_lost[24], score[24];
	size_t replies = 0;
	struct redis_rollups_state state;

	redis_rollups_tell(rollups, &state);
	live_minute_format(newest, minute);
	rfc3339_format(wall_ns(), now);
	snprintf(key, sizeof(key), "vigie:live:%s", rollups->sensor);
	snprintf(minutes_lost, sizeof(minutes_lost), "%" PRIu64, state.minutes_lost);
	snprintf(additions_lost, sizeof(additions_lost), "%" PRIu64, state.additions_lost);
	snprintf(score, sizeof(score), "%" PRIu64, newest * 60);
	int error = put_words(rollups, &replies,
			      (const char *const[]){"HSET", key, "newest", minute, "updated", now,
						    "started", rollups->started, "minutes_lost",
						    minutes_lost, "additions_lost", additions_lost,
						    NULL});
	if (error == 0)
		error = put_words(rollups, &replies,
				  (const char *const[]){"EXPIRE", key, expiry_text(expiry), NULL});
	if (error == 0)
		error = put_words(
			rollups, &replies,
			(const char *const[]){"ZADD", "vigie:live", score, rollups->sensor, NULL});
	return error != 0 ? error : take_replies(rollups, replies, why);
}

/* The oldest minute first, that has rows to be written; NULL. */
static struct minute *
next_minute(struct redis_rollups *rollups)
{
	struct minute *next = NULL;

	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++) {
		struct minute *minute = &rollups->minutes[i];
		if (minute->minute != 0 && (next == NULL || minute->minute < next->minute) &&
		    has_unwritten(minute))
			next = minute;
	}
	return next;
}

/* A server that was away may have come back empty. */
static void
write_again(struct redis_rollups *rollups)
{
	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++) {
		struct live_rows *rows = rollups->minutes[i].rows;
		for (size_t k = 0; k < rows->count; k++)
			rows->rows[k].changed = true;
	}
}

static int
write_all(struct redis_rollups *rollups, char why[256])
{
	struct minute *minute;
	uint64_t newest = 0;
	int error = 0;

	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++) {
		if (rollups->minutes[i].minute > newest)
			newest = rollups->minutes[i].minute;
	}
	if (!rollups->connected) {
		error = redis_connection_open(rollups->redis, why);
		rollups->connected = error == 0;
		if (rollups->connected)
			write_again(rollups);
	}
	while (error == 0 && (minute = next_minute(rollups)) != NULL)
		error = write_minute(rollups, minute, why);
	if (error == 0 && newest != 0)
		error = write_state(rollups, newest, why);
	return error;
}

/* One round: what is new is summed, and what changed is written. */
static void
work(struct redis_rollups *rollups)
{
	char why[256] = "";

	sum_up(rollups);
	int error = write_all(rollups, why);
	if (error != 0) {
		/* Replies may be on their way that nobody asks for any more. */
		redis_connection_close(rollups->redis);
		rollups->connected = false;
		if (why[0] == '\0')
			snprintf(why, sizeof(why), "%s", strerror(-error));
		secret_mask(rollups->config, why, sizeof(why));
	}
	pthread_mutex_lock(&rollups->change);
	rollups->state.connected = rollups->connected;
	memcpy(rollups->state.last_error, why, sizeof(why));
	pthread_mutex_unlock(&rollups->change);
}

/* Until the next round: the interval, or the end of the minute where that is sooner. */
static int
pause_ms(void)
{
	uint64_t left_ms = (MINUTE_NS - wall_ns() % MINUTE_NS) / 1000000 + 1;

	return left_ms < REDIS_ROLLUPS_INTERVAL_S * 1000 ? (int)left_ms
							 : REDIS_ROLLUPS_INTERVAL_S * 1000;
}

static void *
run(void *context)
{
	struct redis_rollups *rollups = context;
	struct pollfd wake = {.fd = rollups->wake, .events = POLLIN};

	while (!atomic_load(&rollups->ending)) {
		work(rollups);
		(void)poll(&wake, 1, pause_ms());
	}
	work(rollups); /* what came since */
	pthread_mutex_lock(&rollups->change);
	rollups->has_ended = true;
	pthread_cond_signal(&rollups->ended);
	pthread_mutex_unlock(&rollups->change);
	return NULL;
}

static void
release(struct redis_rollups *rollups)
{
	redis_connection_destroy(rollups->redis);
	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++)
		free(rollups->minutes[i].rows);
	free(rollups->current);
	free(rollups->spare);
	if (rollups->wake >= 0)
		close(rollups->wake);
	if (rollups->stop.fd >= 0)
		close(rollups->stop.fd);
	pthread_cond_destroy(&rollups->ended);
	pthread_mutex_destroy(&rollups->change);
	free(rollups);
}

static bool
make_parts(struct redis_rollups *rollups, const struct sink_config *config)
{
	bool good = true;

	rollups->config = config;
	rollups->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rollups->stop.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rollups->redis = redis_connection_create(config, &rollups->stop);
	rollups->current = live_rows_create();
	rollups->spare = live_rows_create();
	for (size_t i = 0; i < REDIS_ROLLUPS_MINUTES; i++) {
		rollups->minutes[i].rows = live_rows_create();
		good &= rollups->minutes[i].rows != NULL;
	}
	atomic_store(&rollups->active, rollups->current);
	return good && rollups->wake >= 0 && rollups->stop.fd >= 0 && rollups->redis != NULL &&
	       rollups->current != NULL && rollups->spare != NULL;
}

static void
init_monotonic(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct redis_rollups *
redis_rollups_create(const struct sink_config *config, const char *sensor, char why[256])
{
	struct redis_rollups *rollups = calloc(1, sizeof(*rollups));

	snprintf(why, 256, "out of memory");
	if (rollups == NULL)
		return NULL;
	rollups->wake = rollups->stop.fd = -1;
	pthread_mutex_init(&rollups->change, NULL);
	init_monotonic(&rollups->ended);
	live_escape(sensor, rollups->sensor);
	rfc3339_format(wall_ns(), rollups->started);
	if (!make_parts(rollups, config)) {
		release(rollups);
		return NULL;
	}
	int error = pthread_create(&rollups->thread, NULL, run, rollups);
	if (error != 0) {
		snprintf(why, 256, "no thread: %s", strerror(error));
		release(rollups);
		return NULL;
	}
	why[0] = '\0';
	return rollups;
}

void
redis_rollups_tell(struct redis_rollups *rollups, struct redis_rollups_state *out)
{
	pthread_mutex_lock(&rollups->change);
	*out = rollups->state;
	pthread_mutex_unlock(&rollups->change);
}

/* Wakes whoever waits for the descriptor. */
static void
signal_event(int fd)
{
	const uint64_t one = 1;

	/* It can only fail when it is signalled already. */
	if (write(fd, &one, sizeof(one)) != (ssize_t)sizeof(one))
		return;
}

void
redis_rollups_destroy(struct redis_rollups *rollups, unsigned grace_ms)
{
	struct timespec until;
	int waited = 0;

	if (rollups == NULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += grace_ms / 1000;
	until.tv_nsec += (long)(grace_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	atomic_store(&rollups->ending, true);
	signal_event(rollups->wake);
	pthread_mutex_lock(&rollups->change);
	while (!rollups->has_ended && waited == 0)
		waited = pthread_cond_timedwait(&rollups->ended, &rollups->change, &until);
	pthread_mutex_unlock(&rollups->change);
	atomic_store(&rollups->stop.wanted, true);
	signal_event(rollups->stop.fd);
	pthread_join(rollups->thread, NULL);
	release(rollups);
}
