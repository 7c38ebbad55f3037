/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many alerts are told one by one: so many a minute of each rule, and of all rules together.
 * What is more is counted, and told as one line for each rule when the minute is over. Critical and
 * high ones do not count among all, so that a flood of others does not hide them. Pure; one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/severity.h"

#define ALERT_LIMITER_RULE_MAX 64
/** Rules that are told apart; further ones share the last place. */
#define ALERT_LIMITER_RULES 256

struct alert_limiter;

/** Alerts of one rule that were held back. */
struct alert_flood {
	char rule[ALERT_LIMITER_RULE_MAX];
	uint64_t count;
	enum severity highest;
	uint64_t from_ns, to_ns; /**< the first and the last of them */
};

/** Limits are a minute's; 0: none. NULL with ENOMEM; free with alert_limiter_destroy (NULL
 * allowed). */
struct alert_limiter *alert_limiter_create(uint32_t per_rule, uint32_t all);
void alert_limiter_destroy(struct alert_limiter *limiter);

/** Whether an alert of that rule may be told now; else it is counted. */
bool alert_limiter_admit(struct alert_limiter *limiter, const char *rule, enum severity severity,
			 uint64_t now_ns);

/** What was held back in minutes that are over by `now_ns` (UINT64_MAX: all), one rule a call:
 * false when there is no more. */
bool alert_limiter_take(struct alert_limiter *limiter, uint64_t now_ns, struct alert_flood *out);
