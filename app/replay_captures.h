/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All captures of one replay: each by itself or merged into one, and what became of them. What
 * cannot be read is told and the rest is still replayed.
 */
#pragma once

#include "app/replay.h"
#include "app/replay_inputs.h"

struct replay_outcome {
	size_t captures; /**< read, whole or in part */
	bool failed;
	int output_error; /**< the first, as -errno; told when the outputs are closed */
};

/** One after the other, each a conversation of its own. Adds to `outcome`. */
void replay_captures_apart(const struct replay *replay, const struct replay_inputs *inputs,
			   struct replay_outcome *outcome);

/** All as one, by time. Adds to `outcome`. */
void replay_captures_merged(const struct replay *replay, const struct replay_inputs *inputs,
			    struct replay_outcome *outcome);
