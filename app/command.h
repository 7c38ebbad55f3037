/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the program: one file each, one row each in the table of main.c.
 */
#pragma once

#include <stdbool.h>

/** Exit statuses of every command. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_NOT_DONE = 1, /**< a line on stderr says why and what to do */
	EXIT_USAGE = 2,
	EXIT_FAIL_ON = 3, /**< what `--fail-on` names was found */
};

struct command {
	const char *name;
	const char *usage; /**< arguments, for the list */
	const char *what;  /**< one line */
	int (*run)(int argc,
		   char **argv); /**< argv[0] is the command's name; returns an exit status */
};

/** Says what is wrong (`argument`, or NULL, behind it) and how the command is used; returns
 * EXIT_USAGE. */
int command_usage(const char *name, const char *why, const char *argument);

/** getopt_long values of options without a short form begin here. */
#define COMMAND_LONG_OPTION 256

/** command_usage for the option that getopt_long has just refused. */
int command_unknown_option(const char *name, char **argv);

/** Writes out standard output. False after a message on stderr where it did not take everything. */
bool command_finish_output(void);

/** Prints how the command is used to standard output; returns EXIT_DONE. */
int command_help(const char *name);

/** Whether colours may be written to `fd`: a terminal, and NO_COLOR is not set. */
bool command_has_colour(int fd);

/** Columns of the terminal on `fd`, between 80 and 160; 100 where there is none. */
unsigned command_width(int fd);

int command_replay(int argc, char **argv);
int command_run(int argc, char **argv);
int command_lookup(int argc, char **argv);
int command_check(int argc, char **argv);
int command_explain(int argc, char **argv);
