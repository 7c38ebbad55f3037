/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of traffic by day, zone, host, operator, service, region and exposure: beside the alerts in
 * the journal, not in its chain; and what retention shall remove. Plain records.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for an id, cut to it; a day is "2026-12-01". */
#define ROLLUP_TEXT_MAX 64
#define ROLLUP_DAY_MAX 12

/** One sum. Texts are "" where not known. */
struct rollup {
	char day[ROLLUP_DAY_MAX];
	char zone[ROLLUP_TEXT_MAX], host[ROLLUP_TEXT_MAX], operator_id[ROLLUP_TEXT_MAX];
	char service[ROLLUP_TEXT_MAX], region[ROLLUP_TEXT_MAX], exposure[ROLLUP_TEXT_MAX];
	uint64_t up, down, flows;
};

/** What retention shall remove. */
struct journal_expiry {
	bool wanted;
	uint64_t recorded_before;        /**< alerts recorded before it; nanoseconds since 1970 */
	char join_day[ROLLUP_DAY_MAX];   /**< of sums of days before it, hosts are joined */
	char forget_day[ROLLUP_DAY_MAX]; /**< sums of days before it go */
};
