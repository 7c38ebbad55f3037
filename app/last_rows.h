/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which row of the journal is the last of each alert: an alert is journalled anew under one id as
 * its flows go on, and only what was said last holds. One object, one thread.
 */
#pragma once

#include <stdbool.h>

#include "dashboard-export/journal/journal_reader.h"

/** Alerts that are told apart; of those beyond every row is the last. */
#define LAST_ROWS_ALERTS_MAX (1u << 22)

struct last_rows;

/** NULL with errno. Free with last_rows_destroy (NULL allowed). */
struct last_rows *last_rows_create(void);
void last_rows_destroy(struct last_rows *rows);

/** Takes note of a row, in their order. Returns 0 or -ENOMEM. */
int last_rows_add(struct last_rows *rows, const struct journal_row *row);

/** Whether no later row has its id. */
bool last_rows_is_last(struct last_rows *rows, const struct journal_row *row);

/** How many rows are the last and have that severity or more. */
uint64_t last_rows_count(const struct last_rows *rows, enum severity minimum);
