/* SPDX-License-Identifier: Apache-2.0 */
/* What a tunnel over the border adds: attribution_proxy.c, which knows all ways. */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

#define ENDS .tunnel = TUNNEL_ENDS
#define BEFORE .tunnel = TUNNEL_BEFORE

static void
the_end_of_a_tunnel_is_who_gets_it(void)
{
	static const struct row rows[] = {
		{"class by address, kind tunnel",
		 {NULL, NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, .transport = TRANSPORT_TCP, ENDS},
		 "C4 medium alpha/alpha/- - tunnel us-direct by asn in-tunnel"},
		{"whatever the range is for",
		 {"bravo", "VAULT", NULL, BRAVO, NO_NAME, NULL, UNTOLD, ENDS},
		 "C3 medium bravo/bravo/- vault tunnel eu-sovereign by prefix asn in-tunnel"},
		{"nobody known",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, ENDS},
		 "C13 low -/-/- - tunnel unknown in-tunnel"},
	};
	check(rows, COUNT(rows));
}

static void
the_end_of_a_tunnel_before_it_has_it_too(void)
{
	static const struct row rows[] = {
		{"more exposed, and sure",
		 {"bravo", "VAULT", NULL, BRAVO, NO_NAME, NULL, UNTOLD, .tunnel_asn = ALPHA,
		  BEFORE},
		 "C3 medium bravo/bravo/- vault backup us-direct by prefix asn in-tunnel before "
		 "alpha asn"},
		{"less exposed",
		 {NULL, NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, .tunnel_asn = BRAVO, BEFORE},
		 "C4 medium alpha/alpha/- - - us-direct by asn in-tunnel before bravo asn"},
		{"nobody knows whose: no less than that",
		 {"bravo", "VAULT", NULL, BRAVO, NO_NAME, NULL, UNTOLD, BEFORE},
		 "C3 medium bravo/bravo/- vault backup unknown by prefix asn in-tunnel before "
		 "nobody"},
		{"nor of a tenancy",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5", BEFORE},
		 "C1 medium bravo/bravo/bravo trusted compute unknown by tenancy tenancy by-cidr "
		 "in-tunnel before nobody"},
		{"but more, where what lies behind is more exposed",
		 {NULL, NULL, NULL, ALPHA, NO_NAME, NULL, UNTOLD, BEFORE},
		 "C4 medium alpha/alpha/- - - us-direct by asn in-tunnel before nobody"},
		{"what lies behind is not known: all that is known is the end",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .tunnel_asn = ALPHA, BEFORE},
		 "C14 medium alpha/-/- - - us-direct in-tunnel before alpha asn"},
		{"of an old record, and all that is known",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .tunnel_asn = LIMA,
		  .date = "2026-12-02", BEFORE},
		 "C14 medium lima/-/- - - unknown as stale-record in-tunnel before lima asn"},
		{"or not all of it",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .tunnel_asn = LIMA,
		  .date = "2026-12-02", BEFORE},
		 "C4 medium bravo/bravo/- - - unknown by asn as stale-record in-tunnel before "
		 "lima asn"},
		{"a claim inside takes nothing from what is sure",
		 {NULL, NULL, NULL, 0, SNI, "vault.bravo.example", UNTOLD, .tunnel_asn = ALPHA,
		  BEFORE},
		 "C6 medium bravo/-/bravo vault backup us-direct by sni as sni-unconfirmed "
		 "in-tunnel before alpha asn"},
		{"a proxy that was asked, by way of a tunnel",
		 {"bravo", "VAULT", NULL, 0, NO_NAME, NULL, UNTOLD, .via = VIA_OUTSIDE,
		  .via_asn = BRAVO, .tunnel_asn = ALPHA, BEFORE},
		 "C3 medium bravo/bravo/- vault backup us-direct by prefix via bravo asn in-tunnel "
		 "before alpha asn"},
	};
	check(rows, COUNT(rows));
}

static void
what_takes_in_little_inside_does_not_calm(void)
{
	struct far_end end = {NULL,   NULL,       NULL,
			      ALPHA,  NO_NAME,    NULL,
			      UNTOLD, .port = 53, .transport = TRANSPORT_UDP};

	CU_ASSERT_TRUE(decide(&end).low_sink);
	end.tunnel = TUNNEL_BEFORE;
	CU_ASSERT_FALSE(decide(&end).low_sink);
	end.tunnel = TUNNEL_ENDS;
	CU_ASSERT_FALSE(decide(&end).low_sink);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"the_end_of_a_tunnel_is_who_gets_it", the_end_of_a_tunnel_is_who_gets_it},
		{"the_end_of_a_tunnel_before_it_has_it_too",
		 the_end_of_a_tunnel_before_it_has_it_too},
		{"what_takes_in_little_inside_does_not_calm",
		 what_takes_in_little_inside_does_not_calm},
	};
	return attribution_rows_run("attribution_tunnel",
				    "policy: {version: 1, name: rows, time_zone: UTC}\n"
				    "tenancies:\n"
				    "  - {id: by-cidr, operator: bravo, service: trusted,"
				    " match: {cidr: [203.0.113.0/28]}, owner: DSI}\n",
				    cases, COUNT(cases));
}
