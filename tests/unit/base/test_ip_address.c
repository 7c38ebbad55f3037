/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip_address.h"

#include <errno.h>

#include "tests/unit/unit.h"

static struct ip_address
address(const char *text)
{
	struct ip_address a = {0};
	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &a), 0);
	return a;
}

static const struct {
	const char *text, *canonical;
	uint8_t version;
} addresses[] = {
	{"192.0.2.1", "192.0.2.1", 4},
	{"0.0.0.0", "0.0.0.0", 4},
	{"255.255.255.255", "255.255.255.255", 4},
	{"2001:db8::1", "2001:db8::1", 6},
	{"2001:0DB8:0:0:0:0:0:1", "2001:db8::1", 6},
	{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 6},
	{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 6},
	{"::", "::", 6},
	{"::ffff:192.0.2.1", "::ffff:192.0.2.1", 6},
};

static void
text_is_parsed_and_printed_in_rfc5952_form(void)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		char text[IP_ADDRESS_TEXT_MAX];
		struct ip_address a = address(addresses[i].text);
		CU_ASSERT_EQUAL(a.version, addresses[i].version);
		CU_ASSERT_EQUAL(ip_address_format(&a, text), strlen(addresses[i].canonical));
		CU_ASSERT_STRING_EQUAL(text, addresses[i].canonical);
	}
}

static void
other_text_is_refused_and_changes_nothing(void)
{
	static const char *const wrong[] = {
		"",      "192.0.2",      "192.0.2.256", "192.0.2.1 ", "1:2:3",         "g::",
		"[::1]", "192.0.2.1:80", "fe80::1%lo",  "0300.0.0.1", "2001:db8::1::2"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct ip_address a = {.bytes = {7}, .version = 9};
		CU_ASSERT_EQUAL(ip_address_parse(wrong[i], &a), -EINVAL);
		CU_ASSERT_EQUAL(a.version, 9);
		CU_ASSERT_EQUAL(a.bytes[0], 7);
	}
}

static void
equal_addresses_have_equal_memory(void)
{
	struct ip_address a = address("192.0.2.1"), b = address("192.0.2.1"),
			  c = address("192.0.2.2");
	CU_ASSERT_TRUE(ip_address_equal(&a, &b));
	CU_ASSERT_FALSE(ip_address_equal(&a, &c));
	CU_ASSERT_EQUAL(ip_address_v4(&a), 0xc0000201u);
}

static const struct {
	const char *text;
	int status;
	uint8_t bits;
} prefixes[] = {
	{"192.0.2.0/24", 0, 24},
	{"192.0.2.1", 0, 32},
	{"0.0.0.0/0", 0, 0},
	{"192.0.2.128/25", 0, 25},
	{"2001:db8::/32", 0, 32},
	{"2001:db8::1", 0, 128},
	{"::/0", 0, 0},
	{"192.0.2.1/24", -ERANGE, 0},
	{"128.0.0.0/0", -ERANGE, 0},
	{"2001:db8::1/127", -ERANGE, 0},
	{"192.0.2.0/33", -EINVAL, 0},
	{"2001:db8::/129", -EINVAL, 0},
	{"192.0.2.0/", -EINVAL, 0},
	{"192.0.2.0/-1", -EINVAL, 0},
	{"192.0.2.0/24x", -EINVAL, 0},
	{"192.0.2.0/ 24", -EINVAL, 0},
	{"192.0.2.0/18446744073709551640", -EINVAL, 0},
	{"/24", -EINVAL, 0},
	{"", -EINVAL, 0},
	{"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000/32", -EINVAL, 0},
};

static void
prefixes_are_parsed_or_refused(void)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		struct ip_prefix p = {0};
		CU_ASSERT_EQUAL(ip_prefix_parse(prefixes[i].text, &p), prefixes[i].status);
		CU_ASSERT_EQUAL(p.bits, prefixes[i].bits);
	}
}

static const struct {
	const char *prefix, *address;
	bool inside;
} members[] = {
	{"192.0.2.0/24", "192.0.2.255", true},
	{"192.0.2.0/24", "192.0.3.0", false},
	{"192.0.2.128/25", "192.0.2.127", false},
	{"192.0.2.128/25", "192.0.2.128", true},
	{"0.0.0.0/0", "203.0.113.9", true},
	{"192.0.2.1", "192.0.2.1", true},
	{"192.0.2.1", "192.0.2.0", false},
	{"::/0", "203.0.113.9", false},
	{"0.0.0.0/0", "::", false},
	{"2001:db8::/33", "2001:db8:7fff::", true},
	{"2001:db8::/33", "2001:db8:8000::", false},
	{"2001:db8::1", "2001:db8::1", true},
	{"2001:db8::1", "2001:db8::2", false},
};

static void
a_prefix_contains_its_addresses_only(void)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct ip_prefix p;
		CU_ASSERT_EQUAL_FATAL(ip_prefix_parse(members[i].prefix, &p), 0);
		struct ip_address a = address(members[i].address);
		CU_ASSERT_EQUAL(ip_prefix_contains(&p, &a), members[i].inside);
	}
}

/* Both sides of every border that RFC 6890 and its followers draw. */
static const struct {
	const char *text;
	bool global, local;
} ranges[] = {
	{"0.1.2.3", false, true},
	{"1.0.0.0", true, false},
	{"9.255.255.255", true, false},
	{"10.0.0.0", false, true},
	{"11.0.0.0", true, false},
	{"100.63.255.255", true, false},
	{"100.64.0.0", false, true},
	{"100.127.255.255", false, true},
	{"100.128.0.0", true, false},
	{"127.0.0.1", false, true},
	{"169.254.1.1", false, true},
	{"172.15.255.255", true, false},
	{"172.16.0.0", false, true},
	{"172.31.255.255", false, true},
	{"172.32.0.0", true, false},
	{"192.0.2.77", false, true},
	{"192.167.255.255", true, false},
	{"192.168.0.0", false, true},
	{"192.169.0.0", true, false},
	{"198.51.100.1", false, true},
	{"203.0.113.1", false, true},
	{"203.0.114.0", true, false},
	{"223.255.255.255", true, false},
	{"224.0.0.0", false, true},
	{"239.255.255.255", false, true},
	{"240.0.0.0", false, false},
	{"255.255.255.254", false, false},
	{"255.255.255.255", false, true},
	{"::", false, true},
	{"::1", false, true},
	{"100::1", false, false},
	{"2001:4860::8888", true, false},
	{"2001:db8::1", false, true},
	{"2001:db9::", true, false},
	{"3fff:fff::1", false, true},
	{"3fff:1000::", true, false},
	{"fbff::1", true, false},
	{"fc00::", false, true},
	{"fdff:ffff::1", false, true},
	{"fe80::1", false, true},
	{"febf::1", false, true},
	{"ff02::1", false, true},
};

static void
special_ranges_are_not_global(void)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		struct ip_address a = address(ranges[i].text);
		CU_ASSERT_EQUAL(ip_address_is_global(&a), ranges[i].global);
		CU_ASSERT_EQUAL(ip_address_is_local(&a), ranges[i].local);
	}
}

static const struct {
	const char *text;
	bool host;
} hosts[] = {
	{"0.0.0.0", false},
	{"0.255.255.255", false},
	{"1.0.0.0", true},
	{"10.1.2.3", true},
	{"100.64.0.1", true},
	{"126.255.255.255", true},
	{"127.0.0.1", false},
	{"127.255.255.255", false},
	{"128.0.0.0", true},
	{"169.253.255.255", true},
	{"169.254.0.1", false},
	{"169.255.0.0", true},
	{"172.16.0.1", true},
	{"192.0.2.1", true},
	{"192.168.0.1", true},
	{"223.255.255.255", true},
	{"224.0.0.251", false},
	{"239.255.255.250", false},
	{"240.0.0.1", true},
	{"255.255.255.254", true},
	{"255.255.255.255", false},
	{"::", false},
	{"::1", false},
	{"100::1", false},
	{"2001:4860::8888", true},
	{"2001:db8::1", true},
	{"3fff::1", true},
	{"fd00::1", true},
	{"fe7f::1", true},
	{"fe80::1", false},
	{"febf::1", false},
	{"fec0::1", true},
	{"feff::1", true},
	{"ff00::", false},
	{"ff02::fb", false},
};

static void
one_hosts_addresses_go_beyond_its_link(void)
{
	struct ip_address none = {0};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct ip_address a = address(hosts[i].text);
		CU_ASSERT_EQUAL(ip_address_is_routable_host(&a), hosts[i].host);
	}
	CU_ASSERT_FALSE(ip_address_is_routable_host(&none));
}

static void
groups_are_told_from_hosts(void)
{
	static const struct {
		const char *text;
		bool group;
	} rows[] = {
		{"223.255.255.255", false}, {"224.0.0.1", true},       {"239.255.255.255", true},
		{"240.0.0.1", false},       {"255.255.255.255", true}, {"10.0.0.255", false},
		{"ff02::fb", true},         {"fe80::1", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ip_address a;
		CU_ASSERT_EQUAL_FATAL(ip_address_parse(rows[i].text, &a), 0);
		CU_ASSERT_EQUAL(ip_address_is_group(&a), rows[i].group);
	}
}

static void
addresses_that_carry_ipv4_ones_give_them(void)
{
	static const struct {
		const char *text, *inside; /* NULL: none */
	} rows[] = {
		{"::ffff:162.125.1.1", "162.125.1.1"},
		{"64:ff9b::a27d:101", "162.125.1.1"},
		{"2002:a27d:101:5::9", "162.125.1.1"},
		{"64:ff9b:1::a27d:101", NULL},
		{"2001:db8::a27d:101", NULL},
		{"2003::", NULL},
		{"162.125.1.1", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ip_address a, inside = {0}, expected = {0};
		CU_ASSERT_EQUAL_FATAL(ip_address_parse(rows[i].text, &a), 0);
		if (rows[i].inside != NULL)
			(void)ip_address_parse(rows[i].inside, &expected);
		CU_ASSERT_EQUAL(ip_address_embedded(&a, &inside) != NULL, rows[i].inside != NULL);
		CU_ASSERT_TRUE(ip_address_equal(&inside, &expected));
	}
}

static const struct {
	const char *text;
	bool documentation;
} examples[] = {
	{"192.0.1.255", false},   {"192.0.2.0", true},
	{"192.0.2.255", true},    {"192.0.3.0", false},
	{"198.51.99.255", false}, {"198.51.100.0", true},
	{"198.51.100.255", true}, {"198.51.101.0", false},
	{"203.0.112.255", false}, {"203.0.113.0", true},
	{"203.0.113.255", true},  {"203.0.114.0", false},
	{"10.0.0.1", false},      {"2001:db7:ffff::", false},
	{"2001:db8::", true},     {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
	{"2001:db9::", false},    {"3ffe:ffff::", false},
	{"3fff::", true},         {"3fff:fff:ffff::1", true},
	{"3fff:1000::", false},   {"fc00::1", false},
};

static void
documentation_ranges_are_known_and_local(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct ip_address a = address(examples[i].text);
		CU_ASSERT_EQUAL(ip_address_is_documentation(&a), examples[i].documentation);
		CU_ASSERT_TRUE(!examples[i].documentation || ip_address_is_local(&a));
	}
}

static void
no_address_is_neither_global_nor_local(void)
{
	struct ip_address none = {0};
	char text[IP_ADDRESS_TEXT_MAX];
	CU_ASSERT_FALSE(ip_address_is_global(&none));
	CU_ASSERT_FALSE(ip_address_is_local(&none));
	CU_ASSERT_FALSE(ip_address_is_documentation(&none));
	CU_ASSERT_EQUAL(ip_address_format(&none, text), 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"groups_are_told_from_hosts", groups_are_told_from_hosts},
		{"addresses_that_carry_ipv4_ones_give_them",
		 addresses_that_carry_ipv4_ones_give_them},
		{"text_is_parsed_and_printed_in_rfc5952_form",
		 text_is_parsed_and_printed_in_rfc5952_form},
		{"other_text_is_refused_and_changes_nothing",
		 other_text_is_refused_and_changes_nothing},
		{"equal_addresses_have_equal_memory", equal_addresses_have_equal_memory},
		{"prefixes_are_parsed_or_refused", prefixes_are_parsed_or_refused},
		{"a_prefix_contains_its_addresses_only", a_prefix_contains_its_addresses_only},
		{"special_ranges_are_not_global", special_ranges_are_not_global},
		{"one_hosts_addresses_go_beyond_its_link", one_hosts_addresses_go_beyond_its_link},
		{"documentation_ranges_are_known_and_local",
		 documentation_ranges_are_known_and_local},
		{"no_address_is_neither_global_nor_local", no_address_is_neither_global_nor_local},
	};
	return unit_run("ip_address", cases, sizeof(cases) / sizeof(*cases));
}
