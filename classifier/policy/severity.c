/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/severity.h"

#include <stddef.h>

static const struct {
	const char *text;
	unsigned ecs;
	unsigned risk_score;
} severities[SEVERITY_COUNT] = {
	[SEVERITY_INFORMATIONAL] = {"informational", 1, 0},
	[SEVERITY_LOW] = {"low", 3, 21},
	[SEVERITY_MEDIUM] = {"medium", 5, 47},
	[SEVERITY_HIGH] = {"high", 8, 73},
	[SEVERITY_CRITICAL] = {"critical", 10, 99},
};

const char *
severity_text(unsigned severity)
{
	return severity < SEVERITY_COUNT ? severities[severity].text : NULL;
}

unsigned
severity_ecs(enum severity severity)
{
	return severity < SEVERITY_COUNT ? severities[severity].ecs : 0;
}

unsigned
severity_risk_score(enum severity severity)
{
	return severity < SEVERITY_COUNT ? severities[severity].risk_score : 0;
}
