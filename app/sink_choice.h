/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which sinks of the settings a command means: the one that is named, or all.
 */
#pragma once

#include <stdbool.h>

#include "app/settings.h"

/** Sinks `first` up to the one before `end` of settings->sinks. */
struct sink_choice {
	size_t first, end;
};

/** Finds the sink of that name, or all (`name` of NULL). Returns whether there is one; if not, it
 * was told on stderr. */
bool sink_choice_find(const struct settings *settings, const char *name, struct sink_choice *out);

/** Reads the secrets of the chosen sinks. Returns whether all are there; if not, it was told on
 * stderr. */
bool sink_choice_read_secrets(struct settings *settings, const struct sink_choice *choice);
