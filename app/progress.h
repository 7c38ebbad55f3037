/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a replay has come, on one line of the terminal that is drawn anew several times a second
 * and wiped at the end. Short work shows nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/rx_capture.h"

/** What is shown of a file's name, with the NUL. */
#define PROGRESS_NAME_MAX 41

struct progress {
	struct capture_file *const *files;
	size_t file_count;
	char name[PROGRESS_NAME_MAX];
	uint64_t start_ns, drawn_ns;
	bool drawn;
};

/** Borrows the files until progress_end; `name` is the path of the first and is copied. */
void progress_init(struct progress *progress, struct capture_file *const *files, size_t file_count,
		   const char *name);

/** Draws if it is time to; `context` is the struct progress. */
void progress_tick(void *context);

/** Wipes the line. */
void progress_end(struct progress *progress);
