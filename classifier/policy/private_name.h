/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that mean something in one network only, so that they tell nobody who is outside. Pure.
 */
#pragma once

#include <stdbool.h>

/**
 * Whether a canonical name has no place in the public tree: a lone label (but no number, which is
 * an address in disguise), or below a label that standards reserve or that networks use for
 * themselves ("local", "internal", "home.arpa", "lan").
 */
bool private_name_is(const char *name);
