/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentence that says what happened, to whom it went, why it matters and how we know (domain
 * §3f): texts of the rule book with their {placeholders} filled. Pure; any thread may call it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/attribution.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/verdict.h"
#include "classifier/policy/zones.h"

/** Room for any sentence with its NUL; longer texts of others are cut at a character. */
#define SENTENCE_MAX 4096

/** What is told; borrowed. Sums are the flow's own, or those of an alert's group. */
struct sentence_facts {
	const struct rule_book *rules;
	const struct zone *zone;
	const struct verdict *verdict;
	const struct attribution *attribution;
	const char *name;    /**< the largest by bytes; NULL: `address` stands for it */
	const char *address; /**< of the far end, as text */
	uint64_t more_names; /**< others in the group */
	uint64_t up;         /**< payload bytes */
	uint64_t flows;
	uint64_t day_limit; /**< the day's sum made it an export: its limit; else 0 */
	const struct exception_answer *exception; /**< or NULL */
};

/** Writes the sentence and returns its length without the NUL. */
size_t sentence_format(const struct sentence_facts *facts, char out[SENTENCE_MAX]);

/** A placeholder's name and what stands for it. */
struct sentence_value {
	const char *name;
	const char *text;
};

/**
 * Fills `{name}` in `text` from `values`, for findings: what stands for it is written as
 * printable_text.h says, at most PRINTABLE_TEXT_MAX bytes, and never looked into for more
 * placeholders. An empty or NULL text takes the space before it along. `text` is one of the rule
 * book. As sentence_format.
 */
size_t sentence_fill(const char *text, const struct sentence_value *values, size_t count,
		     char out[SENTENCE_MAX]);

/** What to do about a verdict of that severity: whom to ask in this zone. As sentence_format. */
size_t sentence_what_to_do(const struct rule_book *rules, const struct zone *zone,
			   enum severity severity, char out[SENTENCE_MAX]);
