/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy/attribution_rows.h"
#include "tests/unit/unit.h"

static const struct catalogue *catalogue;

static void
c2_address_and_name_of_one_operator(void)
{
	static const struct row rows[] = {
		{"list and sni",
		 {"alpha", "STORE", "eu-west-3", ALPHA, SNI, "store.eu-west-3.alpha.example", true},
		 {"alpha", "alpha", "alpha", "store", "object-storage", "us-direct",
		  "prefix asn dns sni", "eu-west-3 FR"}},
		{"asn and host without dns",
		 {NULL, NULL, NULL, BRAVO, HOST, "vault.bravo.example", false},
		 {"bravo", "bravo", "bravo", "vault", "backup", "eu-sovereign", "asn host", ""}},
		{"the tag tells the service where the name does not",
		 {"alpha", "STORE", "us-east-1", 0, SNI, "www.alpha.example", false},
		 {"alpha", "alpha", "alpha", "store", "object-storage", "us-direct", "prefix sni",
		  "us-east-1 US"}},
		{"the name's service goes before the tag's",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "vault.bravo.example", false},
		 {"bravo", "bravo", "bravo", "vault", "backup", "eu-sovereign", "prefix sni", ""}},
		{"the address of the operator's own front is no static file",
		 {"alpha", "EDGE", NULL, ALPHA, SNI, "www.alpha.example", true},
		 {"alpha", "alpha", "alpha", "edge", "web-generic", "us-direct",
		  "prefix asn dns sni", ""}},
		{"but the front's own name is",
		 {"alpha", "EDGE", NULL, 0, SNI, "d1.edge.alpha.example", false},
		 {"alpha", "alpha", "alpha", "edge", "cdn-static", "us-direct", "prefix sni", ""}},
		{"connect counts as host, and quic as sni",
		 {NULL, NULL, NULL, ECHO, NAME_SOURCE_HTTP_CONNECT, "echo.example", false},
		 {"echo", "echo", "echo", "", "saas", "third-country", "asn host", ""}},
		{"quic",
		 {NULL, NULL, NULL, ECHO, NAME_SOURCE_QUIC_SNI, "echo.example", false},
		 {"echo", "echo", "echo", "", "saas", "third-country", "asn sni", ""}},
		{"named by dns alone",
		 {NULL, NULL, NULL, HOTEL, DNS, "mail.hotel.example", false},
		 {"hotel", "hotel", "hotel", "", "office-suite", "us-technology-eu-controlled",
		  "asn dns", ""}},
		{"no operator of a group makes the other less exposed",
		 {NULL, NULL, NULL, ALPHA, SNI, "alpha-eu.example", false},
		 {"alpha-eu", "alpha", "alpha-eu", "", "web-generic", "us-direct", "asn sni", ""}},
		{"nor the other way round",
		 {NULL, NULL, NULL, ALPHA_EU, SNI, "www.alpha.example", false},
		 {"alpha", "alpha-eu", "alpha", "", "web-generic", "us-direct", "asn sni", ""}},
	};
	check(rows, COUNT(rows));
}

static void
c3_c4_the_address_alone(void)
{
	static const struct row rows[] = {
		{"list, no name",
		 {"alpha", "STORE", "eu-west-3", STRANGER, NO_NAME, NULL, false},
		 {"alpha", "alpha", "", "store", "object-storage", "us-direct", "prefix",
		  "eu-west-3 FR"}},
		{"list whose tag means nothing to us",
		 {"alpha", "NEWEST", "eu-west-3", ALPHA, NO_NAME, NULL, false},
		 {"alpha", "alpha", "", "", "", "us-direct", "prefix asn", "eu-west-3 FR"}},
		{"list, unlisted name",
		 {"bravo", "VAULT", NULL, 0, SNI, "www.phares.example", true},
		 {"bravo", "bravo", "", "vault", "backup", "eu-sovereign", "prefix", ""}},
		{"asn, no name",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}},
		{"asn, unlisted name",
		 {NULL, NULL, NULL, ECHO, HOST, "www.phares.example", false},
		 {"echo", "echo", "", "", "", "third-country", "asn", ""}},
		{"an AS with an exposure of its own",
		 {NULL, NULL, NULL, BRAVO_US, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "", "", "us-direct", "asn", ""}},
		{"a list's tag with an exposure of its own",
		 {"bravo", "AMERICA", NULL, BRAVO, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "america", "compute", "us-direct", "prefix asn", ""}},
		{"the front's address without a name",
		 {"alpha", "EDGE", NULL, 0, NO_NAME, NULL, false},
		 {"alpha", "alpha", "", "edge", "web-generic", "us-direct", "prefix", ""}},
	};
	check(rows, COUNT(rows));
}

static void
c5_c6_the_name_alone(void)
{
	static const struct row rows[] = {
		{"seen by dns: the operator's own class",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", true},
		 {"bravo", "", "bravo", "vault", "backup", "eu-sovereign", "dns sni", ""}},
		{"only claimed: no better than unknown",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", false},
		 {"bravo", "", "bravo", "vault", "backup", "unknown", "sni", ""}},
		{"a claim of licensed technology",
		 {NULL, NULL, NULL, 0, HOST, "hotel.example", false},
		 {"hotel", "", "hotel", "", "office-suite", "unknown", "host", ""}},
		{"a claim that raises the class counts",
		 {NULL, NULL, NULL, 0, SNI, "store.eu-west-3.alpha.example", false},
		 {"alpha", "", "alpha", "store", "object-storage", "us-direct", "sni",
		  "eu-west-3 FR"}},
		{"as does one of a third country",
		 {NULL, NULL, NULL, STRANGER, HOST, "echo.example", false},
		 {"echo", "", "echo", "", "saas", "third-country", "host", ""}},
		{"a region nobody knows is no region",
		 {NULL, NULL, NULL, 0, SNI, "store.moon-1.alpha.example", false},
		 {"alpha", "", "alpha", "store", "object-storage", "us-direct", "sni", ""}},
	};
	check(rows, COUNT(rows));
}

static void
c7_a_name_in_front_of_a_delivery_network(void)
{
	static const struct row rows[] = {
		{"unlisted name: the front's class counts",
		 {"charlie", NULL, NULL, CHARLIE, SNI, "paie.phares.example", true},
		 {"charlie", "charlie", "", "", "web-generic", "us-direct", "prefix asn", ""}},
		{"by asn alone",
		 {NULL, NULL, NULL, CHARLIE, SNI, "paie.phares.example", false},
		 {"charlie", "charlie", "", "", "web-generic", "us-direct", "asn", ""}},
		{"listed name: its operator is shown, the front's class stays",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", true},
		 {"bravo", "charlie", "bravo", "vault", "backup", "us-direct", "asn dns sni", ""}},
		{"listed name without dns",
		 {NULL, NULL, NULL, CHARLIE, HOST, "vault.bravo.example", false},
		 {"bravo", "charlie", "bravo", "vault", "backup", "us-direct", "asn host", ""}},
		{"a front that is a service of its operator",
		 {"alpha", "EDGE", NULL, ALPHA, SNI, "mail.hotel.example", false},
		 {"hotel", "alpha", "hotel", "", "office-suite", "us-direct", "prefix asn sni",
		  ""}},
	};
	check(rows, COUNT(rows));
}

static void
c8_a_name_never_lowers_the_class_of_the_address(void)
{
	static const struct row rows[] = {
		{"European name on an American address",
		 {"alpha", "STORE", "us-east-1", ALPHA, SNI, "vault.bravo.example", false},
		 {"alpha", "alpha", "bravo", "store", "object-storage", "us-direct", "prefix asn",
		  "us-east-1 US"}},
		{"American name on a European address raises it",
		 {NULL, NULL, NULL, BRAVO, SNI, "www.alpha.example", false},
		 {"bravo", "bravo", "alpha", "", "", "us-direct", "asn", ""}},
		{"third country",
		 {NULL, NULL, NULL, ECHO, SNI, "vault.bravo.example", false},
		 {"echo", "echo", "bravo", "", "", "third-country", "asn", ""}},
		{"control of the address is not known: a claim does not make it better",
		 {NULL, NULL, NULL, FOXTROT, SNI, "vault.bravo.example", false},
		 {"foxtrot", "foxtrot", "bravo", "", "", "unknown", "asn", ""}},
		{"but may make it worse",
		 {NULL, NULL, NULL, FOXTROT, SNI, "echo.example", false},
		 {"foxtrot", "foxtrot", "echo", "", "", "third-country", "asn", ""}},
		{"a name of the same operator on its American AS",
		 {NULL, NULL, NULL, BRAVO_US, SNI, "vault.bravo.example", true},
		 {"bravo", "bravo", "bravo", "vault", "backup", "us-direct", "asn dns sni", ""}},
		{"on its American prefix, a name that tells only the operator",
		 {"bravo", "AMERICA", NULL, 0, SNI, "www.bravo.example", true},
		 {"bravo", "bravo", "bravo", "america", "compute", "us-direct", "prefix dns sni",
		  ""}},
		{"on its American prefix, a name of another service",
		 {"bravo", "AMERICA", NULL, 0, SNI, "vault.bravo.example", true},
		 {"bravo", "bravo", "bravo", "vault", "backup", "us-direct", "prefix dns sni", ""}},
		{"in its list, announced by its American AS",
		 {"bravo", "VAULT", NULL, BRAVO_US, SNI, "vault.bravo.example", true},
		 {"bravo", "bravo", "bravo", "vault", "backup", "us-direct", "prefix asn dns sni",
		  ""}},
	};
	check(rows, COUNT(rows));
}

static void
c10_a_published_list_goes_before_the_as(void)
{
	static const struct row rows[] = {
		{"list of one, AS of another operator",
		 {"bravo", "VAULT", NULL, ALPHA, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "vault", "backup", "eu-sovereign", "prefix", ""}},
		{"a list that nobody claims leaves it to the AS",
		 {"unheard-of", "X", "eu-west-3", BRAVO, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}},
		{"an AS of the group confirms",
		 {"alpha", "STORE", NULL, ALPHA_EU, NO_NAME, NULL, false},
		 {"alpha", "alpha", "", "store", "object-storage", "us-direct", "prefix asn", ""}},
	};
	check(rows, COUNT(rows));
}

static void
c12_a_service_on_anothers_addresses(void)
{
	static const struct row rows[] = {
		{"the catalogue says so",
		 {"alpha", NULL, "eu-west-3", ALPHA, SNI, "files.delta.example", false},
		 {"delta", "alpha", "delta", "", "file-sharing", "us-direct", "prefix asn sni",
		  "eu-west-3 FR"}},
		{"only dns links them",
		 {NULL, NULL, NULL, BRAVO, SNI, "files.delta.example", true},
		 {"delta", "bravo", "delta", "", "file-sharing", "eu-sovereign", "asn dns sni",
		  ""}},
		{"named by dns",
		 {NULL, NULL, NULL, ECHO, DNS, "files.delta.example", false},
		 {"delta", "echo", "delta", "", "file-sharing", "third-country", "asn dns", ""}},
		{"an American service on European addresses",
		 {NULL, NULL, NULL, BRAVO, SNI, "store.us-east-1.alpha.example", true},
		 {"alpha", "bravo", "alpha", "store", "object-storage", "us-direct", "asn dns sni",
		  ""}},
		{"control of the host is not known: the service's class is what is known",
		 {NULL, NULL, NULL, FOXTROT, SNI, "files.delta.example", true},
		 {"delta", "foxtrot", "delta", "", "file-sharing", "eu-sovereign", "asn dns sni",
		  ""}},
	};
	check(rows, COUNT(rows));
}

static void
the_hosts_of_a_service_decide_where_nothing_is_known_of_the_address(void)
{
	static const struct {
		struct row row;
		const char *likely_host;
	} rows[] = {
		{{"a claim",
		  {NULL, NULL, NULL, 0, SNI, "files.delta.example", false},
		  {"delta", "", "delta", "", "file-sharing", "us-direct", "sni", ""}},
		 "alpha"},
		{{"seen by dns",
		  {NULL, NULL, NULL, 0, SNI, "files.delta.example", true},
		  {"delta", "", "delta", "", "file-sharing", "us-direct", "dns sni", ""}},
		 "alpha"},
		{{"the most exposed of several",
		  {NULL, NULL, NULL, 0, DNS, "india.example", false},
		  {"india", "", "india", "", "file-sharing", "third-country", "dns", ""}},
		 "echo"},
		{{"European hosts do not make a claim better",
		  {NULL, NULL, NULL, 0, SNI, "juliett.example", false},
		  {"juliett", "", "juliett", "", "file-sharing", "unknown", "sni", ""}},
		 "bravo"},
		{{"nor do they spoil what dns confirms",
		  {NULL, NULL, NULL, 0, SNI, "juliett.example", true},
		  {"juliett", "", "juliett", "", "file-sharing", "eu-sovereign", "dns sni", ""}},
		 "bravo"},
		{{"an address in a network that is none of theirs",
		  {NULL, NULL, NULL, STRANGER, SNI, "files.delta.example", true},
		  {"delta", "", "delta", "", "file-sharing", "eu-sovereign", "dns sni", ""}},
		 ""},
		{{"an address in a list that is none of theirs",
		  {"unheard-of", NULL, NULL, 0, SNI, "files.delta.example", true},
		  {"delta", "", "delta", "", "file-sharing", "eu-sovereign", "dns sni", ""}},
		 ""},
		{{"an address whose operator is known",
		  {NULL, NULL, NULL, BRAVO, SNI, "files.delta.example", true},
		  {"delta", "bravo", "delta", "", "file-sharing", "eu-sovereign", "asn dns sni",
		   ""}},
		 ""},
		{{"a service on no one's addresses",
		  {NULL, NULL, NULL, 0, SNI, "vault.bravo.example", true},
		  {"bravo", "", "bravo", "vault", "backup", "eu-sovereign", "dns sni", ""}},
		 ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct attribution a = decide(&rows[i].row.end, "");
		check_row(&rows[i].row, "");
		CU_ASSERT_STRING_EQUAL(operator_id(a.likely_host), rows[i].likely_host);
	}
}

static void
another_company_of_the_group_may_run_an_ass_addresses_in_a_country(void)
{
	static const struct {
		const char *country;
		struct row row;
	} rows[] = {
		{"US",
		 {"in the US",
		  {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, false},
		  {"bravo", "bravo", "", "", "", "us-direct", "asn", ""}}},
		{"CA",
		 {"in Canada",
		  {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, false},
		  {"bravo", "bravo", "", "", "", "third-country", "asn", ""}}},
		{"FR",
		 {"anywhere else",
		  {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, false},
		  {"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}}},
		{"",
		 {"nobody knows where",
		  {NULL, NULL, NULL, BRAVO_BOTH, NO_NAME, NULL, false},
		  {"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}}},
		{"US",
		 {"the place alone changes nothing",
		  {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, false},
		  {"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}}},
		{"US",
		 {"no name of the operator lowers it",
		  {NULL, NULL, NULL, BRAVO_BOTH, SNI, "vault.bravo.example", true},
		  {"bravo", "bravo", "bravo", "vault", "backup", "us-direct", "asn dns sni", ""}}},
		{"US",
		 {"nor does its list",
		  {"bravo", "VAULT", NULL, BRAVO_BOTH, SNI, "vault.bravo.example", true},
		  {"bravo", "bravo", "bravo", "vault", "backup", "us-direct", "prefix asn dns sni",
		   ""}}},
		{"FR",
		 {"its list elsewhere",
		  {"bravo", "VAULT", NULL, BRAVO_BOTH, SNI, "vault.bravo.example", true},
		  {"bravo", "bravo", "bravo", "vault", "backup", "eu-sovereign",
		   "prefix asn dns sni", ""}}},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		check_row(&rows[i].row, rows[i].country);
}

static void
access_and_transit_networks_tell_no_operator(void)
{
	static const struct row rows[] = {
		{"a subscriber's line",
		 {NULL, NULL, NULL, BRAVO_LINES, NO_NAME, NULL, false},
		 {.exposure = "unknown"}},
		{"a backbone, whatever its class",
		 {NULL, NULL, NULL, BRAVO_TRANSIT, SNI, "www.phares.example", true},
		 {.exposure = "unknown"}},
		{"a name there is only claimed",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "vault.bravo.example", false},
		 {"bravo", "", "bravo", "vault", "backup", "unknown", "sni", ""}},
		{"unless dns confirms it",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "vault.bravo.example", true},
		 {"bravo", "", "bravo", "vault", "backup", "eu-sovereign", "dns sni", ""}},
		{"a published list needs no AS",
		 {"bravo", "VAULT", NULL, BRAVO_TRANSIT, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "vault", "backup", "eu-sovereign", "prefix", ""}},
		{"an address there is known: it is none of the hosts'",
		 {NULL, NULL, NULL, BRAVO_LINES, SNI, "files.delta.example", true},
		 {"delta", "", "delta", "", "file-sharing", "eu-sovereign", "dns sni", ""}},
	};
	check(rows, COUNT(rows));
}

static void
c13_nothing_known(void)
{
	static const struct row rows[] = {
		{"nothing at all", {0}, {.exposure = "unknown"}},
		{"an AS that nobody claims",
		 {NULL, NULL, NULL, STRANGER, NO_NAME, NULL, false},
		 {.exposure = "unknown"}},
		{"an unlisted name, even linked by dns",
		 {NULL, NULL, NULL, STRANGER, SNI, "www.phares.example", true},
		 {.exposure = "unknown"}},
		{"an empty name", {NULL, NULL, NULL, 0, SNI, "", false}, {.exposure = "unknown"}},
	};
	check(rows, COUNT(rows));
}

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
	};
	for (size_t i = 0; i < COUNT(names); i++) {
		struct row row = {names[i],
				  {NULL, NULL, NULL, ECHO, SNI, names[i], false},
				  {"echo", "echo", "", "", "", "third-country", "asn", ""}};
		check(&row, 1);
	}
}

static void
an_address_is_no_name(void)
{
	static const char *const names[] = {"192.0.2.1", "2001:db8::1", "198.51.100.255"};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct row row = {
			names[i],
			{NULL, NULL, NULL, BRAVO, i % 2 == 0 ? SNI : HOST, names[i], true},
			{"bravo", "bravo", "", "", "", "eu-sovereign", "asn", ""}};
		check(&row, 1);
	}
}

static void
a_qualified_class_takes_more_than_a_claim(void)
{
	static const struct row rows[] = {
		{"asn and sni are not enough",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", false},
		 {"bravo", "bravo", "bravo", "trusted", "compute", "eu-sovereign", "asn sni", ""}},
		{"with a dns answer they are",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", true},
		 {"bravo", "bravo", "bravo", "trusted", "compute", "eu-qualified", "asn dns sni",
		  ""}},
		{"or with a prefix of the service",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "trusted.bravo.example", false},
		 {"bravo", "bravo", "bravo", "trusted", "compute", "eu-qualified", "prefix sni",
		  ""}},
		{"a prefix of another service is not enough",
		 {"bravo", "VAULT", NULL, 0, SNI, "trusted.bravo.example", false},
		 {"bravo", "bravo", "bravo", "trusted", "compute", "eu-sovereign", "prefix sni",
		  ""}},
		{"the prefix of the service alone is",
		 {"bravo", "TRUSTED", NULL, 0, NO_NAME, NULL, false},
		 {"bravo", "bravo", "", "trusted", "compute", "eu-qualified", "prefix", ""}},
		{"the prefix with another service's name is not",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "vault.bravo.example", true},
		 {"bravo", "bravo", "bravo", "vault", "backup", "eu-sovereign", "prefix dns sni",
		  ""}},
		{"an unknown address has the operator's class even with dns",
		 {NULL, NULL, NULL, STRANGER, SNI, "trusted.bravo.example", true},
		 {"bravo", "", "bravo", "trusted", "compute", "eu-sovereign", "dns sni", ""}},
		{"on another operator's address too",
		 {NULL, NULL, NULL, HOTEL, SNI, "trusted.bravo.example", true},
		 {"bravo", "hotel", "bravo", "trusted", "compute", "us-technology-eu-controlled",
		  "asn dns sni", ""}},
	};
	check(rows, COUNT(rows));
}

static void
the_lists_region_goes_before_the_names_and_global_is_no_place(void)
{
	static const struct row rows[] = {
		{"they differ",
		 {"alpha", "STORE", "us-east-1", 0, SNI, "store.eu-west-3.alpha.example", false},
		 {"alpha", "alpha", "alpha", "store", "object-storage", "us-direct", "prefix sni",
		  "us-east-1 US"}},
		{"global leaves it to the name",
		 {"alpha", "STORE", "GLOBAL", 0, SNI, "store.eu-west-3.alpha.example", false},
		 {"alpha", "alpha", "alpha", "store", "object-storage", "us-direct", "prefix sni",
		  "eu-west-3 FR"}},
		{"global alone",
		 {"alpha", "STORE", "GLOBAL", 0, NO_NAME, NULL, false},
		 {"alpha", "alpha", "", "store", "object-storage", "us-direct", "prefix", ""}},
		{"a code that nobody knows, longer than any",
		 {"alpha", "STORE", "somewhere-beyond-the-sea-and-further-on", 0, NO_NAME, NULL,
		  false},
		 {"alpha", "alpha", "", "store", "object-storage", "us-direct", "prefix", ""}},
		{"a claimed name does not place another operator's address",
		 {NULL, NULL, NULL, BRAVO, SNI, "store.eu-west-3.alpha.example", false},
		 {"bravo", "bravo", "alpha", "", "", "us-direct", "asn", ""}},
	};
	check(rows, COUNT(rows));
}

static void
a_retired_operator_is_still_found(void)
{
	static const struct row rows[] = {
		{"by name and dns",
		 {NULL, NULL, NULL, 0, SNI, "www.golf.example", true},
		 {"golf", "", "golf", "", "compute", "eu-sovereign", "dns sni", ""}},
		{"by its AS",
		 {NULL, NULL, NULL, GOLF, NO_NAME, NULL, false},
		 {"golf", "golf", "", "", "", "eu-sovereign", "asn", ""}},
	};
	check(rows, COUNT(rows));
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "golf")->retired);
}

static void
every_piece_of_evidence_has_its_word(void)
{
	static const char *const words[] = {"prefix", "asn", "dns", "sni", "host"};

	for (unsigned i = 0; i < EVIDENCE_COUNT; i++)
		CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)(1u << i)), words[i]);
	CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)0), "");
	CU_ASSERT_STRING_EQUAL(evidence_text((enum evidence)(1u << EVIDENCE_COUNT)), "");
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
		CASE(c3_c4_the_address_alone),
		CASE(c5_c6_the_name_alone),
		CASE(c7_a_name_in_front_of_a_delivery_network),
		CASE(c8_a_name_never_lowers_the_class_of_the_address),
		CASE(c10_a_published_list_goes_before_the_as),
		CASE(c12_a_service_on_anothers_addresses),
		CASE(the_hosts_of_a_service_decide_where_nothing_is_known_of_the_address),
		CASE(another_company_of_the_group_may_run_an_ass_addresses_in_a_country),
		CASE(access_and_transit_networks_tell_no_operator),
		CASE(c13_nothing_known),
		CASE(look_alikes_are_other_names),
		CASE(an_address_is_no_name),
		CASE(a_qualified_class_takes_more_than_a_claim),
		CASE(the_lists_region_goes_before_the_names_and_global_is_no_place),
		CASE(a_retired_operator_is_still_found),
		CASE(every_piece_of_evidence_has_its_word),
	};
	catalogue = attribution_rows_open();
	if (catalogue == NULL)
		return EXIT_FAILURE;
	int status = unit_run("attribution", cases, COUNT(cases));
	attribution_rows_close();
	return status;
}
