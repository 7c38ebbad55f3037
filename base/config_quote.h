/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text as a YAML scalar on one line, key or value of a block, that config_tree.h reads back as
 * the same text, and other readers of YAML as a text too: no number, date or boolean.
 */
#pragma once

#include <stdio.h>

/**
 * Writes the text plain where it begins with a letter or a slash and has nothing in it that YAML
 * reads otherwise, else in double quotes. Escapes stand for what a settings file may not hold and
 * what would drive a terminal; bytes that are no UTF-8 become U+FFFD. Errors of `out` stay in it.
 */
void config_quote_write(FILE *out, const char *text);
