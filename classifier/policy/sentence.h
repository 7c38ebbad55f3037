/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentence that says what happened, to whom it went, why it matters and how we know (domain
 * §3f): texts of the rule book with their {placeholders} filled. Pure; any thread may call it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/attribution.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/verdict.h"
#include "classifier/policy/zones.h"

/** Room for any sentence with its NUL; longer texts of others are cut at a character. */
#define SENTENCE_MAX 4096

/** First clauses, by what is known of the far end; the texts are the rule book's. */
enum sentence_clause {
	SENTENCE_SENT,
	SENTENCE_FRONTED,
	SENTENCE_FRONTED_NAMED,
	SENTENCE_HIDDEN,
	SENTENCE_HIDDEN_UNKNOWN,
	SENTENCE_WITHHELD,
	SENTENCE_WITHHELD_UNKNOWN,
	SENTENCE_MISMATCH,
	SENTENCE_HOSTED,
	SENTENCE_UNKNOWN,
	SENTENCE_SERVED,
	SENTENCE_SERVED_UNKNOWN,
};

/**
 * What a first clause says of the far end beside its name. It may be said of several flows at once
 * where all of them have the same form.
 */
struct sentence_form {
	enum sentence_clause clause;
	const struct catalogue_operator *host; /**< where the clause names it; else NULL */
	const struct catalogue_operator
		*claimed; /**< who the name says, of a mismatch; else NULL */
	bool via_proxy;
	struct ip_address proxy; /**< of one outside */
	enum flow_tunnel tunnel;
	struct ip_address tunnel_end; /**< as the attribution has it */
	const struct zone *tunnel_zone;
};

/** The form of a flow with that attribution. */
struct sentence_form sentence_form_of(const struct attribution *attribution);

static inline bool
sentence_form_equal(const struct sentence_form *a, const struct sentence_form *b)
{
	return a->clause == b->clause && a->host == b->host && a->claimed == b->claimed &&
	       a->via_proxy == b->via_proxy && ip_address_equal(&a->proxy, &b->proxy) &&
	       a->tunnel == b->tunnel && ip_address_equal(&a->tunnel_end, &b->tunnel_end) &&
	       a->tunnel_zone == b->tunnel_zone;
}

/** How much of a group one exception covers; borrowed. */
struct sentence_cover {
	const struct exception *exception;
	uint64_t up; /**< payload bytes */
};

/** The flow that evidence is told of where it does not hold for its whole group; borrowed. */
struct sentence_shown {
	const char *name; /**< or its address, as text */
	uint64_t up;
};

/**
 * What is told; borrowed. Sums are the flow's own, or those of an alert's group; verdict,
 * attribution and exception are of one flow.
 */
struct sentence_facts {
	const struct rule_book *rules;
	const struct zone *zone;
	const struct verdict *verdict;
	const struct attribution *attribution;
	const char *name;    /**< the largest by bytes; NULL: `address` stands for it */
	const char *address; /**< of the far end, as text */
	uint64_t more_names; /**< others in the group */
	bool more_at_least;  /**< so many of them or more */
	uint64_t up;         /**< payload bytes */
	uint64_t flows;
	uint64_t day_limit; /**< the day's sum made it an export: its limit; else 0 */
	const struct exception_answer *exception; /**< or NULL */
	/** What exceptions cover of a group that none of them covers as a whole. */
	const struct sentence_cover *covers;
	size_t cover_count;
	/** Forms of the group's flows differ: the usual first clause is said, and evidence is this
	 * one's. Else NULL. */
	const struct sentence_shown *shown;
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

/** Whom a zone's verdict is about: texts, borrowed. */
struct sentence_zone {
	const char *label;
	const char *owner; /**< role; NULL: none is given */
};

/** What to do about a verdict of that severity: whom to ask in this zone. As sentence_format. */
size_t sentence_what_to_do(const struct rule_book *rules, const struct sentence_zone *zone,
			   enum severity severity, char out[SENTENCE_MAX]);
