/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

#define CONNECT NAME_SOURCE_HTTP_CONNECT
#define INSIDE .asked = true, .via = VIA_INSIDE
#define OUTSIDE .asked = true, .via = VIA_OUTSIDE

static void
a_proxy_inside_goes_where_the_name_does(void)
{
	static const struct row rows[] = {
		{"a listed name: believed, and no claim",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, INSIDE},
		 "C14 medium bravo/-/bravo vault backup eu-sovereign by host via inside"},
		{"with its region",
		 {NULL, NULL, NULL, 0, CONNECT, "store.eu-west-3.alpha.example", UNTOLD, INSIDE},
		 "C14 medium alpha/-/alpha store object-storage us-direct by host in eu-west-3 FR "
		 "via inside"},
		{"a name that is not in the catalogue",
		 {NULL, NULL, NULL, 0, CONNECT, "www.phares.example", UNTOLD, INSIDE},
		 "C13 low -/-/- - - unknown via inside"},
		{"hosts of an operator without a network",
		 {NULL, NULL, NULL, 0, CONNECT, "files.delta.example", UNTOLD, INSIDE},
		 "C14 medium delta/-/delta - file-sharing us-direct by host likely alpha via "
		 "inside"},
		{"a qualification is not reached by a name",
		 {NULL, NULL, NULL, 0, CONNECT, "trusted.bravo.example", UNTOLD, INSIDE},
		 "C14 medium bravo/-/bravo trusted compute eu-sovereign by host via inside"},
		{"but by a tenancy's name",
		 {NULL, NULL, NULL, 0, CONNECT, "app.tenant.example", UNTOLD, INSIDE},
		 "C1 medium bravo/-/bravo trusted compute eu-qualified by tenancy host tenancy "
		 "by-name qualified 2028-01-31 via inside"},
		{"the name asked of a proxy is no outer name",
		 {NULL, NULL, NULL, 0, CONNECT, "ech.charlie.example", UNTOLD, .ech = true, INSIDE},
		 "C14 medium charlie/-/charlie - cdn-static us-direct by host via inside"},
		{"a server name behind it is a claim",
		 {NULL, NULL, NULL, 0, SNI, "vault.bravo.example", UNTOLD, INSIDE},
		 "C6 low bravo/-/bravo vault backup unknown by sni as sni-unconfirmed via inside"},
		{"the certificate behind it",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD,
		  .certificate = CERTIFICATE_HAS_OTHERS, INSIDE},
		 "C14 medium bravo/-/bravo vault backup eu-sovereign by host not certificate via "
		 "inside"},
		{"the port is that of what was asked for",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .port = 22,
		  .transport = TRANSPORT_TCP, INSIDE},
		 "C14 medium bravo/-/bravo vault tunnel eu-sovereign by host via inside"},
	};
	check(rows, COUNT(rows));
}

static void
a_proxy_outside_may_hold_the_data_too(void)
{
	static const struct row rows[] = {
		{"nobody knows whose it is",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, OUTSIDE},
		 "C14 low bravo/-/bravo vault backup unknown by host via outside"},
		{"nor of a name that is bad enough",
		 {NULL, NULL, NULL, 0, CONNECT, "echo.example", UNTOLD, OUTSIDE},
		 "C14 low echo/-/echo - saas third-country by host via outside"},
		{"what takes in little may be anything there",
		 {NULL, NULL, NULL, 0, CONNECT, "metrics.kilo.example", UNTOLD, OUTSIDE},
		 "C14 low kilo/-/kilo - telemetry us-direct by host via outside"},
		{"also at its own operator's",
		 {NULL, NULL, NULL, 0, CONNECT, "metrics.kilo.example", UNTOLD, .via_asn = KILO,
		  OUTSIDE},
		 "C14 medium kilo/-/kilo - telemetry us-direct by host via kilo asn"},
		{"but not by way of one's own",
		 {NULL, NULL, NULL, 0, CONNECT, "metrics.kilo.example", UNTOLD, INSIDE},
		 "C14 medium kilo/-/kilo - telemetry us-direct by host low-sink via inside"},
		{"of a more exposed operator",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .via_asn = ALPHA,
		  OUTSIDE},
		 "C14 medium bravo/-/bravo vault backup us-direct by host via alpha asn review"},
		{"of a less exposed one",
		 {NULL, NULL, NULL, 0, CONNECT, "echo.example", UNTOLD, .via_asn = BRAVO, OUTSIDE},
		 "C14 medium echo/-/echo - saas third-country by host via bravo asn review"},
		{"of the same one",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .via_asn = BRAVO,
		  OUTSIDE},
		 "C14 medium bravo/-/bravo vault backup eu-sovereign by host via bravo asn"},
		{"a name that is not in the catalogue: it is all that is known",
		 {NULL, NULL, NULL, 0, CONNECT, "www.phares.example", UNTOLD, .via_asn = ALPHA,
		  OUTSIDE},
		 "C14 medium alpha/-/- - - us-direct via alpha asn"},
		{"in an AS with machines of others too",
		 {NULL, NULL, NULL, 0, CONNECT, "www.phares.example", UNTOLD, .via_asn = NOVEMBER,
		  OUTSIDE},
		 "C14 low november/-/- - - eu-sovereign via november asn"},
		{"a listed one asked there",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .via_asn = NOVEMBER,
		  OUTSIDE},
		 "C14 low bravo/-/bravo vault backup eu-sovereign by host via november asn "
		 "review"},
		{"neither is known",
		 {NULL, NULL, NULL, 0, CONNECT, "www.phares.example", UNTOLD, OUTSIDE},
		 "C13 low -/-/- - - unknown via outside"},
		{"a tenancy's name is not confirmed by a stranger",
		 {NULL, NULL, NULL, 0, CONNECT, "app.tenant.example", UNTOLD, OUTSIDE},
		 "C13 low -/-/- - - unknown via outside"},
		{"of one whose class is not known",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .via_asn = FOXTROT,
		  OUTSIDE},
		 "C14 medium bravo/-/bravo vault backup unknown by host via foxtrot asn review"},
		{"whose record is old",
		 {NULL, NULL, NULL, 0, CONNECT, "vault.bravo.example", UNTOLD, .via_asn = LIMA,
		  OUTSIDE},
		 "C14 medium bravo/-/bravo vault backup eu-sovereign by host via lima asn review"},
	};
	check(rows, COUNT(rows));
}

static void
an_address_asked_for_is_the_far_end(void)
{
	static const struct row rows[] = {
		{"of a proxy inside",
		 {"alpha", "STORE", "eu-west-3", ALPHA, NO_NAME, NULL, UNTOLD, .via = VIA_INSIDE},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix asn in "
		 "eu-west-3 FR via inside"},
		{"of a proxy outside",
		 {"bravo", "VAULT", NULL, 0, NO_NAME, NULL, UNTOLD, .via_asn = ALPHA,
		  .via = VIA_OUTSIDE},
		 "C3 medium bravo/bravo/- vault backup us-direct by prefix via alpha asn "
		 "review"},
		{"with a name, which agrees",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD, .via = VIA_INSIDE},
		 "C2 medium bravo/bravo/bravo vault backup eu-sovereign by asn dns sni via inside"},
		{"or not",
		 {NULL, NULL, NULL, ALPHA, SNI, "vault.bravo.example", UNTOLD, .via = VIA_INSIDE},
		 "C8 low alpha/alpha/bravo - - us-direct by asn not sni as name-address-mismatch "
		 "above via inside"},
		{"in a tenancy, by way of one's own proxy",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5",
		  .via = VIA_INSIDE},
		 "C1 medium bravo/bravo/bravo trusted compute eu-qualified by tenancy tenancy "
		 "by-cidr qualified 2028-01-31 via inside"},
		{"by way of a stranger's, which spoils it",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5",
		  .via = VIA_OUTSIDE},
		 "C1 low bravo/bravo/bravo trusted compute unknown by tenancy tenancy by-cidr "
		 "via outside"},
		{"by way of one of the EU",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5",
		  .via_asn = BRAVO, .via = VIA_OUTSIDE},
		 "C1 medium bravo/bravo/bravo trusted compute eu-sovereign by tenancy tenancy "
		 "by-cidr via bravo asn"},
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
		CASE(a_proxy_inside_goes_where_the_name_does),
		CASE(a_proxy_outside_may_hold_the_data_too),
		CASE(an_address_asked_for_is_the_far_end),
	};
	return attribution_rows_run("attribution_proxy",
				    "policy: {version: 1, name: rows, time_zone: UTC}\n"
				    "tenancies:\n"
				    "  - {id: by-name, operator: bravo, service: trusted,"
				    " match: {name: [tenant.example]}, owner: DSI}\n"
				    "  - {id: by-cidr, operator: bravo, service: trusted,"
				    " match: {cidr: [203.0.113.0/28]}, owner: DSI}\n",
				    cases, COUNT(cases));
}
