/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC}\n"
	"services:\n"
	"  - {id: archive, operator: bravo, kind: backup,\n"
	"     name_patterns: [own.example, files.delta.example],\n"
	"     qualifications: [{scheme: SecNumCloud, version: \"3.2\", valid_from: 2026-01-01,\n"
	"                       valid_to: 2030-12-31, source: test}]}\n"
	"  - {id: lake, operator: alpha, kind: database,\n"
	"     name_patterns: [store.eu-west-3.alpha.example]}\n"
	"  - {id: america, operator: bravo, kind: saas, exposure: third-country}\n";

static void
look_alikes_are_other_names(void)
{
	static const char *const names[] = {
		"notbravo.example",
		"bravo.example.evil.example",
		"bravo-example.example",
		"bravo",
		"example",
		"vault.bravo.example.com",
		"xbravo.example",
		"bravo.examples",
		"www.phares.example",
		"notown.example",
		"own.example.evil.example",
	};
	for (size_t i = 0; i < COUNT(names); i++) {
		struct row row = {names[i],
				  {NULL, NULL, NULL, ECHO, SNI, names[i], UNTOLD},
				  "C4 medium echo/echo/- - - third-country by asn"};
		check(&row, 1);
	}
}

static void
an_address_is_no_name(void)
{
	static const char *const names[] = {"192.0.2.1", "2001:db8::1", "198.51.100.255"};

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct row rows[] = {
			{names[i],
			 {NULL, NULL, NULL, BRAVO, i % 2 == 0 ? SNI : HOST, names[i], TOLD},
			 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
			/* And in front of a content network nothing is named either. */
			{names[i],
			 {"charlie", NULL, NULL, 0, HOST, names[i], UNTOLD},
			 "C3 medium charlie/charlie/- - web-generic us-direct by prefix"},
		};
		check(rows, COUNT(rows));
	}
}

static void
services_of_the_settings_go_before_the_catalogue(void)
{
	static const struct row rows[] = {
		{"a name of the settings",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.own.example", UNTOLD},
		 "C2 high bravo/bravo/bravo archive backup eu-sovereign by asn sni"},
		{"with an answer of dns it is qualified",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.own.example", TOLD},
		 "C2 high bravo/bravo/bravo archive backup eu-qualified by asn dns sni qualified "
		 "2030-12-31"},
		{"with one for others that is what confirms it",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.own.example", TOLD_SHARED},
		 "C2 medium bravo/bravo/bravo archive backup eu-qualified by asn dns-shared sni "
		 "qualified 2030-12-31"},
		{"a name that the catalogue has for another operator",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.delta.example", UNTOLD},
		 "C2 high bravo/bravo/bravo archive backup eu-sovereign by asn sni"},
		{"and with the region that the catalogue reads out of it",
		 {"alpha", NULL, NULL, 0, SNI, "store.eu-west-3.alpha.example", UNTOLD},
		 "C2 high alpha/alpha/alpha lake database us-direct by prefix sni in eu-west-3 FR"},
		{"a service replaced by id",
		 {NULL, NULL, NULL, BRAVO, SNI, "us.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo america saas third-country by asn sni"},
		{"a name below the pattern only",
		 {NULL, NULL, NULL, ECHO, SNI, "ownown.example", UNTOLD},
		 "C4 medium echo/echo/- - - third-country by asn"},
	};
	check(rows, COUNT(rows));
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(look_alikes_are_other_names),
		CASE(an_address_is_no_name),
		CASE(services_of_the_settings_go_before_the_catalogue),
	};
	return attribution_rows_run("attribution_name", policy_yaml, cases, COUNT(cases));
}
