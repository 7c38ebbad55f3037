/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a settings file: a tree or faults, and a tree can be walked to its last node. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Goes down first children; deeper than the tree may be, the walk would be wrong. */
static void
walk(const struct config_node *node)
{
	const struct config_node *above[CONFIG_TREE_DEPTH_MAX + 1];
	size_t depth = 0;

	while (node != NULL) {
		if (config_node_kind(node) == CONFIG_KIND_SCALAR && config_node_text(node) == NULL)
			abort();
		if (config_node_first(node) != NULL) {
			if (depth == CONFIG_TREE_DEPTH_MAX)
				abort();
			above[depth++] = node;
			node = config_node_first(node);
			continue;
		}
		while (config_node_next(node) == NULL && depth > 0)
			node = above[--depth];
		node = config_node_next(node);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *text = malloc(size);

	if (size != 0 && text == NULL)
		return 0;
	if (size != 0)
		memcpy(text, data, size);
	struct config_tree *tree = config_tree_parse("fuzz", text, size, &faults);
	if ((tree == NULL) != (faults.count != 0))
		abort();
	if (tree != NULL && config_tree_root(tree) != NULL)
		walk(config_tree_root(tree));
	config_tree_destroy(tree);
	fault_list_fini(&faults);
	free(text);
	return 0;
}
