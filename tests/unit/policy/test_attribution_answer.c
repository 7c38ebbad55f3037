/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static void
the_lists_region_goes_before_the_names_and_global_is_no_place(void)
{
	static const struct row rows[] = {
		{"they differ",
		 {"alpha", "STORE", "us-east-1", 0, SNI, "store.eu-west-3.alpha.example", UNTOLD},
		 "C2 high alpha/alpha/alpha store object-storage us-direct by prefix sni in "
		 "us-east-1 US"},
		{"global leaves it to the name",
		 {"alpha", "STORE", "GLOBAL", 0, SNI, "store.eu-west-3.alpha.example", UNTOLD},
		 "C2 high alpha/alpha/alpha store object-storage us-direct by prefix sni in "
		 "eu-west-3 FR"},
		{"global alone",
		 {"alpha", "STORE", "GLOBAL", 0, NO_NAME, NULL, UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
		{"a code that nobody knows, longer than any",
		 {"alpha", "STORE", "somewhere-beyond-the-sea-and-further-on", 0, NO_NAME, NULL,
		  UNTOLD},
		 "C3 medium alpha/alpha/- store object-storage us-direct by prefix"},
		{"a claimed name does not place another operator's address",
		 {NULL, NULL, NULL, BRAVO, SNI, "store.eu-west-3.alpha.example", UNTOLD},
		 "C8 low bravo/bravo/alpha - - us-direct by asn not sni as name-address-mismatch"},
	};
	check(rows, COUNT(rows));
}

static void
whether_dns_links_the_name_is_told(void)
{
	static const struct {
		struct far_end end;
		bool links;
	} rows[] = {
		{{NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD}, true},
		{{NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD_SHARED}, true},
		{{NULL, NULL, NULL, BRAVO, DNS, "vault.bravo.example", TOLD_SEVERAL}, true},
		{{NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", TOLD_OTHERWISE}, false},
		{{NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", UNTOLD}, false},
		{{NULL, NULL, NULL, BRAVO, NO_NAME, NULL, TOLD}, false},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(decide(&rows[i].end).name_links, rows[i].links);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(the_lists_region_goes_before_the_names_and_global_is_no_place),
		CASE(whether_dns_links_the_name_is_told),
	};
	return attribution_rows_run("attribution_answer", "", cases, COUNT(cases));
}
