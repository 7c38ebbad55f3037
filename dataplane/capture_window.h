/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a capture, whatever it is read from: a plain file, or a ring that a thread
 * fills. A window is shared; every reader has a view of its own: the run of bytes from its
 * place on that it may look at now. Walkers of formats know nothing but the view.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/capture_buffer.h"
#include "dataplane/capture_ring.h"

/** Most bytes that a view is asked for in one run. */
#define CAPTURE_RUN_MAX CAPTURE_BUFFER_RUN_MAX

struct capture_window;

/**
 * A window over the first `len` bytes of the file `fd`, or over `ring`, whose readers are as many;
 * takes either over on success. NULL with errno.
 */
struct capture_window *capture_window_over_file(int fd, uint64_t len, unsigned reader_count);
struct capture_window *capture_window_over_ring(struct capture_ring *ring);
/** After all views are closed and the ring has its end. NULL is allowed. */
void capture_window_destroy(struct capture_window *window);

/** Offset that the slowest reader has passed, in bytes of the file on disk. Any thread. */
uint64_t capture_window_position(struct capture_window *window);

/** One reader's place. A walker reads `at` and `end`, and moves `at` on; the rest is the window's.
 */
struct capture_view {
	const uint8_t *at;     /**< next byte */
	const uint8_t *end;    /**< end of what may be read now */
	const uint8_t *report; /* ring: once `at` has come here, the window is told */
	const uint8_t *base;   /* some byte of the window... */
	uint64_t base_offset;  /* ...and where it stands in the capture */
	struct capture_window *window;
	unsigned index;
};

/** Opens the view of reader `index` at the start. */
void capture_view_open(struct capture_view *view, struct capture_window *window, unsigned index);
/** Lets the others go on without this reader. */
void capture_view_close(struct capture_view *view);

/** Tells the window how far this reader is; for capture_view_begin. */
void capture_view_report(struct capture_view *view);

/** To be called when the packets given out before are no longer looked at. */
static inline void
capture_view_begin(struct capture_view *view)
{
	if (view->at >= view->report)
		capture_view_report(view);
}

/** Offset in the (unpacked) capture of a byte given out since the view last waited. */
static inline uint64_t
capture_view_offset_of(const struct capture_view *view, const uint8_t *byte)
{
	return view->base_offset + (uint64_t)(byte - view->base);
}

/** Offset of the next byte. */
static inline uint64_t
capture_view_offset(const struct capture_view *view)
{
	return capture_view_offset_of(view, view->at);
}

/**
 * Asks for the memory of the next `len` bytes, 4 KiB further on. Where a record starts stands in
 * the one before it only, so that a plain walk waits for memory once a record. Asking for every
 * line ahead hides that: 22 ns a packet instead of 77 (443 bytes on average, in memory, one core);
 * one line a packet gains next to nothing.
 */
static inline void
capture_view_prefetch(const struct capture_view *view, size_t len)
{
	/*
	 * As a number: it may lie behind the end, where asking does no harm but a pointer must not
	 * be.
	 */
	uintptr_t ahead = (uintptr_t)view->at + 4096;

	for (size_t line = 0; line < len; line += 64)
		__builtin_prefetch((const void *)(ahead + line));
}

/**
 * Makes `need` (at most CAPTURE_RUN_MAX) bytes readable if they are there already; what was given
 * out stays valid.
 */
bool capture_view_extend(struct capture_view *view, size_t need);
/** The same, and waits for them. Ends what was given out. false: the capture ends before. */
bool capture_view_await(struct capture_view *view, size_t need);
/** Passes over up to `len` bytes that are there already, and gives how many. */
uint64_t capture_view_skip(struct capture_view *view, uint64_t len);

/** After the end: why the bytes end there: static text, NULL when the capture is whole. */
const char *capture_view_fault(const struct capture_view *view);
