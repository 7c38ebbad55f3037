/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

#define CERTIFICATE NAME_SOURCE_CERTIFICATE
#define CONFIRMED .certificate = CERTIFICATE_HAS_NAME
#define OTHERS .certificate = CERTIFICATE_HAS_OTHERS

static void
a_certificate_links_nothing(void)
{
	static const struct row rows[] = {
		{"the address tells nobody: a claim, as by the name alone",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C6 low bravo/-/bravo vault backup unknown by sni certificate as sni-unconfirmed"},
		{"that counts where it is bad enough",
		 {NULL, NULL, NULL, STRANGER, SNI, "echo.example", UNTOLD, CONFIRMED},
		 "C6 low echo/-/echo - saas third-country by sni certificate as sni-unconfirmed"},
		{"the address agrees",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn sni certificate"},
		{"a qualification is not reached by it",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", UNTOLD, CONFIRMED},
		 "C2 high bravo/bravo/bravo trusted compute eu-sovereign by asn sni certificate"},
		{"nor made surer",
		 {NULL, NULL, NULL, BRAVO, SNI, "trusted.bravo.example", TOLD_SHARED, CONFIRMED},
		 "C2 medium bravo/bravo/bravo trusted compute eu-qualified by asn dns-shared sni "
		 "certificate qualified 2028-01-31"},
		{"nor a tenancy by name",
		 {NULL, NULL, NULL, STRANGER, SNI, "app.tenant.example", UNTOLD, CONFIRMED},
		 "C13 low -/-/- - - unknown"},
		{"on another's address it is a mismatch all the same",
		 {NULL, NULL, NULL, ALPHA, SNI, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C8 low alpha/alpha/bravo - - us-direct by asn certificate not sni as "
		 "name-address-mismatch above"},
		{"but not where the catalogue knows of it",
		 {NULL, NULL, NULL, ALPHA, SNI, "files.delta.example", UNTOLD, CONFIRMED},
		 "C12 high delta/alpha/delta - file-sharing us-direct by asn sni certificate as "
		 "hosted above"},
		{"nor where dns links them",
		 {NULL, NULL, NULL, ALPHA, SNI, "vault.bravo.example", TOLD, CONFIRMED},
		 "C12 medium bravo/alpha/bravo vault backup us-direct by asn dns sni certificate "
		 "as hosted above"},
		{"a front shows the certificate too",
		 {NULL, NULL, NULL, CHARLIE, SNI, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C7 medium bravo/charlie/bravo vault backup us-direct by asn sni certificate as "
		 "cdn-fronted above"},
		{"it does not undo what an answer of dns says",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", TOLD, OTHERS},
		 "C5 medium bravo/-/bravo vault backup eu-sovereign by dns sni not certificate"},
	};
	check(rows, COUNT(rows));
}

static void
other_names_in_it_disagree(void)
{
	static const struct row rows[] = {
		{"with a claim",
		 {NULL, NULL, NULL, STRANGER, SNI, "vault.bravo.example", UNTOLD, OTHERS},
		 "C6 low bravo/-/bravo vault backup unknown by sni not certificate as "
		 "sni-unconfirmed"},
		{"with a name on its own address",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", UNTOLD, OTHERS},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn sni not certificate"},
		{"with a name on another's",
		 {NULL, NULL, NULL, ALPHA, SNI, "vault.bravo.example", UNTOLD, OTHERS},
		 "C8 low alpha/alpha/bravo - - us-direct by asn not sni certificate as "
		 "name-address-mismatch above"},
		{"with a name that is not in the catalogue",
		 {NULL, NULL, NULL, BRAVO, SNI, "www.phares.example", UNTOLD, OTHERS},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn not certificate"},
		{"not with an address that stands as a name",
		 {NULL, NULL, NULL, BRAVO, SNI, "192.0.2.1", UNTOLD, OTHERS},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
	};
	check(rows, COUNT(rows));
}

static void
a_flow_named_by_it(void)
{
	static const struct row rows[] = {
		{"on its operator's address",
		 {NULL, NULL, NULL, BRAVO, CERTIFICATE, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn certificate"},
		{"on nobody's",
		 {NULL, NULL, NULL, 0, CERTIFICATE, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C6 low bravo/-/bravo vault backup unknown by certificate as sni-unconfirmed"},
		{"on another's",
		 {NULL, NULL, NULL, ALPHA, CERTIFICATE, "vault.bravo.example", UNTOLD, CONFIRMED},
		 "C8 low alpha/alpha/bravo - - us-direct by asn certificate as "
		 "name-address-mismatch above"},
		{"by a name that is not in the catalogue",
		 {NULL, NULL, NULL, 0, CERTIFICATE, "www.phares.example", UNTOLD, CONFIRMED},
		 "C13 low -/-/- - - unknown"},
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
		CASE(a_certificate_links_nothing),
		CASE(other_names_in_it_disagree),
		CASE(a_flow_named_by_it),
	};
	return attribution_rows_run("attribution_certificate",
				    "policy: {version: 1, name: rows, time_zone: UTC}\n"
				    "tenancies:\n"
				    "  - {id: by-name, operator: bravo, service: trusted,"
				    " match: {name: [tenant.example]}, owner: DSI}\n",
				    cases, COUNT(cases));
}
