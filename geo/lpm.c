/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole address space is cut into runs of equal value, sorted by their first address. The
 * leading `index_bits` of an address choose a block; the index says in which run the block begins,
 * and the next index entry in which run it ends; between the two a binary search finds the last run
 * that starts at or before the address. Half a million IPv4 runs and 2^17 blocks leave two or three
 * steps on average.
 *
 * The body of a mapped file is not read at start. Therefore nothing in it is believed: index
 * entries are compared with the count before they are used, and a search in unsorted runs still
 * ends, inside the array, with an answer that is checked.
 */
#include "geo/lpm.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "geo/lpm_format.h"

static int
refuse(struct fault_list *faults, const char *name, const char *why)
{
	fault_list_add(faults, name, 0, 0, "prefix table: %s; compile the table again", why);
	return -EINVAL;
}

int
lpm_open(struct slice image, uint8_t version, const char *name, struct lpm *out,
	 struct fault_list *faults)
{
	struct lpm_header header;
	if (image.len < sizeof(header))
		return refuse(faults, name, "shorter than its header");
	if ((uintptr_t)image.data % LPM_ALIGNMENT != 0)
		return refuse(faults, name, "does not start at a multiple of 8");
	memcpy(&header, image.data, sizeof(header));

	if (header.magic != LPM_MAGIC)
		return refuse(faults, name, "wrong magic number or byte order");
	if (header.version != version)
		return refuse(faults, name, "holds the other address family");
	if (header.index_bits < LPM_INDEX_BITS_MIN || header.index_bits > LPM_INDEX_BITS_MAX)
		return refuse(faults, name, "index size out of range");
	if (header.count == 0 || header.count > LPM_COUNT_MAX)
		return refuse(faults, name, "number of runs out of range");
	struct lpm_layout at = lpm_layout_of(version, header.index_bits, header.count);
	if (at.size != image.len)
		return refuse(faults, name, "size does not agree with the number of runs");

	/* The arrays are used where they lie: every offset is a multiple of the size of its
	 * elements. */
	*out = (struct lpm){
		.version = version,
		.index_bits = header.index_bits,
		.count = header.count,
		.index = (const void *)(image.data + at.index),
		.values = (const void *)(image.data + at.values),
	};
	if (version == 4) {
		out->starts_v4 = (const void *)(image.data + at.starts);
	} else {
		out->starts_high = (const void *)(image.data + at.starts);
		out->starts_low = (const void *)(image.data + at.low);
	}
	return 0;
}

static uint64_t
be64(const uint8_t *b)
{
	uint64_t n;
	memcpy(&n, b, sizeof(n));
	return be64toh(n);
}

/* The last of `len` runs from `from` on that starts at or before the address; `from` if none does.
 */
static uint32_t
search_v4(const struct lpm *t, uint32_t from, uint32_t len, uint32_t address)
{
	for (; len > 1; len -= len / 2)
		from = t->starts_v4[from + len / 2] <= address ? from + len / 2 : from;
	return from;
}

static bool
starts_at_or_before(const struct lpm *t, uint32_t run, uint64_t high, uint64_t low)
{
	uint64_t start = t->starts_high[run];
	return start < high || (start == high && t->starts_low[run] <= low);
}

/* Few runs begin inside a /64, so the upper halves decide alone, without a branch to mispredict. */
static uint32_t
search_v6(const struct lpm *t, uint32_t first, uint32_t len, uint64_t high, uint64_t low)
{
	uint32_t from = first;
	for (uint32_t left = len; left > 1; left -= left / 2)
		from = t->starts_high[from + left / 2] <= high ? from + left / 2 : from;
	if (t->starts_high[from] != high)
		return from;

	len = from - first + 1;
	from = first;
	for (; len > 1; len -= len / 2)
		from = starts_at_or_before(t, from + len / 2, high, low) ? from + len / 2 : from;
	return from;
}

/* Writes the run in which `address` lies; false if the index or the order of the runs is broken. */
static bool
find_run(const struct lpm *t, const struct ip_address *address, uint32_t *run)
{
	uint64_t high =
		t->version == 4 ? (uint64_t)ip_address_v4(address) << 32 : be64(address->bytes);
	uint64_t block = high >> (64 - t->index_bits);
	uint32_t first = t->index[block], last = t->index[block + 1];
	if (first > last || last >= t->count)
		return false;

	if (t->version == 4) {
		uint32_t v4 = ip_address_v4(address);
		*run = search_v4(t, first, last - first + 1, v4);
		return t->starts_v4[*run] <= v4;
	}
	uint64_t low = be64(address->bytes + 8);
	*run = search_v6(t, first, last - first + 1, high, low);
	return starts_at_or_before(t, *run, high, low);
}

enum lookup_answer
lpm_lookup(const struct lpm *table, const struct ip_address *address, uint32_t *value)
{
	uint32_t run;
	if (address->version != table->version)
		return LOOKUP_ABSENT;
	if (!find_run(table, address, &run))
		return LOOKUP_CORRUPT;
	if (table->values[run] == LPM_NO_VALUE)
		return LOOKUP_ABSENT;
	*value = table->values[run];
	return LOOKUP_FOUND;
}

static bool
run_ascends(const struct lpm *t, uint32_t run)
{
	if (t->version == 4)
		return run == 0 ? t->starts_v4[0] == 0 : t->starts_v4[run - 1] < t->starts_v4[run];
	if (run == 0)
		return t->starts_high[0] == 0 && t->starts_low[0] == 0;
	return !starts_at_or_before(t, run, t->starts_high[run - 1], t->starts_low[run - 1]);
}

/* Whether the index entry of `block` names the last run that starts at or before the block. */
static bool
block_begins_in_its_run(const struct lpm *t, uint32_t block)
{
	uint32_t run = t->index[block];
	uint64_t start = (uint64_t)block << (64 - t->index_bits);
	if (run >= t->count)
		return false;
	if (t->version == 4) {
		uint32_t v4 = (uint32_t)(start >> 32);
		return t->starts_v4[run] <= v4 &&
		       (run + 1 == t->count || t->starts_v4[run + 1] > v4);
	}
	return starts_at_or_before(t, run, start, 0) &&
	       (run + 1 == t->count || !starts_at_or_before(t, run + 1, start, 0));
}

int
lpm_verify(const struct lpm *table, const char *name, struct fault_list *faults)
{
	uint32_t blocks = (uint32_t)1 << table->index_bits;

	for (uint32_t run = 0; run < table->count; run++)
		if (!run_ascends(table, run)) {
			fault_list_add(faults, name, 0, 0, "prefix table: run %u is out of order",
				       run);
			return -EINVAL;
		}
	for (uint32_t block = 0; block < blocks; block++)
		if (!block_begins_in_its_run(table, block)) {
			fault_list_add(faults, name, 0, 0, "prefix table: index entry %u is wrong",
				       block);
			return -EINVAL;
		}
	if (table->index[blocks] != table->count - 1) {
		fault_list_add(faults, name, 0, 0, "prefix table: the last index entry is wrong");
		return -EINVAL;
	}
	return 0;
}
