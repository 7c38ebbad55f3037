/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where outputs must not go: onto files that the program needs, onto captures, and two of them into
 * one place. Files are known by device and inode, so that links and other spellings do not matter.
 * Cold: asked before anything is opened.
 */
#pragma once

#include <stdbool.h>

#include "app/settings.h"

/**
 * Whether two outputs lead to one place: the same file, whatever it is called; where it is not
 * there yet, the same name in the same folder; "-" is what standard output is. Never true of
 * /dev/null, where nothing can be mixed up.
 */
bool output_guard_is_same_place(const char *a, const char *b);

/**
 * What would be lost if `path` were written: "the settings", "the site's key", "a capture", ...;
 * NULL where nothing would that has to stay. Static text.
 */
const char *output_guard_find_loss(const struct settings *settings, const char *path);
