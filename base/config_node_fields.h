/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a node is made of: for config_tree.c, which makes nodes, and config_node.c, which reads
 * them. Everybody else goes through config_node.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/config_node.h"

/** Counted from 1. */
struct config_position {
	unsigned line;
	unsigned column;
};

struct config_node {
	const struct config_node *first; /**< child */
	const struct config_node *next;  /**< sibling */
	const char *file;
	const char *key;  /**< NULL outside a mapping */
	const char *text; /**< NULL unless a scalar */
	size_t count;     /**< children */
	struct config_position at;
	struct config_position key_at;
	enum config_kind kind;
	bool is_null;
};
