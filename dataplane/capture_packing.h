/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways in which a capture file may be packed. Each lives in a file of its own, the only one
 * that knows its library. One state serves one stream, in one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Packed bytes not yet unpacked. */
struct packed_input {
	const uint8_t *at;
	size_t left;
};

/** Room for unpacked bytes. */
struct unpacked_room {
	uint8_t *at;
	size_t left;
};

struct capture_packing {
	/** Whether a stream that starts with `head` (4 bytes, fewer where it ends) is packed so. */
	bool (*recognises)(struct slice head);
	/** State of a stream, to be given to `close`. NULL with errno. */
	void *(*open)(void);
	/**
	 * Unpacks as much as fits, and moves both along. NULL, or static text of what is wrong. To
	 * be called again with the same input as long as no room is left, as the state may hold
	 * more output.
	 */
	const char *(*step)(void *state, struct packed_input *input, struct unpacked_room *room);
	/** Whether the stream may end after all that `step` was given. */
	bool (*whole)(const void *state);
	void (*close)(void *state);
	const char *cut; /**< static text for a stream that ends without being whole */
};

extern const struct capture_packing capture_gzip;
extern const struct capture_packing capture_zstd;
