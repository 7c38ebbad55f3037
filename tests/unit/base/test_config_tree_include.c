/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config_tree.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* All files of a case; the first is the one that is loaded. */
struct file {
	const char *name;
	const char *text;
};

#define FILES_MAX 8

static char folder[] = "/tmp/vigie-include-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
store(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(path_of(name), "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(text, 1, len, file), len);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

static void
store_all(const struct file *files)
{
	for (size_t i = 0; i < FILES_MAX && files[i].name != NULL; i++)
		store(files[i].name, files[i].text, strlen(files[i].text));
}

static void
remove_all(const struct file *files)
{
	for (size_t i = 0; i < FILES_MAX && files[i].name != NULL; i++)
		unlink(path_of(files[i].name));
}

static struct config_tree *
load(const char *name)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct config_tree *tree = config_tree_load_including(path_of(name), &faults);

	if (tree == NULL)
		fprintf(stderr, "# %s\n", faults.faults[0].text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	return tree;
}

/* Items of a list in one text: "1 2 3". */
static const char *
items_of(const struct config_tree *tree, const char *key)
{
	static char text[256];
	const struct config_node *list = config_node_find(config_tree_root(tree), key);
	size_t len = 0, count = 0;

	*text = '\0';
	if (list == NULL)
		return "none";
	for (const struct config_node *c = config_node_first(list); c != NULL;
	     c = config_node_next(c), count++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? " " : "",
					config_node_text(c));
	CU_ASSERT_EQUAL(config_node_count(list), count);
	return text;
}

static const char *
text_of(const struct config_tree *tree, const char *key)
{
	const struct config_node *node = config_node_find(config_tree_root(tree), key);

	return node != NULL ? config_node_text(node) : "none";
}

static void
included_lists_follow_in_order(void)
{
	static const struct file files[FILES_MAX] = {
		{"top.yaml", "list: [1, 2]\n"
			     "include: [a.yaml, sub/c.yaml]\n"
			     "name: top\n"},
		{"a.yaml", "include: b.yaml\nlist: [3]\nother: [x]\n"},
		{"b.yaml", "list: [4, 5]\nonly: b\n"},
		{"sub/c.yaml", "include: [../d.yaml, e.yaml]\nother: [y]\nlist: [6]\n"},
		{"d.yaml", "list: [7]\n"},
		{"sub/e.yaml", "list: [8]\nmap: {k: v}\n"},
	};
	store_all(files);
	struct config_tree *tree = load("top.yaml");
	CU_ASSERT_STRING_EQUAL(config_tree_file(tree, 0), path_of("top.yaml"));
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_PTR_NOT_NULL(config_tree_file(tree, i));
	CU_ASSERT_PTR_NULL(config_tree_file(tree, 6));
	CU_ASSERT_STRING_EQUAL(items_of(tree, "list"), "1 2 3 4 5 6 7 8");
	CU_ASSERT_STRING_EQUAL(items_of(tree, "other"), "x y");
	CU_ASSERT_STRING_EQUAL(items_of(tree, "include"), "a.yaml sub/c.yaml");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "name"), "top");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "only"), "b");

	static const char *const keys[] = {"list", "include", "name", "other", "only", "map"};
	const struct config_node *root = config_tree_root(tree);
	const struct config_node *c = config_node_first(root);
	CU_ASSERT_EQUAL(config_node_count(root), COUNT(keys));
	for (size_t i = 0; i < COUNT(keys); i++, c = config_node_next(c)) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(c);
		CU_ASSERT_STRING_EQUAL(config_node_key(c), keys[i]);
	}
	CU_ASSERT_PTR_NULL(c);
	config_tree_destroy(tree);
	remove_all(files);
}

static void
nodes_know_the_file_they_stand_in(void)
{
	static const struct file files[FILES_MAX] = {
		{"top.yaml", "list: [1]\ninclude: sub/a.yaml\n"},
		{"sub/a.yaml", "\nlist:\n  - 2\n"},
	};
	struct fault_list faults = FAULT_LIST_INIT;
	char expected[300];

	store_all(files);
	struct config_tree *tree = load("top.yaml");
	const struct config_node *list = config_node_find(config_tree_root(tree), "list");
	config_node_fault(config_node_next(config_node_first(list)), &faults, "here");
	snprintf(expected, sizeof(expected), "%s:3:5: here", path_of("sub/a.yaml"));
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text, expected);
	fault_list_fini(&faults);
	config_tree_destroy(tree);
	remove_all(files);
}

static void
files_without_includes_or_values_add_nothing(void)
{
	static const struct file files[FILES_MAX] = {
		{"top.yaml", "include: [empty.yaml, remark.yaml, null.yaml]\na:\nb: [1]\nc:\n"},
		{"empty.yaml", ""},
		{"remark.yaml", "# nothing\n"},
		{"null.yaml", "include:\na: 5\nb: ~\nd:\n"},
	};
	store_all(files);
	struct config_tree *tree = load("top.yaml");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "a"), "5");
	CU_ASSERT_STRING_EQUAL(items_of(tree, "b"), "1");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "c"), "");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "d"), "");
	config_tree_destroy(tree);

	tree = load("empty.yaml");
	CU_ASSERT_PTR_NULL(config_tree_root(tree));
	config_tree_destroy(tree);
	tree = load("null.yaml");
	CU_ASSERT_STRING_EQUAL(text_of(tree, "a"), "5");
	config_tree_destroy(tree);
	remove_all(files);
}

static void
four_files_deep_is_allowed(void)
{
	static const struct file files[FILES_MAX] = {
		{"0.yaml", "include: 1.yaml\nl: [0]\n"},
		{"1.yaml", "include: 2.yaml\nl: [1]\n"},
		{"2.yaml", "include: 3.yaml\nl: [2]\n"},
		{"3.yaml", "include: 4.yaml\nl: [3]\n"},
		{"4.yaml", "l: [4]\n"},
	};
	store_all(files);
	struct config_tree *tree = load("0.yaml");
	CU_ASSERT_STRING_EQUAL(items_of(tree, "l"), "0 1 2 3 4");
	config_tree_destroy(tree);
	remove_all(files);
}

/* In faults, $ stands for the folder. */
static const struct {
	struct file files[FILES_MAX];
	const char *faults[3];
} refused[] = {
	{{{"t.yaml", "include: a.yaml\nm: {x: 1}\n"}, {"a.yaml", "\nm: {y: 2}\n"}},
	 {"$/a.yaml:2:1: key `m` is given again (first in $/t.yaml:2:1), and only lists are "
	  "joined"}},
	{{{"t.yaml", "include: a.yaml\nx: 1\n"}, {"a.yaml", "x: 1\n"}},
	 {"$/a.yaml:1:1: key `x` is given again (first in $/t.yaml:2:1)"}},
	{{{"t.yaml", "include: a.yaml\nx: [1]\n"}, {"a.yaml", "x: 1\n"}},
	 {"$/a.yaml:1:1: key `x` is given again (first in $/t.yaml:2:1)"}},
	{{{"t.yaml", "include: [a.yaml, b.yaml]\n"},
	  {"a.yaml", "x: 1\ny: {}\n"},
	  {"b.yaml", "y: []\nx: 2\n"}},
	 {"$/b.yaml:2:1: key `x` is given again (first in $/a.yaml:1:1)",
	  "$/b.yaml:1:1: key `y` is given again (first in $/a.yaml:2:1)"}},
	{{{"t.yaml", "include: t.yaml\n"}},
	 {"$/t.yaml:1:10: $/t.yaml is taken in twice: $/t.yaml, and $/t.yaml > $/t.yaml"}},
	{{{"t.yaml", "include: a.yaml\n"}, {"a.yaml", "include: [./t.yaml]\n"}},
	 {"$/a.yaml:1:11: $/./t.yaml is taken in twice: $/t.yaml, and $/t.yaml > $/a.yaml > "
	  "$/./t.yaml"}},
	{{{"t.yaml", "include: [a.yaml, b.yaml]\n"},
	  {"a.yaml", "include: b.yaml\n"},
	  {"b.yaml", "l: [1]\n"}},
	 {"$/t.yaml:1:19: $/b.yaml is taken in twice: $/t.yaml > $/a.yaml > $/b.yaml, and $/t.yaml "
	  "> $/b.yaml"}},
	{{{"t.yaml", "include: [no.yaml, a.yaml, sub]\n"}, {"a.yaml", "x: [\n"}},
	 {"$/t.yaml:1:11: $/no.yaml cannot be read: No such file or directory",
	  "$/a.yaml:", "$/sub: cannot be read: Is a directory"}},
	{{{"t.yaml", "include: {a: b}\n"}},
	 {"$/t.yaml:1:10: `include` is a mapping, expected a file or a list of files"}},
	{{{"t.yaml", "include: ['', [a], ~]\n"}},
	 {"$/t.yaml:1:11: expected the name of a file to include",
	  "$/t.yaml:1:15: expected the name", "$/t.yaml:1:20: expected the name"}},
	{{{"t.yaml", "include: a.yaml\n"}, {"a.yaml", "- x\n"}},
	 {"$/a.yaml:1:1: an included file is a list, expected a mapping"}},
	{{{"t.yaml", "include: 1.yaml\n"},
	  {"1.yaml", "include: 2.yaml\n"},
	  {"2.yaml", "include: 3.yaml\n"},
	  {"3.yaml", "include: 4.yaml\n"},
	  {"4.yaml", "include: 5.yaml\n"},
	  {"5.yaml", "x: 1\n"}},
	 {"$/4.yaml:1:10: included more than 4 deep: $/t.yaml > $/1.yaml > $/2.yaml > $/3.yaml > "
	  "$/4.yaml > $/5.yaml"}},
};

/* Whether `text` begins with `pattern`, where $ stands for the folder. */
static bool
begins_with(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '$' && strncmp(text, folder, strlen(folder)) == 0)
			text += strlen(folder);
		else if (*text++ != *pattern)
			return false;
	}
	return true;
}

static void
mistakes_are_told_with_their_file(void)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		size_t count = 0;
		store_all(refused[i].files);
		CU_ASSERT_PTR_NULL(config_tree_load_including(path_of("t.yaml"), &faults));
		while (count < COUNT(refused[i].faults) && refused[i].faults[count] != NULL)
			count++;
		CU_ASSERT_EQUAL(faults.count, count);
		for (size_t f = 0; f < count && f < faults.count; f++) {
			if (begins_with(faults.faults[f].text, refused[i].faults[f]))
				continue;
			fprintf(stderr, "# got: %s\n# not: %s\n", faults.faults[f].text,
				refused[i].faults[f]);
			CU_FAIL("another fault");
		}
		fault_list_fini(&faults);
		remove_all(refused[i].files);
	}
}

static void
expect_fault(const char *name, const char *part)
{
	struct fault_list faults = FAULT_LIST_INIT;

	CU_ASSERT_PTR_NULL(config_tree_load_including(path_of(name), &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, part));
	fault_list_fini(&faults);
}

static void
number_of_files_is_bounded(void)
{
	char text[CONFIG_TREE_FILES_MAX * 32] = "include:\n", name[16];

	for (unsigned i = 0; i < CONFIG_TREE_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "f%u.yaml", i);
		store(name, "", 0);
		snprintf(text + strlen(text), 32, " - %s\n", name);
	}
	store("t.yaml", text, strlen(text));
	expect_fault("t.yaml", "t.yaml:65:4: more than 64 files in all");

	/* One less, and all are in. */
	*strrchr(text, '-') = '#';
	store("t.yaml", text, strlen(text));
	config_tree_destroy(load("t.yaml"));
	for (unsigned i = 0; i < CONFIG_TREE_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "f%u.yaml", i);
		unlink(path_of(name));
	}
	unlink(path_of("t.yaml"));
}

static void
size_of_all_files_together_is_bounded(void)
{
	static const char include_both[] = "include: [a.yaml, b.yaml]\n";
	size_t len = CONFIG_TREE_BYTES_MAX / 2;
	char *text = malloc(len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, '#', len);
	store("t.yaml", include_both, strlen(include_both));
	store("a.yaml", text, len);
	store("b.yaml", text, len);
	expect_fault("t.yaml", "t.yaml:1:19: all files together are too large");
	store("b.yaml", text, len - 100);
	config_tree_destroy(load("t.yaml"));

	for (size_t i = 0; i < len / 4; i++)
		memcpy(text + 4 * i, "- a\n", 4);
	memcpy(text, "l: \n", 4);
	size_t values = 4 * (CONFIG_TREE_NODES_MAX / 2);
	store("a.yaml", text, values);
	store("b.yaml", text, values);
	expect_fault("t.yaml", "t.yaml:1:19: all files together are too large");
	store("b.yaml", text, values - 4 * 10);
	struct config_tree *tree = load("t.yaml");
	CU_ASSERT_EQUAL(config_node_count(config_node_find(config_tree_root(tree), "l")),
			2 * (values / 4 - 1) - 10);
	config_tree_destroy(tree);
	free(text);
	unlink(path_of("t.yaml"));
	unlink(path_of("a.yaml"));
	unlink(path_of("b.yaml"));
}

static void
a_missing_first_file_is_a_fault(void)
{
	expect_fault("missing.yaml", "missing.yaml: cannot be read: No such file or directory");
}

static const struct unit_case cases[] = {
	{"included_lists_follow_in_order", included_lists_follow_in_order},
	{"nodes_know_the_file_they_stand_in", nodes_know_the_file_they_stand_in},
	{"files_without_includes_or_values_add_nothing",
	 files_without_includes_or_values_add_nothing},
	{"four_files_deep_is_allowed", four_files_deep_is_allowed},
	{"mistakes_are_told_with_their_file", mistakes_are_told_with_their_file},
	{"number_of_files_is_bounded", number_of_files_is_bounded},
	{"size_of_all_files_together_is_bounded", size_of_all_files_together_is_bounded},
	{"a_missing_first_file_is_a_fault", a_missing_first_file_is_a_fault},
};

int
main(void)
{
	if (mkdtemp(folder) == NULL || mkdir(path_of("sub"), 0700) != 0)
		return 1;
	int status = unit_run("config_tree_include", cases, COUNT(cases));
	rmdir(path_of("sub"));
	rmdir(folder);
	return status;
}
