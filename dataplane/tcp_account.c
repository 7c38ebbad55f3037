/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/tcp_account.h"

#include <string.h>

/* Further ahead than any window (RFC 7323: 2^30): another connection, or bytes of nobody. */
#define WINDOW_MAX (1 << 30)

void
tcp_account_start(struct tcp_direction *direction, uint32_t seq)
{
	memset(direction, 0, sizeof(*direction));
	direction->next_seq = seq;
}

static void
hole_drop(struct tcp_direction *d, unsigned index)
{
	for (unsigned i = index; i + 1 < TCP_HOLES_MAX; i++) {
		d->hole_start[i] = d->hole_start[i + 1];
		d->hole_end[i] = d->hole_end[i + 1];
	}
	d->hole_start[TCP_HOLES_MAX - 1] = 0;
	d->hole_end[TCP_HOLES_MAX - 1] = 0;
}

static void
hole_add(struct tcp_direction *d, uint32_t start, uint32_t end)
{
	unsigned at = 0;

	while (at < TCP_HOLES_MAX && d->hole_start[at] != d->hole_end[at])
		at++;
	if (at == TCP_HOLES_MAX) {
		hole_drop(d, 0);
		at = TCP_HOLES_MAX - 1;
	}
	d->hole_start[at] = start;
	d->hole_end[at] = end;
}

/* Fills hole `i` as far as [seq, seq + len) covers it; returns the bytes covered. */
static uint32_t
hole_fill(struct tcp_direction *d, unsigned i, uint32_t seq, uint32_t len)
{
	uint32_t start = d->hole_start[i], end = d->hole_end[i];
	uint32_t from = (int32_t)(seq - start) > 0 ? seq : start;
	uint32_t to = (int32_t)(seq + len - end) < 0 ? seq + len : end;

	if ((int32_t)(to - from) <= 0)
		return 0;
	if (from == start) {
		d->hole_start[i] = to;
	} else {
		d->hole_end[i] = from;
		if (to != end)
			hole_add(d, to, end);
	}
	return to - from;
}

static uint32_t
fill_holes(struct tcp_direction *d, uint32_t seq, uint32_t len)
{
	uint32_t filled = 0;

	for (unsigned i = 0; i < TCP_HOLES_MAX; i++) {
		if (d->hole_start[i] != d->hole_end[i])
			filled += hole_fill(d, i, seq, len);
	}
	for (unsigned i = TCP_HOLES_MAX; i-- > 0;) {
		if (d->hole_start[i] == d->hole_end[i])
			hole_drop(d, i);
	}
	return filled;
}

/* A hole further behind than any window stays one; when the numbers come round it would look new.
 */
static void
drop_stale_holes(struct tcp_direction *d)
{
	for (unsigned i = TCP_HOLES_MAX; i-- > 0;) {
		if (d->hole_start[i] != d->hole_end[i] &&
		    d->next_seq - d->hole_start[i] > WINDOW_MAX)
			hole_drop(d, i);
	}
}

/* Holes are kept from the first slot on: without one there, there is none. */
static void
advance(struct tcp_direction *d, uint32_t next_seq)
{
	d->next_seq = next_seq;
	if (d->hole_start[0] != d->hole_end[0])
		drop_stale_holes(d);
}

uint32_t
tcp_account_segment(struct tcp_direction *direction, uint32_t seq, uint32_t len)
{
	if (len == 0)
		return 0;
	if (seq == direction->next_seq) {
		advance(direction, seq + len);
		return len;
	}

	int32_t ahead = (int32_t)(seq - direction->next_seq);
	if (ahead > WINDOW_MAX || ahead < -WINDOW_MAX) {
		tcp_account_start(direction, seq + len);
		return len;
	}
	if (ahead > 0) {
		hole_add(direction, direction->next_seq, seq);
		advance(direction, seq + len);
		return len;
	}
	uint32_t fresh = fill_holes(direction, seq, len);
	int32_t beyond = (int32_t)(seq + len - direction->next_seq);
	if (beyond > 0) {
		advance(direction, direction->next_seq + (uint32_t)beyond);
		fresh += (uint32_t)beyond;
	}
	return fresh;
}
