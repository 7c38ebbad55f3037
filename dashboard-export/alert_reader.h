/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds an alert in a file of lines of JSON, as alert_writer.h writes them, by its id or the
 * beginning of it. The file may come from anywhere, and a crash may have torn a line of it: lines
 * are bounded, one that is no JSON or no alert of ours is passed over and told with its place, and
 * texts are cleaned for a terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard-export/alert.h"

/** Longest line, without its end. */
#define ALERT_READER_LINE_MAX 65536

/** Least digits of the beginning of an id. */
#define ALERT_READER_PREFIX_MIN 6

/** Different alerts with the same beginning that are kept; others are only noticed. */
#define ALERT_READER_MATCHES_MAX 8

#define READ_ALERT_STEPS_MAX 16
#define READ_ALERT_WORDS_MAX 48

/** Words of one array. */
struct read_words {
	const char *words[READ_ALERT_WORDS_MAX];
	size_t count;
};

struct read_step {
	const char *step, *before, *after;
};

/** An alert as it was written down; texts are NULL where they were absent, and clean. */
struct read_alert {
	char id[ALERT_ID_LEN + 1];
	unsigned long line; /**< of the file, from 1 */
	const char *rule_id, *rule_name, *message;
	const char *start, *end;
	const char *source_ip, *destination_ip;
	/* The members of `vigie` of the same name. */
	const char *severity, *severity_before_exception, *exception, *evidence_name;
	const char *day, *zone, *zone_owner, *data_class, *host, *capture, *direction, *subject;
	const char *name, *name_source, *operator_id, *host_operator;
	const char *service, *service_kind, *region, *tenancy;
	const char *exposure, *confidence, *shape;
	struct read_words evidence, disagree, flags, names, exceptions_of_part, exceptions_ended;
	struct read_step steps[READ_ALERT_STEPS_MAX];
	size_t step_count;
	uint64_t payload_out, payload_in, flows; /**< 0 where absent */
	struct arena *arena;                     /**< has the texts */
};

enum alert_reader_result {
	ALERT_READER_FOUND,   /**< exactly one: alerts[0] */
	ALERT_READER_NONE,    /**< no id begins so; `alerts_seen` tells whether there were any */
	ALERT_READER_SEVERAL, /**< more than one: the first of them, in the file's order */
	ALERT_READER_FAILED,  /**< `why` tells */
};

struct alert_reader_answer {
	struct read_alert *alerts[ALERT_READER_MATCHES_MAX];
	size_t count;
	bool more;                   /**< there are others that found no room */
	uint64_t alerts_seen;        /**< lines with an alert */
	uint64_t others_seen;        /**< lines with something else, such as a flow */
	uint64_t passed_over;        /**< lines that could not be read */
	bool unfinished;             /**< and a last one that is not whole */
	char first_passed_over[256]; /**< "alerts.json:12: no JSON: ..." */
	char why[256];               /**< of ALERT_READER_FAILED, in words for a person */
};

/** Whether `text` can be an id or the beginning of one: 6 to 32 hexadecimal digits, in small
 * letters. */
bool alert_reader_is_id(const char *text);

/**
 * Reads `in` to its end; `name` stands for it in messages. Of several lines with one id the last
 * counts. A last line without its end counts where it is whole; else it is still being written.
 * What cannot be read at all - a directory, a compressed file - fails. `out` is wholly overwritten;
 * free with alert_reader_answer_fini whatever the result is.
 */
enum alert_reader_result
alert_reader_find(FILE *in, const char *name, const char *prefix, struct alert_reader_answer *out);
void alert_reader_answer_fini(struct alert_reader_answer *answer);
