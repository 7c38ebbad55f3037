/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_window.h"

void
delivery_window_add(struct delivery_window *w, uint64_t sequence, size_t bytes, uint64_t now_ns)
{
	w->bytes += bytes;
	if (w->count < DELIVERY_WINDOW_BATCHES)
		w->count++;
	w->batches[(w->first + w->count - 1) % DELIVERY_WINDOW_BATCHES] =
		(struct delivery_written){sequence, w->bytes, now_ns};
}

uint64_t
delivery_window_settle(struct delivery_window *w, size_t pending, uint64_t wait_ns, uint64_t now_ns)
{
	uint64_t arrived = 0;

	while (w->count > 0) {
		const struct delivery_written *oldest = &w->batches[w->first];
		/* Frames only add bytes: what is pending is then of later batches. */
		if (w->bytes - oldest->bytes < pending || now_ns - oldest->at_ns < wait_ns)
			break;
		arrived = oldest->sequence;
		w->first = (w->first + 1) % DELIVERY_WINDOW_BATCHES;
		w->count--;
	}
	return arrived;
}

void
delivery_window_clear(struct delivery_window *w)
{
	w->first = w->count = 0;
	w->bytes = 0;
}
