/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addresses at which operators answer DNS for anybody, gathered from the files: parsed, sorted,
 * and none given twice.
 */
#pragma once

#include "classifier/catalogue/catalogue_file.h"
#include "classifier/catalogue/catalogue_tables.h"

/** Fills the catalogue's table from `files`, which run beside its operators. Mistakes and lack of
 * memory go to `faults`. */
void resolver_addresses_add(struct catalogue *catalogue, const struct file_operator *const *files,
			    struct fault_list *faults);

/** Whose resolver the address is, or NULL. */
const struct catalogue_operator *
resolver_addresses_find(const struct catalogue *catalogue, const struct ip_address *address);
