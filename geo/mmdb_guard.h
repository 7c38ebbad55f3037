/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a data item of a MaxMind DB file may be given to libmaxminddb. The library of Debian 12
 * (1.7.1) recurses as deep and walks as far as the file says, and a few hundred bytes of pointers
 * can stand for gigabytes; this looks first, without recursion and within a fixed number of steps.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/**
 * Deepest nesting and most items, every pointer followed. A City record has some 150 items and
 * nests 3 deep, the metadata section 40 and 2.
 */
#define MMDB_GUARD_DEPTH 16
#define MMDB_GUARD_ITEMS 4096

/**
 * Whether the item at `offset` of `section` (data section or metadata, MaxMind DB format 2.0, "Data
 * Section") lies inside the section with all that it holds and points to, has sizes that its types
 * allow, text keys in its maps, no pointer to a pointer, and stays within the limits above.
 */
bool mmdb_item_is_tame(struct slice section, size_t offset);
