/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_address.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
hosts_and_ports_are_told_apart(void)
{
	static const struct {
		const char *text, *host, *port, *again;
	} rows[] = {
		{"siem.example:6514", "siem.example", "6514", "siem.example:6514"},
		{"siem.example", "siem.example", "514", "siem.example:514"},
		{"SIEM_1.example.:1", "SIEM_1.example.", "1", "SIEM_1.example.:1"},
		{"192.0.2.1:65535", "192.0.2.1", "65535", "192.0.2.1:65535"},
		{"[2001:db8::1]:6514", "2001:db8::1", "6514", "[2001:db8::1]:6514"},
		{"[2001:db8::1]", "2001:db8::1", "514", "[2001:db8::1]:514"},
		{"[fe80::1%eth0]:514", "fe80::1%eth0", "514", "[fe80::1%eth0]:514"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sink_address address;
		const char *what = sink_address_parse(rows[i].text, "514", &address);
		if (what != NULL)
			printf("# %s: %s\n", rows[i].text, what);
		CU_ASSERT_PTR_NULL_FATAL(what);
		CU_ASSERT_STRING_EQUAL(address.host, rows[i].host);
		CU_ASSERT_STRING_EQUAL(address.port, rows[i].port);
		CU_ASSERT_STRING_EQUAL(sink_address_format(&address, arena), rows[i].again);
	}
	arena_destroy(arena);
}

static void
what_is_no_address_is_refused(void)
{
	static const struct {
		const char *text, *what;
	} rows[] = {
		{"2001:db8::1", "stands in brackets"},
		{"fe80::1%eth0", "stands in brackets"},
		{"2001:db8::1:514", "stands in brackets"},
		{"[2001:db8::1", "not closed"},
		{"[2001:db8::1]514", "behind the bracket"},
		{"[192.0.2.1]:514", "no IPv6 address"},
		{"[siem]:514", "no IPv6 address"},
		{"[]:514", "no IPv6 address"},
		{"[fe80::1%]:514", "no IPv6 address"},
		{"[fe80::1%a b]:514", "no IPv6 address"},
		{":514", "expected a host"},
		{"", "expected a host"},
		{"a b:514", "expected a host"},
		{"*.example:514", "expected a host"},
		{"a..b:514", "expected a host"},
		{"siem:", "the port"},
		{"siem:0", "the port"},
		{"siem:00514", "the port"},
		{"siem:65536", "the port"},
		{"siem:123456", "the port"},
		{"siem:syslog", "the port"},
		{"siem:+5", "the port"},
		{"siem:514:514", "the port"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sink_address address;
		const char *what = sink_address_parse(rows[i].text, "514", &address);
		if (what == NULL || strstr(what, rows[i].what) == NULL)
			printf("# %s: %s\n", rows[i].text, what != NULL ? what : "taken");
		CU_ASSERT_PTR_NOT_NULL_FATAL(what);
		CU_ASSERT_PTR_NOT_NULL(strstr(what, rows[i].what));
	}
}

static void
long_hosts_are_refused_and_not_cut(void)
{
	char text[400];
	struct sink_address address;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CU_ASSERT_PTR_NOT_NULL(sink_address_parse(text, "514", &address));
	memcpy(text, "https://", 8);
	CU_ASSERT_PTR_NOT_NULL(sink_address_check_url(text));
	text[0] = '[';
	text[390] = ']';
	CU_ASSERT_PTR_NOT_NULL(sink_address_parse(text, "514", &address));
}

static void
urls_are_of_http_and_hold_no_secret(void)
{
	static const char *const good[] = {
		"https://siem.example",
		"https://siem.example:8088/",
		"http://[2001:db8::1]:9200/a?b=c",
		"https://192.0.2.1/a%20b",
		"https://siem.example?x",
	};
	static const struct {
		const char *url, *what;
	} bad[] = {
		{"ftp://siem.example", "https:// or http://"},
		{"HTTPS://siem.example", "https:// or http://"},
		{"siem.example:8088", "https:// or http://"},
		{"https://", "expected a host"},
		{"https:///services", "expected a host"},
		{"https://siem.example:x/", "the port"},
		{"https://2001:db8::1/", "brackets"},
		{"https://u:p@siem.example/", "user and password"},
		{"https://siem.example/a b", "%XX"},
		{"https://siem.example/\r\nX: y", "%XX"},
		{"https://siem.example/\xc3\xa9", "%XX"},
		{"https://siem.example/#a", "`#`"},
	};
	for (size_t i = 0; i < COUNT(good); i++)
		CU_ASSERT_PTR_NULL(sink_address_check_url(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *what = sink_address_check_url(bad[i].url);
		CU_ASSERT_PTR_NOT_NULL_FATAL(what);
		CU_ASSERT_PTR_NOT_NULL(strstr(what, bad[i].what));
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"hosts_and_ports_are_told_apart", hosts_and_ports_are_told_apart},
		{"what_is_no_address_is_refused", what_is_no_address_is_refused},
		{"long_hosts_are_refused_and_not_cut", long_hosts_are_refused_and_not_cut},
		{"urls_are_of_http_and_hold_no_secret", urls_are_of_http_and_hold_no_secret},
	};
	return unit_run("sink_address", cases, COUNT(cases));
}
