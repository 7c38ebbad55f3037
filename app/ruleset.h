/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that judging needs and no flow changes: settings, origin databases, catalogue, rules, policy.
 * Built whole or not at all; every mistake in any of its files is told in one run.
 */
#pragma once

#include <stdbool.h>

#include "app/settings.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/policy.h"
#include "classifier/policy/rule_book.h"
#include "geo/origin.h"

struct ruleset {
	struct settings settings;
	struct origin_db *origins;
	struct catalogue *catalogue;
	struct rule_book *rules;
	struct policy *policy;
};

/**
 * Loads the settings file `path` (NULL: defaults) and what it names. On failure prints every fault
 * to stderr and returns -EINVAL; nothing is to be freed then. Free with ruleset_fini.
 */
int ruleset_load(const char *path, struct ruleset *out);

/**
 * The same without a word: faults go to `faults`, parts with one are NULL in `out`, and what needs
 * them was checked as far as it goes without. Returns 0 or -EINVAL; free with ruleset_fini in
 * either case.
 */
int ruleset_build(const char *path, struct ruleset *out, struct fault_list *faults);

/** Prints faults to stderr, a line each, in the order of their places. None: prints nothing. */
void ruleset_print_faults(struct fault_list *faults);

void ruleset_fini(struct ruleset *ruleset);
