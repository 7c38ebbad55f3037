/* SPDX-License-Identifier: Apache-2.0 */
/* A UDP flow of which nothing is known, shown datagram by datagram to an inspector. A mistake in a
 * test ends the program. */
#pragma once

#include <stdbool.h>

#include "base/flow_record.h"
#include "dataplane/inspect.h"

#define DATAGRAM_CLIENT 0u
#define DATAGRAM_SERVER 1u

struct datagram_flow {
	struct flow_table *flows;
	struct worker_counters counters;
	struct inspector inspector;
	struct flow *flow;
};

/** A fresh flow, in a fresh inspector; what was there before is given back. */
void datagram_flow_begin(struct datagram_flow *d);
void datagram_flow_end(struct datagram_flow *d);

/** Shows a datagram as the worker does: only while the flow owes something. */
void datagram_flow_show(struct datagram_flow *d, unsigned direction, struct slice payload);

/** The flow's name is `name`; NULL: it has none. */
bool datagram_flow_has_name(const struct datagram_flow *d, const char *name);

/** Sum of all notes. */
unsigned datagram_flow_notes(const struct datagram_flow *d);
