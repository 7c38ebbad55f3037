/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct arena *arena;
static struct name_table *table;

/* Stores the suffix itself as its value; it has to outlive the table. */
static void
add(const char *suffix)
{
	struct name_labels *labels = arena_alloc(arena, sizeof(*labels));
	CU_ASSERT_TRUE_FATAL(name_labels_cut(suffix, labels));
	void **place = name_table_place(table, labels);
	CU_ASSERT_PTR_NOT_NULL_FATAL(place);
	*place = (void *)(uintptr_t)suffix;
}

static void
begin(void)
{
	arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	table = name_table_create(arena);
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
}

static size_t
find(const char *name, void *values[NAME_TABLE_DEPTH_MAX])
{
	struct name_labels labels;
	CU_ASSERT_TRUE_FATAL(name_labels_cut(name, &labels));
	return name_table_find(table, &labels, values);
}

static const struct {
	const char *name;
	const char *longest; /* NULL: none */
	size_t count;
} look_ups[] = {
	{"amazonaws.com", "amazonaws.com", 1},
	{"x.amazonaws.com", "amazonaws.com", 1},
	{"s3.amazonaws.com", "s3.amazonaws.com", 2},
	{"bucket.s3.amazonaws.com", "s3.amazonaws.com", 2},
	{"a.b.c.d.s3.amazonaws.com", "s3.amazonaws.com", 2},
	{"deep.in.the.woods.example", "deep.in.the.woods.example", 1},
	{"in.the.woods.example", NULL, 0},
	{"woods.example", NULL, 0},
	{"notamazonaws.com", NULL, 0},
	{"amazonaws.com.evil.example", NULL, 0},
	{"amazonaws.co", NULL, 0},
	{"amazonaws.comx", NULL, 0},
	{"mazonaws.com", NULL, 0},
	{"com", NULL, 0},
	{"AMAZONAWS.COM", NULL, 0},
	{"192.0.2.1", NULL, 0},
	{"2001:db8::1", NULL, 0},
	{"local", "local", 1},
	{"host.local", "local", 1},
};

static void
suffixes_are_found_on_label_borders(void)
{
	begin();
	add("amazonaws.com");
	add("s3.amazonaws.com");
	add("deep.in.the.woods.example");
	add("local");
	for (size_t i = 0; i < sizeof(look_ups) / sizeof(*look_ups); i++) {
		void *values[NAME_TABLE_DEPTH_MAX];
		size_t count = find(look_ups[i].name, values);
		CU_ASSERT_EQUAL(count, look_ups[i].count);
		if (count != 0 && look_ups[i].longest != NULL)
			CU_ASSERT_STRING_EQUAL(values[count - 1], look_ups[i].longest);
	}
	arena_destroy(arena);
}

static void
same_suffix_has_one_place(void)
{
	struct name_labels labels;
	begin();
	CU_ASSERT_TRUE_FATAL(name_labels_cut("a.example", &labels));
	void **first = name_table_place(table, &labels);
	CU_ASSERT_PTR_NULL(*first);
	*first = arena;
	CU_ASSERT_PTR_EQUAL(*name_table_place(table, &labels), arena);
	arena_destroy(arena);
}

static void
thousands_of_suffixes_grow_the_table(void)
{
	static char names[5000][24];
	begin();
	for (size_t i = 0; i < 5000; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu.d%zu.example", i, i % 50);
		add(names[i]);
	}
	for (size_t i = 0; i < 5000; i++) {
		void *values[NAME_TABLE_DEPTH_MAX];
		char below[32];
		snprintf(below, sizeof(below), "x.%.23s", names[i]);
		CU_ASSERT_EQUAL(find(below, values), 1);
		CU_ASSERT_PTR_EQUAL(values[0], names[i]);
	}
	arena_destroy(arena);
}

static void
too_many_labels_are_refused(void)
{
	struct name_labels labels;
	begin();
	CU_ASSERT_TRUE_FATAL(name_labels_cut("a.b.c.d.e.f.g.h.i.j.k", &labels));
	errno = 0;
	CU_ASSERT_PTR_NULL(name_table_place(table, &labels));
	CU_ASSERT_EQUAL(errno, EINVAL);
	arena_destroy(arena);
}

static void
chain_of_suffixes_fills_the_answer_and_no_more(void)
{
	static const char longest[] = "a.b.c.d.e.f.g.h.i.j";
	void *values[NAME_TABLE_DEPTH_MAX];
	begin();
	for (const char *suffix = longest; suffix != NULL;) {
		add(suffix);
		const char *dot = strchr(suffix, '.');
		suffix = dot == NULL ? NULL : dot + 1;
	}
	CU_ASSERT_EQUAL(find("z.y.x.a.b.c.d.e.f.g.h.i.j", values), NAME_TABLE_DEPTH_MAX);
	CU_ASSERT_STRING_EQUAL(values[0], "j");
	CU_ASSERT_STRING_EQUAL(values[NAME_TABLE_DEPTH_MAX - 1], longest);
	arena_destroy(arena);
}

static const struct unit_case cases[] = {
	{"suffixes_are_found_on_label_borders", suffixes_are_found_on_label_borders},
	{"same_suffix_has_one_place", same_suffix_has_one_place},
	{"thousands_of_suffixes_grow_the_table", thousands_of_suffixes_grow_the_table},
	{"too_many_labels_are_refused", too_many_labels_are_refused},
	{"chain_of_suffixes_fills_the_answer_and_no_more",
	 chain_of_suffixes_fills_the_answer_and_no_more},
};

int
main(void)
{
	return unit_run("name_table", cases, sizeof(cases) / sizeof(*cases));
}
