/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static void
c3_c4_the_address_alone(void)
{
	static const struct row rows[] = {
		{"list, no name",
		 {"alpha", "STORE", "eu-west-3", STRANGER, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix in eu-west-3 "
		 "FR"},
		{"list whose tag means nothing to us",
		 {"alpha", "NEWEST", "eu-west-3", ALPHA, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- - - us-direct by prefix asn in eu-west-3 FR"},
		{"list, unlisted name",
		 {"bravo", "VAULT", NULL, 0, SNI, "www.phares.example", TOLD},
		 "C3 medium bravo/bravo/- vault backup eu-sovereign by prefix"},
		{"asn, no name",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"asn, unlisted name",
		 {NULL, NULL, NULL, ECHO, HOST, "www.phares.example", UNTOLD},
		 "C4 medium echo/echo/- - - third-country by asn"},
		{"an AS with an exposure of its own",
		 {NULL, NULL, NULL, BRAVO_US, NO_NAME, NULL, UNTOLD},
		 "C4 medium bravo/bravo/- - - us-direct by asn"},
		{"a list's tag with an exposure of its own",
		 {"bravo", "AMERICA", NULL, BRAVO, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- america compute us-direct by prefix asn"},
		{"the front's address without a name",
		 {"alpha", "EDGE", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- edge web-generic us-direct by prefix"},
		{"an AS that has the machines of others too",
		 {NULL, NULL, NULL, NOVEMBER, NO_NAME, NULL, UNTOLD},
		 "C4 low november/november/- - - eu-sovereign by asn"},
		{"which a name of its own settles",
		 {NULL, NULL, NULL, NOVEMBER, SNI, "www.november.example", UNTOLD},
		 "C2 high november/november/november - saas eu-sovereign by asn sni"},
		{"a front of Europe",
		 {NULL, NULL, NULL, OSCAR, NO_NAME, NULL, UNTOLD},
		 "C4 medium oscar/oscar/- - web-generic eu-sovereign by asn"},
	};
	check(rows, COUNT(rows));
}

static void
c5_c6_the_name_alone(void)
{
	static const struct row rows[] = {
		{"seen by dns: the operator's own class",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", TOLD},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns sni"},
		{"only claimed: no better than unknown",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", UNTOLD},
		 "C6 low bravo/-/bravo vault backup unknown by sni as sni-unconfirmed"},
		{"a claim of licensed technology",
		 {NULL, NULL, NULL, 0, HOST, "hotel.example", UNTOLD},
		 "C6 low hotel/-/hotel - office-suite unknown by host as sni-unconfirmed"},
		{"a claim that raises the class counts",
		 {NULL, NULL, NULL, 0, SNI, "store.eu-west-3.alpha.example", UNTOLD},
		 "C6 low alpha/-/alpha store object-storage us-direct by sni in eu-west-3 FR as "
		 "sni-unconfirmed"},
		{"as does one of a third country",
		 {NULL, NULL, NULL, STRANGER, HOST, "echo.example", UNTOLD},
		 "C6 low echo/-/echo - saas third-country by host as sni-unconfirmed"},
		{"a region nobody knows is no region",
		 {NULL, NULL, NULL, 0, SNI, "store.moon-1.alpha.example", UNTOLD},
		 "C6 low alpha/-/alpha store object-storage us-direct by sni as sni-unconfirmed"},
		{"a shared resolver confirms",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", TOLD_SHARED},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns-shared sni"},
		{"named by dns, of several",
		 {NULL, NULL, NULL, STRANGER, DNS, "vault.bravo.example", TOLD_SEVERAL},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns"},
		{"an answer of dns speaks against the claim",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", TOLD_OTHERWISE},
		 "C6 low bravo/-/bravo vault backup unknown by sni not dns as sni-unconfirmed"},
		{"a low-sink name says so of itself",
		 {NULL, NULL, NULL, STRANGER, SNI, "metrics.kilo.example", TOLD},
		 "C5 medium kilo/-/kilo - telemetry us-direct by dns sni low-sink"},
		{"hosts of a flow that is nobody's are not guessed",
		 {NULL, NULL, NULL, 0, SNI, "files.delta.example", TOLD},
		 "C5 medium delta/-/delta - file-sharing eu-sovereign by dns sni"},
	};
	check(rows, COUNT(rows));
}

static void
c9_the_name_is_hidden(void)
{
	static const struct row rows[] = {
		{"behind the front",
		 {NULL, NULL, NULL, CHARLIE, SNI, "ech.charlie.example", UNTOLD, .ech = true},
		 "C9 medium charlie/charlie/- - web-generic us-direct by asn as ech"},
		{"on another's address, which decides",
		 {"bravo", "VAULT", NULL, 0, SNI, "ech.charlie.example", UNTOLD, .ech = true},
		 "C9 medium bravo/bravo/- - backup eu-sovereign by prefix as ech"},
		{"a qualification is not reached",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "ech.charlie.example", UNTOLD, .ech = true},
		 "C9 medium bravo/bravo/- - compute eu-sovereign by prefix as ech"},
		{"on an address that nobody knows nobody is named",
		 {NULL, NULL, NULL, STRANGER, SNI, "ech.charlie.example", UNTOLD, .ech = true},
		 "C9 low -/-/- - - unknown as ech"},
		{"nor by an answer of dns for the public name",
		 {NULL, NULL, NULL, 0, SNI, "ech.charlie.example", TOLD, .ech = true},
		 "C9 low -/-/- - - unknown as ech"},
		{"where the hello was cut nobody knows whether it is",
		 {NULL, NULL, NULL, CHARLIE, SNI, "ech.charlie.example", UNTOLD, .cut = true},
		 "C9 medium charlie/charlie/- - web-generic us-direct by asn withheld"},
		{"nor on an address that nobody knows",
		 {NULL, NULL, NULL, STRANGER, SNI, "ech.charlie.example", UNTOLD, .cut = true},
		 "C9 low -/-/- - - unknown withheld"},
		{"another name of a cut hello is what it says",
		 {NULL, NULL, NULL, CHARLIE, SNI, "www.charlie.example", UNTOLD, .cut = true},
		 "C2 high charlie/charlie/charlie - cdn-static us-direct by asn sni"},
		{"and dns may tell what is behind it",
		 {NULL, NULL, NULL, CHARLIE, DNS, "www.charlie.example", TOLD,
		  .outer = "ech.charlie.example", .cut = true},
		 "C2 medium charlie/charlie/charlie - cdn-static us-direct by asn dns"},
		{"without the extension it is a name like others",
		 {NULL, NULL, NULL, CHARLIE, SNI, "ech.charlie.example", UNTOLD},
		 "C2 high charlie/charlie/charlie - cdn-static us-direct by asn sni"},
		{"another outer name may be grease",
		 {NULL, NULL, NULL, CHARLIE, SNI, "www.charlie.example", UNTOLD, .ech = true},
		 "C2 high charlie/charlie/charlie - cdn-static us-direct by asn sni"},
		{"a name below is not the public one",
		 {NULL, NULL, NULL, CHARLIE, SNI, "x.ech.charlie.example", UNTOLD, .ech = true},
		 "C2 high charlie/charlie/charlie - cdn-static us-direct by asn sni"},
		{"dns tells it: a name of the front",
		 {NULL, NULL, NULL, CHARLIE, DNS, "www.charlie.example", TOLD,
		  .outer = "ech.charlie.example", .ech = true},
		 "C2 medium charlie/charlie/charlie - cdn-static us-direct by asn dns as ech"},
		{"dns tells it: a listed name",
		 {NULL, NULL, NULL, CHARLIE, DNS, "vault.bravo.example", TOLD,
		  .alias = "x.charlie.example", .outer = "ech.charlie.example", .ech = true},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn dns cname as ech "
		 "cdn-fronted above"},
		{"dns tells it: an unlisted name",
		 {"charlie", NULL, NULL, 0, DNS, "paie.phares.example", TOLD,
		  .outer = "ech.charlie.example", .ech = true},
		 "C7 medium charlie/charlie/- - web-generic us-direct by prefix as ech "
		 "cdn-fronted"},
		{"dns tells it: on an address that nobody knows",
		 {NULL, NULL, NULL, 0, DNS, "vault.bravo.example", TOLD,
		  .outer = "ech.charlie.example", .ech = true},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns as ech"},
		{"named by dns in front of what may be grease",
		 {NULL, NULL, NULL, CHARLIE, DNS, "www.charlie.example", TOLD,
		  .outer = "other.example", .ech = true},
		 "C2 high charlie/charlie/charlie - cdn-static us-direct by asn dns"},
		{"an outer name that dns announced",
		 {NULL, NULL, NULL, CHARLIE, SNI, "cover.example", UNTOLD, .ech = true,
		  .announced = true},
		 "C9 medium charlie/charlie/- - web-generic us-direct by asn as ech"},
		{"and behind it a name that dns tells",
		 {NULL, NULL, NULL, 0, DNS, "vault.bravo.example", TOLD, .outer = "cover.example",
		  .ech = true, .announced = true},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns as ech"},
		{"announced, but the ClientHello has nothing encrypted",
		 {NULL, NULL, NULL, 0, SNI, "vault.bravo.example", UNTOLD, .announced = true},
		 "C6 low bravo/-/bravo vault backup unknown by sni as sni-unconfirmed"},
		{"list and AS apart do not matter",
		 {"bravo", "VAULT", NULL, ALPHA, SNI, "ech.charlie.example", UNTOLD, .ech = true},
		 "C9 medium bravo/bravo/- - backup eu-sovereign by prefix not asn as ech asn "
		 "alpha"},
	};
	check(rows, COUNT(rows));
}

static void
c10_list_and_as_differ(void)
{
	static const struct row rows[] = {
		{"no name",
		 {"bravo", "VAULT", NULL, ALPHA, NO_NAME, NULL, UNTOLD},
		 "C10 medium bravo/bravo/- vault backup eu-sovereign by prefix not asn asn alpha"},
		{"an unlisted name does not settle it",
		 {"bravo", "VAULT", NULL, ALPHA, SNI, "www.phares.example", TOLD},
		 "C10 medium bravo/bravo/- vault backup eu-sovereign by prefix not asn asn alpha"},
		{"nor does an address as a name",
		 {"bravo", "VAULT", NULL, ALPHA, HOST, "192.0.2.1", UNTOLD},
		 "C10 medium bravo/bravo/- vault backup eu-sovereign by prefix not asn asn alpha"},
		{"a qualification needs them to agree",
		 {"bravo", "TRUSTED", NULL, ALPHA, NO_NAME, NULL, UNTOLD},
		 "C10 medium bravo/bravo/- trusted compute eu-sovereign by prefix not asn asn "
		 "alpha"},
		{"an unlisted name on a front",
		 {"charlie", NULL, NULL, ALPHA, SNI, "paie.phares.example", UNTOLD},
		 "C10 medium charlie/charlie/- - web-generic us-direct by prefix not asn as "
		 "cdn-fronted asn alpha"},
		{"an access network says nothing",
		 {"alpha", "STORE", NULL, BRAVO_LINES, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
	};
	check(rows, COUNT(rows));
}

static void
c13_nothing_known(void)
{
	static const struct row rows[] = {
		{"nothing at all",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C13 low -/-/- - - unknown"},
		{"an AS that nobody claims",
		 {NULL, NULL, NULL, STRANGER, NO_NAME, NULL, UNTOLD},
		 "C13 low -/-/- - - unknown"},
		{"an unlisted name, even linked by dns",
		 {NULL, NULL, NULL, STRANGER, SNI, "www.phares.example", TOLD},
		 "C13 low -/-/- - - unknown"},
		{"an empty name",
		 {NULL, NULL, NULL, 0, SNI, "", UNTOLD},
		 "C13 low -/-/- - - unknown"},
	};
	check(rows, COUNT(rows));
}

static void
asked_about_a_name_the_hosts_of_its_operator_count(void)
{
	static const struct row rows[] = {
		{"a claim",
		 {NULL, NULL, NULL, 0, SNI, "files.delta.example", UNTOLD, .look_up = true},
		 "C6 low delta/-/delta - file-sharing us-direct by sni as sni-unconfirmed likely "
		 "alpha"},
		{"seen by dns",
		 {NULL, NULL, NULL, 0, SNI, "files.delta.example", TOLD, .look_up = true},
		 "C5 medium delta/-/delta - file-sharing us-direct by dns sni likely alpha"},
		{"the most exposed of several",
		 {NULL, NULL, NULL, 0, DNS, "india.example", UNTOLD, .look_up = true},
		 "C5 medium india/-/india - file-sharing third-country by dns likely echo"},
		{"European hosts do not make a claim better",
		 {NULL, NULL, NULL, 0, SNI, "juliett.example", UNTOLD, .look_up = true},
		 "C6 low juliett/-/juliett - file-sharing unknown by sni as sni-unconfirmed likely "
		 "bravo"},
		{"nor do they spoil what dns confirms",
		 {NULL, NULL, NULL, 0, SNI, "juliett.example", TOLD, .look_up = true},
		 "C5 medium juliett/-/juliett - file-sharing eu-sovereign by dns sni likely bravo"},
		{"a service on no one's addresses",
		 {NULL, NULL, NULL, 0, SNI, "vault.bravo.example", TOLD, .look_up = true},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns sni"},
	};
	check(rows, COUNT(rows));
}

static void
a_retired_operator_is_still_found(void)
{
	static const struct row rows[] = {
		{"by name and dns",
		 {NULL, NULL, NULL, 0, SNI, "www.golf.example", TOLD},
		 "C5 medium golf/-/golf - compute eu-sovereign by dns sni"},
		{"by its AS",
		 {NULL, NULL, NULL, GOLF, NO_NAME, NULL, UNTOLD},
		 "C4 medium golf/golf/- - - eu-sovereign by asn"},
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
		CASE(c3_c4_the_address_alone),
		CASE(c5_c6_the_name_alone),
		CASE(c9_the_name_is_hidden),
		CASE(c10_list_and_as_differ),
		CASE(c13_nothing_known),
		CASE(asked_about_a_name_the_hosts_of_its_operator_count),
		CASE(a_retired_operator_is_still_found),
	};
	return attribution_rows_run("attribution_one", "", cases, COUNT(cases));
}
