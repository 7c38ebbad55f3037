/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/first_bytes.h"

#include <string.h>

void
first_bytes_init(struct first_bytes *bytes, uint8_t *buffer, uint32_t size)
{
	bytes->buffer = buffer;
	bytes->size = size;
	bytes->run_count = 0;
}

/* Copies [start, end) except for what the runs already hold; true when that differs. */
static bool
copy_missing(struct first_bytes *b, uint32_t start, uint32_t end, const uint8_t *data)
{
	uint32_t at = start;
	bool differs = false;

	for (uint32_t i = 0; i < b->run_count && at < end; i++) {
		if (b->runs[i].end <= at)
			continue;
		uint32_t stop = b->runs[i].start < end ? b->runs[i].start : end;
		if (stop > at)
			memcpy(b->buffer + at, data + (at - start), stop - at);
		uint32_t from = stop > at ? stop : at;
		uint32_t to = b->runs[i].end < end ? b->runs[i].end : end;
		if (to > from)
			differs |= memcmp(b->buffer + from, data + (from - start), to - from) != 0;
		if (b->runs[i].end > at)
			at = b->runs[i].end;
	}
	if (at < end)
		memcpy(b->buffer + at, data + (at - start), end - at);
	return differs;
}

/* Enters [start, end), joined with every run that it touches. False when there is no room for one
 * more. */
static bool
enter_run(struct first_bytes *b, uint32_t start, uint32_t end)
{
	uint32_t first = 0;
	while (first < b->run_count && b->runs[first].end < start)
		first++;
	uint32_t last = first;
	while (last < b->run_count && b->runs[last].start <= end)
		last++;

	if (first == last) {
		if (b->run_count == FIRST_BYTES_RUNS)
			return false;
		memmove(&b->runs[first + 1], &b->runs[first],
			(b->run_count - first) * sizeof(b->runs[0]));
		b->runs[first].start = start;
		b->runs[first].end = end;
		b->run_count++;
		return true;
	}
	if (b->runs[first].start > start)
		b->runs[first].start = start;
	b->runs[first].end = b->runs[last - 1].end > end ? b->runs[last - 1].end : end;
	memmove(&b->runs[first + 1], &b->runs[last], (b->run_count - last) * sizeof(b->runs[0]));
	b->run_count -= last - first - 1;
	return true;
}

unsigned
first_bytes_add(struct first_bytes *bytes, uint64_t offset, struct slice piece)
{
	if (piece.len == 0)
		return FIRST_BYTES_TAKEN;
	if (offset >= bytes->size)
		return FIRST_BYTES_BEYOND;

	uint32_t start = (uint32_t)offset;
	uint32_t room = bytes->size - start;
	uint32_t end = start + (piece.len < room ? (uint32_t)piece.len : room);
	struct first_bytes before = *bytes;
	unsigned result = piece.len > room ? FIRST_BYTES_BEYOND : FIRST_BYTES_TAKEN;
	if (!enter_run(bytes, start, end))
		return result | FIRST_BYTES_TOO_MANY_RUNS;
	if (copy_missing(&before, start, end, piece.data))
		result |= FIRST_BYTES_CONFLICT;
	return result;
}

void
first_bytes_move_up(struct first_bytes *bytes, uint32_t by)
{
	uint32_t kept = 0;

	for (uint32_t i = bytes->run_count; i-- > 0;) {
		uint32_t start = bytes->runs[i].start, end = bytes->runs[i].end;
		if (by >= bytes->size || start >= bytes->size - by)
			continue; /* the runs behind it went before */
		if (end > bytes->size - by)
			end = bytes->size - by;
		memmove(bytes->buffer + start + by, bytes->buffer + start, end - start);
		bytes->runs[i].start = start + by;
		bytes->runs[i].end = end + by;
		kept++;
	}
	bytes->run_count = kept;
}

void
first_bytes_move_down(struct first_bytes *bytes, uint32_t by)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < bytes->run_count; i++) {
		uint32_t start = bytes->runs[i].start, end = bytes->runs[i].end;
		if (end <= by)
			continue;
		if (start < by)
			start = by;
		memmove(bytes->buffer + start - by, bytes->buffer + start, end - start);
		bytes->runs[kept].start = start - by;
		bytes->runs[kept].end = end - by;
		kept++;
	}
	bytes->run_count = kept;
}

uint32_t
first_bytes_end(const struct first_bytes *bytes)
{
	return bytes->run_count != 0 ? bytes->runs[bytes->run_count - 1].end : 0;
}

struct slice
first_bytes_contiguous(const struct first_bytes *bytes)
{
	if (bytes->run_count == 0 || bytes->runs[0].start != 0)
		return slice_of(bytes->buffer, 0);
	return slice_of(bytes->buffer, bytes->runs[0].end);
}
