/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings that may stand in one YAML file or in a folder of them: which files those are, and in
 * which order they are read. What they mean is the caller's business.
 */
#pragma once

#include <stddef.h>

#include "base/config_tree.h"
#include "base/fault_list.h"

/** Takes over a tree (config_tree_destroy); `name` is its file's, borrowed for the call. */
typedef void (*config_folder_function)(void *context, const char *name, struct config_tree *tree);

/**
 * Loads the file `path`, or, where it is a folder, every *.yaml in it in the order of their names,
 * without hidden ones, and hands over each tree that could be read. More files than `most`, a
 * folder without any, and whatever cannot be read are faults; the others are read all the same.
 */
void config_folder_load(const char *path, size_t most, config_folder_function take, void *context,
			struct fault_list *faults);
