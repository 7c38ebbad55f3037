/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
	config_folder_function take;
	void *context;
	struct fault_list *faults;
};

static void
load_file(const struct walk *walk, const char *path)
{
	struct config_tree *tree = config_tree_load(path, walk->faults);

	if (tree != NULL)
		walk->take(walk->context, path, tree);
}

static int
is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

/* By bytes: the same order in every locale. */
static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
load_entry(const struct walk *walk, const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		fault_list_add(walk->faults, folder, 0, 0, "out of memory");
		return;
	}
	load_file(walk, path);
	free(path);
}

static void
load_folder(const struct walk *walk, const char *path, size_t most)
{
	struct dirent **entries;
	int found = scandir(path, &entries, is_yaml, compare_names);

	if (found < 0) {
		fault_list_add(walk->faults, path, 0, 0, "cannot be read: %s", strerror(errno));
		return;
	}
	size_t count = (size_t)found;
	if (count == 0)
		fault_list_add(walk->faults, path, 0, 0, "has no .yaml file");
	if (count > most)
		fault_list_add(walk->faults, path, 0, 0, "more than %zu files", most);
	for (size_t i = 0; i < count; i++) {
		if (i < most)
			load_entry(walk, path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

void
config_folder_load(const char *path, size_t most, config_folder_function take, void *context,
		   struct fault_list *faults)
{
	const struct walk walk = {take, context, faults};
	struct stat about;

	if (stat(path, &about) != 0)
		fault_list_add(faults, path, 0, 0, "cannot be read: %s", strerror(errno));
	else if (S_ISDIR(about.st_mode))
		load_folder(&walk, path, most);
	else
		load_file(&walk, path);
}
