/* SPDX-License-Identifier: Apache-2.0 */
/* decide() holds the memory against attribution_decide, so each question here is a test. */
#include "classifier/policy/attribution_memory.h"

#include <stdio.h>

#include "tests/unit/policy/attribution_rows.h"

#define SOME_ADDRESS "198.51.100.9"
#define NAME "www.alpha.example"

static void
whatever_is_asked_otherwise_is_another_question(void)
{
	const struct far_end ends[] = {
		{.asn = ALPHA, .source = SNI, .name = NAME},
		{.asn = BRAVO, .source = SNI, .name = NAME},
		{.asn = ALPHA, .source = HOST, .name = NAME},
		{.asn = ALPHA, .source = DNS, .name = NAME},
		{.asn = ALPHA, .source = SNI, .name = "www.bravo.example"},
		{.asn = ALPHA},
		{.asn = ALPHA, .source = SNI, .name = ""},
		{.asn = ALPHA, .source = SNI, .name = "192.0.2.1"},
		{.asn = BRAVO, .source = SNI, .name = NAME, .told = TOLD},
		{.asn = BRAVO, .source = SNI, .name = NAME, .told = TOLD_SHARED},
		{.asn = BRAVO, .source = DNS, .name = NAME, .told = TOLD_SEVERAL},
		{.asn = BRAVO, .source = SNI, .name = NAME, .told = TOLD_OTHERWISE},
		{.asn = ALPHA, .source = DNS, .name = NAME, .told = TOLD},
		{.asn = ALPHA, .source = DNS, .name = NAME, .told = TOLD_SEVERAL},
		{.asn = BRAVO_BOTH},
		{.asn = BRAVO_BOTH, .country = "US"},
		{.asn = BRAVO_BOTH, .country = "DE"},
		{.asn = BRAVO_BOTH, .source = SNI, .name = NAME},
		{.asn = BRAVO_BOTH, .source = SNI, .name = NAME, .country = "US"},
		{.asn = ALPHA, .source = SNI, .name = NAME, .address = SOME_ADDRESS},
		{.asn = ALPHA, .source = SNI, .name = NAME, .look_up = true},
		{.asn = ALPHA, .source = SNI, .name = NAME, .date = "2029-12-01"},
		{.asn = ALPHA, .source = SNI, .name = NAME, .alpn = "dot"},
		{.asn = ALPHA, .source = SNI, .name = NAME, .alpn = "h2"},
		{.asn = ALPHA, .source = SNI, .name = NAME, .port = 53},
		{.asn = ALPHA, .port = 22, .transport = TRANSPORT_TCP},
		{.asn = ALPHA, .port = 22, .transport = TRANSPORT_UDP},
		{.asn = ALPHA, .port = 53, .transport = TRANSPORT_TCP},
		{.asn = ALPHA,
		 .port = 53,
		 .transport = TRANSPORT_TCP,
		 .protocol = APP_PROTOCOL_TLS},
		{.asn = ALPHA, .source = SNI, .name = NAME, .announced = true},
		{.asn = ALPHA, .source = SNI, .name = NAME, .ech = true},
		{.asn = ALPHA, .source = SNI, .name = NAME, .ech = true, .announced = true},
		{.asn = ALPHA, .source = SNI, .name = NAME, .cut = true, .announced = true},
		{.asn = BRAVO, .source = SNI, .name = NAME, .certificate = CERTIFICATE_HAS_NAME},
		{.asn = BRAVO, .source = SNI, .name = NAME, .certificate = CERTIFICATE_HAS_OTHERS},
		{.asn = BRAVO, .source = SNI, .name = NAME, .via = VIA_INSIDE},
		{.asn = BRAVO, .source = SNI, .name = NAME, .via = VIA_OUTSIDE, .via_asn = ALPHA},
		{.asn = BRAVO, .source = SNI, .name = NAME, .tunnel = TUNNEL_ENDS},
		{.asn = BRAVO,
		 .source = SNI,
		 .name = NAME,
		 .tunnel = TUNNEL_BEFORE,
		 .tunnel_asn = ALPHA},
		{.list = "alpha", .tag = "STORE"},
		{.list = "alpha", .tag = "EDGE"},
		{.list = "alpha", .tag = "STORE", .list_region = "eu-1"},
		{.list = "bravo"},
		{.list = "charlie"},
		{.list = "bravo", .tag = "STORE", .list_region = "eu-west-1"},
	};

	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < COUNT(ends); i++)
			(void)decide(&ends[i]);
	}
}

static void
names_too_long_to_be_kept_are_asked_anew(void)
{
	/* Of 47 letters, and of 48 that begin with the same. */
	static const char *const names[] = {
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.alpha.example",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.alpha.examples",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.alpha.exampley",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct far_end end = {.asn = BRAVO, .source = SNI, .name = names[i]};
		(void)decide(&end);
	}
}

static void
what_was_asked_longest_ago_is_asked_anew(void)
{
	char name[64];

	for (int i = 0; i < 5000; i++) {
		struct far_end end = {.asn = ALPHA, .source = SNI, .name = name};
		snprintf(name, sizeof(name), "host-%d.%s.example", i,
			 i % 2 != 0 ? "alpha" : "bravo");
		(void)decide(&end);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"whatever_is_asked_otherwise_is_another_question",
		 whatever_is_asked_otherwise_is_another_question},
		{"names_too_long_to_be_kept_are_asked_anew",
		 names_too_long_to_be_kept_are_asked_anew},
		{"what_was_asked_longest_ago_is_asked_anew",
		 what_was_asked_longest_ago_is_asked_anew},
	};
	return attribution_rows_run("attribution_memory", "", cases,
				    sizeof(cases) / sizeof(*cases));
}
