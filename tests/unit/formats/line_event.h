/* SPDX-License-Identifier: Apache-2.0 */
/* Events for the tests of formats: lines of tests/golden/formats/input, and one that is all long.
 */
#pragma once

#include "dashboard-export/formats/format.h"

/** Names of the lines, without ".json"; NULL behind the last. */
extern const char *const line_event_names[];

/** 2026-12-01T10:00:00.987654321Z. */
#define LINE_EVENT_RECORDED_NS UINT64_C(1796119200987654321)

/** The event of a line, with sequence 42 and recorded then; valid until the next call. The test
 * ends where there is none. */
const struct event *line_event(const char *name);

/** A sensor with everything that a context can have. */
const struct format_context *line_event_context(void);

/**
 * An event where every text is `unit` again and again, up to `text_len` bytes, every list full and
 * every number as large as can be, but for its id. Valid for ever: it is never freed.
 */
const struct event *line_event_longest(const char *unit, size_t text_len);

/** Whether the message of each line is tests/golden/formats/`folder`/NAME.txt. */
bool line_event_all_match(const struct format *format, bool envelope, const char *folder);

/** The message, in a static text with a NUL, in 64 KiB; "" where it does not fit. */
const char *line_event_message(const struct format *format, bool envelope,
			       const struct event *event, const struct format_context *context);
