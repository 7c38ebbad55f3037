/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC}\n"
	"tenancies:\n"
	"  - {id: bravo-snc, operator: bravo, service: snc, owner: DSI,\n"
	"     match: {cidr: [203.0.113.0/28], name: [bravo-tenant.example]}}\n"
	"  - {id: bravo-vault, operator: bravo, service: vault, match: {cidr: [203.0.113.32/28]}}\n"
	"  - {id: own, operator: bravo, service: state, match: {cidr: [203.0.113.34, "
	"203.0.113.40/29]}}\n"
	"  - {id: bravo-former, operator: bravo, service: former, match: {cidr: "
	"[203.0.113.48/28]}}\n"
	"  - {id: bravo-regional, operator: bravo, service: regional, match: {cidr: "
	"[203.0.113.64/28]}}\n"
	"  - {id: bravo-whole, operator: bravo, service: whole, match: {cidr: "
	"[203.0.113.80/29]}}\n"
	"services:\n"
	"  - {id: snc, operator: bravo, kind: backup, regions: [FR], checked_on: 2027-01-01,\n"
	"     qualifications: [{scheme: SecNumCloud, version: \"3.2\", valid_from: 2025-02-01,\n"
	"                       valid_to: 2028-01-31, source: test}],\n"
	"     hds: {valid_to: 2027-12-31}}\n"
	"  - {id: state, operator: bravo, kind: compute, exposure: state-internal,\n"
	"     name_patterns: [state.example], prefixes: [203.0.113.90]}\n"
	"  - {id: branch, operator: alpha, kind: compute, prefixes: [203.0.113.9]}\n"
	"  - {id: regional, operator: bravo, kind: backup, regions: [gra, rbx], checked_on: "
	"2027-01-01,\n"
	"     qualifications: [{scheme: SecNumCloud, version: \"3.2\", valid_from: 2025-02-01,\n"
	"                       valid_to: 2028-01-31, regions: [gra], source: test}],\n"
	"     hds: {valid_to: 2027-12-31, regions: [gra]}}\n"
	"  - {id: whole, operator: bravo, kind: backup, regions: [gra, FR], checked_on: "
	"2027-01-01,\n"
	"     hds: {valid_to: 2027-12-31}}\n";

static void
a_tenancy_by_address_decides(void)
{
	static const struct row rows[] = {
		{"alone",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy in FR FR tenancy "
		 "bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"with list and AS of its operator",
		 {"bravo", "VAULT", "gra", BRAVO, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy prefix asn in gra "
		 "FR tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"with a name of its operator",
		 {NULL, NULL, NULL, 0, SNI, "www.bravo.example", TOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy dns sni in FR FR "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"a foreign name is only shown",
		 {NULL, NULL, NULL, 0, SNI, "www.alpha.example", TOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not sni in FR FR "
		 "named alpha tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"in a Host too",
		 {NULL, NULL, NULL, 0, HOST, "echo.example", UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not host in FR FR "
		 "named echo tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"one that dns tells",
		 {NULL, NULL, NULL, 0, DNS, "echo.example", TOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not dns in FR FR "
		 "named echo tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"name and AS of another operator",
		 {NULL, NULL, NULL, ALPHA, SNI, "www.alpha.example", UNTOLD,
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not asn sni in FR "
		 "FR asn alpha named alpha tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"an unlisted one too",
		 {NULL, NULL, NULL, 0, SNI, "nas.phares.example", UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy in FR FR tenancy "
		 "bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"so is a hidden one",
		 {NULL, NULL, NULL, 0, SNI, "ech.charlie.example", UNTOLD, .ech = true,
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy in FR FR as ech "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"announced by another's AS",
		 {NULL, NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not asn in FR FR "
		 "asn alpha tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"in its operator's list, announced by another's AS",
		 {"bravo", NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy prefix not asn in "
		 "FR FR asn alpha tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"a prefix that a service of another operator has to itself",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.9"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy not prefix in FR FR "
		 "asn alpha tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"what the address says of itself stays",
		 {NULL, NULL, NULL, BRAVO_US, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup us-direct by tenancy asn in FR FR tenancy "
		 "bravo-snc hds 2027-12-31"},
		{"a service of the catalogue",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.33"},
		 "C1 high bravo/bravo/bravo vault backup eu-sovereign by tenancy tenancy "
		 "bravo-vault"},
		{"the longer of two prefixes",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.34"},
		 "C1 high bravo/bravo/bravo state compute state-internal by tenancy tenancy own"},
		{"behind the prefix",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.16"},
		 "C13 low -/-/- - - unknown"},
	};
	check(rows, COUNT(rows));
}

static void
a_published_prefix_of_another_operator_wins(void)
{
	static const struct row rows[] = {
		{"and the tenancy is told",
		 {"alpha", "STORE", "eu-west-3", 0, NO_NAME, NULL, UNTOLD,
		  .address = "203.0.113.5"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix in eu-west-3 FR "
		 "refused bravo-snc"},
		{"by name it is told as well",
		 {"alpha", "STORE", "eu-west-3", 0, SNI, "nas.bravo-tenant.example", TOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix in eu-west-3 FR "
		 "refused bravo-snc"},
		{"also where the name is only claimed",
		 {"alpha", "STORE", NULL, 0, HOST, "nas.bravo-tenant.example", UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix refused "
		 "bravo-snc"},
		{"an AS alone wins in silence",
		 {NULL, NULL, NULL, ALPHA, SNI, "nas.bravo-tenant.example", TOLD},
		 "C4 medium alpha/alpha/- - - us-direct by asn"},
		{"whatever the name",
		 {"alpha", "STORE", NULL, 0, SNI, "nas.bravo-tenant.example", TOLD,
		  .address = "203.0.113.5"},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix refused "
		 "bravo-snc"},
		{"a list that nobody claims does not",
		 {"unheard-of", NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy in FR FR tenancy "
		 "bravo-snc qualified 2028-01-31 hds 2027-12-31"},
	};
	check(rows, COUNT(rows));
}

static void
a_tenancy_by_name_needs_an_address_of_its_operator(void)
{
	static const struct row rows[] = {
		{"by asn",
		 {NULL, NULL, NULL, BRAVO, SNI, "nas.bravo-tenant.example", UNTOLD},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy asn sni in FR FR "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"by prefix",
		 {"bravo", "VAULT", NULL, 0, HOST, "bravo-tenant.example", UNTOLD},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy prefix host in FR "
		 "FR tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"or an unknown one with dns",
		 {NULL, NULL, NULL, STRANGER, SNI, "nas.bravo-tenant.example", TOLD},
		 "C1 high bravo/-/bravo snc backup eu-qualified by tenancy dns sni in FR FR "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"of a shared resolver",
		 {NULL, NULL, NULL, STRANGER, SNI, "nas.bravo-tenant.example", TOLD_SHARED},
		 "C1 high bravo/-/bravo snc backup eu-qualified by tenancy dns-shared sni in FR FR "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"not an unknown one without",
		 {NULL, NULL, NULL, STRANGER, SNI, "nas.bravo-tenant.example", UNTOLD},
		 "C13 low -/-/- - - unknown"},
		{"not another's, even with dns",
		 {NULL, NULL, NULL, ALPHA, SNI, "nas.bravo-tenant.example", TOLD},
		 "C4 medium alpha/alpha/- - - us-direct by asn"},
		{"not a look-alike",
		 {NULL, NULL, NULL, BRAVO, SNI, "nas.bravo-tenant.example.evil.example", TOLD},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"nor one that ends alike",
		 {NULL, NULL, NULL, BRAVO, SNI, "notbravo-tenant.example", TOLD},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
	};
	check(rows, COUNT(rows));
}

static void
ones_own_infrastructure_takes_a_tenancy(void)
{
	static const struct row rows[] = {
		{"declared",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.40"},
		 "C1 high bravo/bravo/bravo state compute state-internal by tenancy tenancy own"},
		{"a name of the service is not enough",
		 {NULL, NULL, NULL, BRAVO, SNI, "state.example", TOLD},
		 "C2 high bravo/bravo/bravo state compute eu-sovereign by asn dns sni"},
		{"nor is a prefix of it",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .address = "203.0.113.90"},
		 "C3 medium bravo/bravo/- state compute eu-sovereign by prefix asn"},
		{"an old record is not relied on",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.40",
		  .date = "2027-12-07"},
		 "C1 high bravo/bravo/bravo state compute unknown by tenancy as stale-record "
		 "tenancy own"},
	};
	check(rows, COUNT(rows));
}

static void
the_qualification_of_a_tenancy_has_days_too(void)
{
	static const struct row rows[] = {
		{"the last one",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2028-01-31",
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy in FR FR tenancy "
		 "bravo-snc qualified 2028-01-31"},
		{"the day behind it, by an old record of the operator",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2028-02-01",
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup unknown by tenancy in FR FR as stale-record "
		 "tenancy bravo-snc ended 2028-01-31"},
		{"before the first one",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2025-01-31",
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-sovereign by tenancy in FR FR tenancy "
		 "bravo-snc hds 2027-12-31"},
		{"ended",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.49"},
		 "C1 high bravo/bravo/bravo former compute us-technology-eu-controlled by tenancy "
		 "tenancy bravo-former ended 2026-11-30"},
	};
	check(rows, COUNT(rows));
}

static void
the_lists_region_goes_before_the_declared_one(void)
{
	static const struct row rows[] = {
		{"the list says nothing of it",
		 {"bravo", NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy prefix in FR FR "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"another country than the only one",
		 {"bravo", NULL, "bhs", BRAVO, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-sovereign by tenancy prefix asn in bhs "
		 "CA "
		 "tenancy bravo-snc elsewhere"},
		{"of a tenancy by name as well",
		 {"bravo", NULL, "bhs", 0, SNI, "nas.bravo-tenant.example", UNTOLD},
		 "C1 high bravo/bravo/bravo snc backup eu-sovereign by tenancy prefix sni in bhs "
		 "CA "
		 "tenancy bravo-snc elsewhere"},
		{"a region that nobody places is none that contradicts a country",
		 {"bravo", NULL, "moon", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-qualified by tenancy prefix in moon - "
		 "tenancy bravo-snc qualified 2028-01-31 hds 2027-12-31"},
		{"a list that tells another country alone does",
		 {"bravo", NULL, "CA", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo snc backup eu-sovereign by tenancy prefix in CA - "
		 "tenancy bravo-snc elsewhere"},
		{"the region of the records",
		 {"bravo", NULL, "gra", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C1 high bravo/bravo/bravo regional backup eu-qualified by tenancy prefix in gra "
		 "FR tenancy bravo-regional qualified 2028-01-31 hds 2027-12-31"},
		{"a region of the service, not of its records",
		 {"bravo", NULL, "rbx", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C1 high bravo/bravo/bravo regional backup eu-sovereign by tenancy prefix in rbx "
		 "- tenancy bravo-regional"},
		{"neither",
		 {"bravo", NULL, "bhs", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C1 high bravo/bravo/bravo regional backup eu-sovereign by tenancy prefix in bhs "
		 "CA tenancy bravo-regional elsewhere"},
		{"a list that tells the country alone contradicts no region in it",
		 {"bravo", NULL, "CA", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.65"},
		 "C1 high bravo/bravo/bravo regional backup eu-sovereign by tenancy prefix in CA - "
		 "tenancy bravo-regional"},
		{"records without regions hold in all those of the service",
		 {"bravo", NULL, "gra", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.81"},
		 "C1 high bravo/bravo/bravo whole backup eu-sovereign by tenancy prefix in gra FR "
		 "tenancy bravo-whole hds 2027-12-31"},
		{"and not elsewhere",
		 {"bravo", NULL, "bhs", 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.81"},
		 "C1 high bravo/bravo/bravo whole backup eu-sovereign by tenancy prefix in bhs CA "
		 "tenancy bravo-whole elsewhere"},
		{"wherever it is, where nothing tells the region",
		 {"bravo", NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.81"},
		 "C1 high bravo/bravo/bravo whole backup eu-sovereign by tenancy prefix tenancy "
		 "bravo-whole hds 2027-12-31"},
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
		CASE(a_tenancy_by_address_decides),
		CASE(a_published_prefix_of_another_operator_wins),
		CASE(a_tenancy_by_name_needs_an_address_of_its_operator),
		CASE(ones_own_infrastructure_takes_a_tenancy),
		CASE(the_qualification_of_a_tenancy_has_days_too),
		CASE(the_lists_region_goes_before_the_declared_one),
	};
	return attribution_rows_run("attribution_tenancy", policy_yaml, cases, COUNT(cases));
}
