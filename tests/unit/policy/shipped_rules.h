/* SPDX-License-Identifier: Apache-2.0 */
/* The rule book as it is shipped, for tests of what is said and decided by it. */
#pragma once

#include <stdio.h>

#include "classifier/policy/rule_book.h"
#include "tests/unit/unit.h"

/** The shipped rule book, free with rule_book_destroy; tells its faults and gives NULL otherwise.
 */
static inline struct rule_book *
load_shipped_rules(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct rule_book *rules = rule_book_load(unit_source_path("configs/policy"), &faults);

	for (size_t i = 0; i < faults.count && i < FAULT_LIST_MAX; i++)
		printf("# %s\n", faults.faults[i].text);
	fault_list_fini(&faults);
	return rules;
}
