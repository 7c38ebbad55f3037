/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML file as a read-only tree of nodes (config_node.h) that know their file, line and column.
 * Knows YAML, not meaning: config_reader.h checks a tree against a table of fields and turns it
 * into structs.
 *
 * What a settings file does not need is refused with a fault: anchors and aliases (with them, a
 * short file can stand for an endless one), tags, several documents, keys that are no text, a key
 * given twice, control characters, quotes over several lines (`>` is for long texts), and files
 * beyond the limits below. A scalar is always text here: `no`, `1.10` and `2026-11-22` stay as they
 * are written.
 *
 * A tree is immutable once loaded: any number of threads may read it.
 */
#pragma once

#include <stddef.h>

#include "base/config_node.h"
#include "base/fault_list.h"

/** Largest file read, in bytes. */
#define CONFIG_TREE_BYTES_MAX ((size_t)4 * 1024 * 1024)
/** Most nodes of one tree. */
#define CONFIG_TREE_NODES_MAX 262144
/** Deepest nesting of mappings and sequences. */
#define CONFIG_TREE_DEPTH_MAX 24
/** Deepest chain of includes: a file, which includes a file, which ... */
#define CONFIG_TREE_INCLUDE_DEPTH_MAX 4
/** Most files of one tree. */
#define CONFIG_TREE_FILES_MAX 64

struct config_tree;

/**
 * Reads the file `path`. Faults of access, syntax and limits go to `faults` as file:line:column, as
 * many as can be told in one run. Returns the tree, free with config_tree_destroy; NULL when there
 * was a fault.
 */
struct config_tree *config_tree_load(const char *path, struct fault_list *faults);

/**
 * Like config_tree_load, with the files that the root mapping names under `include` (a text or a
 * list of texts: paths, relative to the folder of the file that names them) taken into that
 * mapping. Lists under the same key are joined: the items of the including file first, then those
 * of its includes in their order. Anything else under the same key in two files is a fault that
 * names both places; a key without a value counts as absent. No file may be taken in twice. The
 * limits of one file hold for all together, and CONFIG_TREE_INCLUDE_DEPTH_MAX and
 * CONFIG_TREE_FILES_MAX for the way there. Nodes keep the place of the file they stand in; of the
 * `include` keys, that of the file `path` stays.
 */
struct config_tree *config_tree_load_including(const char *path, struct fault_list *faults);

/** The same as config_tree_load for `len` bytes in memory; `name` stands for the file in faults.
 * Both are copied. */
struct config_tree *
config_tree_parse(const char *name, const char *text, size_t len, struct fault_list *faults);

/** Frees the tree; every node and text of it becomes invalid. NULL is allowed. */
void config_tree_destroy(struct config_tree *tree);

/**
 * Path of file `index` as it was named: 0 is the file itself, behind it come those that were taken
 * in; NULL behind the last.
 */
const char *config_tree_file(const struct config_tree *tree, size_t index);

/** The outermost node; NULL for a file that is empty or has only comments. */
const struct config_node *config_tree_root(const struct config_tree *tree);
