/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC, equivalent_schemes: [Other Scheme]}\n";

static void
a_qualified_class_takes_more_than_a_claim(void)
{
	static const struct row rows[] = {
		{"asn and sni are not enough",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo trusted compute eu-sovereign by asn sni"},
		{"with a dns answer they are",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo trusted compute eu-qualified by asn dns sni qualified "
		 "2028-01-31"},
		{"or with a prefix of the service",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "trusted.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo trusted compute eu-qualified by prefix sni qualified "
		 "2028-01-31"},
		{"a prefix of another service is not enough",
		 {"bravo", "VAULT", NULL, 0, SNI, "trusted.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo trusted compute eu-sovereign by prefix sni"},
		{"the prefix of the service alone is",
		 {"bravo", "TRUSTED", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- trusted compute eu-qualified by prefix qualified "
		 "2028-01-31"},
		{"the prefix with another service's name is not",
		 {"bravo", "TRUSTED", NULL, 0, SNI, "vault.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by prefix dns sni"},
		{"an unknown address has the operator's class even with dns",
		 {NULL, NULL, NULL, STRANGER, SNI, "trusted.bravo.example", TOLD},
		 "C5 medium bravo/-/bravo trusted compute eu-sovereign by dns sni"},
		{"on another operator's address too",
		 {NULL, NULL, NULL, HOTEL, SNI, "trusted.bravo.example", TOLD},
		 "C12 medium bravo/hotel/bravo trusted compute us-technology-eu-controlled by asn "
		 "dns sni as hosted above"},
	};
	check(rows, COUNT(rows));
}

static void
a_qualification_counts_from_its_first_day_to_its_last(void)
{
	static const struct row rows[] = {
		{"the last day",
		 {"bravo", "FORMER", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2026-11-30"},
		 "C3 medium bravo/bravo/- former compute eu-qualified by prefix qualified "
		 "2026-11-30"},
		{"the day behind it",
		 {"bravo", "FORMER", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- former compute us-technology-eu-controlled by prefix "
		 "ended 2026-11-30"},
		{"the first day",
		 {"bravo", "FORMER", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2022-02-01"},
		 "C3 medium bravo/bravo/- former compute eu-qualified by prefix qualified "
		 "2026-11-30"},
		{"the day before it, the last of the one before",
		 {"bravo", "FORMER", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2022-01-31"},
		 "C3 medium bravo/bravo/- former compute eu-qualified by prefix qualified "
		 "2022-01-31"},
		{"before all of them",
		 {"bravo", "FORMER", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2020-01-31"},
		 "C3 medium bravo/bravo/- former compute us-technology-eu-controlled by prefix"},
		{"one that has ended is not told where another holds",
		 {"bravo", "TRUSTED", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- trusted compute eu-qualified by prefix qualified "
		 "2028-01-31"},
		{"between two",
		 {"bravo", "TRUSTED", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2022-01-31"},
		 "C3 medium bravo/bravo/- trusted compute eu-sovereign by prefix"},
		{"a flow that is not the service's shows no end",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
	};
	check(rows, COUNT(rows));
}

static void
old_versions_missing_dates_and_other_schemes_do_not_count(void)
{
	static const struct row rows[] = {
		{"none of them does",
		 {"bravo", "EARLIER", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- earlier compute eu-sovereign by prefix"},
		{"until one of them begins",
		 {"bravo", "EARLIER", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C3 medium bravo/bravo/- earlier compute eu-qualified by prefix qualified "
		 "2030-01-01"},
		{"but a scheme that the policy lists",
		 {"bravo", "EQUIVALENT", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- equivalent compute eu-qualified by prefix qualified "
		 "2030-01-01"},
	};
	check(rows, COUNT(rows));
}

static void
a_qualification_may_be_of_some_regions(void)
{
	static const struct row rows[] = {
		{"the region is listed, and so is its country",
		 {"bravo", "LOCAL", "gra", 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- local compute eu-qualified by prefix in gra FR qualified "
		 "2030-01-01 hds 2026-12-01"},
		{"the last day of the hds record is behind",
		 {"bravo", "LOCAL", "gra", 0, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C3 medium bravo/bravo/- local compute eu-qualified by prefix in gra FR qualified "
		 "2030-01-01"},
		{"another region",
		 {"bravo", "LOCAL", "bhs", 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- local compute eu-sovereign by prefix in bhs CA"},
		{"no region known",
		 {"bravo", "LOCAL", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- local compute eu-sovereign by prefix"},
	};
	check(rows, COUNT(rows));
}

static void
a_record_of_health_data_hosting_counts_where_a_qualification_would(void)
{
	static const struct row rows[] = {
		{"by prefix",
		 {"bravo", "CLINIC", NULL, 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- clinic backup eu-sovereign by prefix hds 2027-06-30"},
		{"by name and dns",
		 {NULL, NULL, NULL, BRAVO, SNI, "clinic.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo clinic backup eu-sovereign by asn dns sni hds "
		 "2027-06-30"},
		{"not by name and asn alone",
		 {NULL, NULL, NULL, BRAVO, SNI, "clinic.bravo.example", UNTOLD},
		 "C2 high bravo/bravo/bravo clinic backup eu-sovereign by asn sni"},
		{"not on an unknown address",
		 {NULL, NULL, NULL, STRANGER, SNI, "clinic.bravo.example", TOLD},
		 "C5 medium bravo/-/bravo clinic backup eu-sovereign by dns sni"},
		{"not yet",
		 {"bravo", "CLINIC", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2026-11-30"},
		 "C3 medium bravo/bravo/- clinic backup eu-sovereign by prefix"},
		{"the last day",
		 {"bravo", "CLINIC", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2027-06-30"},
		 "C3 medium bravo/bravo/- clinic backup eu-sovereign by prefix hds 2027-06-30"},
		{"the day behind it",
		 {"bravo", "CLINIC", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2027-07-01"},
		 "C3 medium bravo/bravo/- clinic backup eu-sovereign by prefix"},
	};
	check(rows, COUNT(rows));
}

static void
what_the_address_says_of_itself_is_not_lowered_by_a_qualification(void)
{
	static const struct row rows[] = {
		{"an American AS of the operator",
		 {"bravo", "TRUSTED", NULL, BRAVO_US, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- trusted compute us-direct by prefix asn"},
		{"with the name",
		 {NULL, NULL, NULL, BRAVO_US, SNI, "trusted.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo trusted compute us-direct by asn dns sni"},
		{"an American prefix, with the name",
		 {"bravo", "AMERICA", NULL, 0, SNI, "trusted.bravo.example", TOLD},
		 "C2 high bravo/bravo/bravo trusted compute us-direct by prefix dns sni"},
		{"the ended one is still told",
		 {"bravo", "FORMER", NULL, BRAVO_US, NO_NAME, NULL, UNTOLD},
		 "C3 medium bravo/bravo/- former compute us-direct by prefix asn ended 2026-11-30"},
	};
	check(rows, COUNT(rows));
}

static void
a_record_that_nobody_has_checked_for_long_is_not_relied_on(void)
{
	static const struct row rows[] = {
		{"after 400 days it is",
		 {NULL, NULL, NULL, LIMA, NO_NAME, NULL, UNTOLD},
		 "C4 medium lima/lima/- - - eu-sovereign by asn"},
		{"a day later it is not",
		 {NULL, NULL, NULL, LIMA, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C4 medium lima/lima/- - - unknown by asn as stale-record"},
		{"a flow older than the record",
		 {NULL, NULL, NULL, LIMA, NO_NAME, NULL, UNTOLD, .date = "2010-01-01"},
		 "C4 medium lima/lima/- - - eu-sovereign by asn"},
		{"with a name",
		 {NULL, NULL, NULL, LIMA, SNI, "www.lima.example", TOLD, .date = "2026-12-02"},
		 "C2 high lima/lima/lima - saas unknown by asn dns sni as stale-record"},
		{"the name alone",
		 {NULL, NULL, NULL, 0, SNI, "www.lima.example", TOLD, .date = "2026-12-02"},
		 "C5 medium lima/-/lima - saas unknown by dns sni as stale-record"},
		{"a class of the US stays",
		 {NULL, NULL, NULL, MIKE, NO_NAME, NULL, UNTOLD},
		 "C4 medium mike/mike/- - - us-direct by asn as stale-record"},
		{"a claim of it too",
		 {NULL, NULL, NULL, 0, SNI, "www.mike.example", UNTOLD},
		 "C6 low mike/-/mike - saas us-direct by sni as sni-unconfirmed stale-record"},
		{"an AS of the US too",
		 {NULL, NULL, NULL, LIMA_US, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C4 medium lima/lima/- - - us-direct by asn as stale-record"},
		{"beside a list that is too old",
		 {"lima", NULL, NULL, LIMA_US, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C3 medium lima/lima/- - - us-direct by prefix asn as stale-record"},
		{"a service that was checked since",
		 {"lima", "FRESH", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2026-12-02"},
		 "C3 medium lima/lima/- fresh compute us-technology-eu-controlled by prefix"},
		{"hosted on one that is known",
		 {NULL, NULL, NULL, ALPHA, SNI, "www.lima.example", TOLD, .date = "2026-12-02"},
		 "C12 medium lima/alpha/lima - saas us-direct by asn dns sni as hosted "
		 "stale-record above"},
		{"its address under a claimed name",
		 {NULL, NULL, NULL, LIMA, SNI, "vault.bravo.example", UNTOLD, .date = "2026-12-02"},
		 "C8 low lima/lima/bravo - - unknown by asn not sni as name-address-mismatch "
		 "stale-record"},
		{"a qualification in an old record",
		 {"bravo", "TRUSTED", NULL, 0, NO_NAME, NULL, UNTOLD, .date = "2028-01-31"},
		 "C3 medium bravo/bravo/- trusted compute unknown by prefix as stale-record"},
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
		CASE(a_qualified_class_takes_more_than_a_claim),
		CASE(a_qualification_counts_from_its_first_day_to_its_last),
		CASE(old_versions_missing_dates_and_other_schemes_do_not_count),
		CASE(a_qualification_may_be_of_some_regions),
		CASE(a_record_of_health_data_hosting_counts_where_a_qualification_would),
		CASE(what_the_address_says_of_itself_is_not_lowered_by_a_qualification),
		CASE(a_record_that_nobody_has_checked_for_long_is_not_relied_on),
	};
	return attribution_rows_run("attribution_class", policy_yaml, cases, COUNT(cases));
}
