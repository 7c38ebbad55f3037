/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what the files of a rule book say to the book. Between rule_book.c, which reads the files,
 * and the two parts that hold what was read against the rest.
 */
#pragma once

#include "base/arena.h"
#include "classifier/policy/rule_book_file.h"

/**
 * Builds the book in `arena`, which belongs to it from then on, out of files that were read without
 * faults. `name` stands for all of them in faults. Returns NULL after a fault; the arena stays the
 * caller's then.
 */
struct rule_book *rule_book_build(const struct rule_book_file *file, const char *name,
				  struct arena *arena, struct fault_list *faults);

/**
 * Every text at and below `node` may hold the placeholders of `allowed` (words with one space
 * between), whole, and no other brace; and no character that drives a terminal.
 */
void
rule_text_check(const struct config_node *node, const char *allowed, struct fault_list *faults);

/** Checks and takes over `sentences`, what_to_do, rule_name and the classes' sentences. */
void rule_book_build_sentences(const struct rule_book_file *file, struct rule_book *rules,
			       struct fault_list *faults);

/** Checks and takes over `findings`: each of ours once, with its own placeholders. */
void rule_book_build_findings(const struct rule_book_file *file, const char *name,
			      struct rule_book *rules, struct fault_list *faults);
