/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far sinks are and what ails them, read from the journal and the cursors beside it: the same
 * while vigie runs and while it does not. And how that is shown: for people, as lines of JSON, and
 * as Prometheus reads it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard-export/sinks/cursors.h"

struct sink_config;

struct sink_status {
	const char *name, *type;
	bool alerts;               /**< it is sent alerts, so rows can wait */
	bool known;                /**< it has been sent something, or it was tried */
	struct sink_cursor cursor; /**< all zero where not `known` */
	uint64_t waiting;          /**< rows behind the cursor */
	uint64_t oldest_ns;        /**< when the first of them was recorded; 0: none waits */
};

/**
 * Reads the figures of `count` sinks into `out`. A journal, or cursors, that are not there yet are
 * no error. Returns 0, or -errno with `why`.
 */
int sink_status_read(const struct sink_config *sinks, size_t count, const char *journal_path,
		     struct sink_status *out, char why[256]);

/** What all formats are given. */
struct sink_status_page {
	const struct sink_status *sinks;
	size_t count;
	uint64_t now_ns; /**< ages are counted from it */
	FILE *out;
	size_t width;
	bool colour;
};

struct sink_status_format {
	const char *name; /**< as behind --format */
	void (*write)(const struct sink_status_page *page);
};

/** NULL behind the last. */
const struct sink_status_format *sink_status_format_at(unsigned number);

/** The words of --format. */
const char *sink_status_word(unsigned number);
