/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one consumer of all workers' rings: takes their messages in one order, by packet time, then
 * by packet number, then by flow id, so that what comes out does not depend on how many workers
 * there were.
 */
#pragma once

#include "app/judge.h"
#include "app/name_disputes.h"
#include "base/message_ring.h"

/** Called now and then from the analysis thread while it waits or works; for progress and status
 * lines. */
typedef void (*analysis_tick)(void *context);

struct analysis {
	struct judge *judge;
	struct message_ring *const *rings;
	unsigned ring_count; /**< at most SETTINGS_WORKERS_MAX */
	analysis_tick tick;  /**< or NULL */
	void *tick_context;
	struct name_disputes *disputes; /**< or NULL: nobody is told */
};

/** Runs until every ring has ended and is empty. Returns 0, or the first error of the outputs as
 * -errno. */
int analysis_run(const struct analysis *analysis);
