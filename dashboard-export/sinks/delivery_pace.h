/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many messages go at once. What is under way when vigie dies comes twice; so no more is under
 * way than some milliseconds of the receiver's work, beside the time that any answer of it takes.
 * A fast receiver gets large batches, a far one too, one that toils small ones. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** With so many a connection begins, and with no fewer it goes on. */
#define DELIVERY_PACE_LEAST 16u

struct delivery_pace {
	size_t batch;
	uint64_t answer_ns; /**< the shortest time that an answer has taken; 0: none yet */
};

/** A new connection. */
void delivery_pace_reset(struct delivery_pace *pace);

/** Messages of the next batch, at most `most`. */
size_t delivery_pace_batch(const struct delivery_pace *pace, size_t most);

/** The receiver is busy: half as many next time. */
void delivery_pace_ease(struct delivery_pace *pace);

/** A batch of `count` messages has taken `duration_ns`. */
void delivery_pace_note(struct delivery_pace *pace, size_t count, uint64_t duration_ns);
