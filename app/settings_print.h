/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings as they were understood, every default filled in, as a settings file again.
 */
#pragma once

#include <stdio.h>

#include "app/settings.h"
#include "classifier/policy/rule_book.h"

/**
 * Writes YAML that reads into the same settings to `out`; limits that nobody gave are those of
 * `rules`. Included files are part of it. Errors of `out` stay in it, for ferror. Returns 0 or
 * -ENOMEM.
 */
int settings_print(const struct settings *settings, const struct rule_book *rules, FILE *out);
