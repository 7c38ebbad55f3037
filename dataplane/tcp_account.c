/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holes lie in the order of their numbers. Nothing that was never seen is forgotten while its
 * numbers are within a window: else a few bytes sent ahead, which no host takes, would hide all
 * that follows. Where there are more holes than are kept, two become one, and bytes between them
 * that are sent again count again.
 */
#include "dataplane/tcp_account.h"

#include <string.h>

/* Further ahead than any window (RFC 7323: 2^30): another connection, or bytes of nobody. */
#define WINDOW_MAX (1 << 30)

/* Holes while they are changed: a segment in the middle of one makes two of it. */
struct holes {
	uint32_t start[TCP_HOLES_MAX + 1];
	uint32_t end[TCP_HOLES_MAX + 1];
	unsigned count;
};

void
tcp_account_start(struct tcp_direction *direction, uint32_t seq)
{
	memset(direction, 0, sizeof(*direction));
	direction->next_seq = seq;
}

void
tcp_account_join(struct tcp_direction *direction, uint32_t seq)
{
	tcp_account_start(direction, seq);
	direction->hole_start[0] = seq - WINDOW_MAX;
	direction->hole_end[0] = seq;
}

static void
keep(struct holes *h, uint32_t start, uint32_t end)
{
	if (start == end)
		return;
	h->start[h->count] = start;
	h->end[h->count++] = end;
}

/* Joins the two holes with the fewest bytes between them; of equals the oldest. */
static void
join_nearest(struct holes *h)
{
	unsigned nearest = 0;

	for (unsigned i = 1; i + 1 < h->count; i++) {
		if (h->start[i + 1] - h->end[i] < h->start[nearest + 1] - h->end[nearest])
			nearest = i;
	}
	h->end[nearest] = h->end[nearest + 1];
	h->count--;
	for (unsigned i = nearest + 1; i < h->count; i++) {
		h->start[i] = h->start[i + 1];
		h->end[i] = h->end[i + 1];
	}
}

static void
store(struct tcp_direction *d, struct holes *h, bool *is_rough)
{
	if (h->count > TCP_HOLES_MAX) {
		join_nearest(h);
		*is_rough = true;
	}
	for (unsigned i = 0; i < TCP_HOLES_MAX; i++) {
		d->hole_start[i] = i < h->count ? h->start[i] : 0;
		d->hole_end[i] = i < h->count ? h->end[i] : 0;
	}
}

/* Takes [seq, seq + len) out of the holes; gives the bytes of them that it fills. */
static uint32_t
fill_holes(struct tcp_direction *d, uint32_t seq, uint32_t len, bool *is_rough)
{
	struct holes h = {.count = 0};
	uint32_t filled = 0;

	for (unsigned i = 0; i < TCP_HOLES_MAX && d->hole_start[i] != d->hole_end[i]; i++) {
		uint32_t start = d->hole_start[i], end = d->hole_end[i];
		uint32_t from = (int32_t)(seq - start) > 0 ? seq : start;
		uint32_t to = (int32_t)(seq + len - end) < 0 ? seq + len : end;
		if ((int32_t)(to - from) <= 0) {
			keep(&h, start, end);
			continue;
		}
		filled += to - from;
		keep(&h, start, from);
		keep(&h, to, end);
	}
	if (filled != 0)
		store(d, &h, is_rough);
	return filled;
}

static void
add_hole(struct tcp_direction *d, uint32_t start, uint32_t end, bool *is_rough)
{
	struct holes h = {.count = 0};

	for (unsigned i = 0; i < TCP_HOLES_MAX; i++)
		keep(&h, d->hole_start[i], d->hole_end[i]);
	keep(&h, start, end);
	store(d, &h, is_rough);
}

/* What lies further behind than any window is no hole any more: when the numbers come round it
 * would look new. */
static void
cut_stale_holes(struct tcp_direction *d)
{
	uint32_t oldest = d->next_seq - WINDOW_MAX;

	for (unsigned i = 0; i < TCP_HOLES_MAX && (int32_t)(oldest - d->hole_start[0]) > 0; i++) {
		if ((int32_t)(oldest - d->hole_end[0]) < 0) {
			d->hole_start[0] = oldest;
			return;
		}
		for (unsigned k = 0; k + 1 < TCP_HOLES_MAX; k++) {
			d->hole_start[k] = d->hole_start[k + 1];
			d->hole_end[k] = d->hole_end[k + 1];
		}
		d->hole_start[TCP_HOLES_MAX - 1] = d->hole_end[TCP_HOLES_MAX - 1] = 0;
		if (d->hole_start[0] == d->hole_end[0])
			return;
	}
}

/* Holes are kept from the first slot on: without one there, there is none. */
static void
advance(struct tcp_direction *d, uint32_t next_seq)
{
	d->next_seq = next_seq;
	if (d->hole_start[0] != d->hole_end[0])
		cut_stale_holes(d);
}

uint32_t
tcp_account_segment(struct tcp_direction *direction, uint32_t seq, uint32_t len, bool *is_rough)
{
	if (len == 0)
		return 0;
	if (seq == direction->next_seq) {
		advance(direction, seq + len);
		return len;
	}

	int32_t ahead = (int32_t)(seq - direction->next_seq);
	if (ahead > WINDOW_MAX || ahead < -WINDOW_MAX) {
		tcp_account_join(direction, seq);
		advance(direction, seq + len);
		*is_rough = true;
		return len;
	}
	if (ahead > 0) {
		add_hole(direction, direction->next_seq, seq, is_rough);
		advance(direction, seq + len);
		return len;
	}
	uint32_t fresh = 0;
	if (direction->hole_start[0] != direction->hole_end[0])
		fresh = fill_holes(direction, seq, len, is_rough);
	int32_t beyond = (int32_t)(seq + len - direction->next_seq);
	if (beyond > 0) {
		advance(direction, direction->next_seq + (uint32_t)beyond);
		fresh += (uint32_t)beyond;
	}
	return fresh;
}
