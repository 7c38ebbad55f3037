/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One value of a settings file: a text, a list or a mapping, which knows where it stands, so that
 * whoever finds a mistake later can still say file, line and column. Nodes belong to their tree
 * (config_tree.h), live as long as it and never change. A walk over the children:
 *
 *     for (const struct config_node *c = config_node_first(node); c != NULL; c =
 * config_node_next(c))
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault_list.h"

enum config_kind {
	CONFIG_KIND_SCALAR,
	CONFIG_KIND_SEQUENCE,
	CONFIG_KIND_MAPPING,
};

struct config_node;

enum config_kind config_node_kind(const struct config_node *node);

/** "text", "list" or "mapping": a kind as messages call it. */
const char *config_kind_text(enum config_kind kind);

/** Text of a scalar, "" for one without a value; NULL for a sequence and a mapping. */
const char *config_node_text(const struct config_node *node);

/** Whether a scalar has no value: nothing, `~` or `null` without quotes. */
bool config_node_is_null(const struct config_node *node);

/** Key under which the node stands in its mapping; NULL in a sequence and for the root. */
const char *config_node_key(const struct config_node *node);

/** First child of a sequence or mapping in file order; NULL where there is none. */
const struct config_node *config_node_first(const struct config_node *node);

/** The next child of the same parent; NULL behind the last. */
const struct config_node *config_node_next(const struct config_node *node);

/** Number of children. */
size_t config_node_count(const struct config_node *node);

/** Child of a mapping by its key; NULL where there is none, or where `node` is no mapping. */
const struct config_node *config_node_find(const struct config_node *node, const char *key);

/** Adds a fault at the node's value. */
void config_node_fault(const struct config_node *node, struct fault_list *faults,
		       const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Adds a fault at the node's key, or at its value where it has none. */
void config_node_key_fault(const struct config_node *node, struct fault_list *faults,
			   const char *format, ...) __attribute__((format(printf, 3, 4)));
