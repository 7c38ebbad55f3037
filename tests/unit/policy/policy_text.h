/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies as texts, for tests: the keys of the policy alone, a small catalogue to check them
 * against, and what was found wrong.
 */
#pragma once

#include "base/config_tree.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/policy_file.h"
#include "classifier/policy/rule_book.h"

struct policy_text {
	struct config_tree *tree;
	struct arena *arena;
	struct policy_file file;
	struct fault_list faults;
};

/** Reads a text called "p.yaml"; what is wrong stands in `faults`. Free with policy_text_fini. */
void policy_text_read(struct policy_text *out, const char *text);
void policy_text_fini(struct policy_text *text);

/** Fails the case unless the faults are exactly these lines, each with its '\n'. */
void policy_text_expect(const struct fault_list *faults, const char *lines);

/** A catalogue of three operators; free with catalogue_destroy. */
struct catalogue *policy_text_catalogue(void);

/** Rules of which only the thresholds are set, to those of domain §3d, and max_age_days. */
extern const struct rule_book policy_text_rules;

/** Address of a text; fails the case where it is none. */
struct ip_address policy_text_address(const char *text);
