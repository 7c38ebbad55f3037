/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/private_name.h"

#include "tests/unit/unit.h"

static void
names_of_one_network_only(void)
{
	static const struct {
		const char *name;
		bool private;
	} rows[] = {
		{"intranet", true},
		{"134744072", false},
		{"0x08080808", false},
		{"010", false},
		{"0x", false},
		{"0xg", true},
		{"srv2", true},
		{"7up", true},
		{"printer.local", true},
		{"a.b.internal", true},
		{"router.home.arpa", true},
		{"box.lan", true},
		{"localhost.localdomain", true},
		{"www.bravo.example", false},
		{"local.example", false},
		{"notlocal", true},
		{"x.notlocal", false},
		{"1.0.168.192.in-addr.arpa", false},
		{"home.arpa.example", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(private_name_is(rows[i].name), rows[i].private);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"names_of_one_network_only", names_of_one_network_only},
	};
	return unit_run("private_name", cases, sizeof(cases) / sizeof(*cases));
}
