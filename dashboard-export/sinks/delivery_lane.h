/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One sink's thread: reads the journal behind its cursor, sends, moves the cursor. delivery.c owns
 * the lanes.
 */
#pragma once

#include <pthread.h>

#include "dashboard-export/sinks/back_off.h"
#include "dashboard-export/sinks/delivery.h"
#include "dashboard-export/sinks/delivery_batch.h"
#include "dashboard-export/sinks/delivery_flows.h"
#include "dashboard-export/sinks/delivery_pace.h"
#include "dashboard-export/sinks/delivery_window.h"
#include "dashboard-export/sinks/transport.h"

/** Seconds over which the rate is taken. */
#define LANE_RATE_S 10

/** A lane belongs to its thread, but for what is named otherwise. */
struct delivery_lane {
	const struct delivery_config *config;
	const struct sink_config *sink;
	pthread_t thread;
	bool running;
	struct transport_stop stop; /* set by delivery_stop */
	atomic_bool finishing;      /* set by delivery_stop: send what there is, then end */
	struct delivery_flows flows;
	pthread_mutex_t lock;     /* of `shown` */
	struct sink_cursor shown; /* what others see of `cursor` */
	/* The thread's own. */
	struct transport *transport;
	struct cursors *cursors;
	struct journal_reader *reader;
	struct delivery_batch *batch;
	struct delivery_window window;
	struct sink_cursor cursor;
	struct back_off back_off;
	uint64_t sent; /* rows up to here were written on this connection, or arrived before */
	struct delivery_pace pace;
	bool connected;
	unsigned breaks; /* with something in doubt, and nothing settled between them */
	bool told_failing;
	uint64_t told_refused_ns;
	uint64_t unsaved_since_ns;
	uint64_t failing_mono_ns; /* since when, by the monotonic clock; 0: it works */
	uint64_t refused_untold;
	uint64_t next_send_ns; /* by the rate limit */
	uint64_t rate_second;
	uint32_t rate_counts[LANE_RATE_S];
};

/** Opens what the lane needs. Returns 0 or -errno with `why`; lane_close in either case. */
int lane_open(struct delivery_lane *lane, const struct delivery_config *config,
	      const struct sink_config *sink, char why[256]);

/** Starts and ends its thread; once it has ended, closes what lane_open opened. */
int lane_start(struct delivery_lane *lane);
void lane_close(struct delivery_lane *lane);
