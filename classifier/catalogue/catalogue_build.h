/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From records to tables: what the files say is checked against each other (ids given twice, groups
 * and services that nobody has, an AS or a name claimed by two) and put where look-ups find it.
 */
#pragma once

#include "classifier/catalogue/catalogue_file.h"
#include "classifier/catalogue/catalogue_tables.h"

/**
 * Builds the catalogue of `count` files, which lie in `arena` and whose trees still exist. Every
 * mistake goes to `faults`. The catalogue borrows from the arena and lies in it; NULL when there
 * was a fault, the arena staying the caller's.
 */
struct catalogue *catalogue_build(const struct catalogue_file *files, size_t count,
				  struct arena *arena, struct fault_list *faults);
