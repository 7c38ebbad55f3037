/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups judged flows into alerts, one for each key and day, and hands them on. Bounded: when it is
 * full, the alert that was added to longest ago is handed on early, and counted. One thread owns
 * it.
 */
#pragma once

#include <stdint.h>

#include "classifier/policy/flow_progress.h"
#include "dashboard-export/alert.h"
#include "dashboard-export/site_key.h"

struct alert_table;

/** Receives an alert that reached the minimum; borrowed for the call. 0 or -errno, which is kept.
 */
typedef int (*alert_function)(void *context, const struct alert *alert);

struct alert_table_config {
	struct site_key key;
	enum severity minimum; /**< alerts are those whose highest severity before exceptions is at
				  least this */
	uint32_t max_alerts;
	bool live; /**< hand on at once when the minimum is reached and when the severity changes */
	uint64_t update_ns; /**< live: and so long after that where its sums have grown; 0: no */
	alert_function on_alert;
	void *context;
};

#define ALERT_TABLE_DEFAULT 65536u

/** Copies the configuration. NULL with errno; free with alert_table_destroy (NULL allowed). */
struct alert_table *alert_table_create(const struct alert_table_config *config);
void alert_table_destroy(struct alert_table *table);

/** Has the processor fetch what adding the flow will look at; it may be added next, or not. */
void alert_table_prefetch(struct alert_table *table, const struct judged_flow *flow);

/** Adds what is new of a flow with a verdict. Returns 0, -ENOMEM, or the receiver's error. */
int alert_table_add(struct alert_table *table, const struct judged_flow *flow,
		    const struct flow_fresh *fresh);

/** Adds a finding; the same rule, zone, subject and day again only makes it longer. */
int alert_table_add_finding(struct alert_table *table, const struct judged_finding *finding);

/** Time has passed, by the wall clock: hands on what has grown and was not told for long enough.
 * Walks the whole table. */
int alert_table_update(struct alert_table *table, uint64_t now_ns);

/** Hands on, by first packet time and id, all that changed since it was handed on, of days before
 * `day`, and forgets these. INT32_MAX: all. */
int alert_table_flush(struct alert_table *table, int32_t day);

/** Alerts handed on early to make room. */
uint64_t alert_table_evicted(const struct alert_table *table);
