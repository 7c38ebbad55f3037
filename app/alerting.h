/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of alerts beyond lines in a file: they are journalled and, in a live run, carried to
 * the sinks; with what the sensor tells about itself, and sums of traffic. Owned by the analysis
 * thread, which makes every call but alerting_note.
 */
#pragma once

#include "app/ruleset.h"
#include "classifier/policy/flow_progress.h"
#include "dashboard-export/alert.h"
#include "dashboard-export/sensor_note.h"
#include "dashboard-export/site_key.h"

struct alerting;

/** Borrowed. */
struct alerting_config {
	const struct ruleset *ruleset;
	const struct site_key *key;
	const char *journal_path;
	bool live; /**< floods are held back, and the settings' sinks served */
};

/**
 * Opens the journal and begins to deliver. What is wrong is told on stderr. NULL with errno. End
 * with alerting_close.
 */
struct alerting *alerting_open(const struct alerting_config *config);

/** Journals an alert. Returns 0; live, what the disk does not take is counted and told later; in a
 * replay it is -errno. */
int alerting_add(struct alerting *alerting, const struct alert *alert);

/** Adds what is new of a flow to the sums, and offers it to sinks that want flows. */
void alerting_add_flow(struct alerting *alerting, const struct judged_flow *flow,
		       const struct flow_fresh *fresh);

/** Whether alerting_add_flow needs the flow's sentence. */
bool alerting_wants_messages(const struct alerting *alerting);

/** The sensor tells about itself; `subject` may be NULL. Returns 0, or -errno where the journal did
 * not take it. Any thread. */
int alerting_note(struct alerting *alerting, enum sensor_event what, const char *subject,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));

/** What follows goes on where this ends, as after a reload: the end gives sinks little time. */
void alerting_hurry(struct alerting *alerting);

/** About once a second: floods that are over, sums, retention, the disk. */
void alerting_tick(struct alerting *alerting);

/** For the status line: " journal N sinks K/K waiting N", or "". */
void alerting_format_status(struct alerting *alerting, char *out, size_t size);

/**
 * Writes what waits, gives the sinks some seconds for it, closes. NULL is allowed. Returns 0, or
 * -errno where alerts were lost, told on stderr.
 */
int alerting_close(struct alerting *alerting);
