/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a settings file: a tree or faults, and a tree can be walked to its last node. What
 * is read is written, reads back, and is then written the same; nodes keep their kind and text.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config_reader.h"
#include "base/config_tree.h"
#include "base/config_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with one node of anything, to write whole trees. */
struct anything {
	const struct config_node *node;
};

static const struct config_field anything_fields[] = {
	{.key = "all", .type = CONFIG_NODE, .offset = offsetof(struct anything, node)},
};
static const struct config_schema anything_schema = {.what = "file",
						     .fields = anything_fields,
						     .field_count = 1,
						     .size = sizeof(struct anything)};

/* Short keys, which mutations hit. */
struct item {
	const char *text;
	struct config_list texts;
};

struct typed {
	bool b;
	uint64_t u, s, r;
	const char *t, *d, *c;
	unsigned w;
	struct config_list texts, prefixes, items;
	struct item *item;
	const struct config_node *n;
};

static const char *
word_text(unsigned value)
{
	static const char *const words[] = {"yes", "a: b", "-"};
	return value < 3 ? words[value] : NULL;
}

static const struct config_field item_fields[] = {
	{.key = "t", .type = CONFIG_STRING, .offset = offsetof(struct item, text)},
	{.key = "l", .type = CONFIG_STRINGS, .offset = offsetof(struct item, texts)},
};
static const struct config_schema item_schema = {.what = "item",
						 .fields = item_fields,
						 .field_count = 2,
						 .size = sizeof(struct item),
						 .short_form = true};

#define AT(member) .offset = offsetof(struct typed, member)
static const struct config_field typed_fields[] = {
	{.key = "b", .type = CONFIG_BOOL, AT(b)},
	{.key = "u", .type = CONFIG_UINT, AT(u), .max = UINT64_MAX},
	{.key = "s", .type = CONFIG_SIZE, AT(s)},
	{.key = "r", .type = CONFIG_RATIO, AT(r)},
	{.key = "t", .type = CONFIG_STRING, AT(t)},
	{.key = "d", .type = CONFIG_DATE, AT(d)},
	{.key = "c", .type = CONFIG_COUNTRY, AT(c)},
	{.key = "w", .type = CONFIG_WORD, AT(w), .word = word_text},
	{.key = "l", .type = CONFIG_STRINGS, AT(texts)},
	{.key = "p", .type = CONFIG_PREFIXES, AT(prefixes)},
	{.key = "i", .type = CONFIG_RECORDS, AT(items), .schema = &item_schema},
	{.key = "o", .type = CONFIG_RECORD, AT(item), .schema = &item_schema},
	{.key = "n", .type = CONFIG_NODE, AT(n)},
};
static const struct config_schema typed_schema = {
	.what = "file",
	.fields = typed_fields,
	.field_count = sizeof(typed_fields) / sizeof(*typed_fields),
	.size = sizeof(struct typed),
};

/* Free the result. */
static char *
write_text(const struct config_schema *schema, const void *in)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	config_write(out, schema, in, 0);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* Writes what was read by `schema`; it has to be read again, and written the same. */
static void
expect_same_text(const struct config_schema *schema, const void *in)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct arena *arena = arena_create();
	void *again = calloc(1, schema->size);
	char *text = write_text(schema, in);
	struct config_tree *tree = config_tree_parse("again", text, strlen(text), &faults);

	if (tree == NULL || arena == NULL || again == NULL ||
	    !config_read(config_tree_root(tree), schema, arena, again, &faults))
		abort();
	char *text_again = write_text(schema, again);
	if (strcmp(text, text_again) != 0)
		abort();
	free(text_again);
	config_tree_destroy(tree);
	free(text);
	free(again);
	arena_destroy(arena);
}

static void
expect_same_node(const struct config_node *a, const struct config_node *b)
{
	const char *key_a = config_node_key(a), *key_b = config_node_key(b);
	const char *text_a = config_node_text(a), *text_b = config_node_text(b);

	if (config_node_kind(a) != config_node_kind(b) ||
	    config_node_is_null(a) != config_node_is_null(b) ||
	    config_node_count(a) != config_node_count(b) || (key_a == NULL) != (key_b == NULL) ||
	    (text_a == NULL) != (text_b == NULL) ||
	    (text_a != NULL && strcmp(text_a, text_b) != 0) ||
	    (key_a != NULL && strcmp(key_a, key_b) != 0))
		abort();
}

/* Compares two trees of the same depth below nodes that stand for the same. */
static void
expect_same_tree(const struct config_node *a, const struct config_node *b)
{
	const struct config_node *above[CONFIG_TREE_DEPTH_MAX + 1][2];
	size_t depth = 0;

	for (a = config_node_first(a), b = config_node_first(b); a != NULL && b != NULL;) {
		expect_same_node(a, b);
		if (config_node_first(a) != NULL && config_node_first(b) != NULL) {
			above[depth][0] = a;
			above[depth++][1] = b;
			a = config_node_first(a);
			b = config_node_first(b);
			continue;
		}
		while (config_node_next(a) == NULL && config_node_next(b) == NULL && depth > 0) {
			a = above[--depth][0];
			b = above[depth][1];
		}
		a = config_node_next(a);
		b = config_node_next(b);
	}
	if (a != b)
		abort();
}

/* The tree below a key, and read back from there. */
static void
write_tree(const struct config_node *root)
{
	struct fault_list faults = FAULT_LIST_INIT;
	const struct anything anything = {.node = root};
	char *text = write_text(&anything_schema, &anything);
	struct config_tree *tree = config_tree_parse("again", text, strlen(text), &faults);

	if (tree == NULL)
		abort();
	expect_same_tree(root, config_node_find(config_tree_root(tree), "all"));
	config_tree_destroy(tree);
	free(text);
	expect_same_text(&anything_schema, &anything);
}

/* A file that the small schema takes. */
static void
write_typed(const struct config_node *root)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct arena *arena = arena_create();
	struct typed typed = {0};

	if (arena == NULL)
		abort();
	if (config_read(root, &typed_schema, arena, &typed, &faults))
		expect_same_text(&typed_schema, &typed);
	fault_list_fini(&faults);
	arena_destroy(arena);
}

/* Goes down first children; deeper than the tree may be, the walk would be wrong. Returns how deep
 * it went. */
static size_t
walk(const struct config_node *node)
{
	const struct config_node *above[CONFIG_TREE_DEPTH_MAX + 1];
	size_t depth = 0, deepest = 0;

	while (node != NULL) {
		if (config_node_kind(node) == CONFIG_KIND_SCALAR && config_node_text(node) == NULL)
			abort();
		if (config_node_first(node) != NULL) {
			if (depth == CONFIG_TREE_DEPTH_MAX)
				abort();
			above[depth++] = node;
			deepest = depth > deepest ? depth : deepest;
			node = config_node_first(node);
			continue;
		}
		while (config_node_next(node) == NULL && depth > 0)
			node = above[--depth];
		node = config_node_next(node);
	}
	return deepest;
}

static void
use(const struct config_node *root)
{
	/* Empty lists may be one level deeper than the walk went, and the key above is one more. A
	 * key without a value is none. */
	if (walk(root) + 2 <= CONFIG_TREE_DEPTH_MAX && !config_node_is_null(root))
		write_tree(root);
	write_typed(root);
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
		use(config_tree_root(tree));
	config_tree_destroy(tree);
	fault_list_fini(&faults);
	free(text);
	return 0;
}
