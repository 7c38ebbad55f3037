/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC}\n"
	"services:\n"
	"  - {id: archive, operator: bravo, kind: backup, prefixes: [203.0.113.64/28, "
	"198.51.100.1],\n"
	"     qualifications: [{scheme: SecNumCloud, version: \"3.2\", valid_from: 2026-01-01,\n"
	"                       valid_to: 2030-12-31, source: test}]}\n"
	"  - {id: america, operator: bravo, kind: saas, exposure: third-country}\n";

static void
a_published_list_goes_before_the_as(void)
{
	static const struct row rows[] = {
		{"list of one, AS of another operator",
		 {"bravo", "VAULT", NULL, ALPHA, NO_NAME, NULL, UNTOLD},
		 "C10 medium bravo/bravo/- vault backup eu-sovereign by prefix not asn asn alpha"},
		{"a list that nobody claims leaves it to the AS",
		 {"unheard-of", "X", "eu-west-3", BRAVO, NO_NAME, NULL, UNTOLD},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"an AS of the group confirms",
		 {"alpha", "STORE", NULL, ALPHA_EU, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix asn"},
	};
	check(rows, COUNT(rows));
}

static void
another_company_of_the_group_may_run_an_ass_addresses_in_a_country(void)
{
	static const struct row rows[] = {
		{"in the US",
		 {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, UNTOLD, .country = "US"},
		 "C4 medium bravo/bravo/- - - us-direct by asn"},
		{"in Canada",
		 {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, UNTOLD, .country = "CA"},
		 "C4 medium bravo/bravo/- - - third-country by asn"},
		{"anywhere else",
		 {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, UNTOLD, .country = "FR"},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"nobody knows where",
		 {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, UNTOLD, .country = ""},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"the place alone changes nothing",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .country = "US"},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"no name of the operator lowers it",
		 {NULL, NULL, NULL, BRAVO_BOTH, SNI, "vault.bravo.example", TOLD, .country = "US"},
		 "C2 high bravo/bravo/bravo vault backup us-direct by asn dns sni"},
		{"nor does its list",
		 {"bravo", "VAULT", NULL, BRAVO_BOTH, SNI, "vault.bravo.example", TOLD,
		  .country = "US"},
		 "C2 high bravo/bravo/bravo vault backup us-direct by prefix asn dns sni"},
		{"its list elsewhere",
		 {"bravo", "VAULT", NULL, BRAVO_BOTH, SNI, "vault.bravo.example", TOLD,
		  .country = "FR"},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by prefix asn dns sni"},
	};
	check(rows, COUNT(rows));
}

static void
access_and_transit_networks_tell_no_operator(void)
{
	static const struct row rows[] = {
		{"a subscriber's line",
		 {NULL, NULL, NULL, BRAVO_LINES, NO_NAME, NULL, UNTOLD},
		 "C13 low -/-/- - - unknown"},
		{"a backbone, whatever its class",
		 {NULL, NULL, NULL, BRAVO_TRANSIT, SNI, "www.phares.example", TOLD},
		 "C13 low -/-/- - - unknown"},
		{"a name there is only claimed",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "vault.bravo.example", UNTOLD},
		 "C6 low bravo/-/bravo vault backup unknown by sni as sni-unconfirmed"},
		{"unless dns confirms it",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "vault.bravo.example", TOLD},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns sni"},
		{"a published list needs no AS",
		 {"bravo", "VAULT", NULL, BRAVO_TRANSIT, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- vault backup eu-sovereign by prefix"},
		{"an address there is known: it is none of the hosts'",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "files.delta.example", TOLD},
		 "C5 medium delta/-/delta - file-sharing eu-sovereign by dns sni"},
	};
	check(rows, COUNT(rows));
}

static void
a_service_may_have_prefixes_to_itself(void)
{
	static const struct row rows[] = {
		{"of the catalogue",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "198.51.100.15"},
		 "C3 medium bravo/bravo/- trusted compute eu-qualified by prefix asn qualified "
		 "2028-01-31"},
		{"just behind it",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "198.51.100.16"},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"just before it",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "198.51.99.255"},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"within the operator's list, whose tag says less",
		 {"bravo", "VAULT", "gra", 0, NO_NAME, NULL, UNTOLD, .address = "198.51.100.0"},
		 "C3 medium bravo/bravo/- trusted compute eu-qualified by prefix in gra FR "
		 "qualified 2028-01-31"},
		{"another operator publishes the range",
		 {"alpha", "STORE", NULL, 0, NO_NAME, NULL, UNTOLD, .address = "198.51.100.0"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
		{"another operator announces it",
		 {NULL, NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, .address = "198.51.100.0"},
		 "C10 medium bravo/bravo/- trusted compute eu-sovereign by prefix not asn asn "
		 "alpha"},
		{"the longer of two",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "2001:db8:a:b::1"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
		{"of the other one only",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "2001:db8:a:c::1"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
		{"of the settings",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C3 medium bravo/bravo/- archive backup eu-qualified by prefix asn qualified "
		 "2030-12-31"},
		{"of the settings, where the catalogue has a wider one",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "198.51.100.1"},
		 "C3 medium bravo/bravo/- archive backup eu-qualified by prefix asn qualified "
		 "2030-12-31"},
		{"another operator publishes what the settings say",
		 {"alpha", "STORE", NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
	};
	check(rows, COUNT(rows));
}

static void
the_settings_replace_a_service_that_a_tag_means(void)
{
	static const struct row rows[] = {
		{"its kind and class",
		 {"bravo", "AMERICA", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- america saas third-country by prefix"},
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
		CASE(a_published_list_goes_before_the_as),
		CASE(another_company_of_the_group_may_run_an_ass_addresses_in_a_country),
		CASE(access_and_transit_networks_tell_no_operator),
		CASE(a_service_may_have_prefixes_to_itself),
		CASE(the_settings_replace_a_service_that_a_tag_means),
	};
	return attribution_rows_run("attribution_address", policy_yaml, cases, COUNT(cases));
}
