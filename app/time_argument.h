/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as a person types them behind --since and --until: a moment (RFC 3339), a day, or a span
 * back from now. Days begin and end at midnight of the policy's time zone. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time_zone.h"

/** What spans are counted from, and days by. */
struct time_argument_clock {
	uint64_t now_ns; /**< since 1970 UTC */
	const struct time_zone *zone;
};

/** What is taken, for messages: "expected ...". */
#define TIME_ARGUMENT_EXPECTED "2h, 7d, 2026-12-01 or 2026-12-01T08:15:00Z"

/**
 * The first moment that is meant: "2026-12-01T08:15:00Z" (also with a fraction, or an offset as
 * +01:00), the beginning of "2026-12-01", or so long before now: "90s", "15m", "2h", "7d", "4w".
 * Returns whether the text is one of these; `out` is nanoseconds since 1970 UTC.
 */
bool
time_argument_parse_since(const char *text, const struct time_argument_clock *clock, uint64_t *out);

/** The same, but of a day its end: the first moment that is not meant any more. */
bool
time_argument_parse_until(const char *text, const struct time_argument_clock *clock, uint64_t *out);
