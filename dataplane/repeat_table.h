/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room for what is compared with segments that flows send again: bytes that were read, where they
 * came in pieces; else pieces that were sent again, until all of them are there. That is of use
 * soon after a flow begins: each has the one place that its index says, and whoever comes later to
 * that place has it. Reserved at the start and touched only as far as used. One worker owns it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/first_bytes.h"
#include "dataplane/flow.h"

/** Places for up to 4 KiB, which nearly all messages have, and for as much as is read of a stream.
 */
#define REPEAT_SMALL_PLACES 256u
#define REPEAT_LARGE_PLACES 64u
#define REPEAT_SMALL_BYTES 4096u
#define REPEAT_LARGE_BYTES 65536u

struct repeat {
	struct first_bytes stream; /**< from the flow's base_seq to hello_end */
	uint64_t first_ns;         /**< of the flow, to know it by */
	uint32_t flow;             /**< its index, or FLOW_NONE: nobody's */
	uint32_t base_seq;
	uint32_t end_seq;
	uint32_t look_at;  /**< so long, what is there is read before all of it is; UINT32_MAX:
			      that was said */
	uint8_t heads;     /**< that were read in it, and nothing ended there */
	bool ends_in_zero; /**< its last byte came alone and is zero: that, or a keep-alive */
};

struct repeat_table;

/** NULL with errno; free with repeat_table_destroy (NULL allowed). */
struct repeat_table *repeat_table_create(void);
void repeat_table_destroy(struct repeat_table *table);

/** The place that the flow has, or would take from another, for `len` bytes of at most
 * REPEAT_LARGE_BYTES. */
struct repeat *repeat_table_get(struct repeat_table *table, uint32_t index, uint32_t len);

/** Whether the place is the flow's, for what `direction` sent between base_seq and hello_end. */
bool repeat_is_of(const struct repeat *repeat, uint32_t index, const struct flow *flow,
		  unsigned direction);

/** Gives the place to the flow, without any bytes. */
void
repeat_begin(struct repeat *repeat, uint32_t index, const struct flow *flow, unsigned direction);

/** Whether all bytes between the flow's numbers are there. */
bool repeat_is_whole(const struct repeat *repeat);
