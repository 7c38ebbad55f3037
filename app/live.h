/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live program: worker threads over DPDK ports, the analysis in the calling thread, until
 * SIGINT or SIGTERM.
 */
#pragma once

#include "app/ruleset.h"

/**
 * Runs with the EAL options given (argv[0] is the program's name). Messages go to stderr, the
 * summary to standard output (to stderr when the flows go there). Returns 0, or -errno after a
 * message.
 */
int live_run(const struct ruleset *ruleset, int eal_argc, char **eal_argv);
