/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets that somebody wrote into a line of settings, where they do not belong: a message that
 * shows the line is read by others too. Knows spelling only.
 */
#pragma once

#include <stddef.h>

/**
 * Writes "***" in place of user and password of a URL, and of the value of a key that is called
 * password, token or secret or ends so, in any case. `line` has `len` bytes and no line end; it
 * becomes no longer. `column` is a place in it, in characters from 1, and moves along; or NULL.
 * Returns the new length.
 */
size_t config_secret_mask(char *line, size_t len, size_t *column);
