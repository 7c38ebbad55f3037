/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the program: one file each, one row each in the table of main.c; and what they
 * share: how options are taken, how a wrong one is told, what the terminal is like.
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
	const char *help;  /**< each option with its default, aligned, and examples */
	int (*run)(int argc,
		   char **argv); /**< argv[0] is the command's name; returns an exit status */
};

extern const struct command command_replay, command_run, command_check, command_lookup,
	command_explain, command_verify, command_alerts, command_alerts_replay, command_sink;

/** Says what is wrong (`argument`, or NULL, behind it) and how the command is used; returns
 * EXIT_USAGE. */
int command_usage(const struct command *command, const char *why, const char *argument);

/** The same with the word that was probably meant, or NULL, behind it. */
int command_usage_near(const struct command *command, const char *why, const char *argument,
		       const char *near);

/** getopt_long values of options without a short form begin here. */
#define COMMAND_LONG_OPTION 256

struct option;

/** The arguments of a command; each knows `-c FILE`, `--config FILE`, `-h` and `--help`. */
struct command_line {
	const struct command *command;
	const struct option *options; /**< all long ones, for getopt_long */
	int argc;
	char **argv;
	bool operands_end_options; /**< behind the first operand there are none */
	bool begun;                /**< false at first */
};

/** What command_next_option gives beside the values of options. */
enum {
	COMMAND_OPTIONS_END = -1,
	COMMAND_OPTIONS_LEAVE = -2, /**< help was asked for, or an option is wrong: it was told */
};

/**
 * The next option, its value in `optarg`; COMMAND_OPTIONS_END where only operands are left, from
 * `optind` on; COMMAND_OPTIONS_LEAVE with the exit status to leave with in `status`.
 */
int command_next_option(struct command_line *line, int *status);

/** Writes out standard output. False after a message on stderr where it did not take everything. */
bool command_finish_output(void);

/** Whether colours may be written to `fd`: a terminal, and NO_COLOR is not set. */
bool command_has_colour(int fd);

/** Columns of the terminal on `fd`, between 80 and 160; 100 where there is none. */
unsigned command_width(int fd);
