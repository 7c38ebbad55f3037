/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts in a journal of a test: lines as vigie writes them, with what a test wants to be
 * different.
 */
#pragma once

#include "dashboard-export/journal/journal.h"

struct alert_row {
	const char *id; /**< 32 digits */
	enum severity severity;
	const char *rule, *zone;
	const char *name;    /**< of the far end */
	const char *message; /**< put into the line as it is: escaped by the caller */
};

/** Longest line of alert_row_format. */
#define ALERT_ROW_MAX 2048

/** Writes the line, without its end; returns its length. */
size_t alert_row_format(const struct alert_row *row, char out[ALERT_ROW_MAX]);

/** Appends it to the journal; fails the case where that does not work. */
void alert_row_append(struct journal *journal, const struct alert_row *row);
