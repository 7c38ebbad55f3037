/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to catalogue: every file is read to a tree and to records; the trees stay until the tables
 * are built, so that a mistake found late can still be shown in its file. The records stay in the
 * catalogue's arena.
 */
#include "classifier/catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* Takes over the tree, which is NULL after a fault, and reads its records. */
static void
add_tree(struct loader *l, const char *name, struct config_tree *tree)
{
	if (tree == NULL)
		return;
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

static int
is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static void
add_file_of(struct loader *l, const char *directory, const char *name)
{
	char *path = NULL;

	if (l->count == FILES_MAX) {
		fault_list_add(l->faults, directory, 0, 0, "more than %d files", FILES_MAX);
	} else if (asprintf(&path, "%s/%s", directory, name) < 0) {
		fault_list_add(l->faults, directory, 0, 0, "out of memory");
	} else {
		add_tree(l, path, config_tree_load(path, l->faults));
		free(path);
	}
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_directory(struct loader *l, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_yaml, compare_names);

	if (count < 0) {
		fault_list_add(l->faults, path, 0, 0, "cannot be read: %s", strerror(errno));
		return;
	}
	if (count == 0)
		fault_list_add(l->faults, path, 0, 0, "has no .yaml file");
	for (int i = 0; i < count; i++) {
		add_file_of(l, path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
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
	struct stat about;

	if (l == NULL)
		return NULL;
	if (stat(path, &about) != 0)
		fault_list_add(faults, path, 0, 0, "cannot be read: %s", strerror(errno));
	else if (S_ISDIR(about.st_mode))
		add_directory(l, path);
	else
		add_tree(l, path, config_tree_load(path, faults));
	return finish(l, faults_before);
}

struct catalogue *
catalogue_parse(const char *name, const char *text, size_t len, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader *l = create_loader(name, faults);

	if (l == NULL)
		return NULL;
	add_tree(l, name, config_tree_parse(name, text, len, faults));
	return finish(l, faults_before);
}
