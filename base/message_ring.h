/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way from a worker to the analysis thread: a bounded ring of messages of different
 * lengths, one writer, one reader, no lock. Every message has a time; the writer also publishes how
 * far it has come, in time and in packets, so that a reader of several rings can take messages in
 * one order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest message body. */
#define MESSAGE_RING_BODY_MAX 65536

/** No more messages will come. */
#define MESSAGE_RING_END UINT64_MAX

struct message_ring;

struct message {
	uint64_t time_ns; /**< messages of one ring never go back in time */
	const void *body; /**< 8-byte aligned, borrowed until message_ring_pop */
	uint32_t len;
	uint32_t kind; /**< any but UINT32_MAX; meaning is the users' */
};

/**
 * A ring of `size_bytes`, rounded up to a power of two, at least 256 KiB. Pages are touched on
 * first use. NULL with errno when out of memory; free with message_ring_destroy (NULL allowed).
 */
struct message_ring *message_ring_create(size_t size_bytes);
void message_ring_destroy(struct message_ring *ring);

/** Writer: copies a message in; false when there is no room now (nothing is lost: try at a later
 * tick). */
bool message_ring_push(struct message_ring *ring, const struct message *message);

/** Writer: whether messages of so many bytes together, up to MESSAGE_RING_BODY_MAX each, have room
 * now; it only grows until the next push. */
bool message_ring_has_room(struct message_ring *ring, size_t bytes);

/** Writer: every later message will have at least this time; MESSAGE_RING_END: none comes any more.
 */
void message_ring_publish_time(struct message_ring *ring, uint64_t time_ns);

/**
 * Writer: the messages of all packets up to this number have been pushed. It tells apart what the
 * time does not: a capture without times has one for all its packets.
 */
void message_ring_publish_packet(struct message_ring *ring, uint64_t packet);

/** Reader: the oldest message, false when there is none now. */
bool message_ring_peek(struct message_ring *ring, struct message *message);

/** Reader: drops what message_ring_peek gave. */
void message_ring_pop(struct message_ring *ring);

/**
 * Reader: the time and the packet that the writer published last. Ask before peeking: when the peek
 * then finds nothing, no earlier message will come.
 */
uint64_t message_ring_time(const struct message_ring *ring);
uint64_t message_ring_packet(const struct message_ring *ring);
