/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_reader.h"

#include <stdio.h>
#include <string.h>

#include "base/config_tree.h"
#include "base/ip_address.h"
#include "tests/unit/unit.h"

/* A schema with every type. */
struct part {
	const struct config_node *self;
	const char *id;
	uint64_t count;
};

struct whole {
	const char *name;
	bool open;
	uint64_t number;
	uint64_t size, room;
	const char *day;
	const char *country;
	unsigned colour;
	unsigned class;
	unsigned port;
	uint64_t share;
	struct config_list networks;
	struct config_list lanes;
	struct config_list aliases;
	struct part *head;
	struct config_list parts;
	const struct config_node *rest;
};

static const char *
colour_word(unsigned value)
{
	static const char *const words[] = {"red", "green", "ultraviolet"};
	return value < 3 ? words[value] : NULL;
}

static const char *
class_word(unsigned value)
{
	static const char *const words[] = {"public", "internal", "secret"};
	return value < 3 ? words[value] : NULL;
}

/* More words than a message lists. */
static const char *
port_word(unsigned value)
{
	static const char *const words[] = {"p0", "p1", "p2", "p3",  "p4",  "p5", "p6",
					    "p7", "p8", "p9", "p10", "p11", "p12"};
	return value < 13 ? words[value] : NULL;
}

static const struct part part_defaults = {.count = 7};
static const struct config_field part_fields[] = {
	{.key = "id", .type = CONFIG_STRING, .offset = offsetof(struct part, id), .required = true},
	{.type = CONFIG_SELF, .offset = offsetof(struct part, self)},
	{.key = "count", .type = CONFIG_UINT, .offset = offsetof(struct part, count), .max = 100},
};
static const struct config_schema part_schema = {
	.what = "part",
	.fields = part_fields,
	.field_count = 3,
	.size = sizeof(struct part),
	.defaults = &part_defaults,
	.short_form = true,
};

#define AT(member) .offset = offsetof(struct whole, member)
static const struct config_field whole_fields[] = {
	{.key = "name", .type = CONFIG_STRING, AT(name), .required = true},
	{.key = "open", .type = CONFIG_BOOL, AT(open)},
	{.key = "number", .type = CONFIG_UINT, AT(number), .max = 4294967295},
	{.key = "size", .type = CONFIG_SIZE, AT(size)},
	{.key = "room", .type = CONFIG_SIZE, AT(room), .min = 2},
	{.key = "day", .type = CONFIG_DATE, AT(day)},
	{.key = "country", .type = CONFIG_COUNTRY, AT(country)},
	{.key = "colour", .type = CONFIG_WORD, AT(colour), .word = colour_word},
	{.key = "class", .type = CONFIG_WORD, AT(class), .word = class_word, .noun = "data class"},
	{.key = "port", .type = CONFIG_WORD, AT(port), .word = port_word},
	{.key = "share", .type = CONFIG_RATIO, AT(share)},
	{.key = "networks", .type = CONFIG_PREFIXES, AT(networks)},
	{.key = "lanes", .type = CONFIG_UINTS, AT(lanes), .min = 1, .max = 4094},
	{.key = "aliases", .type = CONFIG_STRINGS, AT(aliases)},
	{.key = "head", .type = CONFIG_RECORD, AT(head), .schema = &part_schema},
	{.key = "parts", .type = CONFIG_RECORDS, AT(parts), .schema = &part_schema},
	{.key = "rest", .type = CONFIG_NODE, AT(rest)},
};
static const struct config_schema whole_schema = {
	.what = "whole",
	.fields = whole_fields,
	.field_count = sizeof(whole_fields) / sizeof(*whole_fields),
	.size = sizeof(struct whole),
};

/* One reading; kept until the next so that a case can look at it. */
static struct {
	struct config_tree *tree;
	struct arena *arena;
	struct fault_list faults;
	struct whole out;
} run;

static void
forget(void)
{
	config_tree_destroy(run.tree);
	arena_destroy(run.arena);
	fault_list_fini(&run.faults);
	memset(&run, 0, sizeof(run));
}

static bool
read_text(const char *text)
{
	forget();
	run.arena = arena_create();
	run.tree = config_tree_parse("r.yaml", text, strlen(text), &run.faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.tree);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.arena);
	return config_read(config_tree_root(run.tree), &whole_schema, run.arena, &run.out,
			   &run.faults);
}

static void
every_type_is_read(void)
{
	CU_ASSERT_TRUE(read_text("name: a b\n"
				 "open: true\n"
				 "number: 4294967295\n"
				 "size: 64KiB\n"
				 "day: 2024-02-29\n"
				 "country: NO\n"
				 "colour: ultraviolet\n"
				 "class: secret\n"
				 "port: p12\n"
				 "share: 0.0625\n"
				 "networks: [192.0.2.0/24, 2001:db8::/32]\n"
				 "lanes: [1, 4094, 7]\n"
				 "aliases: [x, 'no']\n"
				 "head: {id: h, count: 100}\n"
				 "parts: [{id: p}, q]\n"
				 "rest: [1, {2: 3}]\n"));
	CU_ASSERT_STRING_EQUAL(run.out.name, "a b");
	CU_ASSERT_TRUE(run.out.open);
	CU_ASSERT_EQUAL(run.out.number, 4294967295);
	CU_ASSERT_EQUAL(run.out.size, 65536);
	CU_ASSERT_STRING_EQUAL(run.out.day, "2024-02-29");
	CU_ASSERT_STRING_EQUAL(run.out.country, "NO");
	CU_ASSERT_EQUAL(run.out.colour, 2);
	CU_ASSERT_EQUAL(run.out.class, 2);
	CU_ASSERT_EQUAL(run.out.port, 12);
	CU_ASSERT_EQUAL(run.out.share, 625);
	CU_ASSERT_EQUAL_FATAL(run.out.networks.count, 2);
	const struct ip_prefix *networks = run.out.networks.items;
	CU_ASSERT_EQUAL(networks[0].bits, 24);
	CU_ASSERT_EQUAL(ip_address_v4(&networks[0].address), 0xc0000200);
	CU_ASSERT_EQUAL(networks[1].address.version, 6);
	CU_ASSERT_EQUAL_FATAL(run.out.lanes.count, 3);
	CU_ASSERT_EQUAL(((const uint64_t *)run.out.lanes.items)[1], 4094);
	CU_ASSERT_EQUAL_FATAL(run.out.aliases.count, 2);
	CU_ASSERT_STRING_EQUAL(((const char **)run.out.aliases.items)[1], "no");
	CU_ASSERT_STRING_EQUAL(run.out.head->id, "h");
	CU_ASSERT_EQUAL(run.out.head->count, 100);
	CU_ASSERT_EQUAL_FATAL(run.out.parts.count, 2);
	const struct part *parts = run.out.parts.items;
	CU_ASSERT_STRING_EQUAL(parts[0].id, "p");
	CU_ASSERT_EQUAL(parts[0].count, 7);
	CU_ASSERT_STRING_EQUAL(parts[1].id, "q");
	CU_ASSERT_PTR_NOT_NULL(parts[1].self);
	CU_ASSERT_EQUAL(config_node_count(run.out.rest), 2);
	forget();
}

static void
absent_and_empty_keys_keep_defaults(void)
{
	CU_ASSERT_TRUE(read_text("name: x\nopen:\nsize: ~\naliases: one\nparts: []\n"
				 "networks: 192.0.2.1\nlanes: 12\n"));
	CU_ASSERT_EQUAL_FATAL(run.out.lanes.count, 1);
	CU_ASSERT_EQUAL(*(const uint64_t *)run.out.lanes.items, 12);
	CU_ASSERT_FALSE(run.out.open);
	CU_ASSERT_EQUAL(run.out.size, 0);
	CU_ASSERT_PTR_NULL(run.out.head);
	CU_ASSERT_EQUAL_FATAL(run.out.networks.count, 1);
	CU_ASSERT_EQUAL(((const struct ip_prefix *)run.out.networks.items)->bits, 32);
	CU_ASSERT_EQUAL(run.out.parts.count, 0);
	CU_ASSERT_EQUAL_FATAL(run.out.aliases.count, 1);
	CU_ASSERT_STRING_EQUAL(((const char **)run.out.aliases.items)[0], "one");
	forget();
}

static void
a_list_of_numbers_with_a_mistake_is_empty(void)
{
	CU_ASSERT_FALSE(read_text("name: x\nlanes: [1, 4095, x, 2]\n"));
	CU_ASSERT_EQUAL(run.faults.count, 2);
	CU_ASSERT_STRING_EQUAL(
		run.faults.faults[0].text,
		"r.yaml:2:12: `lanes` is `4095`, expected a whole number from 1 to 4094");
	CU_ASSERT_EQUAL(run.out.lanes.count, 0);
	CU_ASSERT_FALSE(read_text("name: x\nlanes: 0\nroom: 1\n"));
	CU_ASSERT_EQUAL(run.faults.count, 2);
	CU_ASSERT_STRING_EQUAL(
		run.faults.faults[0].text,
		"r.yaml:2:8: `lanes` is `0`, expected a whole number from 1 to 4094");
	CU_ASSERT_STRING_EQUAL(run.faults.faults[1].text,
			       "r.yaml:3:7: `room` is `1`, expected at least 2");
	forget();
}

static void
texts_outlive_the_tree(void)
{
	CU_ASSERT_TRUE(read_text("name: kept\naliases: [too]\n"));
	config_tree_destroy(run.tree);
	run.tree = NULL;
	CU_ASSERT_STRING_EQUAL(run.out.name, "kept");
	CU_ASSERT_STRING_EQUAL(((const char **)run.out.aliases.items)[0], "too");
	forget();
}

static const struct {
	const char *text;
	uint64_t size;
} sizes[] = {
	{"name: x\nsize: 0\n", 0},
	{"name: x\nsize: 512\n", 512},
	{"name: x\nsize: 1MiB\n", 1048576},
	{"name: x\nsize: 1GiB\n", 1073741824},
	{"name: x\nsize: 16777215TiB\n", UINT64_C(16777215) << 40},
};

static void
sizes_have_binary_units(void)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		CU_ASSERT_TRUE(read_text(sizes[i].text));
		CU_ASSERT_EQUAL(run.out.size, sizes[i].size);
	}
	forget();
}

static const struct {
	const char *text;
	const char *fault;
} refused[] = {
	{"aliasses: [x]\nname: x\n", "r.yaml:1:1: unknown key `aliasses`: did you mean `aliases`?"},
	{"name: x\nzzz: 1\n", "r.yaml:2:1: unknown key `zzz` in whole"},
	{"open: true\n", "r.yaml:1:1: whole lacks `name`"},
	{"name:\n", "r.yaml:1:1: whole lacks `name`"},
	{"name: ''\n", "r.yaml:1:7: `name` is empty"},
	{"name: [x]\n", "r.yaml:1:7: `name` is a list, expected one value"},
	{"name: x\nopen: yes\n", "r.yaml:2:7: `open` is `yes`, expected true or false"},
	{"name: x\nnumber: 4294967296\n", "r.yaml:2:9: `number` is `4294967296`, expected a whole"},
	{"name: x\nnumber: -1\n", "r.yaml:2:9: `number` is `-1`"},
	{"name: x\nnumber: 1e3\n", "r.yaml:2:9: `number` is `1e3`"},
	{"name: x\nnumber: 99999999999999999999\n", "r.yaml:2:9: `number`"},
	{"name: x\nsize: 1MB\n", "r.yaml:2:7: `size` is `1MB`, expected bytes as in"},
	{"name: x\nsize: 16777216TiB\n", "r.yaml:2:7: `size`"},
	{"name: x\nday: 2026-13-01\n", "r.yaml:2:6: `day` is `2026-13-01`, expected a date"},
	{"name: x\nday: 2026-04-31\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 2025-02-29\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 1900-02-29\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 2026-1-1\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 22.11.2026\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 2026-00-10\n", "r.yaml:2:6: `day`"},
	{"name: x\nday: 2026-01-00\n", "r.yaml:2:6: `day`"},
	{"name: x\ncountry: UK\n", "r.yaml:2:10: `country` is `UK`, expected a country code"},
	{"name: x\ncountry: fr\n", "r.yaml:2:10: `country`"},
	{"name: x\ncolour: gren\n", "r.yaml:2:9: unknown `colour` `gren`: did you mean `green`?"},
	{"name: x\ncolour: 1\n",
	 "r.yaml:2:9: unknown `colour` `1`, expected one of red, green, ultraviolet"},
	{"name: x\nclass: inernal\n",
	 "r.yaml:2:8: unknown data class `inernal`: did you mean `internal`?"},
	{"name: x\nclass: zzz\n",
	 "r.yaml:2:8: unknown data class `zzz`, expected one of public, internal, secret"},
	{"name: x\nport: zzz\n",
	 "r.yaml:2:7: unknown `port` `zzz`, expected one of p0, p1, p2, p3, p4, p5, p6, p7, p8, "
	 "p9, p10, p11, ..."},
	{"name: x\nshare: 60%\n",
	 "r.yaml:2:8: `share` is `60%`, expected a number from 0 to 1 with at most four decimals"},
	{"name: x\nshare: 1.0001\n", "r.yaml:2:8: `share`"},
	{"name: x\nnetworks: [192.0.2.0/24, 10.0.0.1/8]\n",
	 "r.yaml:2:26: `10.0.0.1/8` has bits set behind its length, expected them to be zero"},
	{"name: x\nnetworks: [10.0.0.0/33]\n",
	 "r.yaml:2:12: expected a prefix as in 198.51.100.0/24 or 2001:db8::/32"},
	{"name: x\nnetworks: [[10.0.0.0/8]]\n", "r.yaml:2:12: expected a prefix"},
	{"name: x\nnetworks: [~]\n", "r.yaml:2:12: expected a prefix"},
	{"name: x\nnetworks: {a: 10.0.0.0/8}\n",
	 "r.yaml:2:11: `networks` is a mapping, expected a prefix or a list of prefixes"},
	{"name: x\naliases: [a, [b]]\n", "r.yaml:2:14: `aliases` is a list, expected one value"},
	{"name: x\naliases: {a: b}\n", "r.yaml:2:10: `aliases` is a mapping"},
	{"name: x\nparts: {id: p}\n", "r.yaml:2:8: `parts` is a mapping, expected a list"},
	{"name: x\nparts: [{count: 1}]\n", "r.yaml:2:9: part lacks `id`"},
	{"name: x\nparts: [[p]]\n", "r.yaml:2:9: part is a list, expected a mapping"},
	{"name: x\nparts: [~]\n", "r.yaml:2:9: `id` is empty"},
	{"name: x\nhead: [h]\n", "r.yaml:2:7: part is a list, expected a mapping"},
	{"[name, x]\n", "r.yaml:1:1: whole is a list, expected a mapping"},
	{"name\n", "r.yaml:1:1: whole is a text, expected a mapping"},
};

static void
mistakes_are_told_with_place_and_remedy(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		CU_ASSERT_FALSE(read_text(refused[i].text));
		CU_ASSERT_EQUAL(run.faults.count, 1);
		CU_ASSERT_NOT_EQUAL_FATAL(run.faults.count, 0);
		const char *text = run.faults.faults[0].text;
		if (strncmp(text, refused[i].fault, strlen(refused[i].fault)) != 0) {
			fprintf(stderr, "# got: %s\n# not: %s\n", text, refused[i].fault);
			CU_FAIL("another fault");
		}
	}
	forget();
}

static void
a_list_with_mistakes_keeps_its_prefixes(void)
{
	CU_ASSERT_FALSE(read_text("name: x\nnetworks: [nowhere, 192.0.2.0/24, 10.1.1.1/8]\n"));
	CU_ASSERT_EQUAL(run.faults.count, 2);
	CU_ASSERT_EQUAL_FATAL(run.out.networks.count, 1);
	CU_ASSERT_EQUAL(((const struct ip_prefix *)run.out.networks.items)->bits, 24);
	forget();
}

static void
all_mistakes_of_a_run_are_told(void)
{
	CU_ASSERT_FALSE(read_text("nmae: x\n"
				  "open: maybe\n"
				  "day: tomorrow\n"
				  "parts:\n"
				  "  - {count: many, idd: x}\n"
				  "  - {}\n"));
	/* nmae, open, day, count, idd, two parts without id, no name */
	CU_ASSERT_EQUAL(run.faults.count, 8);
	forget();
}

static const struct unit_case cases[] = {
	{"every_type_is_read", every_type_is_read},
	{"absent_and_empty_keys_keep_defaults", absent_and_empty_keys_keep_defaults},
	{"a_list_of_numbers_with_a_mistake_is_empty", a_list_of_numbers_with_a_mistake_is_empty},
	{"texts_outlive_the_tree", texts_outlive_the_tree},
	{"sizes_have_binary_units", sizes_have_binary_units},
	{"mistakes_are_told_with_place_and_remedy", mistakes_are_told_with_place_and_remedy},
	{"a_list_with_mistakes_keeps_its_prefixes", a_list_with_mistakes_keeps_its_prefixes},
	{"all_mistakes_of_a_run_are_told", all_mistakes_of_a_run_are_told},
};

int
main(void)
{
	return unit_run("config_reader", cases, sizeof(cases) / sizeof(*cases));
}
