/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a command has come with the rows of a journal, on one line of the terminal that is drawn
 * anew several times a second and wiped at the end. Where standard error is no terminal, and for
 * short work, nothing is shown.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct row_progress {
	const char *what; /**< "checking" */
	bool shown;       /**< there is a terminal */
	bool drawn;
	uint64_t start_ns, drawn_ns;
};

/** Borrows `what`. */
void row_progress_init(struct row_progress *progress, const char *what);

/** Draws if it is time to; `of` of 0: not known. */
void row_progress_tick(struct row_progress *progress, uint64_t rows, uint64_t of);

/** Wipes the line. */
void row_progress_end(struct row_progress *progress);
