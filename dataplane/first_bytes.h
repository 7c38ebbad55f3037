/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes of a stream, put together from pieces that come in any order, more than once and
 * overlapping: where two pieces disagree the first one seen stays. Used for TCP segments and for
 * QUIC CRYPTO frames. The buffer is the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Separate runs remembered; a piece that would make one more is left out. */
#define FIRST_BYTES_RUNS 16

struct first_bytes {
	uint8_t *buffer; /**< borrowed */
	uint32_t size;   /**< bytes of the stream that fit */
	uint32_t run_count;
	struct {
		uint32_t start, end;
	} runs[FIRST_BYTES_RUNS]; /**< what is there: sorted, apart from each other */
};

/** What became of a piece: bits, of which several may be set. */
enum first_bytes_result {
	FIRST_BYTES_TAKEN = 0, /**< stored, or already there */
	/** Some of it lies behind the buffer's end: that part was left out. */
	FIRST_BYTES_BEYOND = 1 << 0,
	FIRST_BYTES_TOO_MANY_RUNS = 1 << 1, /**< left out */
	/** Some of it was there with other bytes, which stay. */
	FIRST_BYTES_CONFLICT = 1 << 2,
};

void first_bytes_init(struct first_bytes *bytes, uint8_t *buffer, uint32_t size);

/** Takes in a piece at `offset` from the start of the stream; gives bits of first_bytes_result. */
unsigned first_bytes_add(struct first_bytes *bytes, uint64_t offset, struct slice piece);

/**
 * The stream begins `by` bytes earlier than was thought: what is there moves up. What then lies
 * behind the buffer's end is lost: give it a larger buffer before.
 */
void first_bytes_move_up(struct first_bytes *bytes, uint32_t by);

/** The first `by` bytes were read and are not wanted any more: what is there moves down. */
void first_bytes_move_down(struct first_bytes *bytes, uint32_t by);

/** One past the last byte that is there; 0 when none is. */
uint32_t first_bytes_end(const struct first_bytes *bytes);

/** The bytes from the start on that are there without a gap. */
struct slice first_bytes_contiguous(const struct first_bytes *bytes);
