/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `vigie check` says of settings that are in order: what was read, and how much of it.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "app/ruleset.h"

/**
 * Writes some aligned lines about a whole ruleset; `path` is that of its settings, or NULL.
 * Exceptions are counted as of `now_ns`. Errors of `out` stay in it, for ferror.
 */
void
ruleset_overview_write(const struct ruleset *ruleset, const char *path, uint64_t now_ns, FILE *out);
