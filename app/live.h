/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live program: worker threads over DPDK ports, the analysis in the calling thread, until
 * SIGINT or SIGTERM; SIGHUP loads the settings anew.
 */
#pragma once

#include "app/ruleset.h"

#define LIVE_RESTART 1

/** Unblocks the signals that live_run blocks where it returns LIVE_RESTART: for who cannot begin
 * anew. */
void live_let_signals_through(void);

/**
 * Runs with the EAL options given (argv[0] is the program's name). Messages go to stderr, the
 * summary to standard output (to stderr when the flows go there). `path` is that of the settings,
 * which SIGHUP loads anew. Returns 0; LIVE_RESTART where they were, and the program is to begin
 * again under them; or -errno after a message.
 */
int live_run(const struct ruleset *ruleset, const char *path, int eal_argc, char **eal_argv);
