/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room for flows whose first bytes are still being put together: a bounded number of inspections
 * with 4 KiB each, and a smaller number of 64 KiB buffers for the long ones. Most flows never need
 * one: their first segment says all. One worker owns it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "classifier/names/quic.h"
#include "dataplane/first_bytes.h"

/** Bytes of a stream kept at first, and at most. */
#define INSPECTION_SMALL 4096u
#define INSPECTION_LARGE 65536u

/** A QUIC client's attempt to connect: what it sends until the handshake is done has these keys. */
struct quic_attempt {
	struct quic_keys keys;
	uint32_t version; /**< on the wire; may be one that we only know the keys of */
	bool has_token;   /**< of a Retry, or of an earlier connection */
	bool left;        /**< the client has begun anew since: what still comes is passed over */
};

/** Attempts remembered: before and after a Retry or a change of version. */
#define QUIC_ATTEMPTS_MAX 2

struct inspection {
	struct first_bytes stream;
	uint32_t flow;     /**< index of the flow it belongs to */
	uint32_t next;     /**< younger one, or free list */
	uint32_t prev;     /**< older one */
	uint32_t pair;     /**< the same flow's other direction, or UINT32_MAX */
	uint32_t large;    /**< index of the large buffer, or UINT32_MAX */
	uint32_t parse_at; /**< contiguous bytes from which the next parse is worth while */
	uint32_t attempts; /**< parses that asked for more */
	uint32_t cut_at; /**< where the snap length cut the first piece of it; UINT32_MAX nowhere */
	uint8_t direction; /**< 0 low, 1 high: whose bytes these are */
	uint8_t rebases;   /**< times that bytes came from before its beginning */
	uint8_t far;       /**< segments left out that lie too far ahead */
	bool began;        /**< it looks like a ClientHello or a request that is not complete */
	bool encrypted;    /**< a segment began like a record in the middle of a TLS connection */
	uint8_t quic_attempt_count;
	uint16_t dtls_message; /**< message_seq of the ClientHello that is put together */
	uint32_t dtls_length;  /**< of its body; 0: none began */
	struct quic_attempt quic_attempts[QUIC_ATTEMPTS_MAX];
};

struct inspection_pool;

/** NULL with errno; free with inspection_pool_destroy (NULL allowed). */
struct inspection_pool *inspection_pool_create(uint32_t small_count, uint32_t large_count);
void inspection_pool_destroy(struct inspection_pool *pool);

/** A fresh inspection for `flow`; UINT32_MAX when all are in use (release the oldest, and try
 * again). */
uint32_t inspection_pool_take(struct inspection_pool *pool, uint32_t flow);
void inspection_pool_release(struct inspection_pool *pool, uint32_t index);
struct inspection *inspection_pool_get(struct inspection_pool *pool, uint32_t index);

/** The inspection taken longest ago, UINT32_MAX when none is in use. */
uint32_t inspection_pool_oldest(const struct inspection_pool *pool);

/** Moves the stream into a 64 KiB buffer; false when none is free or it has one. */
bool inspection_pool_enlarge(struct inspection_pool *pool, struct inspection *inspection);
