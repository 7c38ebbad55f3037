/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static struct config_tree *
parse(const char *text, struct fault_list *faults)
{
	return config_tree_parse("t.yaml", text, strlen(text), faults);
}

static void
nested_document_keeps_order_and_text(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct config_tree *tree = parse("a: 1.10\n"
					 "b: [x, 'y z', \"q\"]\n"
					 "c: {d: no, e: {f: 2026-11-22}}\n"
					 "g: >-\n"
					 "  two\n"
					 "  lines\n",
					 &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	const struct config_node *root = config_tree_root(tree);
	CU_ASSERT_EQUAL(config_node_kind(root), CONFIG_KIND_MAPPING);
	CU_ASSERT_EQUAL(config_node_count(root), 4);
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(root, "a")), "1.10");
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(root, "g")), "two lines");

	const struct config_node *item = config_node_first(config_node_find(root, "b"));
	CU_ASSERT_STRING_EQUAL(config_node_text(item), "x");
	item = config_node_next(item);
	CU_ASSERT_STRING_EQUAL(config_node_text(item), "y z");
	item = config_node_next(item);
	CU_ASSERT_STRING_EQUAL(config_node_text(item), "q");
	CU_ASSERT_PTR_NULL(config_node_next(item));

	const struct config_node *c = config_node_find(root, "c");
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(c, "d")), "no");
	const struct config_node *f = config_node_find(config_node_find(c, "e"), "f");
	CU_ASSERT_STRING_EQUAL(config_node_text(f), "2026-11-22");
	config_tree_destroy(tree);
	fault_list_fini(&faults);
}

/* libfyaml loses such texts, so they are read without it. */
static void
rows_of_single_quotes_are_read(void)
{
	static const struct {
		const char *text, *value;
	} quotes[] = {
		{"a: ''\n", ""},
		{"a: 'it''s'\n", "it's"},
		{"a: ''''\n", "'"},
		{"a: ''''''''''''''''''''''\n", "''''''''''"},
		{"a: 'x \"y\" # \\ '\n", "x \"y\" # \\ "},
	};
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct config_tree *tree = parse(quotes[i].text, &faults);
		CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
		const struct config_node *a = config_node_find(config_tree_root(tree), "a");
		CU_ASSERT_STRING_EQUAL(config_node_text(a), quotes[i].value);
		CU_ASSERT_FALSE(config_node_is_null(a));
		config_tree_destroy(tree);
	}
}

static void
empty_document_has_no_root(void)
{
	static const char *const texts[] = {"", "# only a remark\n", "\n\n"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct config_tree *tree = parse(texts[i], &faults);
		CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
		CU_ASSERT_PTR_NULL(config_tree_root(tree));
		config_tree_destroy(tree);
	}
}

static const struct {
	const char *text;
	const char *fault; /* beginning of one of the faults */
} refused[] = {
	{"a: 1\nb: [1, 2\n", "t.yaml:"},
	{"a: \"never ended\n", "t.yaml:"},
	{"a: b: c\n", "t.yaml:1:"},
	{"a: 1\n\tb: 2\n", "t.yaml:2:1: tab"},
	{"%YAML 1.2\n---\na: 1\n", "t.yaml:1:1: a line cannot begin with %"},
	{"a: 'x\n  y'\n", "t.yaml:1:4: quotes go over several lines"},
	{"a: \xff\n", "t.yaml:1:4: not UTF-8"},
	{"a: 1\nb: 2\na: 3\n", "t.yaml:3:1: key `a` is given again (first in line 1)"},
	{"o:\n  - {x: 1, y: 2, x: 3}\n", "t.yaml:2:18: key `x` is given again"},
	{"a: &n 1\nb: *n\n", "t.yaml:1:7: anchors"},
	{"a: &n [x, x]\n", "t.yaml:1:7: anchors"},
	{"a: !!binary aGk=\n", "t.yaml:1:"},
	{"? [a, b]\n: c\n", "t.yaml:1:3: a key has to be text"},
	{"a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document"},
	{"a: \"x\\0y\"\n", "t.yaml:1:4: control character"},
	{"a: \"\\e[31m\"\n", "t.yaml:1:4: control character"},
	{"a: *nobody\n", "t.yaml:1:"},
};

static void
what_is_refused_is_told_with_its_place(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_PTR_NULL(parse(refused[i].text, &faults));
		CU_ASSERT_NOT_EQUAL_FATAL(faults.count, 0);
		const char *text = faults.faults[0].text;
		if (strncmp(text, refused[i].fault, strlen(refused[i].fault)) != 0) {
			fprintf(stderr, "# got: %s\n# not: %s\n", text, refused[i].fault);
			CU_FAIL("another fault");
		}
		fault_list_fini(&faults);
	}
}

static void
several_repeated_keys_are_all_told(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(parse("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n", &faults));
	CU_ASSERT_EQUAL(faults.count, 3);
	fault_list_fini(&faults);
}

/* Nine levels of nine would be 387 million texts. */
static void
billion_laughs_is_refused(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char text[2048] = "a0: &a0 [lol, lol]\n";
	for (int i = 1; i < 10; i++) {
		char line[128];
		snprintf(line, sizeof(line), "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1,
			 i - 1, i - 1, i - 1);
		strcat(text, line);
	}
	CU_ASSERT_PTR_NULL(parse(text, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);
}

static void
nesting_is_bounded(void)
{
	for (size_t depth = CONFIG_TREE_DEPTH_MAX; depth <= CONFIG_TREE_DEPTH_MAX + 1; depth++) {
		struct fault_list faults = FAULT_LIST_INIT;
		char text[2 * CONFIG_TREE_DEPTH_MAX + 8] = {0};
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		struct config_tree *tree = parse(text, &faults);
		CU_ASSERT_EQUAL(tree != NULL, depth == CONFIG_TREE_DEPTH_MAX);
		config_tree_destroy(tree);
		fault_list_fini(&faults);
	}
}

static char *
repeat(const char *piece, size_t count)
{
	size_t len = strlen(piece);
	char *text = malloc(len * count + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * len, piece, len);
	text[len * count] = '\0';
	return text;
}

static void
number_of_values_is_bounded(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *text = repeat("- a\n", CONFIG_TREE_NODES_MAX + 1);
	CU_ASSERT_PTR_NULL(parse(text, &faults));
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, "too many values"));
	free(text);
	fault_list_fini(&faults);
}

static void
size_is_bounded(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *text = repeat("#", CONFIG_TREE_BYTES_MAX + 1);
	CU_ASSERT_PTR_NULL(parse(text, &faults));
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, "larger than"));
	free(text);
	fault_list_fini(&faults);
}

static void
file_is_loaded_and_named_in_faults(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char path[] = "/tmp/vigie-config-tree-XXXXXX";
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "a: 1\n", 5), 5);
	struct config_tree *tree = config_tree_load(path, &faults);
	CU_ASSERT_PTR_NOT_NULL(tree);
	config_tree_destroy(tree);
	CU_ASSERT_EQUAL(write(fd, "a: 1\n", 5), 5);
	CU_ASSERT_PTR_NULL(config_tree_load(path, &faults));
	CU_ASSERT_EQUAL(strncmp(faults.faults[0].text, path, strlen(path)), 0);
	close(fd);
	unlink(path);
	fault_list_fini(&faults);
}

static void
missing_file_and_directory_are_faults(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(config_tree_load("/nonexistent/x.yaml", &faults));
	CU_ASSERT_PTR_NULL(config_tree_load("/", &faults));
	CU_ASSERT_EQUAL(faults.count, 2);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text,
			       "/nonexistent/x.yaml: cannot be read: No such file or directory");
	fault_list_fini(&faults);
	config_tree_destroy(NULL);
}

static const struct unit_case cases[] = {
	{"nested_document_keeps_order_and_text", nested_document_keeps_order_and_text},
	{"rows_of_single_quotes_are_read", rows_of_single_quotes_are_read},
	{"empty_document_has_no_root", empty_document_has_no_root},
	{"what_is_refused_is_told_with_its_place", what_is_refused_is_told_with_its_place},
	{"several_repeated_keys_are_all_told", several_repeated_keys_are_all_told},
	{"billion_laughs_is_refused", billion_laughs_is_refused},
	{"nesting_is_bounded", nesting_is_bounded},
	{"number_of_values_is_bounded", number_of_values_is_bounded},
	{"size_is_bounded", size_is_bounded},
	{"file_is_loaded_and_named_in_faults", file_is_loaded_and_named_in_faults},
	{"missing_file_and_directory_are_faults", missing_file_and_directory_are_faults},
};

int
main(void)
{
	return unit_run("config_tree", cases, sizeof(cases) / sizeof(*cases));
}
