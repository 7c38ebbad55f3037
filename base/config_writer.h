/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way back of config_reader.h: writes a struct as the YAML that reads into the same struct, by
 * the same table of fields. So what is printed is what was understood, with every default.
 */
#pragma once

#include <stdio.h>

#include "base/config_reader.h"

/**
 * Writes the record `in` of `schema` as a block mapping to `out`, every line of it behind `indent`
 * spaces, keys in the order of the table. Left out are keys whose value cannot be written as a
 * value: NULL texts, empty lists, NULL records, words without a text, optional numbers that are not
 * given, CONFIG_SELF. Texts are quoted where plain YAML would read them otherwise. Sizes are
 * written in the largest unit without a rest. CONFIG_NODE fields are written as the node stands.
 * Errors of `out` stay in it, for ferror.
 */
void config_write(FILE *out, const struct config_schema *schema, const void *in, unsigned indent);
