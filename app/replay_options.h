/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of `vigie replay`.
 */
#pragma once

#include <stdbool.h>

struct command;

enum summary_form { SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_NONE };

struct replay_options {
	const char *settings; /**< file, or NULL */
	const char *flows;    /**< path, "-" or NULL */
	const char *alerts;   /**< path, "-" or NULL */
	const char *journal;  /**< path or NULL */
	const char *first_input;
	unsigned workers; /**< 0: as the settings say */
	enum summary_form summary;
	int fail_on; /**< enum severity; -1: never */
	bool merge;
};

/**
 * Fills `options`; what is left of `argv` from optind on are captures. Returns true; false with the
 * exit status in `status` after a message, or after the help that was asked for.
 */
bool replay_options_parse(const struct command *command, int argc, char **argv,
			  struct replay_options *options, int *status);
