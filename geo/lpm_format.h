/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The image shared by lpm.c (reads) and lpm_builder.c (writes); nobody else includes this.
 *
 *   header | index: u32[(1 << index_bits) + 1] | padding to 8
 *          | IPv4: starts u32[count]            | padding to 8 | values u32[count] | padding to 8
 *          | IPv6: high u64[count], low u64[count]             | values u32[count] | padding to 8
 *
 * Numbers are in the byte order of the machine that reads: the arrays are used where they lie, and
 * `magic` reads wrong on the other kind of machine. A run reaches up to the start of the next one.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LPM_MAGIC 0x314d504cu /* "LPM1" */
#define LPM_INDEX_BITS_MIN 4
#define LPM_INDEX_BITS_MAX 20
/* Twice the ranges that one image may be built from; keeps every size below 2^35, far from
 * overflow. */
#define LPM_COUNT_MAX (1u << 30)

struct lpm_header {
	uint32_t magic;
	uint8_t version;
	uint8_t index_bits;
	uint8_t zero[2];
	uint32_t count;
	uint32_t zero2;
};

/* Byte offsets of the arrays, from the start of the image. */
struct lpm_layout {
	size_t index;
	size_t starts; /* IPv6: the high halves */
	size_t low;    /* IPv6 only */
	size_t values;
	size_t size;
};

static inline size_t
lpm_round_up(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static inline struct lpm_layout
lpm_layout_of(uint8_t version, unsigned index_bits, size_t count)
{
	struct lpm_layout at = {.index = sizeof(struct lpm_header)};
	size_t start_bytes = version == 4 ? sizeof(uint32_t) : sizeof(uint64_t);

	at.starts = lpm_round_up(at.index + (((size_t)1 << index_bits) + 1) * sizeof(uint32_t));
	at.low = lpm_round_up(at.starts + count * start_bytes);
	at.values = version == 4 ? at.low : at.low + count * sizeof(uint64_t);
	at.size = lpm_round_up(at.values + count * sizeof(uint32_t));
	return at;
}
