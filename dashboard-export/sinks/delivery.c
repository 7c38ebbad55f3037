/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery.h"

#include "dashboard-export/sinks/delivery_lane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct delivery {
	struct delivery_config config;
	size_t count;
	bool wants_flows;
	struct delivery_lane lanes[];
};

static int
open_lanes(struct delivery *d, char why[256])
{
	for (size_t i = 0; i < d->config.sink_count; i++) {
		const struct sink_config *sink = &d->config.sinks[i];
		char reason[256] = "";
		d->count = i + 1;
		int error = lane_open(&d->lanes[i], &d->config, sink, reason);
		if (error != 0) {
			(void)snprintf(why, 256, "sink %.64s: %.180s", sink->name, reason);
			return error;
		}
		d->wants_flows |= sink->flows;
	}
	return 0;
}

static int
start_lanes(struct delivery *d, char why[256])
{
	for (size_t i = 0; i < d->count; i++) {
		int error = lane_start(&d->lanes[i]);
		if (error != 0) {
			(void)snprintf(why, 256, "sink %.64s: no thread: %.100s",
				       d->lanes[i].sink->name, strerror(-error));
			return error;
		}
	}
	return 0;
}

struct delivery *
delivery_start(const struct delivery_config *config, char why[256])
{
	struct delivery *d = calloc(1, sizeof(*d) + config->sink_count * sizeof(*d->lanes));

	if (d == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return NULL;
	}
	d->config = *config;
	int error = open_lanes(d, why);
	if (error == 0)
		error = start_lanes(d, why);
	if (error == 0)
		return d;
	delivery_stop(d, 0);
	errno = -error;
	return NULL;
}

bool
delivery_wants_flows(const struct delivery *delivery)
{
	return delivery->wants_flows;
}

void
delivery_add_flow(struct delivery *delivery, const char *line, size_t len)
{
	for (size_t i = 0; i < delivery->count; i++) {
		if (delivery->lanes[i].sink->flows)
			delivery_flows_add(&delivery->lanes[i].flows, line, len);
	}
}

void
delivery_tell(struct delivery *delivery, size_t index, struct sink_cursor *out, uint64_t *backlog)
{
	struct delivery_lane *lane = &delivery->lanes[index];

	pthread_mutex_lock(&lane->lock);
	*out = lane->shown;
	pthread_mutex_unlock(&lane->lock);
	uint64_t durable = journal_durable(delivery->config.journal);
	*backlog =
		lane->sink->alerts && durable > out->acknowledged ? durable - out->acknowledged : 0;
}

static bool
all_ended(struct delivery *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->lanes[i].running && pthread_tryjoin_np(d->lanes[i].thread, NULL) != 0)
			return false;
		d->lanes[i].running = false;
	}
	return true;
}

static void
end_lanes(struct delivery *d)
{
	const uint64_t one = 1;

	for (size_t i = 0; i < d->count; i++) {
		struct delivery_lane *lane = &d->lanes[i];
		atomic_store(&lane->stop.wanted, true);
		if (lane->stop.fd >= 0 && write(lane->stop.fd, &one, sizeof(one)) < 0)
			continue; /* full: it is readable already */
	}
}

void
delivery_stop(struct delivery *delivery, unsigned grace_ms)
{
	if (delivery == NULL)
		return;
	for (size_t i = 0; i < delivery->count; i++)
		atomic_store(&delivery->lanes[i].finishing, true);
	for (unsigned waited = 0; waited < grace_ms && !all_ended(delivery); waited += 10)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	end_lanes(delivery);
	for (size_t i = 0; i < delivery->count; i++)
		lane_close(&delivery->lanes[i]);
	free(delivery);
}
