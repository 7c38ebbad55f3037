/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How urgent a finding is, and the numbers by which receivers know the same (domain §3f).
 */
#pragma once

enum severity {
	SEVERITY_INFORMATIONAL,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT,
};

/** The word of settings and records, "medium"; NULL behind the last. */
const char *severity_text(unsigned severity);

/** Elastic Common Schema event.severity, which equals the CEF column: 1, 3, 5, 8, 10. */
unsigned severity_ecs(enum severity severity);

/** Elastic Common Schema event.risk_score: 0, 21, 47, 73, 99. */
unsigned severity_risk_score(enum severity severity);
