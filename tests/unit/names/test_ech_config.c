/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/ech_config.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* config_id 1, X25519 with a key of two bytes, one cipher suite */
#define KEY "01 0020 0002 aabb 0004 00010001"
#define A_TEST "06 612e74657374"    /* "a.test" */
#define BC_TEST "07 62632e74657374" /* "bc.test" */

/* The lists without their length; what is expected are the names, '!' where it fails. */
static const struct list_case {
	const char *what;
	const char *hex;
	const char *expected;
} list_cases[] = {
	{"one configuration", "fe0d 0017" KEY "40" A_TEST "0000", "a.test "},
	{"two, the first of an older draft", "fe0a 0003 ffffff fe0d 0017" KEY "00" A_TEST "0000",
	 "a.test "},
	{"two names", "fe0d 0017" KEY "00" A_TEST "0000 fe0d 0018" KEY "00" BC_TEST "0000",
	 "a.test bc.test "},
	{"nothing but other versions", "fe09 0000 ff0d 0002 0000", ""},
	{"an extension that may be passed over", "fe0d 001d" KEY "00" A_TEST "0006 1a1a 0002 ffff",
	 "a.test "},
	{"an extension that must not", "fe0d 001d" KEY "00" A_TEST "0006 9a1a 0002 ffff", ""},
	{"only the one that can be used",
	 "fe0d 001b" KEY "00" A_TEST "0004 8000 0000 fe0d 0018" KEY "00" BC_TEST "0000",
	 "bc.test "},
	{"no public name", "fe0d 0011" KEY "00 00 0000", "!"},
	{"no key", "fe0d 0015 01 0020 0000 0004 00010001 00" A_TEST "0000", "!"},
	{"no cipher suite", "fe0d 0013 01 0020 0002 aabb 0000 00" A_TEST "0000", "!"},
	{"half a cipher suite", "fe0d 0015 01 0020 0002 aabb 0002 0001 00" A_TEST "0000", "!"},
	{"key longer than all", "fe0d 0017 01 0020 ffff aabb 0004 00010001 00" A_TEST "0000", "!"},
	{"name longer than all", "fe0d 0017" KEY "00 ff 612e74657374 0000", "!"},
	{"extensions longer than all", "fe0d 0017" KEY "00" A_TEST "0001", "!"},
	{"extensions cut", "fe0d 001a" KEY "00" A_TEST "0003 000000", "!"},
	{"bytes behind the extensions", "fe0d 0018" KEY "00" A_TEST "0000 00", "!"},
	{"contents longer than the list", "fe0d 0018" KEY "00" A_TEST "0000", "!"},
	{"a version alone", "fe0d", "!"},
	{"broken behind one that is good", "fe0d 0017" KEY "00" A_TEST "0000 fe", "a.test !"},
};

static void
describe(struct slice list, char *text)
{
	struct cursor configs = ech_config_list(list);
	struct slice name;

	text[0] = '\0';
	while (ech_config_next(&configs, &name)) {
		strncat(text, (const char *)name.data, name.len);
		strcat(text, " ");
	}
	if (configs.failed)
		strcat(text, "!");
}

static void
public_names_by_rule(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(list_cases); i++) {
		char text[256];
		w.len = 0;
		size_t list = wire_begin(&w, 2);
		wire_hex(&w, list_cases[i].hex);
		wire_end(&w, list, 2);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		describe(slice_of(copy, w.len), text);
		free(copy);
		CU_ASSERT_STRING_EQUAL(text, list_cases[i].expected);
		if (strcmp(text, list_cases[i].expected) != 0)
			printf("# wrong: %s: %s\n", list_cases[i].what, text);
	}
}

static void
a_list_has_its_own_length(void)
{
	static const char *const wrong[] = {
		"",          "00",      "0000",           "0001",
		"0004 fe0d", "0000 00", "0003 fe0d 0000", "0005 fe09 0000"};
	static struct wire w;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		w.len = 0;
		wire_hex(&w, wrong[i]);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		CU_ASSERT_TRUE(ech_config_list(slice_of(copy, w.len)).failed);
		free(copy);
	}
}

static void
a_list_cut_anywhere_fails(void)
{
	static struct wire w;

	w.len = 0;
	size_t list = wire_begin(&w, 2);
	wire_hex(&w, list_cases[1].hex);
	for (size_t end = w.len, len = list; len < end; len++) {
		char text[256];
		w.len = len;
		wire_end(&w, list, 2);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		describe(slice_of(copy, len), text);
		free(copy);
		/* Behind the first configuration there is a list that ends well. */
		CU_ASSERT_STRING_EQUAL(text, len == 2 + 7 ? "" : "!");
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"public_names_by_rule", public_names_by_rule},
		{"a_list_has_its_own_length", a_list_has_its_own_length},
		{"a_list_cut_anywhere_fails", a_list_cut_anywhere_fails},
	};
	return unit_run("ech_config", cases, COUNT(cases));
}
