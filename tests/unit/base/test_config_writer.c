/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/config_tree.h"
#include "base/ip_address.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A schema with every type. */
struct part {
	const struct config_node *self;
	const char *id;
	uint64_t count;
	struct config_list tags;
};

struct note {
	const char *text;
};

struct whole {
	const char *name;
	bool open;
	uint64_t number;
	uint64_t size;
	uint64_t share;
	const char *day;
	const char *country;
	unsigned colour;
	struct config_list aliases;
	struct config_list networks;
	struct config_list lanes;
	struct part *head;
	struct note *note;
	struct config_list parts;
	struct config_list notes;
	const struct config_node *rest;
};

static const char *
colour_word(unsigned value)
{
	static const char *const words[] = {"red", "off", "ultraviolet"};
	return value < 3 ? words[value] : NULL;
}

static const struct config_field part_fields[] = {
	{.key = "id", .type = CONFIG_STRING, .offset = offsetof(struct part, id), .required = true},
	{.type = CONFIG_SELF, .offset = offsetof(struct part, self)},
	{.key = "count", .type = CONFIG_UINT, .offset = offsetof(struct part, count), .max = 100},
	{.key = "tags", .type = CONFIG_STRINGS, .offset = offsetof(struct part, tags)},
};
static const struct part part_defaults = {.count = 7};
static const struct config_schema part_schema = {
	.what = "part",
	.fields = part_fields,
	.field_count = COUNT(part_fields),
	.size = sizeof(struct part),
	.defaults = &part_defaults,
	.short_form = true,
};

static const struct config_field note_fields[] = {
	{.key = "text", .type = CONFIG_STRING, .offset = offsetof(struct note, text)},
};
static const struct config_schema note_schema = {
	.what = "note", .fields = note_fields, .field_count = 1, .size = sizeof(struct note)};

#define AT(member) .offset = offsetof(struct whole, member)
static const struct config_field whole_fields[] = {
	{.key = "name", .type = CONFIG_STRING, AT(name)},
	{.key = "open", .type = CONFIG_BOOL, AT(open)},
	{.key = "number", .type = CONFIG_UINT, AT(number), .max = UINT64_MAX},
	{.key = "size", .type = CONFIG_SIZE, AT(size)},
	{.key = "share", .type = CONFIG_RATIO, AT(share)},
	{.key = "day", .type = CONFIG_DATE, AT(day)},
	{.key = "country", .type = CONFIG_COUNTRY, AT(country)},
	{.key = "colour", .type = CONFIG_WORD, AT(colour), .word = colour_word},
	{.key = "aliases", .type = CONFIG_STRINGS, AT(aliases)},
	{.key = "networks", .type = CONFIG_PREFIXES, AT(networks)},
	{.key = "lanes", .type = CONFIG_UINTS, AT(lanes), .max = 4094},
	{.key = "head", .type = CONFIG_RECORD, AT(head), .schema = &part_schema},
	{.key = "note", .type = CONFIG_RECORD, AT(note), .schema = &note_schema},
	{.key = "parts", .type = CONFIG_RECORDS, AT(parts), .schema = &part_schema},
	{.key = "notes", .type = CONFIG_RECORDS, AT(notes), .schema = &note_schema},
	{.key = "rest", .type = CONFIG_NODE, AT(rest)},
};
static const struct config_schema whole_schema = {
	.what = "whole",
	.fields = whole_fields,
	.field_count = COUNT(whole_fields),
	.size = sizeof(struct whole),
};

/* One reading with its memory. */
struct reading {
	struct config_tree *tree;
	struct arena *arena;
	struct whole out;
};

static struct reading
read_text(const char *text)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct reading r = {.tree = config_tree_parse("w.yaml", text, strlen(text), &faults),
			    .arena = arena_create()};

	if (r.tree == NULL ||
	    !config_read(config_tree_root(r.tree), &whole_schema, r.arena, &r.out, &faults)) {
		fprintf(stderr, "# %s in\n%s", faults.faults[0].text, text);
		CU_FAIL_FATAL("not read");
	}
	return r;
}

static void
forget(struct reading *r)
{
	config_tree_destroy(r->tree);
	arena_destroy(r->arena);
}

/* Free the result. */
static char *
written(const struct whole *whole, unsigned indent)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	config_write(out, &whole_schema, whole, indent);
	CU_ASSERT_FALSE(ferror(out));
	fclose(out);
	return text;
}

static void
expect_written(const char *given, const char *expected)
{
	struct reading r = read_text(given);
	char *text = written(&r.out, 0);

	CU_ASSERT_STRING_EQUAL(text, expected);
	if (strcmp(text, expected) != 0)
		fprintf(stderr, "# got:\n%s# not:\n%s", text, expected);
	struct reading again = read_text(text);
	char *text_again = written(&again.out, 0);
	CU_ASSERT_STRING_EQUAL(text_again, text);
	free(text_again);
	free(text);
	forget(&again);
	forget(&r);
}

static void
every_type_is_written(void)
{
	expect_written("rest: {b: 1, a: [2, [3, {c: ~}], {}, []], 'no': 'no'}\n"
		       "notes: [{text: x}, {}]\n"
		       "parts: [{id: p, tags: [t, u]}, q]\n"
		       "note: {}\n"
		       "head: h\n"
		       "networks: [192.0.2.0/24, 192.0.2.1, '::/0', '2001:db8::', '::1']\n"
		       "lanes: [3, 4094]\n"
		       "aliases: [x, 'no', ' y']\n"
		       "colour: off\n"
		       "country: NO\n"
		       "day: 2024-02-29\n"
		       "share: 0.250\n"
		       "size: 65536\n"
		       "number: 18446744073709551615\n"
		       "open: true\n"
		       "name: a b\n",
		       "name: a b\n"
		       "open: true\n"
		       "number: 18446744073709551615\n"
		       "size: 64KiB\n"
		       "share: 0.25\n"
		       "day: 2024-02-29\n"
		       "country: \"NO\"\n"
		       "colour: \"off\"\n"
		       "aliases:\n"
		       "  - x\n"
		       "  - \"no\"\n"
		       "  - \" y\"\n"
		       "networks:\n"
		       "  - 192.0.2.0/24\n"
		       "  - 192.0.2.1/32\n"
		       "  - \"::/0\"\n"
		       "  - 2001:db8::/128\n"
		       "  - \"::1/128\"\n"
		       "lanes:\n"
		       "  - 3\n"
		       "  - 4094\n"
		       "head:\n"
		       "  id: h\n"
		       "  count: 7\n"
		       "note: {}\n"
		       "parts:\n"
		       "  - id: p\n"
		       "    count: 7\n"
		       "    tags:\n"
		       "      - t\n"
		       "      - u\n"
		       "  - id: q\n"
		       "    count: 7\n"
		       "notes:\n"
		       "  - text: x\n"
		       "  - {}\n"
		       "rest:\n"
		       "  b: \"1\"\n"
		       "  a:\n"
		       "    - \"2\"\n"
		       "    - - \"3\"\n"
		       "      - c: ~\n"
		       "    - {}\n"
		       "    - []\n"
		       "  \"no\": \"no\"\n");
}

static void
what_has_no_value_is_left_out(void)
{
	expect_written("{}", "open: false\nnumber: 0\nsize: 0\nshare: 0\ncolour: red\n");
	expect_written("{aliases: [], networks: [], parts: [], rest: []}",
		       "open: false\nnumber: 0\nsize: 0\nshare: 0\ncolour: red\nrest: []\n");

	const struct whole strange = {.colour = 77};
	char *text = written(&strange, 0);
	CU_ASSERT_STRING_EQUAL(text, "open: false\nnumber: 0\nsize: 0\nshare: 0\n");
	free(text);
}

static void
a_record_without_values_is_an_empty_mapping(void)
{
	const struct note note = {0};
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	config_write(out, &note_schema, &note, 4);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text, "    {}\n");
	free(text);
}

static void
optional_numbers_are_left_out_where_they_are_not_given(void)
{
	struct amount {
		uint64_t count, size;
	};
	static const struct config_field fields[] = {
		{.key = "count",
		 .type = CONFIG_UINT,
		 .optional = true,
		 .offset = offsetof(struct amount, count)},
		{.key = "size",
		 .type = CONFIG_SIZE,
		 .optional = true,
		 .offset = offsetof(struct amount, size)},
	};
	static const struct config_schema schema = {.what = "amount",
						    .fields = fields,
						    .field_count = 2,
						    .size = sizeof(struct amount)};
	static const struct {
		struct amount amount;
		const char *text;
	} rows[] = {
		{{CONFIG_NOT_GIVEN, CONFIG_NOT_GIVEN}, "{}\n"},
		{{0, CONFIG_NOT_GIVEN}, "count: 0\n"},
		{{CONFIG_NOT_GIVEN, 1024}, "size: 1KiB\n"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		config_write(out, &schema, &rows[i].amount, 0);
		fclose(out);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
		free(text);
	}
}

static void
every_line_is_indented(void)
{
	struct reading r = read_text("{name: x, parts: [{id: p, tags: [t]}], rest: {a: [[b]]}}");
	char *text = written(&r.out, 4);

	for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1)
		CU_ASSERT_EQUAL(strncmp(line, "    ", 4), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n      - id: p\n        count: 7\n        tags:\n"
					    "          - t\n    rest:\n      a:\n        - - b\n"));
	free(text);
	forget(&r);
}

static const struct ip_prefix *
network(const struct whole *whole, size_t i)
{
	return &((const struct ip_prefix *)whole->networks.items)[i];
}

static void
structs_read_back_equal(void)
{
	struct reading a = read_text("name: '- it''s: #1'\n"
				     "open: true\n"
				     "number: 12\n"
				     "size: 3GiB\n"
				     "share: 0.0001\n"
				     "day: 2026-11-22\n"
				     "country: FR\n"
				     "colour: ultraviolet\n"
				     "aliases: ['2026-11-22', \"a\\nb\"]\n"
				     "networks: [10.0.0.0/8, '::/0']\n"
				     "parts: [{id: 'true', count: 9}]\n");
	char *text = written(&a.out, 0);
	struct reading b = read_text(text);

	CU_ASSERT_STRING_EQUAL(a.out.name, b.out.name);
	CU_ASSERT_EQUAL(a.out.open, b.out.open);
	CU_ASSERT_EQUAL(a.out.number, b.out.number);
	CU_ASSERT_EQUAL(a.out.size, b.out.size);
	CU_ASSERT_EQUAL(a.out.share, b.out.share);
	CU_ASSERT_STRING_EQUAL(a.out.day, b.out.day);
	CU_ASSERT_STRING_EQUAL(a.out.country, b.out.country);
	CU_ASSERT_EQUAL(a.out.colour, b.out.colour);
	CU_ASSERT_EQUAL_FATAL(b.out.aliases.count, 2);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_STRING_EQUAL(((const char **)a.out.aliases.items)[i],
				       ((const char **)b.out.aliases.items)[i]);
	CU_ASSERT_EQUAL_FATAL(b.out.networks.count, 2);
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(ip_address_equal(&network(&a.out, i)->address,
						&network(&b.out, i)->address));
		CU_ASSERT_EQUAL(network(&a.out, i)->bits, network(&b.out, i)->bits);
	}
	CU_ASSERT_EQUAL_FATAL(b.out.parts.count, 1);
	CU_ASSERT_STRING_EQUAL(((const struct part *)b.out.parts.items)->id, "true");
	CU_ASSERT_EQUAL(((const struct part *)b.out.parts.items)->count, 9);
	free(text);
	forget(&b);
	forget(&a);
}

static void
texts_over_several_lines_are_kept(void)
{
	struct reading r = read_text("name: |\n  two\n   lines\naliases:\n  - >\n    a\n    b\n");
	char *text = written(&r.out, 0);
	struct reading again = read_text(text);

	CU_ASSERT_STRING_EQUAL(again.out.name, "two\n lines\n");
	CU_ASSERT_STRING_EQUAL(((const char **)again.out.aliases.items)[0], "a b\n");
	free(text);
	forget(&again);
	forget(&r);
}

/* YAML takes no key of over 1,024 characters in front of its colon alone. */
static void
long_keys_are_kept(void)
{
	char given[5000] = "rest: {? ", key[1501] = {0};

	memset(key, 'k', sizeof(key) - 1);
	strcat(given, key);
	strcat(given, " : {x: y}, z: [{? ");
	strcat(given, key);
	strcat(given, " : 1, b: 2}]}\n");
	struct reading r = read_text(given);
	char *text = written(&r.out, 0);
	struct reading again = read_text(text);
	const struct config_node *value = config_node_find(again.out.rest, key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(value, "x")), "y");
	value = config_node_first(config_node_find(again.out.rest, "z"));
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(value, key)), "1");
	CU_ASSERT_STRING_EQUAL(config_node_text(config_node_find(value, "b")), "2");
	char *text_again = written(&again.out, 0);
	CU_ASSERT_STRING_EQUAL(text_again, text);
	free(text_again);
	free(text);
	forget(&again);
	forget(&r);
}

static const struct unit_case cases[] = {
	{"every_type_is_written", every_type_is_written},
	{"what_has_no_value_is_left_out", what_has_no_value_is_left_out},
	{"a_record_without_values_is_an_empty_mapping",
	 a_record_without_values_is_an_empty_mapping},
	{"optional_numbers_are_left_out_where_they_are_not_given",
	 optional_numbers_are_left_out_where_they_are_not_given},
	{"every_line_is_indented", every_line_is_indented},
	{"structs_read_back_equal", structs_read_back_equal},
	{"texts_over_several_lines_are_kept", texts_over_several_lines_are_kept},
	{"long_keys_are_kept", long_keys_are_kept},
};

int
main(void)
{
	return unit_run("config_writer", cases, COUNT(cases));
}
