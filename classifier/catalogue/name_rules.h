/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name records of the files become rules of the name table: suffixes are checked, patterns
 * compiled, and every rule hung at its suffix.
 */
#pragma once

#include "classifier/catalogue/catalogue_file.h"
#include "classifier/catalogue/catalogue_tables.h"

/** Whose names are added; `service` is NULL for names that tell only the operator. */
struct name_rules_scope {
	const struct catalogue_operator *owner;
	const struct catalogue_service *service;
	const struct region_table *regions; /**< or NULL */
};

/** Adds the struct file_name items of `names`. Mistakes go to `faults`. */
void name_rules_add(struct catalogue *catalogue, const struct name_rules_scope *scope,
		    const struct config_list *names, struct fault_list *faults);
