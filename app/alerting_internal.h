/* SPDX-License-Identifier: Apache-2.0 */
/* What alerting.c and alerting_watch.c share. */
#pragma once

#include <pthread.h>

#include "app/alerting.h"
#include "dashboard-export/alert_limiter.h"
#include "dashboard-export/flow_json.h"
#include "dashboard-export/journal/journal.h"
#include "dashboard-export/journal/rollup_table.h"
#include "dashboard-export/sinks/delivery.h"
#include "dashboard-export/sinks/redis_rollups.h"

/* Redis servers that may get sums of each minute. */
#define ALERTING_MINUTES_MAX 8

struct alerting {
	struct alerting_config config;
	struct journal *journal;
	struct delivery *delivery;     /* or NULL */
	struct cursors *cursors;       /* for the journal's head; or NULL */
	struct alert_limiter *limiter; /* live */
	struct rollup_table *rollups;
	uint64_t rollups_lost;
	struct redis_rollups *minutes[ALERTING_MINUTES_MAX]; /* of sinks that want sums by minute */
	size_t minutes_count;
	pthread_mutex_t id_lock; /* notes come from every sink's thread */
	struct keyed_hash *ids;
	/* When what was last done, by the monotonic clock. */
	uint64_t rollups_ns, expired_ns, looked_ns, head_ns;
	uint64_t started_ns, started_wall_ns;
	uint64_t refused_told;
	bool journal_failing_told;
	bool hurried;
	bool disk_told;
	char json[ALERT_JSON_MAX];
	char flow_json[FLOW_JSON_MAX];
};

/** A journal that begins anew is told on stderr, and by an alert in it; nothing where it does not.
 */
void alerting_tell_damage(struct alerting *alerting, const struct journal_opening *opening);

/** Hands the sums to the journal. */
void alerting_flush_rollups(struct alerting *alerting);

/** Tells what was held back up to `now_ns`; UINT64_MAX: all. */
void alerting_tell_floods(struct alerting *alerting, uint64_t now_ns);

/** A note with times and a severity of its own. As alerting_note. */
int alerting_put_note(struct alerting *alerting, const struct sensor_note *note);
