/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded window over a stream: one thread writes, several read, each at its own place, and every
 * byte goes to all of them. The memory is mapped twice, end to start, so that any piece up to the
 * size of the ring lies in one run. The writer waits for the slowest reader, a reader waits for the
 * writer; both sleep while they do.
 *
 * The offsets are those of the stream. A reader that waits has always said first how far it has
 * come, so that both sides cannot wait for each other as long as nobody asks for more than half of
 * the ring.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Bytes of the ring: small enough to stay in a shared cache, and many times the longest record. */
#define CAPTURE_RING_SIZE (8u * 1024 * 1024)

struct capture_ring;

/**
 * For readers 0 to reader_count - 1, all of them at offset 0 until they move or leave. NULL with
 * errno.
 */
struct capture_ring *capture_ring_create(unsigned reader_count);
/** After the writer has ended and nobody reads. NULL is allowed. */
void capture_ring_destroy(struct capture_ring *ring);

/**
 * Writer: waits for room and gives where to write, at most *room bytes. NULL: stop, nobody wants
 * more.
 */
uint8_t *capture_ring_reserve(struct capture_ring *ring, size_t *room);
/** Writer: `len` bytes are written, made out of the first `disk_bytes` of the input. */
void capture_ring_commit(struct capture_ring *ring, size_t len, uint64_t disk_bytes);
/** Writer: nothing follows; `fault` says what cut the stream short, NULL when it is whole. */
void capture_ring_end(struct capture_ring *ring, const char *fault);

/** Where offset `offset` of the stream is found. */
const uint8_t *capture_ring_at(const struct capture_ring *ring, uint64_t offset);
/** Offset up to which the stream is written. Any thread. */
uint64_t capture_ring_written(const struct capture_ring *ring);
/** Reader: what lies before `offset` may be overwritten. */
void capture_ring_pass(struct capture_ring *ring, unsigned index, uint64_t offset);
/** Reader: the same, then waits until `need` bytes follow or nothing more comes. */
void capture_ring_await(struct capture_ring *ring, unsigned index, uint64_t offset, size_t need);
/** Reader: the others go on without this one. */
void capture_ring_leave(struct capture_ring *ring, unsigned index);

/** Makes the writer's next capture_ring_reserve give NULL, and every waiting reader go on. */
void capture_ring_stop(struct capture_ring *ring);
/** After the end was reached: what capture_ring_end was given. */
const char *capture_ring_fault(struct capture_ring *ring);
/**
 * Bytes of the input that the slowest reader has passed, estimated by the ratio so far. Any thread.
 */
uint64_t capture_ring_position(struct capture_ring *ring);
