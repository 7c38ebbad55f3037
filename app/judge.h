/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to each message of a worker on the analysis side: DNS answers are remembered, flows
 * get their name, their operator and their pseudonym, and go to the outputs. One thread owns it;
 * messages come in one order.
 */
#pragma once

#include "app/ruleset.h"
#include "dashboard-export/flow_writer.h"
#include "dashboard-export/summary.h"
#include "dataplane/worker.h"

struct judge;

/** Bytes of a key for pseudonyms. */
#define JUDGE_HOST_KEY_LEN 32

/** Where judged flows go; each may be NULL. Borrowed. */
struct judge_outputs {
	struct flow_writer *flows;
	struct summary *summary;
	bool interim;            /**< write the records before a flow's last one too (live) */
	bool hide_inside;        /**< leave out addresses of inside hosts */
	const uint8_t *host_key; /**< JUDGE_HOST_KEY_LEN secret bytes for pseudonyms; NULL: the
				    public key */
};

/** Borrows the ruleset. NULL with errno; free with judge_destroy (NULL allowed). */
struct judge *judge_create(const struct ruleset *ruleset, const struct judge_outputs *outputs);
void judge_destroy(struct judge *judge);

/** What follows was read from `capture` (borrowed; NULL: live); what was learnt from another source
 * is forgotten. */
void judge_begin(struct judge *judge, const char *capture);

/** With merged captures a record's port tells its file: names by port. Borrowed; NULL ends it. */
void judge_set_captures(struct judge *judge, const char *const *captures);

/** Handles one message. Returns 0, or the flow writer's -errno. */
int judge_message(struct judge *judge, const struct message *message);

/** Adds what the judge had to leave out (answers that were no DNS, facts forgotten) to the summary.
 */
void judge_report(const struct judge *judge);
