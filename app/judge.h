/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to each message of a worker on the analysis side: DNS answers are remembered, flows
 * get their name, operator, verdict and pseudonym, and go to the outputs. One thread owns it;
 * messages come in one order.
 */
#pragma once

#include "app/ruleset.h"
#include "dashboard-export/alert_table.h"
#include "dashboard-export/flow_writer.h"
#include "dashboard-export/site_key.h"
#include "dashboard-export/summary.h"
#include "dataplane/worker.h"

/** Room for the id of a rule, "GOV-NEW-OPERATOR", and a NUL. */
#define JUDGE_RULE_MAX 64

struct judge;

/** Told of every flow, of excluded ones too; `fresh` is what this record adds to the one before. */
typedef void (*judge_flow_function)(void *context, const struct judged_flow *flow,
				    const struct flow_fresh *fresh);

/** Where judged flows go; each may be NULL. Borrowed. */
struct judge_outputs {
	struct flow_writer *flows;
	struct summary *summary;
	struct alert_table *alerts;
	const struct site_key *key; /**< of pseudonyms; NULL: the public one, without rotation */
	judge_flow_function on_flow;
	void *on_flow_context;
	bool messages;    /**< on_flow is given the flows' sentences */
	bool interim;     /**< write the records before a flow's last one too (live) */
	bool hide_inside; /**< leave out addresses of inside hosts */
};

/** Borrows the ruleset. NULL with errno; free with judge_destroy (NULL allowed). */
struct judge *judge_create(const struct ruleset *ruleset, const struct judge_outputs *outputs);
void judge_destroy(struct judge *judge);

/** What follows was read from `capture` (borrowed; NULL: live); what was learnt from another source
 * is forgotten. */
void judge_begin(struct judge *judge, const char *capture);

/** With merged captures a record's port tells its file: names by port. Borrowed; NULL ends it. */
void judge_set_captures(struct judge *judge, const char *const *captures);

/** Tells the zone table's number (zone_table_port) of a record's capture port. */
typedef uint16_t (*judge_port_function)(const void *context, uint16_t capture_port);

/** Who is asked for ports until the next judge_begin; without one, no zone goes by its port. */
void judge_set_ports(struct judge *judge, judge_port_function port, const void *context);

/** Handles one message; an output that fails does not keep it from the others. Returns 0, or the
 * -errno of the first output that failed. */
int judge_message(struct judge *judge, const struct message *message);

/** The source has ended: hands on what waited for more. Returns as judge_message. */
int judge_end(struct judge *judge);

/** Hands on alerts of days that ended before `now_ns` minus a day. Returns as judge_message. */
int judge_end_days(struct judge *judge, uint64_t now_ns);

/** Hands on alerts whose sums have grown since they were told, long enough ago at `now_ns` (live).
 * Returns as judge_message. */
int judge_update(struct judge *judge, uint64_t now_ns);

/** Whether a flow about which names differ may be told of, and which of its ends may not; false of
 * a zone of which nothing but sums is kept. */
bool judge_may_tell(const struct judge *judge, const struct name_dispute_message *dispute,
		    struct inner_ends *hidden);

/** Highest severity of a flow or a finding so far, after exceptions; -1: there was none. */
int judge_worst(const struct judge *judge);

/** Id of the first rule that gave it; "" where there was none. Valid as long as the judge. */
const char *judge_worst_rule(const struct judge *judge);

/** Adds what the judge had to leave out (answers that were no DNS, facts forgotten) to the summary.
 */
void judge_report(const struct judge *judge);
