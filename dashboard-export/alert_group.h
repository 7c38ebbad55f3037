/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an alert grows out of flows: who is the first, who the highest, what is summed. Knows one
 * alert; which flows belong together is the table's business (alert_table.h).
 */
#pragma once

#include "classifier/policy/flow_progress.h"
#include "dashboard-export/alert.h"

/** An alert without flows; `id` is of ALERT_ID_LEN digits, or NULL: it gets one when it reaches the
 * minimum. Free what it comes to own with alert_fini. */
void alert_init(struct alert *alert, const char *id, int32_t day, enum severity minimum);

/** Puts into `room` what fits there; for an alert without flows. Borrowed until alert_fini. */
void alert_use_room(struct alert *alert, struct alert_room *room);

/** Adds what is new of a flow. Returns 0 or -ENOMEM; the flow is then not or partly in. */
int
alert_add_flow(struct alert *alert, const struct judged_flow *flow, const struct flow_fresh *fresh);

/** Makes an alert without flows that of a finding. Returns 0 or -ENOMEM. */
int alert_set_finding(struct alert *alert, const struct judged_finding *finding);

/** Another flow shows the same finding: it lasts from the first of them to the latest. */
void alert_extend_finding(struct alert *alert, const struct judged_finding *finding);

/** Whether its highest severity before exceptions, or that of the finding, makes it an alert. */
bool alert_reached_minimum(const struct alert *alert);

/** Frees what the alert owns. */
void alert_fini(struct alert *alert);
