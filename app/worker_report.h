/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the workers counted, handed to the summary. Call when their threads have ended.
 */
#pragma once

#include "dashboard-export/summary.h"
#include "dataplane/worker.h"

/** Adds up the counters of `count` workers; counters at zero are left out. */
void worker_report(struct summary *summary, struct worker *const *workers, unsigned count);
