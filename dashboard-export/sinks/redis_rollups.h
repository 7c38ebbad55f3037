/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes where, minute by minute, in Redis, for dashboards that want to see it now
 * (docs/redis.md has keys and fields). The journal keeps the same for good; here a figure may be
 * lost: where Redis is away for longer than REDIS_ROLLUPS_MINUTES, what is then too old is counted
 * and forgotten. Memory never grows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dashboard-export/sinks/sink_config.h"

/** Minutes that are kept until Redis has them, and for what comes late. */
#define REDIS_ROLLUPS_MINUTES 6

/** Seconds between two writes. */
#define REDIS_ROLLUPS_INTERVAL_S 2

/** Seconds that Redis keeps a minute. */
#define REDIS_ROLLUPS_EXPIRY_S 7200

struct redis_rollups;

/** How it goes. */
struct redis_rollups_state {
	bool connected;
	uint64_t written;        /**< rows, ever */
	uint64_t minutes_lost;   /**< that were forgotten before Redis had all of them */
	uint64_t additions_lost; /**< for minutes long past, or without any room */
	char last_error[256];    /**< "" while it works */
};

/**
 * Starts the thread that writes. Of `config` it uses how to reach and log in to Redis; `sensor`
 * names the keys. Borrows both. NULL with `why`.
 */
struct redis_rollups *
redis_rollups_create(const struct sink_config *config, const char *sensor, char why[256]);

/**
 * Adds to the sums of the minute of `time_ns` (since 1970 UTC): payload bytes `up` and `down`,
 * `flows` that are new. Texts may be NULL, where it is not known. Never waits, allocates nothing.
 * Analysis thread only.
 */
void redis_rollups_add(struct redis_rollups *rollups, uint64_t time_ns, const char *zone,
		       const char *operator_id, const char *exposure, uint64_t up, uint64_t down,
		       uint64_t flows);

/** Any thread. */
void redis_rollups_tell(struct redis_rollups *rollups, struct redis_rollups_state *out);

/** Writes what is there, for at most `grace_ms`, and ends the thread. NULL is allowed. */
void redis_rollups_destroy(struct redis_rollups *rollups, unsigned grace_ms);
