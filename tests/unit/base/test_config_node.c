/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_node.h"

#include <string.h>

#include "base/config_tree.h"
#include "tests/unit/unit.h"

static const char text[] = "empty:\n"
			   "tilde: ~\n"
			   "word: null\n"
			   "quoted: \"null\"\n"
			   "list: [a]\n"
			   "map: {k: v}\n";

static struct fault_list faults;

static struct config_tree *
load(void)
{
	struct config_tree *tree = config_tree_parse("n.yaml", text, strlen(text), &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	return tree;
}

static void
null_is_told_from_its_word_in_quotes(void)
{
	struct config_tree *tree = load();
	const struct config_node *root = config_tree_root(tree);
	static const char *const nulls[] = {"empty", "tilde", "word"};
	for (size_t i = 0; i < 3; i++) {
		const struct config_node *node = config_node_find(root, nulls[i]);
		CU_ASSERT_TRUE(config_node_is_null(node));
		CU_ASSERT_STRING_EQUAL(config_node_text(node), "");
	}
	CU_ASSERT_FALSE(config_node_is_null(config_node_find(root, "quoted")));
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(root, "quoted")), "null");
	config_tree_destroy(tree);
}

static void
kinds_keys_and_absence(void)
{
	struct config_tree *tree = load();
	const struct config_node *root = config_tree_root(tree);
	const struct config_node *list = config_node_find(root, "list");
	const struct config_node *map = config_node_find(root, "map");

	CU_ASSERT_EQUAL(config_node_kind(list), CONFIG_KIND_SEQUENCE);
	CU_ASSERT_STRING_EQUAL(config_kind_text(config_node_kind(list)), "list");
	CU_ASSERT_STRING_EQUAL(config_kind_text(config_node_kind(map)), "mapping");
	CU_ASSERT_STRING_EQUAL(config_kind_text(CONFIG_KIND_SCALAR), "text");
	CU_ASSERT_PTR_NULL(config_node_text(list));
	CU_ASSERT_PTR_NULL(config_node_key(root));
	CU_ASSERT_STRING_EQUAL(config_node_key(map), "map");
	CU_ASSERT_PTR_NULL(config_node_key(config_node_first(list)));
	CU_ASSERT_PTR_NULL(config_node_find(root, "nobody"));
	CU_ASSERT_PTR_NULL(config_node_find(list, "a"));
	CU_ASSERT_PTR_NULL(config_node_first(config_node_find(root, "word")));
	config_tree_destroy(tree);
}

static void
faults_stand_at_value_or_key(void)
{
	struct config_tree *tree = load();
	const struct config_node *map = config_node_find(config_tree_root(tree), "map");

	config_node_fault(map, &faults, "bad %d", 1);
	config_node_key_fault(map, &faults, "bad %d", 2);
	config_node_key_fault(config_tree_root(tree), &faults, "bad %d", 3);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text, "n.yaml:6:6: bad 1");
	CU_ASSERT_STRING_EQUAL(faults.faults[1].text, "n.yaml:6:1: bad 2");
	CU_ASSERT_STRING_EQUAL(faults.faults[2].text, "n.yaml:1:1: bad 3");
	config_tree_destroy(tree);
	fault_list_fini(&faults);
}

static const struct unit_case cases[] = {
	{"null_is_told_from_its_word_in_quotes", null_is_told_from_its_word_in_quotes},
	{"kinds_keys_and_absence", kinds_keys_and_absence},
	{"faults_stand_at_value_or_key", faults_stand_at_value_or_key},
};

int
main(void)
{
	return unit_run("config_node", cases, sizeof(cases) / sizeof(*cases));
}
