/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page that an alert is explained on, shared by the files that write its parts; nobody else
 * includes it.
 */
#pragma once

#include "app/explain.h"
#include "classifier/catalogue/catalogue.h"

/** Columns of labels. */
#define EXPLAIN_LABEL_WIDTH 14

struct explanation {
	const struct explain_sources *sources;
	const struct event *alert;
	struct explain_page page;
};

/** An empty line and the heading. */
void explain_heading(const struct explanation *e, const char *text);

/** A label in `indent` columns and the text behind it. */
void
explain_labelled(const struct explanation *e, const char *label, size_t indent, const char *text);

/** A paragraph. */
void explain_text(const struct explanation *e, const char *text);

/** A label and a text; nothing for a text that is absent. */
void explain_field(const struct explanation *e, const char *label, const char *text);

/** Words and what `meaning` says of each, one a line; a word that it does not know is told too. */
void explain_write_words(const struct explanation *e, const struct event_words *words,
			 size_t indent, const char *(*meaning)(const char *word));

/** Whether `word` is among them. */
bool explain_has_word(const struct event_words *words, const char *word);

/** Whether the alert is about no flow: a finding, or a note of the sensor about itself. */
bool explain_is_finding(const struct event *alert);

/** The zone's record in the settings now, or NULL. */
const struct zone *explain_find_zone(const struct explanation *e, const char *id);

/** Positions of words among the texts of the enumerations; their COUNT for a word that is none. */
unsigned explain_find_class(const char *word);
unsigned explain_find_exposure(const char *word);
unsigned explain_find_severity(const char *word);

/** Evidence, exception, law (explain_grounds.c). Nothing of a finding. */
void explain_grounds(const struct explanation *e);

/** Proxy and tunnel, and who runs them (explain_way.c). Nothing where there was neither. */
void explain_way(const struct explanation *e);

/** What to do, and what is not claimed (explain_grounds.c). */
void explain_consequences(const struct explanation *e);
