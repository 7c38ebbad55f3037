/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/proxied.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define PROXY "203.0.113.8"
#define VIA FLOW_FLAG_VIA_PROXY

/* A flow to a proxy and what it asked for: "-": nothing that counts; else an address, or "name". */
struct proxied_row {
	const char *what;
	const char *name, *asked;
	uint32_t flags;
	uint8_t from_inside, to_inside;
	const char *expected;
};

static const struct proxied_row rows[] = {
	{"a name", "www.bravo.example", NULL, VIA, 1, 0, "name"},
	{"a name, of a proxy inside", "www.bravo.example", NULL, VIA, 1, 1, "name"},
	{"no proxy", "www.bravo.example", NULL, 0, 1, 0, "-"},
	{"an address", NULL, "198.51.100.7", VIA, 1, 1, "198.51.100.7"},
	{"an address, and a name inside", "www.bravo.example", "198.51.100.7", VIA, 1, 1,
	 "198.51.100.7"},
	{"an address that stands as a name", "198.51.100.7", NULL, VIA, 1, 1, "198.51.100.7"},
	{"IPv6 that does", "2001:db8::7", NULL, VIA, 1, 1, "2001:db8::7"},
	{"an address inside", NULL, "10.1.2.3", VIA, 1, 1, "-"},
	{"a name there", "www.bravo.example", "10.1.2.3", VIA, 1, 1, "-"},
	{"no host's address", NULL, "0.0.0.0", VIA, 1, 1, "-"},
	{"its own address", PROXY, NULL, VIA, 1, 0, "-"},
	{"a name of some private network", "intranet", NULL, VIA, 1, 1, "-"},
	{"a number: an address in disguise", "134744072", NULL, VIA, 1, 1, "name"},
	{"and in hexadecimal", "0x08080808", NULL, VIA, 1, 1, "name"},
	{"and in part", "8.8.2056", NULL, VIA, 1, 1, "name"},
	{"nothing that is known", NULL, NULL, VIA, 1, 1, "-"},
	{"from outside", "www.bravo.example", NULL, VIA, 0, 1, "-"},
	{"by a tag from inside", "www.bravo.example", NULL, VIA, 0, 0, "name"},
	{"behind a PROXY header the address may be the header's", "www.bravo.example",
	 "198.51.100.7", VIA | FLOW_FLAG_PROXY_PROTOCOL, 1, 1, "name"},
	{"and nothing is known then", NULL, "198.51.100.7", VIA | FLOW_FLAG_PROXY_PROTOCOL, 1, 1,
	 "-"},
};

static void
what_a_proxy_is_asked_for(void)
{
	static const struct inside_map inside = {.documentation_outside = true};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct proxied_row *row = &rows[i];
		struct flow_record r = {
			.flags = row->flags,
			.source_inside = row->from_inside,
			.destination_inside = row->to_inside,
			.detail = {.inner_destination_port = 443},
		};
		char text[IP_ADDRESS_TEXT_MAX] = "-";
		struct proxied out;
		CU_ASSERT_EQUAL_FATAL(ip_address_parse(PROXY, &r.destination), 0);
		if (row->asked != NULL)
			CU_ASSERT_EQUAL_FATAL(
				ip_address_parse(row->asked, &r.detail.inner_destination), 0);
		if (row->name != NULL)
			r.name_len = (uint8_t)sprintf(r.name, "%s", row->name);
		if (proxied_find(&inside, &r, &out)) {
			strcpy(text, "name");
			if (out.address.version != 0)
				(void)ip_address_format(&out.address, text);
			CU_ASSERT_EQUAL(out.inside, row->to_inside == 1);
			CU_ASSERT_EQUAL(out.port, 443);
		}
		CU_ASSERT_STRING_EQUAL(text, row->expected);
		if (strcmp(text, row->expected) != 0)
			printf("# %s: %s\n", row->what, text);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"what_a_proxy_is_asked_for", what_a_proxy_is_asked_for},
	};
	return unit_run("proxied", cases, COUNT(cases));
}
