/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's clocks, for what is not judged by packet time: delivery, retention, status. Nothing
 * below a packet source asks them.
 */
#pragma once

#include <stdint.h>

/** Nanoseconds of a clock that only goes forward; its beginning means nothing. */
uint64_t clock_monotonic_ns(void);

/** Nanoseconds since 1970 UTC by the clock on the wall, which may be set back and forth. */
uint64_t clock_wall_ns(void);
