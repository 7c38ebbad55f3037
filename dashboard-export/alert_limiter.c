/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_limiter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_NS UINT64_C(60000000000)

struct rule_count {
	uint64_t minute;
	uint32_t told; /* in that minute */
	struct alert_flood flood;
};

struct alert_limiter {
	uint32_t per_rule, all;
	uint64_t minute;
	uint32_t told;
	size_t count;
	struct rule_count rules[ALERT_LIMITER_RULES];
};

struct alert_limiter *
alert_limiter_create(uint32_t per_rule, uint32_t all)
{
	struct alert_limiter *l = calloc(1, sizeof(*l));

	if (l != NULL) {
		l->per_rule = per_rule;
		l->all = all;
	}
	return l;
}

void
alert_limiter_destroy(struct alert_limiter *limiter)
{
	free(limiter);
}

static struct rule_count *
find(struct alert_limiter *l, const char *rule)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->rules[i].flood.rule, rule) == 0)
			return &l->rules[i];
	}
	if (l->count < ALERT_LIMITER_RULES) {
		struct rule_count *added = &l->rules[l->count++];
		(void)snprintf(added->flood.rule, sizeof(added->flood.rule), "%s", rule);
		return added;
	}
	return &l->rules[ALERT_LIMITER_RULES - 1];
}

static void
hold_back(struct rule_count *r, enum severity severity, uint64_t now_ns)
{
	struct alert_flood *flood = &r->flood;

	if (flood->count == 0) {
		flood->from_ns = now_ns;
		flood->highest = severity;
	}
	flood->count++;
	flood->to_ns = now_ns;
	if (severity > flood->highest)
		flood->highest = severity;
}

bool
alert_limiter_admit(struct alert_limiter *limiter, const char *rule, enum severity severity,
		    uint64_t now_ns)
{
	struct rule_count *r = find(limiter, rule);
	uint64_t minute = now_ns / MINUTE_NS;
	bool counts_among_all = severity < SEVERITY_HIGH;

	if (r->minute != minute) {
		r->minute = minute;
		r->told = 0;
	}
	if (limiter->minute != minute) {
		limiter->minute = minute;
		limiter->told = 0;
	}
	if ((limiter->per_rule != 0 && r->told >= limiter->per_rule) ||
	    (counts_among_all && limiter->all != 0 && limiter->told >= limiter->all)) {
		hold_back(r, severity, now_ns);
		return false;
	}
	r->told++;
	limiter->told += counts_among_all;
	return true;
}

bool
alert_limiter_take(struct alert_limiter *limiter, uint64_t now_ns, struct alert_flood *out)
{
	for (size_t i = 0; i < limiter->count; i++) {
		struct alert_flood *flood = &limiter->rules[i].flood;
		if (flood->count == 0 || flood->from_ns / MINUTE_NS >= now_ns / MINUTE_NS)
			continue;
		*out = *flood;
		flood->count = 0;
		return true;
	}
	return false;
}
