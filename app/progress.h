/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a replay has come, on one line of the terminal that is drawn anew several times a second and wiped
 * at the end. Short work shows nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/rx_capture.h"

struct progress {
	struct capture_file *const *files;
	size_t file_count;
	const char *name;
	uint64_t start_ns, drawn_ns;
	bool drawn;
};

/** Borrows everything until progress_end. */
void progress_init(struct progress *progress, struct capture_file *const *files, size_t file_count,
		   const char *name);

/** Draws if it is time to; `context` is the struct progress. */
void progress_tick(void *context);

/** Wipes the line. */
void progress_end(struct progress *progress);
