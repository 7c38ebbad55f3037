/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sweep over the address space: ranges enter a heap, narrowest on top, when the sweep reaches
 * their first address, and leave when they have ended and come to the top. The top is the answer
 * until the next range begins or the top ends; whenever the answer changes, a run begins.
 */
#include "geo/lpm_builder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "geo/lpm.h"
#include "geo/lpm_format.h"

/* Addresses of both families as one number, IPv4 in the low 32 bits. */
__extension__ typedef unsigned __int128 address_number;

/* Every range begins at most one run and ends one, and one run stands before the first. */
#define RANGES_MAX (LPM_COUNT_MAX / 2 - 1)

struct range {
	address_number first;
	address_number last;
	uint32_t value;
	uint32_t order; /* of equally wide ranges the lower wins */
};

struct run {
	address_number first;
	uint32_t value;
};

struct lpm_builder {
	uint8_t version;
	struct range *ranges;
	uint32_t count;
	uint32_t room;
};

/* What the sweep works on; `heap` holds indexes into the ranges. */
struct sweep {
	const struct range *ranges;
	uint32_t *heap;
	uint32_t heap_count;
	struct run *runs;
	uint32_t run_count;
};

struct lpm_builder *
lpm_builder_create(uint8_t version)
{
	struct lpm_builder *b = calloc(1, sizeof(*b));
	if (b != NULL)
		b->version = version;
	return b;
}

void
lpm_builder_destroy(struct lpm_builder *builder)
{
	if (builder == NULL)
		return;
	free(builder->ranges);
	free(builder);
}

static address_number
number_of(const struct ip_address *a)
{
	address_number n = 0;
	for (int i = 0; i < (a->version == 4 ? 4 : 16); i++)
		n = n << 8 | a->bytes[i];
	return n;
}

static int
add(struct lpm_builder *b, address_number first, address_number last, uint32_t value)
{
	if (b->count == RANGES_MAX)
		return -E2BIG;
	if (b->count == b->room) {
		uint32_t room = b->room == 0 ? 64 : b->room * 2;
		struct range *grown = reallocarray(b->ranges, room, sizeof(*grown));
		if (grown == NULL)
			return -ENOMEM;
		b->ranges = grown;
		b->room = room;
	}
	b->ranges[b->count] =
		(struct range){.first = first, .last = last, .value = value, .order = b->count};
	b->count++;
	return 0;
}

int
lpm_builder_add_range(struct lpm_builder *builder, const struct ip_address *first,
		      const struct ip_address *last, uint32_t value)
{
	if (first->version != builder->version || last->version != builder->version ||
	    value == LPM_NO_VALUE)
		return -EINVAL;
	address_number from = number_of(first), to = number_of(last);
	return to < from ? -EINVAL : add(builder, from, to, value);
}

int
lpm_builder_add_prefix(struct lpm_builder *builder, const struct ip_prefix *prefix, uint32_t value)
{
	unsigned width = builder->version == 4 ? 32 : 128;
	if (prefix->address.version != builder->version || prefix->bits > width ||
	    value == LPM_NO_VALUE)
		return -EINVAL;
	/* A shift by the full width of the type is undefined, so /0 of IPv6 is made of ones at
	 * once. */
	unsigned host_bits = width - prefix->bits;
	address_number host_mask =
		host_bits == 128 ? ~(address_number)0 : ((address_number)1 << host_bits) - 1;
	address_number from = number_of(&prefix->address) & ~host_mask;
	return add(builder, from, from | host_mask, value);
}

static int
by_first_address(const void *left, const void *right)
{
	const struct range *a = left, *b = right;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
wins(const struct sweep *s, uint32_t left, uint32_t right)
{
	const struct range *a = &s->ranges[left], *b = &s->ranges[right];
	address_number a_width = a->last - a->first, b_width = b->last - b->first;
	return a_width != b_width ? a_width < b_width : a->order < b->order;
}

static void
swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;
	*a = *b;
	*b = kept;
}

static void
heap_push(struct sweep *s, uint32_t range)
{
	uint32_t at = s->heap_count++;
	s->heap[at] = range;
	for (; at > 0 && wins(s, s->heap[at], s->heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&s->heap[at], &s->heap[(at - 1) / 2]);
}

static void
heap_pop(struct sweep *s)
{
	s->heap[0] = s->heap[--s->heap_count];
	for (uint32_t at = 0;;) {
		uint32_t best = at, left = 2 * at + 1, right = 2 * at + 2;
		if (left < s->heap_count && wins(s, s->heap[left], s->heap[best]))
			best = left;
		if (right < s->heap_count && wins(s, s->heap[right], s->heap[best]))
			best = right;
		if (best == at)
			return;
		swap(&s->heap[at], &s->heap[best]);
		at = best;
	}
}

/* Begins a run at `first`, unless the one before has the same value anyway. */
static void
begin_run(struct sweep *s, address_number first, uint32_t value)
{
	if (s->run_count > 0 && s->runs[s->run_count - 1].value == value)
		return;
	s->runs[s->run_count++] = (struct run){.first = first, .value = value};
}

static void
sweep_all(struct sweep *s, uint32_t count, address_number highest)
{
	uint32_t next = 0;
	address_number at = 0;
	for (;;) {
		while (next < count && s->ranges[next].first == at)
			heap_push(s, next++);
		while (s->heap_count > 0 && s->ranges[s->heap[0]].last < at)
			heap_pop(s);
		const struct range *top = s->heap_count > 0 ? &s->ranges[s->heap[0]] : NULL;
		begin_run(s, at, top != NULL ? top->value : LPM_NO_VALUE);

		bool ends = top != NULL && top->last != highest;
		if (next == count && !ends)
			return;
		if (ends && (next == count || top->last + 1 < s->ranges[next].first))
			at = top->last + 1;
		else
			at = s->ranges[next].first;
	}
}

/* About one block a run, as far as the index stays small beside the caches and the table. */
static uint8_t
index_bits_for(uint8_t version, uint32_t runs)
{
	uint8_t most = version == 4 ? 17 : LPM_INDEX_BITS_MAX;
	uint8_t bits = LPM_INDEX_BITS_MIN;
	while (bits < most && ((uint32_t)1 << bits) < runs)
		bits++;
	return bits;
}

static void
fill_index(uint32_t *index, unsigned bits, unsigned width, const struct sweep *s)
{
	uint32_t run = 0;
	for (uint32_t block = 0; block < (uint32_t)1 << bits; block++) {
		address_number start = (address_number)block << (width - bits);
		while (run + 1 < s->run_count && s->runs[run + 1].first <= start)
			run++;
		index[block] = run;
	}
	index[(uint32_t)1 << bits] = s->run_count - 1;
}

static int
write_image(uint8_t version, const struct sweep *s, void **image, size_t *size)
{
	struct lpm_header header = {.magic = LPM_MAGIC,
				    .version = version,
				    .index_bits = index_bits_for(version, s->run_count),
				    .count = s->run_count};
	struct lpm_layout at = lpm_layout_of(version, header.index_bits, header.count);
	uint8_t *bytes = calloc(1, at.size);
	if (bytes == NULL)
		return -ENOMEM;

	memcpy(bytes, &header, sizeof(header));
	fill_index((void *)(bytes + at.index), header.index_bits, version == 4 ? 32 : 128, s);
	uint32_t *starts_v4 = (void *)(bytes + at.starts), *values = (void *)(bytes + at.values);
	uint64_t *high = (void *)(bytes + at.starts), *low = (void *)(bytes + at.low);
	for (uint32_t i = 0; i < s->run_count; i++) {
		values[i] = s->runs[i].value;
		if (version == 4) {
			starts_v4[i] = (uint32_t)s->runs[i].first;
		} else {
			high[i] = (uint64_t)(s->runs[i].first >> 64);
			low[i] = (uint64_t)s->runs[i].first;
		}
	}
	*image = bytes;
	*size = at.size;
	return 0;
}

int
lpm_builder_finish(struct lpm_builder *builder, void **image, size_t *size)
{
	size_t n = builder->count;
	struct sweep s = {.ranges = builder->ranges,
			  .heap = calloc(n + 1, sizeof(*s.heap)),
			  .runs = calloc(2 * n + 1, sizeof(*s.runs))};
	int rc = -ENOMEM;
	if (s.heap != NULL && s.runs != NULL) {
		if (n > 0)
			qsort(builder->ranges, n, sizeof(*builder->ranges), by_first_address);
		sweep_all(&s, builder->count,
			  builder->version == 4 ? UINT32_MAX : ~(address_number)0);
		rc = write_image(builder->version, &s, image, size);
	}
	free(s.heap);
	free(s.runs);
	return rc;
}
