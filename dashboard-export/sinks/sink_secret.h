/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords and tokens by which receivers know us: out of files that nobody else may read, or out
 * of the environment, as service managers hand them over. They are never printed; what was read is
 * wiped with sink_secret_wipe before its memory is given back.
 */
#pragma once

#include "base/arena.h"

/** Longest secret, in bytes. */
#define SINK_SECRET_MAX 4096

/**
 * Reads the file: one line, whose end is cut. Refuses a file that others may read or write, one of
 * another user than us and root, and one that is empty, longer than SINK_SECRET_MAX, or holds a
 * control character. Puts the secret into `arena` and returns 0; -errno with `why` saying what is
 * wrong with the file and what to do, without its path.
 */
int sink_secret_read_file(const char *path, struct arena *arena, char **out, char why[200]);

/** The same from an environment variable; -ENOENT where it is not set. */
int sink_secret_read_variable(const char *name, struct arena *arena, char **out, char why[200]);

/** Overwrites it. NULL is allowed. */
void sink_secret_wipe(char *secret);
