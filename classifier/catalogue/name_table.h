/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suffixes of names, found label by label from the right: "a.b.c.com" is asked as com, c, b, a and
 * the walk ends at the first label that no suffix goes on with. So borders are always dots:
 * "notc.com" never meets "c.com". Filled by one thread, then read by any number; a look-up does not
 * allocate.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "classifier/catalogue/name_labels.h"

/** Most labels of a stored suffix, and so most suffixes that one name can have in the table. */
#define NAME_TABLE_DEPTH_MAX 10

struct name_table;

/** An empty table in `arena`; NULL when out of memory. */
struct name_table *name_table_create(struct arena *arena);

/**
 * Where the value of `suffix` is kept; the caller stores there a pointer of its own. A suffix not
 * seen before is added with a NULL value. The suffix has to outlive the table. NULL when it has too
 * many labels (EINVAL) or memory ran out (ENOMEM), see errno. The place is valid until the next
 * call.
 */
void **name_table_place(struct name_table *table, const struct name_labels *suffix);

/**
 * Finds all stored suffixes of a name that have a value. Puts the values into `values`, shortest
 * suffix first, and returns their number.
 */
size_t name_table_find(const struct name_table *table, const struct name_labels *name,
		       void *values[NAME_TABLE_DEPTH_MAX]);
