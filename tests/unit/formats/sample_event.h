/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events as the journal's lines tell them, made by hand: one of each kind that formats have to
 * show, the one with hostile texts, and the longest that there can be.
 */
#pragma once

#include "dashboard-export/formats/format.h"

#define SAMPLE_ALERT_ID "00112233445566778899aabbccddeeff"
#define SAMPLE_FLOW_ID "0123456789abcdef"

/** One sample: `fill` writes all of an event, whose texts are static. */
struct sample_event {
	const char *name; /**< as golden files are named */
	void (*fill)(struct event *event);
};

/** NULL behind the last. */
const struct sample_event *sample_event_at(unsigned number);

/** The sample of that name; there is one. */
void sample_event_fill(const char *name, struct event *event);

/** A sensor with a policy. */
const struct format_context *sample_context(void);

/**
 * An event of `class` with every member, every list full and every text of `len` bytes of `c`, at
 * most 4096, words of closed lists at most 30. Valid until the next call.
 */
void sample_event_longest(enum event_class class, char c, size_t len, struct event *event);
