/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under which name a flow is judged: that of the wire, or one that DNS tells in its place.
 */
#pragma once

#include "classifier/policy/attribution.h"

/**
 * Fills the query's names and `ech_announced`, from its proxy, its `ech_or_grease`, its
 * `hello_cut` and the record:
 * the name of the wire, else the one that the client was told with the address it now talks to.
 * Borrowed from the record, and from `dns` until the next add.
 */
void flow_name_find(const struct policy *policy, const struct dns_memory *dns,
		    const struct flow_record *record, struct attribution_query *query);
