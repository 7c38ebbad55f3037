/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was written to a receiver that never says what it has: it counts as arrived when the
 * receiver's machine has taken the bytes and the connection has lived for a while since. Until then
 * it is sent again after a break. Pure: time is an argument.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DELIVERY_WINDOW_BATCHES 1024

struct delivery_written {
	uint64_t sequence; /**< of the last row of the batch */
	uint64_t bytes;    /**< written on this connection up to its end */
	uint64_t at_ns;    /**< monotonic */
};

/** All zero: empty. */
struct delivery_window {
	struct delivery_written batches[DELIVERY_WINDOW_BATCHES];
	size_t first, count;
	uint64_t bytes;
};

/** A batch was written. Where there is no room, it joins the one before. */
void delivery_window_add(struct delivery_window *window, uint64_t sequence, size_t bytes,
			 uint64_t now_ns);

/**
 * The highest row that has arrived by now, 0: nothing new. `pending` are the bytes that the
 * receiver's machine has not taken, `wait_ns` how long the connection has to live.
 */
uint64_t delivery_window_settle(struct delivery_window *window, size_t pending, uint64_t wait_ns,
				uint64_t now_ns);

/** The connection has ended: nothing of it is in doubt any more, it is sent again. */
void delivery_window_clear(struct delivery_window *window);
