/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_flows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void
delivery_flows_init(struct delivery_flows *f)
{
	*f = (struct delivery_flows){.lock = PTHREAD_MUTEX_INITIALIZER};
	f->last = &f->first;
}

void
delivery_flows_fini(struct delivery_flows *f)
{
	delivery_flows_drop(f, f->count);
	(void)pthread_mutex_destroy(&f->lock);
}

void
delivery_flows_add(struct delivery_flows *f, const char *line, size_t len)
{
	struct flow_line *copy = malloc(sizeof(*copy) + len);

	pthread_mutex_lock(&f->lock);
	bool taken = copy != NULL && f->count < DELIVERY_FLOWS_MAX &&
		     f->bytes + len <= DELIVERY_FLOW_BYTES_MAX;
	if (taken) {
		copy->next = NULL;
		copy->len = len;
		memcpy(copy->bytes, line, len);
		*f->last = copy;
		f->last = &copy->next;
		f->count++;
		f->bytes += len;
	} else {
		f->dropped++;
	}
	pthread_mutex_unlock(&f->lock);
	if (!taken)
		free(copy);
}

const struct flow_line *
delivery_flows_first(struct delivery_flows *f)
{
	pthread_mutex_lock(&f->lock);
	const struct flow_line *first = f->first;
	pthread_mutex_unlock(&f->lock);
	return first;
}

size_t
delivery_flows_count(struct delivery_flows *f)
{
	pthread_mutex_lock(&f->lock);
	size_t count = f->count;
	pthread_mutex_unlock(&f->lock);
	return count;
}

void
delivery_flows_drop(struct delivery_flows *f, size_t count)
{
	struct flow_line *dropped = NULL;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < count; i++) {
		struct flow_line *line = f->first;
		f->first = line->next;
		f->count--;
		f->bytes -= line->len;
		line->next = dropped;
		dropped = line;
	}
	if (f->first == NULL)
		f->last = &f->first;
	pthread_mutex_unlock(&f->lock);
	for (struct flow_line *next; dropped != NULL; dropped = next) {
		next = dropped->next;
		free(dropped);
	}
}

uint64_t
delivery_flows_dropped(struct delivery_flows *f)
{
	pthread_mutex_lock(&f->lock);
	uint64_t dropped = f->dropped;
	pthread_mutex_unlock(&f->lock);
	return dropped;
}
