/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Sums of many minutes may wait; more than that is dropped, as they are no alerts. */
#define ROLLUP_BATCHES 64

int
journal_queue_init(struct journal_queue *q)
{
	pthread_condattr_t attributes;

	*q = (struct journal_queue){0};
	q->last = &q->first;
	q->last_rollups = &q->first_rollups;
	int error = pthread_mutex_init(&q->lock, NULL);
	if (error != 0)
		return -error;
	error = pthread_condattr_init(&attributes);
	if (error == 0) {
		(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
		error = pthread_cond_init(&q->added, &attributes);
		(void)pthread_condattr_destroy(&attributes);
	}
	if (error != 0)
		(void)pthread_mutex_destroy(&q->lock);
	return -error;
}

void
journal_queue_fini(struct journal_queue *q)
{
	journal_queue_drop(q, q->entries);
	journal_queue_free_rollups(journal_queue_take_rollups(q));
	(void)pthread_cond_destroy(&q->added);
	(void)pthread_mutex_destroy(&q->lock);
}

static size_t
text_size(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

static const char *
put_text(char **at, const char *text)
{
	size_t size = text_size(text);
	char *here = *at;

	if (text == NULL)
		return NULL;
	*at += size;
	return memcpy(here, text, size);
}

static size_t
entry_size(const struct journal_entry *e)
{
	return sizeof(struct queued_entry) + text_size(e->id) + text_size(e->rule) +
	       text_size(e->zone) + e->len;
}

static struct queued_entry *
copy_entry(const struct journal_entry *e)
{
	struct queued_entry *copy = malloc(entry_size(e));

	if (copy == NULL)
		return NULL;
	char *at = copy->bytes;
	copy->next = NULL;
	copy->entry = *e;
	copy->entry.id = put_text(&at, e->id);
	copy->entry.rule = put_text(&at, e->rule);
	copy->entry.zone = put_text(&at, e->zone);
	copy->entry.content = memcpy(at, e->content, e->len);
	return copy;
}

static bool
has_room(const struct journal_queue *q, size_t size)
{
	return !q->closed && q->entries < JOURNAL_QUEUE_ENTRIES &&
	       q->bytes + size <= JOURNAL_QUEUE_BYTES;
}

int
journal_queue_add(struct journal_queue *q, const struct journal_entry *entry)
{
	struct queued_entry *copy = copy_entry(entry);
	size_t size = entry_size(entry);

	if (copy == NULL)
		return -ENOMEM;
	pthread_mutex_lock(&q->lock);
	bool taken = has_room(q, size);
	if (taken) {
		*q->last = copy;
		q->last = &copy->next;
		q->entries++;
		q->bytes += size;
		pthread_cond_signal(&q->added);
	}
	pthread_mutex_unlock(&q->lock);
	if (!taken)
		free(copy);
	return taken ? 0 : -EAGAIN;
}

int
journal_queue_add_rollups(struct journal_queue *q, struct rollup *rows, size_t count)
{
	struct queued_rollups *batch = malloc(sizeof(*batch));

	if (batch == NULL) {
		free(rows);
		return -ENOMEM;
	}
	*batch = (struct queued_rollups){.rows = rows, .count = count};
	pthread_mutex_lock(&q->lock);
	bool taken = !q->closed && q->rollup_batches < ROLLUP_BATCHES;
	if (taken) {
		*q->last_rollups = batch;
		q->last_rollups = &batch->next;
		q->rollup_batches++;
		pthread_cond_signal(&q->added);
	}
	pthread_mutex_unlock(&q->lock);
	if (!taken)
		journal_queue_free_rollups(batch);
	return taken ? 0 : -EAGAIN;
}

void
journal_queue_expire(struct journal_queue *q, const struct journal_expiry *expiry)
{
	pthread_mutex_lock(&q->lock);
	q->expiry = *expiry;
	q->expiry.wanted = true;
	pthread_cond_signal(&q->added);
	pthread_mutex_unlock(&q->lock);
}

struct journal_expiry
journal_queue_take_expiry(struct journal_queue *q)
{
	pthread_mutex_lock(&q->lock);
	struct journal_expiry taken = q->expiry;
	q->expiry.wanted = false;
	pthread_mutex_unlock(&q->lock);
	return taken;
}

void
journal_queue_hurry(struct journal_queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->hurry = true;
	pthread_cond_signal(&q->added);
	pthread_mutex_unlock(&q->lock);
}

static bool
has_work(const struct journal_queue *q)
{
	return q->entries > 0 || q->first_rollups != NULL || q->expiry.wanted;
}

static struct timespec
in_ms(unsigned ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

bool
journal_queue_wait(struct journal_queue *q, size_t wanted, unsigned wait_ms)
{
	pthread_mutex_lock(&q->lock);
	while (!has_work(q) && !q->closed && !q->hurry)
		pthread_cond_wait(&q->added, &q->lock);
	struct timespec until = in_ms(wait_ms);
	while (q->entries < wanted && !q->closed && !q->hurry) {
		if (pthread_cond_timedwait(&q->added, &q->lock, &until) == ETIMEDOUT)
			break;
	}
	q->hurry = false;
	bool more = has_work(q) || !q->closed;
	pthread_mutex_unlock(&q->lock);
	return more;
}

void
journal_queue_drop(struct journal_queue *q, size_t count)
{
	struct queued_entry *dropped = NULL;

	pthread_mutex_lock(&q->lock);
	for (size_t i = 0; i < count; i++) {
		struct queued_entry *e = q->first;
		q->bytes -= entry_size(&e->entry);
		q->entries--;
		q->first = e->next;
		e->next = dropped;
		dropped = e;
	}
	if (q->first == NULL)
		q->last = &q->first;
	pthread_mutex_unlock(&q->lock);
	for (struct queued_entry *e = dropped, *next; e != NULL; e = next) {
		next = e->next;
		free(e);
	}
}

struct queued_rollups *
journal_queue_take_rollups(struct journal_queue *q)
{
	pthread_mutex_lock(&q->lock);
	struct queued_rollups *taken = q->first_rollups;
	q->first_rollups = NULL;
	q->last_rollups = &q->first_rollups;
	q->rollup_batches = 0;
	pthread_mutex_unlock(&q->lock);
	return taken;
}

void
journal_queue_free_rollups(struct queued_rollups *rollups)
{
	for (struct queued_rollups *next; rollups != NULL; rollups = next) {
		next = rollups->next;
		free(rollups->rows);
		free(rollups);
	}
}
