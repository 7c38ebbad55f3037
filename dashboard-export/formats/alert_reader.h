/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds an alert in a file of lines of JSON, as alert_writer.h writes them, by its id or the
 * beginning of it. The file may come from anywhere, and a crash may have torn a line of it: lines
 * are bounded, one that is no JSON or no event of ours is passed over and told with its place, and
 * texts are cleaned for a terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard-export/alert.h"
#include "dashboard-export/formats/event.h"

/** Least digits of the beginning of an id. */
#define ALERT_READER_PREFIX_MIN 6

/** Different alerts with the same beginning that are kept; others are only noticed. */
#define ALERT_READER_MATCHES_MAX 8

/** An alert as it was written down; its texts are clean. */
struct read_alert {
	struct event event;
	unsigned long line;  /**< of the file, from 1 */
	struct arena *arena; /**< has the texts */
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
	uint64_t others_seen;        /**< lines with a flow */
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
