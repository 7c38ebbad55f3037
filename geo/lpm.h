/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Longest-prefix table: address to a 32-bit value, IPv4 or IPv6. It reads one image, a flat run of
 * bytes without pointers that lpm_builder makes and that may be mapped from a file. Nested prefixes
 * are already resolved in it, so a look-up is one index read and one binary search. What a value
 * means is the caller's business. Immutable: any number of threads may ask.
 */
#pragma once

#include <stdint.h>

#include "base/bytes.h"
#include "base/fault_list.h"
#include "base/ip_address.h"
#include "geo/lookup_answer.h"

/** The value that stands for "nothing" inside the image; no entry may have it. */
#define LPM_NO_VALUE UINT32_MAX

/** Where an image has to start in memory, and its size is a multiple of it. */
#define LPM_ALIGNMENT 8

/** An opened image; a plain record that borrows the image's memory. Fields are lpm.c's own. */
struct lpm {
	uint8_t version;             /* of the addresses: 4 or 6 */
	uint8_t index_bits;          /* leading address bits that choose a block */
	uint32_t count;              /* runs of equal value; they cover the whole address space */
	const uint32_t *index;       /* (1 << index_bits) + 1: the run in which a block begins */
	const uint32_t *starts_v4;   /* first address of each run, ascending */
	const uint64_t *starts_high; /* IPv6: the upper and the lower half of the same */
	const uint64_t *starts_low;
	const uint32_t *values;
};

/**
 * Opens an image for addresses of `version` (4 or 6). Looks at the header only, so the cost does
 * not grow with the table; what the body may get wrong is met, inside bounds, by lpm_lookup. `out`
 * borrows `image`. `name` is for the fault, which is added when the image is too short, misaligned
 * or none of ours. Returns 0 or -EINVAL.
 */
int lpm_open(struct slice image, uint8_t version, const char *name, struct lpm *out,
	     struct fault_list *faults);

/**
 * The value of the longest prefix (narrowest range) that covers `address`; absent for an address of
 * the other version. Reads only inside the image whatever its bytes are; no allocation, no lock.
 */
enum lookup_answer
lpm_lookup(const struct lpm *table, const struct ip_address *address, uint32_t *value);

/**
 * Reads the whole table once: runs ascend, the index points where it should. For `vigie check`, not
 * for every start. Returns 0, or -EINVAL with a fault naming the first run that is wrong.
 */
int lpm_verify(const struct lpm *table, const char *name, struct fault_list *faults);
