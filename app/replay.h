/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One replay: worker threads over one capture, or over several merged by time, and the analysis in
 * the calling thread until all of it is told.
 */
#pragma once

#include "app/judge.h"

struct replay {
	const struct ruleset *ruleset;
	struct judge *judge;
	struct summary *summary; /**< receives packet counters and captures */
	unsigned workers;
	bool progress; /**< show a bar on stderr */
	uint64_t hash_seed;
	uint64_t id_seed; /**< of flow ids: 0, or secret where inside addresses are hidden */
};

/** What became of a capture named by the user. */
enum replay_result {
	REPLAY_DONE,       /**< read to its end, or to its damage (a warning was printed) */
	REPLAY_NO_CAPTURE, /**< readable, but another kind of file, or cut in its first header */
	REPLAY_EMPTY,      /**< no byte in it */
	REPLAY_FAILED,     /**< could not be read; the reason was printed */
};

/**
 * Replays `count` captures as one (1: a capture by itself). Prints warnings and reasons to stderr,
 * except for REPLAY_NO_CAPTURE and REPLAY_EMPTY, which the caller words. `*error` receives the
 * outputs' -errno, 0 when all is well.
 */
enum replay_result
replay_run(const struct replay *replay, const char *const *paths, size_t count, int *error);
