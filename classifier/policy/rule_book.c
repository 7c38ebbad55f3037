/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to rule book. All files are read into the same record; the trees stay until the book is
 * built, so that a mistake found late can still be shown in its file.
 */
#include "classifier/policy/rule_book.h"

#include <string.h>

#include "base/config_folder.h"
#include "base/config_tree.h"
#include "classifier/policy/rule_book_build.h"

/* Files of one directory; more are no rule book of ours. */
#define FILES_MAX 32

struct loader {
	struct arena *arena;
	struct fault_list *faults;
	struct rule_book_file file;
	struct config_tree *trees[FILES_MAX];
	size_t count;
};

/* A key of the outermost mapping that an earlier file has as well. */
static void
refuse_repeated_keys(const struct loader *l, const struct config_node *root)
{
	for (const struct config_node *c = config_node_first(root); c != NULL;
	     c = config_node_next(c)) {
		const char *key = config_node_key(c);
		for (size_t i = 0; key != NULL && i < l->count; i++) {
			if (config_node_find(config_tree_root(l->trees[i]), key) != NULL)
				config_node_key_fault(c, l->faults,
						      "`%s` stands in another file as well", key);
		}
	}
}

/* Takes over the tree and reads what it gives; as config_folder_function. */
static void
add_tree(void *loader, const char *name, struct config_tree *tree)
{
	struct loader *l = loader;
	const struct config_node *root = config_tree_root(tree);
	if (root == NULL) {
		fault_list_add(l->faults, name, 0, 0, "holds nothing; expected rules");
		config_tree_destroy(tree);
		return;
	}
	refuse_repeated_keys(l, root);
	rule_book_file_read(root, l->arena, &l->file, l->faults);
	l->trees[l->count++] = tree;
}

static bool
begin(struct loader *l, const char *name, struct fault_list *faults)
{
	*l = (struct loader){.arena = arena_create(), .faults = faults};
	if (l->arena == NULL)
		fault_list_add(faults, name, 0, 0, "out of memory");
	return l->arena != NULL;
}

/* Builds if all files were right, and gives back everything but what the book keeps. */
static struct rule_book *
finish(struct loader *l, const char *name, size_t faults_before)
{
	struct rule_book *rules = NULL;

	if (l->faults->count == faults_before)
		rules = rule_book_build(&l->file, name, l->arena, l->faults);
	for (size_t i = 0; i < l->count; i++)
		config_tree_destroy(l->trees[i]);
	if (rules == NULL)
		arena_destroy(l->arena);
	return rules;
}

struct rule_book *
rule_book_load(const char *path, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader l;

	if (!begin(&l, path, faults))
		return NULL;
	config_folder_load(path, FILES_MAX, add_tree, &l, faults);
	return finish(&l, path, faults_before);
}

struct rule_book *
rule_book_parse(const char *name, const char *text, size_t len, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader l;

	if (!begin(&l, name, faults))
		return NULL;
	struct config_tree *tree = config_tree_parse(name, text, len, faults);
	if (tree != NULL)
		add_tree(&l, name, tree);
	return finish(&l, name, faults_before);
}

void
rule_book_destroy(struct rule_book *rules)
{
	if (rules != NULL)
		arena_destroy(rules->arena);
}

const struct rule_finding *
rule_book_finding(const struct rule_book *rules, const char *id)
{
	for (size_t i = 0; i < rules->finding_count; i++) {
		if (strcmp(rules->findings[i].id, id) == 0)
			return &rules->findings[i];
	}
	return NULL;
}
