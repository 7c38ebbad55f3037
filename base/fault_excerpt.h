/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line of a file in which a fault stands, with a mark under its place, as compilers show it:
 *
 *      12 |     class: inernal
 *         |            ^
 *
 * What the line holds is shown safely whatever it is: tabs as spaces, other control characters,
 * marks of writing direction and what is no UTF-8 as U+FFFD; of a long line the part around the
 * place. Secrets are masked (config_secret.h).
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/fault_list.h"

/** Characters of a line that are shown. */
#define FAULT_EXCERPT_CHARACTERS 100

/** A file is searched for its line up to this size; no settings file is larger. */
#define FAULT_EXCERPT_BYTES_MAX ((size_t)4 * 1024 * 1024)

/**
 * Writes the two lines of the excerpt to `out` (the first alone where no column is known), the mark
 * in bold red if `colour`. Reads the file of the fault anew. Returns false, with nothing written,
 * where the fault knows no line, or the file is not a regular one, cannot be read or has no such
 * line any more. Errors of `out` stay in it, for ferror.
 */
bool fault_excerpt_write(FILE *out, const struct fault *fault, bool colour);
