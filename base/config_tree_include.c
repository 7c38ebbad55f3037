/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files are loaded one by one in the order in which they are named, a file before those that it
 * includes; the trees hang behind the first one, which owns them. Then all keys of all root
 * mappings are sorted, so that equal ones lie side by side, and a new root is made of copies: the
 * nodes of the files stay as they are, only links between siblings are new.
 */
#include "base/config_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/config_node_fields.h"
#include "base/config_tree_fields.h"

#define INCLUDE_KEY "include"

/* A file that was taken in, and the way to it: "a.yaml > b.yaml". */
struct taken_file {
	dev_t device;
	ino_t inode;
	const char *chain;
};

/* A file whose includes are being taken in. */
struct open_file {
	const struct config_tree *tree;
	const char *chain;
	const struct config_node *next; /* names the next file; NULL behind the last */
};

struct includer {
	struct config_tree *top;
	struct config_tree *last; /* of the chain of trees */
	struct fault_list *faults;
	struct open_file open[CONFIG_TREE_INCLUDE_DEPTH_MAX + 1];
	size_t depth;
	struct taken_file taken[CONFIG_TREE_FILES_MAX];
	size_t taken_count;
	size_t bytes;
	size_t node_count;
	bool stopped; /* a limit of all files together is passed */
};

/* A key of one of the root mappings; `order` counts through all files. */
struct member {
	const struct config_node *node;
	size_t order;
	struct config_node *joined; /* with those of the same key; NULL for all but the first */
};

static void
out_of_memory(struct includer *in)
{
	fault_list_add(in->faults, in->top->name, 0, 0, "out of memory");
	in->stopped = true;
}

/* "`before``between``after`" in the arena of the first tree; NULL after a fault. */
static const char *
join(struct includer *in, const char *before, size_t before_len, const char *between,
     const char *after)
{
	size_t size = before_len + strlen(between) + strlen(after) + 1;
	char *text = arena_alloc(in->top->arena, size);

	if (text == NULL)
		out_of_memory(in);
	else
		snprintf(text, size, "%.*s%s%s", (int)before_len, before, between, after);
	return text;
}

/* The path that `text` means in the file `from`. */
static const char *
path_beside(struct includer *in, const char *from, const char *text)
{
	const char *slash = strrchr(from, '/');

	if (*text == '/' || slash == NULL)
		return text;
	return join(in, from, (size_t)(slash + 1 - from), "", text);
}

static const struct config_node *
first_include(const struct config_node *root, struct fault_list *faults)
{
	const struct config_node *include = config_node_find(root, INCLUDE_KEY);

	if (include == NULL || config_node_is_null(include))
		return NULL;
	if (include->kind == CONFIG_KIND_SEQUENCE)
		return include->first;
	if (include->kind == CONFIG_KIND_SCALAR)
		return include;
	config_node_fault(include, faults,
			  "`" INCLUDE_KEY "` is a mapping, expected a file or a list of files");
	return NULL;
}

/* Appends a tree to those taken in, and opens it for its own includes. */
static void
take_in(struct includer *in, struct config_tree *tree, const struct stat *status, const char *chain)
{
	in->taken[in->taken_count++] = (struct taken_file){status->st_dev, status->st_ino, chain};
	in->bytes += tree->bytes;
	in->node_count += tree->node_count;
	if (in->last != NULL)
		in->last->included = tree;
	in->last = tree;
	if (tree->root != NULL)
		in->open[in->depth++] =
			(struct open_file){tree, chain, first_include(tree->root, in->faults)};
}

/* Whether the file may be taken in; faults tell why not. */
static bool
is_new(struct includer *in, const struct config_node *node, const struct stat *status,
       const char *path, const char *chain)
{
	for (size_t i = 0; i < in->taken_count; i++) {
		const struct taken_file *taken = &in->taken[i];
		if (taken->device != status->st_dev || taken->inode != status->st_ino)
			continue;
		config_node_fault(node, in->faults, "%s is taken in twice: %s, and %s", path,
				  taken->chain, chain);
		return false;
	}
	if (in->depth > CONFIG_TREE_INCLUDE_DEPTH_MAX) {
		config_node_fault(node, in->faults, "included more than %d deep: %s",
				  CONFIG_TREE_INCLUDE_DEPTH_MAX, chain);
		return false;
	}
	if (in->taken_count == CONFIG_TREE_FILES_MAX) {
		config_node_fault(node, in->faults, "more than %d files in all",
				  CONFIG_TREE_FILES_MAX);
		in->stopped = true;
		return false;
	}
	return true;
}

/* Whether the tree can be joined with the others; faults tell why not. */
static bool
is_fit(struct includer *in, const struct config_node *node, const struct config_tree *tree)
{
	if (in->bytes + tree->bytes > CONFIG_TREE_BYTES_MAX ||
	    in->node_count + tree->node_count > CONFIG_TREE_NODES_MAX) {
		config_node_fault(node, in->faults, "all files together are too large");
		in->stopped = true;
		return false;
	}
	if (tree->root != NULL && tree->root->kind != CONFIG_KIND_MAPPING) {
		config_node_fault(tree->root, in->faults,
				  "an included file is a %s, expected a mapping",
				  config_kind_text(tree->root->kind));
		return false;
	}
	return true;
}

/* Takes in the file that `node`, found in the innermost open file, names. */
static void
include(struct includer *in, const struct config_node *node)
{
	const struct open_file *from = &in->open[in->depth - 1];
	struct stat status;

	if (node->kind != CONFIG_KIND_SCALAR || *node->text == '\0') {
		config_node_fault(node, in->faults, "expected the name of a file to include");
		return;
	}
	const char *path = path_beside(in, from->tree->name, node->text);
	const char *chain =
		path == NULL ? NULL : join(in, from->chain, strlen(from->chain), " > ", path);
	if (chain == NULL)
		return;
	if (stat(path, &status) != 0) {
		config_node_fault(node, in->faults, "%s cannot be read: %s", path, strerror(errno));
		return;
	}
	if (!is_new(in, node, &status, path, chain))
		return;
	struct config_tree *tree = config_tree_load(path, in->faults);
	if (tree == NULL)
		return;
	if (is_fit(in, node, tree))
		take_in(in, tree, &status, chain);
	else
		config_tree_destroy(tree);
}

static void
include_all(struct includer *in)
{
	while (in->depth > 0 && !in->stopped) {
		struct open_file *from = &in->open[in->depth - 1];
		const struct config_node *node = from->next;
		if (node == NULL) {
			in->depth--;
			continue;
		}
		/* One file alone stands at its key, and has keys for siblings. */
		from->next = node->key == NULL ? node->next : NULL;
		include(in, node);
	}
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->node->key, right->node->key);

	if (order != 0)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

static int
compare_orders(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	return left->order < right->order ? -1 : left->order > right->order;
}

static struct config_node *
copy_node(struct includer *in, const struct config_node *node)
{
	struct config_node *copy = arena_alloc(in->top->arena, sizeof(*copy));

	if (copy == NULL) {
		out_of_memory(in);
		return NULL;
	}
	*copy = *node;
	copy->next = NULL;
	return copy;
}

/* Appends copies of the children of `list` behind `*tail`, which moves to the new end. */
static void
join_list(struct includer *in, const struct config_node *list, const struct config_node ***tail)
{
	for (const struct config_node *c = list->first; c != NULL; c = c->next) {
		struct config_node *copy = copy_node(in, c);
		if (copy == NULL)
			return;
		**tail = copy;
		*tail = &copy->next;
	}
}

/* Adds a further node with the same key to the joined one. */
static void
join_node(struct includer *in, struct config_node *joined, const struct config_node *node,
	  const struct config_node ***tail)
{
	if (joined->kind != CONFIG_KIND_SEQUENCE || node->kind != CONFIG_KIND_SEQUENCE) {
		config_node_key_fault(node, in->faults,
				      "key `%s` is given again (first in %s:%u:%u), and only lists "
				      "are joined",
				      node->key, joined->file, joined->key_at.line,
				      joined->key_at.column);
		return;
	}
	join_list(in, node, tail);
	joined->count += node->count;
}

/* One node of all members, which have the same key; one without a value gives way to the others. */
static struct config_node *
join_members(struct includer *in, const struct member *members, size_t count)
{
	size_t first = 0;

	while (first + 1 < count && config_node_is_null(members[first].node))
		first++;
	struct config_node *joined = copy_node(in, members[first].node);
	if (joined == NULL || first + 1 == count)
		return joined;
	const struct config_node **tail = &joined->first;
	join_list(in, members[first].node, &tail);
	for (size_t i = first + 1; i < count; i++) {
		if (!config_node_is_null(members[i].node))
			join_node(in, joined, members[i].node, &tail);
	}
	return joined;
}

/* Gives the first member of each key what all of that key join to; then all are in order again. */
static void
join_equal_keys(struct includer *in, struct member *members, size_t count)
{
	size_t end;

	qsort(members, count, sizeof(*members), compare_members);
	for (size_t begin = 0; begin < count; begin = end) {
		const char *key = members[begin].node->key;
		for (end = begin + 1; end < count && strcmp(members[end].node->key, key) == 0;)
			end++;
		members[begin].joined = join_members(in, &members[begin], end - begin);
	}
	qsort(members, count, sizeof(*members), compare_orders);
}

/* Keys of all root mappings, of `include` only the first file's. Returns how many. */
static size_t
collect(const struct includer *in, struct member *members)
{
	size_t count = 0;

	for (const struct config_tree *tree = in->top; tree != NULL; tree = tree->included) {
		const struct config_node *c = tree->root != NULL ? tree->root->first : NULL;
		for (; c != NULL; c = c->next) {
			if (tree != in->top && strcmp(c->key, INCLUDE_KEY) == 0)
				continue;
			members[count] = (struct member){.node = c, .order = count};
			count++;
		}
	}
	return count;
}

static void
join_roots(struct includer *in)
{
	struct member *members = calloc(in->node_count, sizeof(*members));
	struct config_node *root = copy_node(in, in->top->root);

	if (members == NULL || root == NULL) {
		out_of_memory(in);
		free(members);
		return;
	}
	size_t count = collect(in, members);
	join_equal_keys(in, members, count);
	const struct config_node **tail = &root->first;
	root->count = 0;
	for (size_t i = 0; i < count; i++) {
		if (members[i].joined == NULL)
			continue;
		*tail = members[i].joined;
		tail = &members[i].joined->next;
		root->count++;
	}
	in->top->root = root;
	free(members);
}

struct config_tree *
config_tree_load_including(const char *path, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct config_tree *top = config_tree_load(path, faults);
	struct includer in = {.top = top, .faults = faults};
	struct stat status;

	if (top == NULL || top->root == NULL || config_node_find(top->root, INCLUDE_KEY) == NULL)
		return top;
	if (stat(path, &status) != 0)
		fault_list_add(faults, path, 0, 0, "cannot be read: %s", strerror(errno));
	else
		take_in(&in, top, &status, top->name);
	include_all(&in);
	if (faults->count == faults_before)
		join_roots(&in);
	if (faults->count == faults_before)
		return top;
	config_tree_destroy(top);
	return NULL;
}
