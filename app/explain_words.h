/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the words of an alert mean, for a person who does not know vigie. Pure.
 */
#pragma once

#include "classifier/policy/rule_book.h"
#include "dashboard-export/formats/event.h"

/** Each returns NULL for a word it does not know. */
const char *explain_evidence(const char *word);
const char *explain_disagreement(const char *word);
const char *explain_flag(const char *word);
const char *explain_shape(const char *word);
const char *explain_confidence(const char *word);

/** Room for explain_step with its NUL. */
#define EXPLAIN_STEP_MAX 256

/** Why a step changed the value, into `out`; "" for a step it does not know. */
void explain_step(const struct rule_book *rules, const struct event *alert, const char *step,
		  char out[EXPLAIN_STEP_MAX]);
