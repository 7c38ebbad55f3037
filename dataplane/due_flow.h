/* SPDX-License-Identifier: Apache-2.0 */
/* Flows to be sent off in an order that does not depend on how many workers share the packets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** A flow to be sent off, and its place among others of the same tick: by rank, then by id. */
struct due_flow {
	uint64_t rank;
	uint64_t flow_id;
	uint32_t index;
};

/** Sorts in place, without a bad case, whatever ids somebody provokes. */
void due_flow_sort(struct due_flow *due, size_t count);
