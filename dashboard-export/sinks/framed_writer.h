/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages into a stream, each in the frame of RFC 6587 (octet counting, as RFC 5425 has it too, or
 * newline), many to a write. There is no answer in this protocol: what counts as taken is what the
 * receiver's machine has. For one thread each.
 */
#pragma once

#include "dashboard-export/sinks/stream.h"

/** Written at once: enough that system calls and TLS records (16 KiB) cost little. */
#define FRAMED_WRITER_CHUNK 65536u

/** Chunks of a call that are told apart while the receiver's machine has not taken them. */
#define FRAMED_WRITER_MARKS 64

struct framed_writer {
	size_t used;
	size_t first_mark, mark_count;
	/** After `sent` bytes of the stream, `messages` of the call were written. */
	struct {
		uint64_t sent;
		size_t messages;
	} marks[FRAMED_WRITER_MARKS];
	/** A chunk that is not full yet and the longest message with its frame. */
	char buffer[FRAMED_WRITER_CHUNK + FORMAT_MESSAGE_MAX + 32];
};

/**
 * Sends `count` messages, none of more than FORMAT_MESSAGE_MAX bytes (longer ones are refused), and
 * looks before each write whether the receiver has closed. Returns 0 when all are written; or
 * -errno, and `report->accepted` counts those that the receiver's machine has taken by then.
 */
int
framed_writer_send(struct framed_writer *w, struct stream *s, enum sink_framing framing,
		   const struct outgoing *messages, size_t count, struct transport_report *report);
