/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that judging needs and no flow changes: settings, origin databases, catalogue. Built whole or
 * not at all; every mistake in any of its files is told in one run.
 */
#pragma once

#include "app/settings.h"
#include "classifier/catalogue/catalogue.h"
#include "geo/origin.h"

struct ruleset {
	struct settings settings;
	struct origin_db *origins;
	struct catalogue *catalogue;
};

/**
 * Loads the settings file `path` (NULL: defaults) and what it names. On failure prints every fault
 * to stderr and returns -EINVAL; nothing is to be freed then. Free with ruleset_fini.
 */
int ruleset_load(const char *path, struct ruleset *out);
void ruleset_fini(struct ruleset *ruleset);
