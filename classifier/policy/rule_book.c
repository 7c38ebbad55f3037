/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to rule book. All files are read into the same record; the trees stay until the book is
 * built, so that a mistake found late can still be shown in its file.
 */
#include "classifier/policy/rule_book.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* Takes over the tree, which is NULL after a fault, and reads what it gives. */
static void
add_tree(struct loader *l, const char *name, struct config_tree *tree)
{
	if (tree == NULL)
		return;
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

static int
is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
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
	struct stat about;

	if (!begin(&l, path, faults))
		return NULL;
	if (stat(path, &about) != 0)
		fault_list_add(faults, path, 0, 0, "cannot be read: %s", strerror(errno));
	else if (S_ISDIR(about.st_mode))
		add_directory(&l, path);
	else
		add_tree(&l, path, config_tree_load(path, faults));
	return finish(&l, path, faults_before);
}

struct rule_book *
rule_book_parse(const char *name, const char *text, size_t len, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct loader l;

	if (!begin(&l, name, faults))
		return NULL;
	add_tree(&l, name, config_tree_parse(name, text, len, faults));
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
