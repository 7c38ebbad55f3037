/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a replay or a run saw, in figures for a person or a program: totals and coverage, bytes by
 * exposure class, the largest operators and services, the largest destinations without a name,
 * zones, alerts.
 * Memory is bounded: past its limits further keys are summed as "others" and counted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard-export/alert.h"

struct summary;

/** One named counter of refusals or damage, as the dataplane reports them. */
struct summary_counter {
	const char *name; /**< "not-ip", "ipv4-truncated", ...; borrowed for the call */
	uint64_t count;
};

/** Packet counts of one source; packets_in = packets_tracked + the sum of `refused`. */
struct summary_packets {
	uint64_t packets_in;
	uint64_t bytes_in; /**< wire bytes of all packets in */
	uint64_t packets_tracked;
	const struct summary_counter *refused;
	size_t refused_count;
	/** Losses that are no refusals: names given up, evictions. */
	const struct summary_counter *notes;
	size_t note_count;
};

/** NULL with errno when out of memory; free with summary_destroy (NULL allowed). */
struct summary *summary_create(void);
void summary_destroy(struct summary *summary);

/** Adds one final flow; one that is `excluded` to the sums of totals and operators alone. */
void summary_add_flow(struct summary *summary, const struct judged_flow *flow);

/** Adds the packet counters of one source; counters of the same name are summed. */
void summary_add_packets(struct summary *summary, const struct summary_packets *packets);

/**
 * Adds an alert with its sentence; one that was added before, by its id, is replaced. Only the most
 * severe ones keep their sentence.
 */
void summary_add_alert(struct summary *summary, const struct alert *alert, const char *message);

/** From which severity on there are alerts at all (default: low), for the sentence that says that
 * there was none. */
void summary_set_alerts_minimum(struct summary *summary, enum severity minimum);

/** Counts one capture read; `damaged` where it ended before its end. */
void summary_add_capture(struct summary *summary, bool damaged);

/** Counts one file of a walked directory that is no capture and was passed over. */
void summary_add_passed_over(struct summary *summary);

/**
 * For a person: aligned tables; `colour` writes ANSI colours. `width` is the columns to fit
 * (80-160).
 */
void summary_write_text(const struct summary *summary, FILE *out, bool colour, unsigned width);

/** The same figures as one JSON object and a newline. */
void summary_write_json(const struct summary *summary, FILE *out);
