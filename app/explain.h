/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An alert explained to a person: the rule and each step to its severity, the evidence and what it
 * is worth, the exception, the law behind it, what to do next, and what is not claimed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/inside_map.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/rule_book.h"
#include "dashboard-export/formats/event.h"

/** What is known beside the alert itself; borrowed. */
struct explain_sources {
	const struct rule_book *rules;
	const struct catalogue *catalogue;       /**< or NULL */
	const struct exception_list *exceptions; /**< those in the settings now; or NULL */
	const struct zone_table *zones;          /**< the same */
	const struct inside_map *inside;         /**< the same; NULL where none were given */
};

/** `width` is the columns to fit (80 to 160). */
struct explain_page {
	FILE *out;
	size_t width;
	bool colour;
};

/** Writes the explanation. */
void explain_write(const struct explain_sources *sources, const struct event *alert,
		   const struct explain_page *page);

/** One line for a choice among several: id, day, severity, rule, zone. */
void explain_write_choice(const struct event *alert, FILE *out);
