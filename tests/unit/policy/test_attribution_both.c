/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static void
c2_address_and_name_of_one_operator(void)
{
	static const struct row rows[] = {
		{"list and sni",
		 {"alpha", "STORE", "eu-west-3", ALPHA, SNI, "store.eu-west-3.alpha.example", TOLD},
		 "C2 high alpha/alpha/alpha store object-storage us-direct by prefix asn dns sni "
		 "in eu-west-3 FR"},
		{"asn and host without dns",
		 {NULL, NULL, NULL, BRAVO, HOST, "vault.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn host"},
		{"the tag tells the service where the name does not",
		 {"alpha", "STORE", "us-east-1", 0, SNI, "www.alpha.example", UNTOLD},
		 "C2 high alpha/alpha/alpha store object-storage us-direct by prefix sni in "
		 "us-east-1 US"},
		{"the name's service goes before the tag's",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "vault.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by prefix sni"},
		{"the address of the operator's own front is no static file",
		 {"alpha", "EDGE", NULL, ALPHA, SNI, "www.alpha.example", TOLD},
		 "C2 high alpha/alpha/alpha edge web-generic us-direct by prefix asn dns sni"},
		{"but the front's own name is",
		 {"alpha", "EDGE", NULL, 0, SNI, "d1.edge.alpha.example", UNTOLD},
		 "C2 high alpha/alpha/alpha edge cdn-static us-direct by prefix sni"},
		{"connect counts as host, and quic as sni",
		 {NULL, NULL, NULL, ECHO, NAME_SOURCE_HTTP_CONNECT, "echo.example", UNTOLD},
		 "C2 high echo/echo/echo - saas third-country by asn host"},
		{"quic",
		 {NULL, NULL, NULL, ECHO, NAME_SOURCE_QUIC_SNI, "echo.example", UNTOLD},
		 "C2 high echo/echo/echo - saas third-country by asn sni"},
		{"named by dns alone",
		 {NULL, NULL, NULL, HOTEL, DNS, "mail.hotel.example", UNTOLD},
		 "C2 high hotel/hotel/hotel - office-suite us-technology-eu-controlled by asn dns"},
		{"no operator of a group makes the other less exposed",
		 {NULL, NULL, NULL, ALPHA, SNI, "alpha-eu.example", UNTOLD},
		 "C2 high alpha-eu/alpha/alpha-eu - web-generic us-direct by asn sni"},
		{"nor the other way round",
		 {NULL, NULL, NULL, ALPHA_EU, SNI, "www.alpha.example", UNTOLD},
		 "C2 high alpha/alpha-eu/alpha - web-generic us-direct by asn sni"},
		{"a resolver that others ask too is enough beside the name",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD_SHARED},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn dns-shared sni"},
		{"an answer that lists other addresses of the same operator does not matter",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD_OTHERWISE},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn sni"},
		{"a listed name settles what list and AS say apart",
		 {"bravo", "VAULT", NULL, ALPHA, SNI, "vault.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by prefix sni not asn asn "
		 "alpha"},
	};
	check(rows, COUNT(rows));
}

static void
c2_named_by_dns_alone(void)
{
	static const struct row rows[] = {
		{"one name",
		 {NULL, NULL, NULL, BRAVO, DNS, "vault.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn dns"},
		{"several names",
		 {NULL, NULL, NULL, BRAVO, DNS, "vault.bravo.example", TOLD_SEVERAL},
		 "C2 medium bravo/bravo/bravo vault backup eu-sovereign by asn dns"},
		{"only a shared resolver was told",
		 {NULL, NULL, NULL, BRAVO, DNS, "vault.bravo.example", TOLD_SHARED},
		 "C2 medium bravo/bravo/bravo vault backup eu-sovereign by asn dns-shared"},
		{"several names do not matter where the client says which",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD_SEVERAL},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn dns sni"},
	};
	check(rows, COUNT(rows));
}

static void
c7_a_name_in_front_of_a_delivery_network(void)
{
	static const struct row rows[] = {
		{"unlisted name: the front's class counts",
		 {"charlie", NULL, NULL, CHARLIE, SNI, "paie.phares.example", TOLD},
		 "C7 high charlie/charlie/- - web-generic us-direct by prefix asn as cdn-fronted"},
		{"by asn alone",
		 {NULL, NULL, NULL, CHARLIE, SNI, "paie.phares.example", UNTOLD},
		 "C7 medium charlie/charlie/- - web-generic us-direct by asn as cdn-fronted"},
		{"listed name: its operator is shown, the front's class stays",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", TOLD},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn dns sni as "
		 "cdn-fronted above"},
		{"listed name without dns",
		 {NULL, NULL, NULL, CHARLIE, HOST, "vault.bravo.example", UNTOLD},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn host as cdn-fronted "
		 "above"},
		{"a front that is a service of its operator",
		 {"alpha", "EDGE", NULL, ALPHA, SNI, "mail.hotel.example", UNTOLD},
		 "C7 medium hotel/alpha/hotel - office-suite us-direct by prefix asn sni as "
		 "cdn-fronted above"},
		{"unlisted name by asn, with a chain over the front",
		 {NULL, NULL, NULL, CHARLIE, SNI, "paie.phares.example", TOLD,
		  .alias = "x7.charlie.example"},
		 "C7 high charlie/charlie/- - web-generic us-direct by asn cname as cdn-fronted"},
		{"listed name with such a chain",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", TOLD,
		  .alias = "x7.charlie.example"},
		 "C7 high bravo/charlie/bravo vault backup us-direct by asn dns cname sni as "
		 "cdn-fronted above"},
		{"a chain over a name that only looks like the front",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", TOLD,
		  .alias = "x7.charlie.example.evil.example"},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn dns sni as "
		 "cdn-fronted above"},
		{"a chain over another front",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", TOLD,
		  .alias = "x7.oscar.example"},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn dns sni as "
		 "cdn-fronted above"},
		{"a chain that only a shared resolver was told",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", TOLD_SHARED,
		  .alias = "x7.charlie.example"},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn dns-shared cname sni "
		 "as cdn-fronted above"},
		{"a service of the address with a chain of its group",
		 {"alpha", "EDGE", NULL, 0, HOST, "paie.phares.example", TOLD,
		  .alias = "d1.edge.alpha.example"},
		 "C7 high alpha/alpha/- edge web-generic us-direct by prefix cname as cdn-fronted"},
		{"the more exposed is the name",
		 {NULL, NULL, NULL, OSCAR, SNI, "www.alpha.example", TOLD},
		 "C7 medium alpha/oscar/alpha - web-generic us-direct by asn dns sni as "
		 "cdn-fronted"},
		{"a qualified name behind a European front is its operator",
		 {"oscar", NULL, NULL, 0, SNI, "trusted.bravo.example", TOLD},
		 "C7 medium bravo/oscar/bravo trusted compute eu-sovereign by prefix dns sni as "
		 "cdn-fronted"},
		{"a name of the front itself is no fronted name",
		 {NULL, NULL, NULL, OSCAR, SNI, "x.oscar.example", UNTOLD},
		 "C2 high oscar/oscar/oscar - cdn-static eu-sovereign by asn sni low-sink"},
	};
	check(rows, COUNT(rows));
}

static void
c8_a_name_never_lowers_the_class_of_the_address(void)
{
	static const struct row rows[] = {
		{"European name on an American address",
		 {"alpha", "STORE", "us-east-1", ALPHA, SNI, "vault.bravo.example", UNTOLD},
		 "C8 low alpha/alpha/bravo store object-storage us-direct by prefix asn not sni in "
		 "us-east-1 US as name-address-mismatch above"},
		{"American name on a European address raises it",
		 {NULL, NULL, NULL, BRAVO, SNI, "www.alpha.example", UNTOLD},
		 "C8 low bravo/bravo/alpha - - us-direct by asn not sni as name-address-mismatch"},
		{"third country",
		 {NULL, NULL, NULL, ECHO, SNI, "vault.bravo.example", UNTOLD},
		 "C8 low echo/echo/bravo - - third-country by asn not sni as name-address-mismatch "
		 "above"},
		{"control of the address is not known: a claim does not make it better",
		 {NULL, NULL, NULL, FOXTROT, SNI, "vault.bravo.example", UNTOLD},
		 "C8 low foxtrot/foxtrot/bravo - - unknown by asn not sni as "
		 "name-address-mismatch"},
		{"but may make it worse",
		 {NULL, NULL, NULL, FOXTROT, SNI, "echo.example", UNTOLD},
		 "C8 low foxtrot/foxtrot/echo - - third-country by asn not sni as "
		 "name-address-mismatch"},
		{"a name of the same operator on its American AS",
		 {NULL, NULL, NULL, BRAVO_US, SNI, "vault.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo vault backup us-direct by asn dns sni"},
		{"on its American prefix, a name that tells only the operator",
		 {"bravo", "AMERICA", NULL, 0, SNI, "www.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo america compute us-direct by prefix dns sni"},
		{"on its American prefix, a name of another service",
		 {"bravo", "AMERICA", NULL, 0, SNI, "vault.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo vault backup us-direct by prefix dns sni"},
		{"in its list, announced by its American AS",
		 {"bravo", "VAULT", NULL, BRAVO_US, SNI, "vault.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo vault backup us-direct by prefix asn dns sni"},
		{"Host is a claim as well",
		 {"alpha", "STORE", "us-east-1", 0, HOST, "vault.bravo.example", UNTOLD},
		 "C8 low alpha/alpha/bravo store object-storage us-direct by prefix not host in "
		 "us-east-1 US as name-address-mismatch above"},
		{"an answer of dns speaks against the name",
		 {"alpha", "STORE", "us-east-1", 0, SNI, "vault.bravo.example", TOLD_OTHERWISE},
		 "C8 low alpha/alpha/bravo store object-storage us-direct by prefix not dns sni in "
		 "us-east-1 US as name-address-mismatch above"},
		{"of two European classes the more exposed",
		 {NULL, NULL, NULL, BRAVO, SNI, "mail.hotel.example", UNTOLD},
		 "C8 low bravo/bravo/hotel - - us-technology-eu-controlled by asn not sni as "
		 "name-address-mismatch"},
		{"and the other way round",
		 {NULL, NULL, NULL, HOTEL, SNI, "vault.bravo.example", UNTOLD},
		 "C8 low hotel/hotel/bravo - - us-technology-eu-controlled by asn not sni as "
		 "name-address-mismatch above"},
		{"a claimed qualification does not count",
		 {NULL, NULL, NULL, HOTEL, SNI, "trusted.bravo.example", UNTOLD},
		 "C8 low hotel/hotel/bravo - - us-technology-eu-controlled by asn not sni as "
		 "name-address-mismatch above"},
		{"a qualified prefix under a name of another",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "files.delta.example", UNTOLD},
		 "C8 low bravo/bravo/delta trusted compute eu-sovereign by prefix not sni as "
		 "name-address-mismatch"},
		{"nor under one whose control is not known",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "www.foxtrot.example", UNTOLD},
		 "C8 low bravo/bravo/foxtrot trusted compute eu-sovereign by prefix not sni as "
		 "name-address-mismatch"},
		{"us-direct of the two is shown, one class with us-parent",
		 {NULL, NULL, NULL, ALPHA_EU, SNI, "metrics.kilo.example", UNTOLD},
		 "C8 low alpha-eu/alpha-eu/kilo - - us-direct by asn not sni as "
		 "name-address-mismatch"},
		{"and is not above us-parent",
		 {NULL, NULL, NULL, KILO, SNI, "alpha-eu.example", UNTOLD},
		 "C8 low kilo/kilo/alpha-eu - - us-direct by asn not sni as name-address-mismatch"},
		{"a claim is no low-sink",
		 {NULL, NULL, NULL, BRAVO, SNI, "metrics.kilo.example", UNTOLD},
		 "C8 low bravo/bravo/kilo - - us-direct by asn not sni as name-address-mismatch"},
	};
	check(rows, COUNT(rows));
}

static void
c12_a_service_on_anothers_addresses(void)
{
	static const struct row rows[] = {
		{"the catalogue says so",
		 {"alpha", NULL, "eu-west-3", ALPHA, SNI, "files.delta.example", UNTOLD},
		 "C12 high delta/alpha/delta - file-sharing us-direct by prefix asn sni in "
		 "eu-west-3 FR as hosted above"},
		{"only dns links them",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.delta.example", TOLD},
		 "C12 medium delta/bravo/delta - file-sharing eu-sovereign by asn dns sni as "
		 "hosted"},
		{"named by dns",
		 {NULL, NULL, NULL, ECHO, DNS, "files.delta.example", UNTOLD},
		 "C12 medium delta/echo/delta - file-sharing third-country by asn dns as hosted "
		 "above"},
		{"an American service on European addresses",
		 {NULL, NULL, NULL, BRAVO, SNI, "store.us-east-1.alpha.example", TOLD},
		 "C12 medium alpha/bravo/alpha store object-storage us-direct by asn dns sni as "
		 "hosted"},
		{"control of the host is not known: the service's class is what is known",
		 {NULL, NULL, NULL, FOXTROT, SNI, "files.delta.example", TOLD},
		 "C12 medium delta/foxtrot/delta - file-sharing eu-sovereign by asn dns sni as "
		 "hosted"},
		{"hosts are named by group",
		 {NULL, NULL, NULL, ALPHA_EU, SNI, "files.delta.example", UNTOLD},
		 "C12 high delta/alpha-eu/delta - file-sharing us-parent by asn sni as hosted "
		 "above"},
		{"the catalogue says so, and the client was told",
		 {NULL, NULL, NULL, ALPHA, SNI, "files.delta.example", TOLD},
		 "C12 high delta/alpha/delta - file-sharing us-direct by asn dns sni as hosted "
		 "above"},
		{"a shared resolver links them",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.delta.example", TOLD_SHARED},
		 "C12 medium delta/bravo/delta - file-sharing eu-sovereign by asn dns-shared sni "
		 "as hosted"},
		{"named by dns, which can be no mismatch",
		 {NULL, NULL, NULL, HOTEL, DNS, "vault.bravo.example", TOLD_SEVERAL},
		 "C12 medium bravo/hotel/bravo vault backup us-technology-eu-controlled by asn dns "
		 "as hosted above"},
		{"hosted where the catalogue says, of several names",
		 {NULL, NULL, NULL, ALPHA, DNS, "files.delta.example", TOLD_SEVERAL},
		 "C12 medium delta/alpha/delta - file-sharing us-direct by asn dns as hosted "
		 "above"},
		{"a list of one operator, announced by the one the name says",
		 {"bravo", NULL, NULL, ECHO, SNI, "echo.example", UNTOLD},
		 "C12 medium echo/bravo/echo - saas third-country by asn sni not prefix as hosted "
		 "asn echo"},
		{"the same by an AS of its group",
		 {"bravo", NULL, NULL, ALPHA_EU, HOST, "www.alpha.example", UNTOLD},
		 "C12 medium alpha/bravo/alpha - web-generic us-direct by asn host not prefix as "
		 "hosted asn alpha-eu"},
		{"the same, where dns links them",
		 {"bravo", NULL, NULL, ECHO, SNI, "echo.example", TOLD},
		 "C12 medium echo/bravo/echo - saas third-country by prefix dns sni not asn as "
		 "hosted asn echo"},
		{"qualified on its own, not on others",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "mail.hotel.example", TOLD},
		 "C12 medium hotel/bravo/hotel - office-suite us-technology-eu-controlled by "
		 "prefix dns sni as hosted"},
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
		CASE(c2_address_and_name_of_one_operator),
		CASE(c2_named_by_dns_alone),
		CASE(c7_a_name_in_front_of_a_delivery_network),
		CASE(c8_a_name_never_lowers_the_class_of_the_address),
		CASE(c12_a_service_on_anothers_addresses),
	};
	return attribution_rows_run("attribution_both", "", cases, COUNT(cases));
}
