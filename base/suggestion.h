/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean": which known word a mistyped one is nearest to. Pure; any thread may ask.
 */
#pragma once

#include <stdbool.h>

/** Longer words are compared with nothing: they are no slips of the finger. */
#define SUGGESTION_WORD_MAX 40

/**
 * Number of letters to insert, remove, replace, or swap with the next one to make `a` from `b`
 * (optimal string alignment distance). SUGGESTION_WORD_MAX where a word is longer than that.
 */
unsigned suggestion_distance(const char *a, const char *b);

/** Best word so far; begin with {.given = what was typed}. */
struct suggestion {
	const char *given;
	const char *word; /**< nearest known word, NULL while none is near */
	unsigned distance;
};

/**
 * Takes `known` as the suggestion if it is near to what was given - at most a third of its letters,
 * and at least one, differ - and nearer than the best so far. `known` is borrowed.
 */
void suggestion_offer(struct suggestion *suggestion, const char *known);
