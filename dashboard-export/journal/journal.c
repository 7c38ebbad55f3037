/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer's thread: takes what waits, commits it, tells those who wait for it. What the disk
 * does not take stays at the front of the queue and is tried again.
 */
#include "dashboard-export/journal/journal.h"

#include "base/clock.h"
#include "dashboard-export/journal/journal_opening.h"
#include "dashboard-export/journal/journal_queue.h"
#include "dashboard-export/journal/journal_writer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A commit comes so long after its first entry, or with so many, at the latest. */
#define GROUP_MS 100
#define GROUP_ENTRIES 1000
/* Pause after the disk has taken nothing. */
#define RETRY_MS 500
#define CLOSE_MS 5000
/* So many in one run: a disk that damages each is beyond help. */
#define JOURNALS_MAX 8
/* A disk that takes nothing for so long is as good as one that fails: until then who appends waits.
 */
#define STALL_MS 10000

struct journal {
	struct journal_lock *path_lock;
	struct journal_chain *chain;
	struct journal_writer *writer;
	struct journal_queue queue;
	pthread_t thread;
	bool running;
	char *path;
	/* Ids of the journal, and of those that took its place while it ran: never overwritten, so
	   that anybody may hold one. */
	char ids[JOURNALS_MAX][JOURNAL_ID_LEN + 1];
	_Atomic unsigned current; /* whose rows are written; by the writer's thread */
	_Atomic uint64_t durable; /* the same */
	/* Under `lock`. */
	pthread_mutex_t lock;
	pthread_cond_t progress;
	uint64_t written;  /* entries, since the start */
	uint64_t appended; /* entries that were taken into the queue, since the start */
	uint64_t refused;
	bool stalled; /* the disk takes nothing: nobody waits for it */
	uint64_t failing_since;
	char failure[256];
	struct journal_opening replaced; /* the last one that was found damaged while it ran */
	bool has_replaced;
	bool give_up; /* closing, and the disk takes nothing */
};

static void
note_success(struct journal *j, size_t written)
{
	pthread_mutex_lock(&j->lock);
	atomic_store_explicit(&j->durable, journal_writer_head(j->writer), memory_order_release);
	j->written += written;
	j->failing_since = 0;
	j->stalled = false;
	pthread_cond_broadcast(&j->progress);
	pthread_mutex_unlock(&j->lock);
}

/* False: it is closing, and what waits is given up. */
static bool
note_failure(struct journal *j)
{
	pthread_mutex_lock(&j->lock);
	if (j->failing_since == 0)
		j->failing_since = clock_monotonic_ns();
	(void)snprintf(j->failure, sizeof(j->failure), "%s",
		       j->writer != NULL ? journal_writer_error(j->writer)
					 : "it is damaged, and no other can be made");
	pthread_cond_broadcast(&j->progress);
	bool go_on = !j->give_up;
	pthread_mutex_unlock(&j->lock);
	return go_on;
}

/* How many entries wait at the front, up to `max`. */
static size_t
count_waiting(struct journal *j, size_t max, const struct queued_entry **first)
{
	pthread_mutex_lock(&j->queue.lock);
	size_t waiting = j->queue.entries < max ? j->queue.entries : max;
	*first = j->queue.first;
	pthread_mutex_unlock(&j->queue.lock);
	return waiting;
}

static void
pause_ms(unsigned ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000},
		  NULL);
}

/* Retention, a part at a time, so that alerts do not wait for it. */
static void
expire_some(struct journal *j, struct journal_expiry *expiry)
{
	if (!expiry->wanted)
		return;
	int removed = journal_writer_expire(j->writer, expiry->recorded_before);
	if (removed > 0) {
		note_success(j, 0);
		journal_queue_hurry(&j->queue);
		return;
	}
	if (removed == 0)
		removed = journal_writer_expire_rollups(j->writer, expiry);
	if (removed < 0)
		(void)note_failure(j);
	expiry->wanted = false;
}

/*
 * What is damaged does not mend by being tried again: it is put aside, and what waits goes into a
 * new journal. False where that cannot be done either.
 */
static bool
replace(struct journal *j)
{
	unsigned next = atomic_load(&j->current) + 1;
	struct journal_opening opening = {0};
	char why[256];

	if (next == JOURNALS_MAX)
		return false;
	(void)snprintf(opening.what, sizeof(opening.what), "%s", journal_writer_error(j->writer));
	journal_writer_close(j->writer);
	j->writer = journal_opening_replace(j->path, j->chain, &opening, why);
	if (j->writer == NULL) {
		/* As it was, so that there is something to try again with. */
		j->writer = journal_writer_open(j->path, j->chain, why);
		return false;
	}
	pthread_mutex_lock(&j->lock);
	(void)snprintf(j->ids[next], sizeof(j->ids[next]), "%s", journal_writer_id(j->writer));
	j->replaced = opening;
	j->has_replaced = true;
	atomic_store(&j->durable, 0);
	atomic_store(&j->current, next);
	pthread_mutex_unlock(&j->lock);
	return true;
}

/* One commit of what waits. False where nothing more is to be tried. */
static bool
commit_some(struct journal *j, struct queued_rollups **rollups)
{
	const struct queued_entry *first;
	size_t waiting = count_waiting(j, GROUP_ENTRIES, &first);

	if (*rollups == NULL)
		*rollups = journal_queue_take_rollups(&j->queue);
	if (waiting == 0 && *rollups == NULL)
		return true;
	int written = journal_writer_commit(j->writer, first, waiting, *rollups);
	if (written == -EUCLEAN && replace(j))
		return true;
	if (written < 0) {
		if (!note_failure(j) || j->writer == NULL)
			return false;
		pause_ms(RETRY_MS);
		return true;
	}
	journal_queue_drop(&j->queue, (size_t)written);
	journal_queue_free_rollups(*rollups);
	*rollups = NULL;
	note_success(j, (size_t)written);
	return true;
}

static void *
writer_main(void *context)
{
	struct journal *j = context;
	struct queued_rollups *rollups = NULL;
	struct journal_expiry expiry = {0};

	while (journal_queue_wait(&j->queue, GROUP_ENTRIES, GROUP_MS)) {
		if (!commit_some(j, &rollups))
			break;
		struct journal_expiry asked = journal_queue_take_expiry(&j->queue);
		if (asked.wanted)
			expiry = asked;
		expire_some(j, &expiry);
	}
	journal_queue_free_rollups(rollups);
	return NULL;
}

static int
init_waiting(struct journal *j)
{
	pthread_condattr_t attributes;
	int error = pthread_mutex_init(&j->lock, NULL);

	if (error != 0)
		return -error;
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	error = pthread_cond_init(&j->progress, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	if (error == 0)
		error = -journal_queue_init(&j->queue);
	return -error;
}

static void
destroy(struct journal *j)
{
	journal_writer_close(j->writer);
	journal_chain_destroy(j->chain);
	journal_lock_release(j->path_lock);
	free(j->path);
	free(j);
}

static int
start(struct journal *j, const struct journal_config *config, struct journal_opening *opening,
      char why[256])
{
	j->path_lock = journal_lock_take(config->path, why);
	if (j->path_lock == NULL)
		return -errno;
	j->chain = journal_chain_create(config->key);
	j->path = strdup(config->path);
	if (j->chain == NULL || j->path == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return -ENOMEM;
	}
	j->writer = journal_opening_run(config, j->chain, opening, why);
	if (j->writer == NULL)
		return -errno;
	(void)snprintf(j->ids[0], sizeof(j->ids[0]), "%s", journal_writer_id(j->writer));
	atomic_store(&j->durable, journal_writer_head(j->writer));
	int error = init_waiting(j);
	if (error == 0)
		error = -pthread_create(&j->thread, NULL, writer_main, j);
	if (error != 0)
		(void)snprintf(why, 256, "the writer does not start: %s", strerror(-error));
	return error;
}

struct journal *
journal_open(const struct journal_config *config, struct journal_opening *opening, char why[256])
{
	struct journal *j = calloc(1, sizeof(*j));

	*opening = (struct journal_opening){0};
	if (j == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return NULL;
	}
	int error = start(j, config, opening, why);
	if (error == 0)
		return j;
	destroy(j);
	errno = -error;
	return NULL;
}

static struct timespec
in_ms(unsigned ms)
{
	uint64_t at = clock_monotonic_ns() + (uint64_t)ms * 1000000u;

	return (struct timespec){.tv_sec = (time_t)(at / 1000000000u),
				 .tv_nsec = (long)(at % 1000000000u)};
}

/* Waits until the disk has taken something. False where it fails, or takes nothing for too long. */
static bool
wait_for_room(struct journal *j)
{
	struct timespec until = in_ms(STALL_MS);
	int waiting = 0;

	pthread_mutex_lock(&j->lock);
	uint64_t before = j->written;
	while (j->written == before && j->failing_since == 0 && !j->stalled && waiting != ETIMEDOUT)
		waiting = pthread_cond_timedwait(&j->progress, &j->lock, &until);
	bool moves = j->written != before && j->failing_since == 0;
	j->stalled = !moves;
	pthread_mutex_unlock(&j->lock);
	return moves;
}

int
journal_append(struct journal *journal, const struct journal_entry *entry)
{
	int error = journal_queue_add(&journal->queue, entry);

	while (error == -EAGAIN && wait_for_room(journal))
		error = journal_queue_add(&journal->queue, entry);
	pthread_mutex_lock(&journal->lock);
	journal->appended += error == 0;
	journal->refused += error != 0;
	pthread_mutex_unlock(&journal->lock);
	return error;
}

int
journal_add_rollups(struct journal *journal, struct rollup *rows, size_t count)
{
	return journal_queue_add_rollups(&journal->queue, rows, count);
}

void
journal_expire(struct journal *journal, const struct journal_expiry *expiry)
{
	journal_queue_expire(&journal->queue, expiry);
}

uint64_t
journal_durable(const struct journal *journal)
{
	return atomic_load_explicit(&journal->durable, memory_order_acquire);
}

uint64_t
journal_wait(struct journal *journal, uint64_t sequence, unsigned timeout_ms)
{
	struct timespec until = in_ms(timeout_ms);

	pthread_mutex_lock(&journal->lock);
	while (journal_durable(journal) <= sequence &&
	       pthread_cond_timedwait(&journal->progress, &journal->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&journal->lock);
	return journal_durable(journal);
}

int
journal_flush(struct journal *journal, unsigned timeout_ms)
{
	struct timespec until = in_ms(timeout_ms);
	int waiting = 0;

	journal_queue_hurry(&journal->queue);
	pthread_mutex_lock(&journal->lock);
	uint64_t wanted = journal->appended, written = journal->written;
	while (journal->written < wanted && waiting != ETIMEDOUT) {
		waiting = pthread_cond_timedwait(&journal->progress, &journal->lock, &until);
		if (journal->written == written)
			continue;
		written = journal->written;
		until = in_ms(timeout_ms);
		waiting = 0;
	}
	bool done = journal->written >= wanted;
	pthread_mutex_unlock(&journal->lock);
	return done ? 0 : -ETIMEDOUT;
}

uint64_t
journal_refused(struct journal *journal)
{
	pthread_mutex_lock(&journal->lock);
	uint64_t refused = journal->refused;
	pthread_mutex_unlock(&journal->lock);
	return refused;
}

uint64_t
journal_failing_since(struct journal *journal, char why[256])
{
	pthread_mutex_lock(&journal->lock);
	uint64_t since = journal->failing_since;
	(void)snprintf(why, 256, "%s", since != 0 ? journal->failure : "");
	pthread_mutex_unlock(&journal->lock);
	return since;
}

const char *
journal_id(const struct journal *journal)
{
	return journal->ids[atomic_load(&journal->current)];
}

bool
journal_take_replaced(struct journal *journal, struct journal_opening *out)
{
	pthread_mutex_lock(&journal->lock);
	bool has = journal->has_replaced;
	if (has)
		*out = journal->replaced;
	journal->has_replaced = false;
	pthread_mutex_unlock(&journal->lock);
	return has;
}

uint64_t
journal_close(struct journal *journal)
{
	if (journal == NULL)
		return 0;
	(void)journal_flush(journal, CLOSE_MS);
	pthread_mutex_lock(&journal->lock);
	journal->give_up = true;
	pthread_mutex_unlock(&journal->lock);
	pthread_mutex_lock(&journal->queue.lock);
	journal->queue.closed = true;
	pthread_cond_signal(&journal->queue.added);
	pthread_mutex_unlock(&journal->queue.lock);
	(void)pthread_join(journal->thread, NULL);
	uint64_t lost = journal->refused + journal->appended - journal->written;
	journal_queue_fini(&journal->queue);
	(void)pthread_cond_destroy(&journal->progress);
	(void)pthread_mutex_destroy(&journal->lock);
	destroy(journal);
	return lost;
}
