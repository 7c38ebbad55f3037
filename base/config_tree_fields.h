/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tree is made of: for config_tree.c, which makes trees of files, and config_tree_include.c,
 * which joins them. Everybody else goes through config_tree.h.
 */
#pragma once

#include <stddef.h>

#include "base/config_node.h"

struct arena;

struct config_tree {
	struct arena *arena;
	const char *name; /**< of the file */
	const struct config_node *root;
	size_t bytes; /**< of the file */
	size_t node_count;
	struct config_tree *included; /**< owned; in the order of the files, one behind the other */
};
