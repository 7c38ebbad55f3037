/* SPDX-License-Identifier: Apache-2.0 */
/* Operators, zones and exceptions of the worked example, and how a table of sentences is checked.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include "classifier/policy/policy.h"
#include "classifier/policy/sentence.h"
#include "tests/unit/unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define KIB ((uint64_t)1024)
#define MIB (1024 * KIB)

extern const struct catalogue_operator microsoft;
extern const struct catalogue_operator aws;
extern const struct catalogue_operator google;
extern const struct catalogue_operator dropbox;
extern const struct catalogue_operator cloudflare;
extern const struct catalogue_operator ovh;
extern const struct catalogue_operator outscale;
extern const struct catalogue_operator transfer;
extern const struct catalogue_operator echo;
extern const struct catalogue_operator bleu;
extern const struct catalogue_operator foxtrot;

extern const struct catalogue_qualification qualified;
extern const struct catalogue_qualification unversioned;
extern const struct catalogue_hds hds;
extern const struct catalogue_service snc;
extern const struct tenancy tenancy;

extern const struct exception open_data;
extern const struct exception shipyards;
extern const struct exception_answer covered;
extern const struct exception_answer ended;
extern const struct exception_answer used_up;

extern const struct zone desktops;
extern const struct zone health;
extern const struct zone files;
extern const struct zone staff;
extern const struct zone cell;

#define TEXT_USA                                                                             \
	"recorded as controlled from the US: it can be ordered to produce data it holds or " \
	"controls, wherever the servers are (18 U.S.C. 2713). "
#define USA_SENTENCE "Operator " TEXT_USA
#define INT_SENTENCE "Internal data: check that this service is approved. "

#define SENT "Desktops sent 3.0 MiB in 1 flow to "
#define INT_CLASS .data_class = DATA_CLASS_INTERNAL
#define SOV_SENTENCE \
	"Operator recorded as EU-controlled; this service is not recorded as qualified. "

#define BOTH(record) .owner = (record), .host_operator = (record), .service_operator = (record)

#define BY_PREFIX                                                            \
	.confidence = CONFIDENCE_MEDIUM, .pattern = ATTRIBUTION_PREFIX_ONLY, \
	.evidence = EVIDENCE_PREFIX
#define BY_PREFIX_TEXT "Evidence: prefix (medium)."

/** One sentence. */
struct row {
	const char *what;
	const struct zone *zone; /* NULL: desktops */
	enum data_class data_class;
	enum severity severity;
	enum severity before; /* an exception; else as `severity` */
	struct attribution a;
	const char *name, *address;
	uint64_t up, flows; /* 0: 3 MiB, 1 */
	uint64_t more_names, day_limit;
	const struct exception_answer *exception;
	const char *text;
};

/** Each row gives its text, by the shipped rule book. */
void check_sentences(const struct row *rows, size_t count);

/** Runs the cases with the shipped rule book loaded; for main. */
int run_sentence_cases(const char *program, const struct unit_case *cases, size_t count);

/** The shipped rule book, while cases run. */
const struct rule_book *sentence_rules(void);
