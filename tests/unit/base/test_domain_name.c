/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain_name.h"

#include <string.h>

#include "tests/unit/unit.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz"
#define NAME_253                               \
	LABEL_63 "." LABEL_63 "." LABEL_63 "." \
		 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwx"

struct name_row {
	const char *wire;
	const char *expected; /* NULL: refused */
};

static void
check_rows(size_t (*make)(struct slice wire, char *out), const struct name_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char out[DOMAIN_NAME_MAX] = "";
		size_t len = make(slice_of(rows[i].wire, strlen(rows[i].wire)), out);
		if (rows[i].expected == NULL) {
			CU_ASSERT_EQUAL(len, 0);
			continue;
		}
		CU_ASSERT_EQUAL(len, strlen(rows[i].expected));
		CU_ASSERT_STRING_EQUAL(out, rows[i].expected);
	}
}

static void
names_are_lowered_and_lose_the_final_dot(void)
{
	static const struct name_row rows[] = {
		{"example.org", "example.org"},
		{"Example.ORG", "example.org"},
		{"example.org.", "example.org"},
		{"localhost", "localhost"},
		{"_dmarc.Example.org", "_dmarc.example.org"},
		{"*.example.org", "*.example.org"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"a-b--c.example", "a-b--c.example"},
		{"192.0.2.1", "192.0.2.1"},
		{"2001:DB8::1", "2001:db8::1"},
		{LABEL_63 ".org", LABEL_63 ".org"},
		{NAME_253, NAME_253},
		{NAME_253 ".", NAME_253},
	};
	CU_ASSERT_EQUAL(strlen(LABEL_63), 63);
	CU_ASSERT_EQUAL(strlen(NAME_253), 253);
	check_rows(domain_name_canonical, rows, sizeof(rows) / sizeof(*rows));
}

static void
what_is_no_host_name_is_refused(void)
{
	static const struct name_row rows[] = {
		{"", NULL},
		{".", NULL},
		{"..", NULL},
		{".example.org", NULL},
		{"example..org", NULL},
		{"example.org..", NULL},
		{"exam ple.org", NULL},
		{"example.org/path", NULL},
		{"example.org\n", NULL},
		{"b\xc3\xbc"
		 "cher.example",
		 NULL},
		{"\x80.example", NULL},
		{"user@example.org", NULL},
		{"\"example.org\"", NULL},
		{"example.org:443", NULL},
		{"[2001:db8::1]", NULL},
		{LABEL_63 "x.org", NULL},
		{"x" NAME_253, NULL},
	};
	check_rows(domain_name_canonical, rows, sizeof(rows) / sizeof(*rows));
}

static void
a_nul_inside_a_name_is_refused(void)
{
	char out[DOMAIN_NAME_MAX];
	CU_ASSERT_EQUAL(domain_name_canonical(slice_of("exa\0mple.org", 12), out), 0);
	CU_ASSERT_EQUAL(domain_name_from_host(slice_of("2001:db8::1\0x", 13), out), 0);
}

static void
a_host_loses_port_and_brackets(void)
{
	static const struct name_row rows[] = {
		{"Example.org", "example.org"},          {"example.org:443", "example.org"},
		{"example.org.:443", "example.org"},     {"example.org:", "example.org"},
		{"192.0.2.1:8080", "192.0.2.1"},         {"[2001:db8::1]", "2001:db8::1"},
		{"[2001:0db8:0::1]:443", "2001:db8::1"}, {"[2001:db8::1]:", "2001:db8::1"},
	};
	check_rows(domain_name_from_host, rows, sizeof(rows) / sizeof(*rows));
}

static void
a_damaged_host_is_refused(void)
{
	static const struct name_row rows[] = {
		{"", NULL},
		{":443", NULL},
		{"example.org:http", NULL},
		{"[2001:db8::1", NULL},
		{"[2001:db8::1]x", NULL},
		{"[192.0.2.1]", NULL},
		{"[]", NULL},
		{"[", NULL},
		{"example.org:80:80", NULL},
		{"example org", NULL},
		{"[2001:db8::1]:4x", NULL},
	};
	check_rows(domain_name_from_host, rows, sizeof(rows) / sizeof(*rows));
}

static void
address_literals_are_recognised(void)
{
	CU_ASSERT_TRUE(domain_name_is_address("192.0.2.1"));
	CU_ASSERT_TRUE(domain_name_is_address("2001:db8::1"));
	CU_ASSERT_TRUE(domain_name_is_address("2001:db8::a"));
	CU_ASSERT_FALSE(domain_name_is_address("example.org"));
	CU_ASSERT_FALSE(domain_name_is_address("1.2.3.4.example"));
	CU_ASSERT_FALSE(domain_name_is_address("host7"));
	CU_ASSERT_FALSE(domain_name_is_address("1.2.3"));
	CU_ASSERT_FALSE(domain_name_is_address(""));
	CU_ASSERT_FALSE(domain_name_is_address(NAME_253));
	static const char *const numbers[] = {"134744072", "0x08080808", "8.8.2056", "008.8.8.8",
					      "8.8.8.0x8", "0x",         "a.7",      "192.0.2.1"};
	static const char *const others[] = {"",   "8.8.8.8a",  "0xg",
					     "x8", "8.example", "2001:db8::1"};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		CU_ASSERT_TRUE(domain_name_ends_in_number(numbers[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		CU_ASSERT_FALSE(domain_name_ends_in_number(others[i]));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"names_are_lowered_and_lose_the_final_dot",
		 names_are_lowered_and_lose_the_final_dot},
		{"what_is_no_host_name_is_refused", what_is_no_host_name_is_refused},
		{"a_nul_inside_a_name_is_refused", a_nul_inside_a_name_is_refused},
		{"a_host_loses_port_and_brackets", a_host_loses_port_and_brackets},
		{"a_damaged_host_is_refused", a_damaged_host_is_refused},
		{"address_literals_are_recognised", address_literals_are_recognised},
	};
	return unit_run("domain_name", cases, sizeof(cases) / sizeof(*cases));
}
