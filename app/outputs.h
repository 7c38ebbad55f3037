/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a replay or a live run writes, opened and closed together: flow lines, alert lines, the
 * summary, and the key under which hosts and alerts are named.
 */
#pragma once

#include "app/alerting.h"
#include "app/blindness.h"
#include "app/judge.h"
#include "dashboard-export/alert_writer.h"

/** What is wanted. Paths may be NULL (none) or "-" (standard output). Borrowed. */
struct outputs_wanted {
	const char *flows;
	const char *alerts;
	const char *journal; /**< a path; NULL: none */
	struct summary *summary;
	bool live; /**< files are added to and can be followed; alerts go out as soon as they are */
};

/** Plain record; made by outputs_open. */
struct outputs {
	const struct ruleset *ruleset;
	struct outputs_wanted wanted;
	struct flow_writer *flows;
	struct alert_writer *alert_lines;
	struct alert_table *alerts; /**< or NULL: nobody is told of any */
	struct alerting *alerting;  /**< or NULL */
	struct blindness blindness; /**< live: of flows so far */
	struct site_key key;
	bool has_key;
	int flows_error; /**< the first, told already */
	int alerts_error;
};

/**
 * Opens what is wanted and loads or makes the site key where there are settings. Returns 0, or
 * -errno after a message on stderr; end with outputs_close in either case. `out` must not move
 * afterwards.
 */
int outputs_open(struct outputs *out, const struct ruleset *ruleset,
		 const struct outputs_wanted *wanted);

/** The same for judge_create; interim records and hidden addresses are the caller's to set. */
struct judge_outputs outputs_for_judge(struct outputs *outputs);

/** Looks whether too much was not seen, given the devices' counts so far, and raises the finding.
 */
void outputs_look_for_blindness(struct outputs *outputs, uint64_t received, uint64_t lost);

/** Writes out what was added so far; an error is told once on stderr. */
void outputs_flush(struct outputs *outputs);

/** Closes all. Returns 0 or the first error, told on stderr. */
int outputs_close(struct outputs *outputs);
