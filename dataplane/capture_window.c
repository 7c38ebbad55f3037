/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_window.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A mapped file comes in by so much at a time: one system call for some 5,000 packets. */
#define BRING_STEP (2u * 1024 * 1024)

/*
 * A reader of a mapped file gives back what lies so far behind it. Readers that go together share
 * what one of them has brought in, and memory stays small however far they are apart: what a fast
 * one has given back, a slow one brings in again from the page cache.
 */
#define KEEP_BEHIND (8u * 1024 * 1024)

/* A reader of a ring says where it is after so many bytes, as that takes a lock. */
#define REPORT_STEP (512u * 1024)

/* Each reader writes its own place, the progress display reads them: a cache line each. */
struct reader_place {
	_Alignas(64) _Atomic(uint64_t) offset;
};

struct capture_window {
	struct capture_mapping *mapping; /* one of the two is NULL */
	struct capture_ring *ring;
	uint64_t len; /* of the mapping */
	unsigned reader_count;
	struct reader_place *places; /* of the mapping's readers; UINT64_MAX: gone */
};

struct capture_window *
capture_window_over_mapping(struct capture_mapping *mapping, uint64_t len, unsigned reader_count)
{
	struct capture_window *window = calloc(1, sizeof(*window));

	if (window == NULL)
		return NULL;
	window->places = aligned_alloc(64, reader_count * sizeof(*window->places));
	if (window->places == NULL) {
		free(window);
		return NULL;
	}
	for (unsigned i = 0; i < reader_count; i++)
		atomic_init(&window->places[i].offset, 0);
	window->mapping = mapping;
	window->len = len;
	window->reader_count = reader_count;
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
	capture_mapping_close(window->mapping);
	capture_ring_destroy(window->ring);
	free(window->places);
	free(window);
}

uint64_t
capture_window_position(struct capture_window *window)
{
	uint64_t least = UINT64_MAX;

	if (window->ring != NULL)
		return capture_ring_position(window->ring);
	for (unsigned i = 0; i < window->reader_count; i++) {
		uint64_t at = atomic_load_explicit(&window->places[i].offset, memory_order_relaxed);

		if (at < least)
			least = at;
	}
	return least < window->len ? least : window->len;
}

void
capture_view_open(struct capture_view *view, struct capture_window *window, unsigned index)
{
	*view = (struct capture_view){.window = window, .index = index};
	view->base = window->ring != NULL ? capture_ring_at(window->ring, 0)
					  : capture_mapping_bytes(window->mapping);
	view->at = view->base;
	view->end = view->base;
	view->report = view->base;
}

void
capture_view_close(struct capture_view *view)
{
	struct capture_window *window = view->window;

	if (window->ring != NULL) {
		capture_ring_leave(window->ring, view->index);
		return;
	}
	capture_mapping_release(window->mapping, view->released, capture_view_offset(view));
	atomic_store(&window->places[view->index].offset, UINT64_MAX);
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
	struct capture_window *window = view->window;
	uint64_t offset = capture_view_offset(view);

	if (window->ring != NULL) {
		capture_ring_pass(window->ring, view->index, offset);
		rebase(view);
		view->report = view->at + REPORT_STEP;
		return;
	}
	atomic_store_explicit(&window->places[view->index].offset, offset, memory_order_relaxed);
	if (offset - view->released > KEEP_BEHIND) {
		uint64_t to = offset - KEEP_BEHIND / 2;

		capture_mapping_release(window->mapping, view->released, to);
		view->released = to;
	}
	view->report = view->at + REPORT_STEP;
}

static bool
extend_mapping(struct capture_view *view, size_t need)
{
	struct capture_mapping *mapping = view->window->mapping;
	uint64_t offset = capture_view_offset(view);
	uint64_t has = (uint64_t)(view->end - view->at);
	uint64_t goal = offset + has;
	uint64_t kept;

	if (goal < view->window->len) {
		uint64_t left = view->window->len - goal;
		uint64_t step = left < BRING_STEP ? left : BRING_STEP;

		capture_mapping_bring(mapping, goal, step);
		goal += step;
	}
	kept = capture_mapping_kept(mapping);
	if (goal > kept)
		goal = kept > offset ? kept : offset;
	view->end = view->at + (goal - offset);
	return goal - offset >= need;
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
	return view->window->ring != NULL ? extend_ring(view, need) : extend_mapping(view, need);
}

bool
capture_view_await(struct capture_view *view, size_t need)
{
	if (capture_view_extend(view, need))
		return true;
	if (view->window->ring == NULL)
		return false;
	rebase(view);
	capture_ring_await(view->window->ring, view->index, capture_view_offset(view), need);
	view->report = view->at + REPORT_STEP;
	return extend_ring(view, need);
}

uint64_t
capture_view_skip(struct capture_view *view, uint64_t len)
{
	uint64_t has;

	if (view->window->ring == NULL) {
		uint64_t offset = capture_view_offset(view);
		uint64_t kept = capture_mapping_kept(view->window->mapping);

		has = kept > offset ? kept - offset : 0;
	} else {
		(void)extend_ring(view, 1);
		has = (uint64_t)(view->end - view->at);
	}
	if (has > len)
		has = len;
	view->at += has;
	if (view->at > view->end)
		view->end = view->at;
	return has;
}

const char *
capture_view_fault(const struct capture_view *view)
{
	return view->window->ring != NULL ? capture_ring_fault(view->window->ring)
					  : capture_mapping_fault(view->window->mapping);
}

uint64_t
capture_view_lost(const struct capture_view *view)
{
	if (view->window->ring != NULL)
		return UINT64_MAX;
	uint64_t kept = capture_mapping_kept(view->window->mapping);

	return kept < view->window->len ? kept : UINT64_MAX;
}

uint64_t
capture_view_recheck(const struct capture_view *view)
{
	if (view->window->mapping != NULL)
		capture_mapping_check(view->window->mapping);
	return capture_view_lost(view);
}
