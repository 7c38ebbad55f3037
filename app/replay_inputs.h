/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files a replay reads: those named, and those found by walking the directories named, in
 * name order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct replay_input {
	char *path;
	bool walked; /**< found in a directory: passed over silently if it is no capture */
};

struct replay_inputs {
	struct replay_input *items;
	size_t count;
};

/**
 * Adds a file, or every file and link to a file below a directory (hidden ones are left out).
 * Returns 0, or -errno after a message on stderr.
 */
int replay_inputs_add(struct replay_inputs *inputs, const char *path);

void replay_inputs_fini(struct replay_inputs *inputs);
