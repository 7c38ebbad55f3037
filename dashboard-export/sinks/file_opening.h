/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a file to write lines into, in a folder that others may write to as well. */
#pragma once

#include <limits.h>

/**
 * Opens `path` to append, made where it is not there; links are followed where root or we made
 * them. `path` becomes where the file itself is. Returns the descriptor, to be closed by the
 * caller, or -errno: -EXDEV for a link of another user, -ELOOP for too many.
 */
int file_opening_append(char path[PATH_MAX]);
