/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to catalogue: every file is read to a tree and to records; the trees stay until the tables
 * are built, so that a mistake found late can still be shown in its file. The records stay in the
 * catalogue's arena.
 */
#include "classifier/catalogue/catalogue.h"

#include <stdlib.h>

#include "base/config_folder.h"
#include "base/config_tree.h"
#include "classifier/catalogue/catalogue_build.h"

/* Files of one directory; more are no catalogue of ours. */
#define FILES_MAX 256

struct loader {
	struct arena *arena;
	struct fault_list *faults;
	struct config_tree *trees[FILES_MAX];
	struct catalogue_file files[FILES_MAX];
	size_t count;
};

/* Takes over the tree and reads its records; as config_folder_function. */
static void
add_tree(void *loader, const char *name, struct config_tree *tree)
{
	struct loader *l = loader;
	const struct config_node *root = config_tree_root(tree);
	if (root == NULL) {
		fault_list_add(l->faults, name, 0, 0,
			       "holds nothing; expected operators or regions");
		config_tree_destroy(tree);
		return;
	}
	catalogue_file_read(root, l->arena, &l->files[l->count], l->faults);
	l->trees[l->count++] = tree;
}

static struct loader *
create_loader(const char *name, struct fault_list *faults)
{
	struct loader *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->arena = arena_create();
	if (l == NULL || l->arena == NULL) {
		fault_list_add(faults, name, 0, 0, "out of memory");
		free(l);
		return NULL;
	}
	l->faults = faults;
	return l;
}

/* Builds if all files were right, and gives back everything but what the catalogue keeps. */
static struct catalogue *
finish(struct loader *l, size_t faults_before)
{
	struct catalogue *catalogue = NULL;

	if (l->faults->count == faults_before)
		catalogue = catalogue_build(l->files, l->count, l->arena, l->faults);
	for (size_t i = 0; i < l->count; i++)
		config_tree_destroy(l->trees[i]);
	if (catalogue == NULL)
		arena_destroy(l->arena);
	free(l);
	return catalogue;
}

struct catalogue *
catalogue_load(const char *path, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader *l = create_loader(path, faults);

	if (l == NULL)
		return NULL;
	config_folder_load(path, FILES_MAX, add_tree, l, faults);
	return finish(l, faults_before);
}

struct catalogue *
catalogue_parse(const char *name, const char *text, size_t len, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader *l = create_loader(name, faults);

	if (l == NULL)
		return NULL;
	struct config_tree *tree = config_tree_parse(name, text, len, faults);
	if (tree != NULL)
		add_tree(l, name, tree);
	return finish(l, faults_before);
}
