/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict over one flow: a value out of a table, and eight steps that may change it (domain
 * §3f). Pure functions over facts and the rule book; every step that changed the value is kept, so
 * that a reader can follow it. Finding exceptions is another's business (exceptions.h); here one is
 * only applied.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/catalogue/exposure.h"
#include "classifier/policy/confidence.h"
#include "classifier/policy/data_class.h"
#include "classifier/policy/rule_book.h"
#include "classifier/policy/severity.h"
#include "classifier/policy/shape.h"

/** What detectors say of the bytes of a flow (domain §3e); weak evidence is only shown. */
enum content_strength { CONTENT_NONE, CONTENT_WEAK, CONTENT_STRONG };

struct verdict_facts {
	enum data_class zone_class;
	enum data_class content_class; /**< implied by strong content; counts only with that */
	enum content_strength content;
	bool r9; /**< zone holds data of "sensibilité particulière" */
	enum exposure exposure;
	bool hds; /**< a valid record of health data hosting covers the service */
	enum shape shape;
	bool low_sink; /**< the service can only be one of the low-sink kinds */
	enum confidence confidence;
	bool mismatch;             /**< flag name-address-mismatch */
	bool dns_contradicts;      /**< an answer for this client names other addresses */
	bool address_more_exposed; /**< class of the address is above that of the name */
};

/** In the order in which they are taken. */
enum verdict_step_kind {
	VERDICT_STEP_R9,
	VERDICT_STEP_SHAPE,
	VERDICT_STEP_KIND,
	VERDICT_STEP_CONTENT,
	VERDICT_STEP_CONFIDENCE,
	VERDICT_STEP_MISMATCH,
	VERDICT_STEP_EXCEPTION,
	VERDICT_STEP_COUNT,
};

/** The word of records, "r9", "shape", ... */
const char *verdict_step_text(enum verdict_step_kind kind);

/** A step that changed the value. */
struct verdict_step {
	enum verdict_step_kind kind;
	enum severity before;
	enum severity after;
};

/** Room for "SBA-USA+R9" and a NUL. */
#define VERDICT_RULE_MAX 12

struct verdict {
	char rule_id[VERDICT_RULE_MAX];
	enum data_class data_class; /**< effective: the zone's, or strong content's above it */
	enum exposure exposure;
	enum severity table;    /**< what the table alone says */
	enum severity severity; /**< the answer */
	enum severity severity_before_exception;
	struct verdict_step steps[VERDICT_STEP_COUNT];
	size_t step_count;
};

/** Table and steps 1 to 7. `out` is wholly overwritten. */
void verdict_decide(const struct rule_book *rules, const struct verdict_facts *facts,
		    struct verdict *out);

/** Step 8: at most `cap`. Nothing lowers class secret. */
void verdict_apply_cap(struct verdict *verdict, enum severity cap);
