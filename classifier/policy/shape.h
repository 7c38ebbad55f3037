/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an exchange looks like by its volumes alone (domain §3d): a trace, a person at work, an
 * export, a bulk export. Pure: sums over other flows are found elsewhere (history.h) and come in as
 * arguments.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "classifier/policy/data_class.h"

enum shape {
	SHAPE_TRACE,
	SHAPE_INTERACTIVE,
	SHAPE_EXPORT,
	SHAPE_BULK,
	SHAPE_COUNT,
};

/** The word of records, "interactive". */
const char *shape_text(enum shape shape);

/** Of a ratio of 1; thresholds hold ratios as ten-thousandths, so that 3:2 is 0.6 exactly. */
#define SHAPE_RATIO_ONE 10000u

/** Limits of one zone. Bytes of transport payload. */
struct shape_thresholds {
	uint64_t trace_below;
	uint64_t export_min;
	uint64_t export_ratio; /**< least up / (up + down), ten-thousandths */
	uint64_t bulk_min;
	uint64_t day[DATA_CLASS_COUNT]; /**< sum for host, operator and day; 0: no such limit */
};

/** What is known of a flow when its shape is asked for. */
struct shape_facts {
	uint64_t up;        /**< payload that left the inside in this flow */
	uint64_t down;      /**< payload that came in */
	uint64_t window_up; /**< of this and earlier flows to the same service within ten minutes */
	uint64_t window_down;
	bool day_reached; /**< this flow or an earlier one of the day reached the class's day limit
			   */
	bool content_strong; /**< strong content evidence: at least an export */
};

/** First of bulk, export, interactive, trace that holds (domain §5.20, §5.22, §5.38, §5.42). */
enum shape shape_decide(const struct shape_thresholds *thresholds, const struct shape_facts *facts);
