/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts as lines of JSON into a file or to standard output: alert.h into line_writer.h, which says
 * what becomes of files and errors. For one thread.
 */
#pragma once

#include "dashboard-export/alert.h"

struct alert_writer;

/** As line_writer_open; `rules` give the sentences and are borrowed until alert_writer_close. */
struct alert_writer *alert_writer_open(const char *path, const struct rule_book *rules, int *error);

/** As line_writer_open_append. */
struct alert_writer *
alert_writer_open_append(const char *path, const struct rule_book *rules, int *error);

/** Adds one alert; as line_writer_add. */
int alert_writer_add(struct alert_writer *w, const struct alert *alert);

/** As line_writer_flush. */
int alert_writer_flush(struct alert_writer *w);

/** As line_writer_close. */
int alert_writer_close(struct alert_writer *w);
