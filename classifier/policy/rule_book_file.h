/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule book as it is written, one struct a mapping, checked field by field but not yet against
 * the rest: that is done when the book is built (rule_book_build.h). configs/policy/README.md
 * explains the keys to whoever edits them. Texts are NULL, lists empty and nodes NULL where a key
 * is absent.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config_reader.h"
#include "classifier/policy/rule_book.h"

/** Columns of the tables: us-direct and us-parent share one, as they share a code. */
#define RULE_COLUMN_COUNT ((unsigned)EXPOSURE_US_DIRECT)

/** Column of an exposure. */
unsigned rule_column(enum exposure exposure);

/** Code of a column, "USA"; NULL behind the last. */
const char *rule_column_word(unsigned column);

struct file_row {
	uint64_t column[RULE_COLUMN_COUNT];
};

struct file_class {
	const struct config_node *node;
	const char *code;
	const char *sentence;
	struct file_row *severity;
	struct file_row *severity_with_hds; /* NULL: as `severity` */
};

struct file_classes {
	struct file_class *by_class[DATA_CLASS_COUNT];
};

struct file_r9 {
	const struct config_node *classes;
	struct file_row *at_least;
};

struct file_shape_step {
	uint64_t trace_becomes, interactive_subtracts, bulk_adds, bulk_from, bulk_to;
};

struct file_kind_step {
	uint64_t low_sink_subtracts;
};

struct file_content_step {
	uint64_t strong_adds;
	unsigned class_from;
};

struct file_confidence_step {
	uint64_t low_subtracts, severity_from;
};

struct file_mismatch_step {
	uint64_t at_least;
	unsigned class_from;
};

struct file_steps {
	const struct config_node *outside;
	const struct config_node *final_classes;
	struct file_r9 *r9;
	struct file_shape_step *shape;
	struct file_kind_step *kind;
	struct file_content_step *content;
	struct file_confidence_step *confidence;
	struct file_mismatch_step *mismatch;
};

struct file_default_days {
	uint64_t by_class[DATA_CLASS_COUNT];
};

struct file_default_thresholds {
	uint64_t trace_below, export_min, export_ratio, bulk_min;
	struct file_default_days *day;
};

struct file_exposure_sentences {
	const char *by_column[RULE_COLUMN_COUNT];
	const char *undated_qualification, *stale, *no_control, *proxy_unknown, *tunnel_unknown;
};

struct file_sentences {
	const struct config_node *node;
	struct rule_clauses *first_clause;
	struct file_exposure_sentences *exposure;
	struct rule_evidence_sentences *evidence;
	struct rule_exception_sentences *exception;
	struct rule_hds_sentences *hds;
	struct rule_words *words;
};

struct file_what_to_do {
	const struct config_node *node;
	const char *by_severity[SEVERITY_COUNT];
};

struct file_finding {
	const struct config_node *node;
	const char *id, *name, *sentence, *what_to_do;
	uint64_t severity, days, late_days, late_severity;
	uint64_t lost_share, one_way_share; /* ten-thousandths */
};

struct file_law {
	const struct config_node *exposures, *classes;
	const char *title, *text, *source, *checked_on;
};

struct rule_book_file {
	const char *version, *source, *checked_on;
	const struct config_node *rule_name;
	struct file_classes *classes;
	struct file_steps *steps;
	struct file_default_thresholds *thresholds;
	uint64_t max_age_days; /* 0: not given */
	struct file_sentences *sentences;
	struct file_what_to_do *what_to_do;
	struct config_list findings; /* struct file_finding */
	struct config_list laws;     /* struct file_law */
};

/** Of `sentences`; a file of its own, as it is long. */
extern const struct config_schema rule_sentences_schema;

/**
 * Reads the root node of a file into `out`, which may hold what other files gave. Everything lands
 * in `arena`, but nodes borrow from the tree. Faults go to `faults`; false when there was any. What
 * no file gives is the builder's to miss.
 */
bool rule_book_file_read(const struct config_node *root, struct arena *arena,
			 struct rule_book_file *out, struct fault_list *faults);
