/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The regions of one operator: code to country. Part of a name is a region only if it is a code of
 * this table, or has the form that all codes of the operator have ("eu-{word}-{number}"): such a
 * one is a region too new for the table, with a country not known yet. Immutable once built.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct region {
	const char *code;    /**< "eu-west-3" */
	const char *country; /**< ISO 3166-1 alpha-2; NULL where it is not known */
};

/** Borrows everything. `regions` is sorted by region_table_sort. */
struct region_table {
	struct region *regions;
	size_t region_count;
	const char *const *forms; /**< texts with {word} (letters) and {number} (digits) */
	size_t form_count;
};

/** Puts the regions into the order of the search. Returns a code that is there twice, or NULL. */
const char *region_table_sort(struct region_table *table);

/**
 * Whether the `len` characters of `code` are a region. `country` is set where the table knows it,
 * else to NULL. A NULL table knows none.
 */
bool region_table_knows(const struct region_table *table, const char *code, size_t len,
			const char **country);

/** Whether a form has only the placeholders above, correctly closed. */
bool region_form_is_valid(const char *form);
