/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for tables of a bounded size, reserved at the start: it is zero, and takes room only as
 * far as it is touched. Any thread.
 */
#pragma once

#include <stddef.h>

/** How a table is filled, which decides on the size of its pages. */
enum reserve_use {
	/**
	 * From the front: behind the first MiB pages of 2 MiB, which spare 511 of 512 page faults,
	 * while a table that is hardly used stays small.
	 */
	RESERVE_IN_ORDER,
	/** Here and there: small pages, so that a few entries take little. */
	RESERVE_SCATTERED,
};

/** `size` bytes, at least 1. NULL with errno ENOMEM; give back with reserve_release. */
void *reserve_take(size_t size, enum reserve_use use);

/** `at` may be NULL. `size` as it was taken. */
void reserve_release(void *at, size_t size);
