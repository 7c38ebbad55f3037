/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For those who work on the parsers: lines on standard error where nDPI read another name in a flow
 * than vigie did. Asked for with VIGIE_DEBUG=names in the environment; a counter tells of them
 * anyway. Of the analysis thread.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "classifier/policy/judged_flow.h"
#include "dataplane/worker.h"

/** Lines in a minute of packet time; what is more is counted and told. */
#define NAME_DISPUTES_A_MINUTE 60u

struct name_disputes {
	FILE *to;                 /**< NULL: nobody asked */
	bool hide_inside;         /**< addresses of inside hosts are not written */
	uint64_t minute;          /**< of packet time */
	unsigned told, held_back; /**< in it */
};

/** Asks the environment. */
struct name_disputes name_disputes_begin(bool hide_inside);

/** Writes a line, if that is wanted, without the ends that are hidden. Where inside addresses are
 * not written, nor is what is no host name: it may be one. */
void name_disputes_tell(struct name_disputes *disputes, const struct name_dispute_message *message,
			const struct inner_ends *hidden, uint64_t time_ns);
