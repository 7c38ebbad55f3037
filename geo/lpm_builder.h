/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the image that lpm.h reads, from prefixes and inclusive ranges in any order. Where several
 * cover an address the narrowest wins, which for prefixes is the longest; of equally wide ones the
 * one added first. Runs on the heap, for the compiler and for tests; one thread at a time.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip_address.h"

struct lpm_builder;

/** Returns an empty builder for addresses of `version` (4 or 6), or NULL without memory. Free with
 * destroy. */
struct lpm_builder *lpm_builder_create(uint8_t version);
void lpm_builder_destroy(struct lpm_builder *builder);

/**
 * Adds the addresses from `first` to `last`, both included. Returns 0; -EINVAL if they are not of
 * the builder's version, `last` is before `first`, or `value` is LPM_NO_VALUE; -ENOMEM; -E2BIG past
 * 2^29.
 */
int lpm_builder_add_range(struct lpm_builder *builder, const struct ip_address *first,
			  const struct ip_address *last, uint32_t value);

/** The same for a prefix; bits behind its length count as zero. */
int
lpm_builder_add_prefix(struct lpm_builder *builder, const struct ip_prefix *prefix, uint32_t value);

/**
 * Flattens what was added into `image` (heap, LPM_ALIGNMENT; free() it) of `size` bytes. The same
 * input in the same order gives the same bytes. Returns 0 or -ENOMEM. Call once: the input is
 * sorted in place.
 */
int lpm_builder_finish(struct lpm_builder *builder, void **image, size_t *size);
