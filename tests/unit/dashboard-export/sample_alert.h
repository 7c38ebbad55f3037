/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts made by hand out of sample flows, with the shipped rule book, for the tests of what
 * becomes of alerts.
 */
#pragma once

#include "classifier/policy/rule_book.h"
#include "dashboard-export/alert_group.h"
#include "tests/unit/dashboard-export/sample_flow.h"

/** An id of 32 digits. */
#define SAMPLE_ALERT_ID "00112233445566778899aabbccddeeff"

/** configs/policy; loaded once, never freed. */
const struct rule_book *sample_rules(void);

/** What a flow's only record adds: all of it. */
struct flow_fresh sample_fresh(const struct sample_flow *sample);

/** 64 MiB from zone licences to an address of AWS under a name, high by rule ECO-USA. */
void sample_upload_init(struct sample_flow *sample);

/** An alert of one flow. Free with alert_fini. */
void sample_alert_init(struct alert *alert, const struct sample_flow *sample);

/** Adds another flow. */
void sample_alert_add(struct alert *alert, const struct sample_flow *sample);

/** An expired exception, found at the time of the sample flows. Free with alert_fini. */
void sample_finding_init(struct alert *alert);
