/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_window.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A reader of a ring says where it is after so many bytes, as that takes a lock. */
#define REPORT_STEP (512u * 1024)

struct capture_window {
	struct capture_ring *ring; /* NULL: a file */
	int fd;
	uint64_t len;
	unsigned reader_count;
	struct capture_buffer *buffers[]; /* of the file's readers */
};

static bool
create_buffers(struct capture_window *window)
{
	for (unsigned i = 0; i < window->reader_count; i++) {
		window->buffers[i] = capture_buffer_create(window->fd, window->len);
		if (window->buffers[i] == NULL)
			return false;
	}
	return true;
}

static void
destroy_buffers(struct capture_window *window)
{
	for (unsigned i = 0; i < window->reader_count; i++)
		capture_buffer_destroy(window->buffers[i]);
}

struct capture_window *
capture_window_over_file(int fd, uint64_t len, unsigned reader_count)
{
	struct capture_window *window =
		calloc(1, sizeof(*window) + reader_count * sizeof(window->buffers[0]));

	if (window == NULL)
		return NULL;
	window->fd = fd;
	window->len = len;
	window->reader_count = reader_count;
	if (!create_buffers(window)) {
		destroy_buffers(window);
		free(window);
		errno = ENOMEM;
		return NULL;
	}
	return window;
}

struct capture_window *
capture_window_over_ring(struct capture_ring *ring)
{
	struct capture_window *window = calloc(1, sizeof(*window));

	if (window != NULL)
		window->ring = ring;
	return window;
}

void
capture_window_destroy(struct capture_window *window)
{
	if (window == NULL)
		return;
	if (window->ring != NULL) {
		capture_ring_destroy(window->ring);
	} else {
		destroy_buffers(window);
		(void)close(window->fd);
	}
	free(window);
}

uint64_t
capture_window_position(struct capture_window *window)
{
	uint64_t least = window->len;

	if (window->ring != NULL)
		return capture_ring_position(window->ring);
	for (unsigned i = 0; i < window->reader_count; i++) {
		uint64_t at = capture_buffer_offset(window->buffers[i]);

		if (at < least)
			least = at;
	}
	return least;
}

static struct capture_buffer *
buffer_of(const struct capture_view *view)
{
	return view->window->buffers[view->index];
}

/* What it holds, from its first byte on. */
static void
look_at_buffer(struct capture_view *view)
{
	const struct capture_buffer *buffer = buffer_of(view);

	view->base = capture_buffer_bytes(buffer);
	view->base_offset = capture_buffer_offset(buffer);
	view->at = view->base;
	view->end = view->base + capture_buffer_held(buffer);
	view->report = (const uint8_t *)UINTPTR_MAX;
}

void
capture_view_open(struct capture_view *view, struct capture_window *window, unsigned index)
{
	*view = (struct capture_view){.window = window, .index = index};
	if (window->ring == NULL) {
		look_at_buffer(view);
		return;
	}
	view->base = capture_ring_at(window->ring, 0);
	view->at = view->base;
	view->end = view->base;
	view->report = view->base;
}

void
capture_view_close(struct capture_view *view)
{
	if (view->window->ring != NULL)
		capture_ring_leave(view->window->ring, view->index);
	else
		capture_buffer_leave(buffer_of(view));
}

/* The ring's second half is the first one again: goes back to the first once the place has left it.
 */
static void
rebase(struct capture_view *view)
{
	uint64_t offset = capture_view_offset(view);
	size_t run = (size_t)(view->end - view->at);

	view->base = capture_ring_at(view->window->ring, offset);
	view->base_offset = offset;
	view->at = view->base;
	view->end = view->at + run;
}

void
capture_view_report(struct capture_view *view)
{
	struct capture_ring *ring = view->window->ring;

	if (ring == NULL)
		return;
	capture_ring_pass(ring, view->index, capture_view_offset(view));
	rebase(view);
	view->report = view->at + REPORT_STEP;
}

static bool
extend_ring(struct capture_view *view, size_t need)
{
	uint64_t offset = capture_view_offset(view);
	uint64_t has = capture_ring_written(view->window->ring) - offset;

	view->end = view->at + has;
	return has >= need;
}

bool
capture_view_extend(struct capture_view *view, size_t need)
{
	assert(need <= CAPTURE_RUN_MAX);
	if ((size_t)(view->end - view->at) >= need)
		return true;
	/* A buffer has all it can take in without moving what was given out. */
	return view->window->ring != NULL && extend_ring(view, need);
}

static bool
await_buffer(struct capture_view *view, size_t need)
{
	struct capture_buffer *buffer = buffer_of(view);

	capture_buffer_pass(buffer, (size_t)(view->at - view->base));
	size_t held = capture_buffer_fill(buffer, need);
	look_at_buffer(view);
	return held >= need;
}

bool
capture_view_await(struct capture_view *view, size_t need)
{
	if (capture_view_extend(view, need))
		return true;
	if (view->window->ring == NULL)
		return await_buffer(view, need);
	rebase(view);
	capture_ring_await(view->window->ring, view->index, capture_view_offset(view), need);
	view->report = view->at + REPORT_STEP;
	return extend_ring(view, need);
}

uint64_t
capture_view_skip(struct capture_view *view, uint64_t len)
{
	if (view->window->ring != NULL)
		(void)extend_ring(view, 1);
	uint64_t has = (uint64_t)(view->end - view->at);
	if (has > len)
		has = len;
	view->at += has;
	return has;
}

const char *
capture_view_fault(const struct capture_view *view)
{
	return view->window->ring != NULL ? capture_ring_fault(view->window->ring)
					  : capture_buffer_fault(buffer_of(view));
}
