/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of a capture file, which stand in the byte order of the machine that wrote it. `swapped`
 * says that this is not the order of the machine that reads. The slice must reach as far as is
 * read: take it from a cursor of that length first.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

static inline uint16_t
capture_u16(struct slice bytes, size_t at, bool swapped)
{
	uint16_t value;

	assert(at + sizeof(value) <= bytes.len);
	memcpy(&value, bytes.data + at, sizeof(value));
	return swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t
capture_u32(struct slice bytes, size_t at, bool swapped)
{
	uint32_t value;

	assert(at + sizeof(value) <= bytes.len);
	memcpy(&value, bytes.data + at, sizeof(value));
	return swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t
capture_u64(struct slice bytes, size_t at, bool swapped)
{
	uint64_t value;

	assert(at + sizeof(value) <= bytes.len);
	memcpy(&value, bytes.data + at, sizeof(value));
	return swapped ? __builtin_bswap64(value) : value;
}
