/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC}\n"
	"tenancies:\n"
	"  - {id: bravo-vault, operator: bravo, service: vault, match: {cidr: [203.0.113.0/28]}}\n";

#define RESOLVER "192.0.2.53"
#define TLS .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS
#define QUIC .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_QUIC
#define HTTP .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_HTTP
#define NAMELESS NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD

static void
dns_over_tls_and_quic_say_so_on_any_port(void)
{
	static const struct row rows[] = {
		{"dot",
		 {NAMELESS, .alpn = "dot", .port = 443, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"doq",
		 {NAMELESS, .alpn = "doq", .port = 8853, QUIC},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"doq of a draft",
		 {NAMELESS, .alpn = "doq-i11", .port = 784, QUIC},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"under a name that says nothing",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", UNTOLD, .alpn = "dot",
		  .port = 443, TLS},
		 "C2 high bravo/bravo/bravo vault tunnel eu-sovereign by asn sni"},
		{"other protocols",
		 {NAMELESS, .alpn = "doqument", .port = 444, TLS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"no protocol at all",
		 {NAMELESS, .alpn = "", .port = 444, TLS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
	};
	check(rows, COUNT(rows));
}

static void
dns_over_https_is_known_by_the_resolvers_address(void)
{
	static const struct row rows[] = {
		{"tls",
		 {NAMELESS, .address = RESOLVER, .port = 443, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"h2",
		 {NAMELESS, .address = RESOLVER, .alpn = "h2", .port = 443, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"http/1.1",
		 {NAMELESS, .address = RESOLVER, .alpn = "http/1.1", .port = 443, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"quic",
		 {NAMELESS, .address = "2001:db8::53", .alpn = "h3", .port = 443, QUIC},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"its address for a name",
		 {NULL, NULL, NULL, KILO, HOST, RESOLVER, UNTOLD, .address = RESOLVER, .port = 443,
		  HTTP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"its own name",
		 {NULL, NULL, NULL, KILO, SNI, "dns.kilo.example", UNTOLD, .address = RESOLVER,
		  .port = 443, TLS},
		 "C2 high kilo/kilo/kilo - tunnel us-direct by asn sni"},
		{"of an address that nobody knows otherwise",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = RESOLVER, .port = 443,
		  TLS},
		 "C13 low -/-/- - tunnel unknown"},
		{"a name that dns tells: not on the wire",
		 {NULL, NULL, NULL, KILO, DNS, "www.phares.example", TOLD, .address = RESOLVER,
		  .port = 443, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"nor is the certificate's",
		 {NULL, NULL, NULL, KILO, NAME_SOURCE_CERTIFICATE, "www.phares.example", UNTOLD,
		  .address = RESOLVER, .port = 443, TLS, .certificate = CERTIFICATE_HAS_NAME},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"its neighbour",
		 {NAMELESS, .address = "192.0.2.54", .port = 443, TLS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"plain dns",
		 {NAMELESS, .address = RESOLVER, .port = 53, .transport = TRANSPORT_UDP,
		  .protocol = APP_PROTOCOL_DNS},
		 "C4 medium kilo/kilo/- - dns-resolver us-direct by asn low-sink"},
		{"dns over tls",
		 {NAMELESS, .address = RESOLVER, .port = 853, TLS},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
	};
	check(rows, COUNT(rows));
}

static void
what_may_be_something_else_at_that_address_is_not_taken_for_it(void)
{
	static const struct row rows[] = {
		{"another service of the operator",
		 {NULL, NULL, NULL, KILO, SNI, "metrics.kilo.example", UNTOLD, .address = RESOLVER,
		  .port = 443, TLS},
		 "C2 high kilo/kilo/kilo - telemetry us-direct by asn sni low-sink"},
		{"another operator's",
		 {NULL, NULL, NULL, KILO, SNI, "vault.bravo.example", TOLD, .address = RESOLVER,
		  .port = 443, TLS},
		 "C12 medium bravo/kilo/bravo vault backup us-direct by asn dns sni as hosted "
		 "above"},
		{"nobody's",
		 {NULL, NULL, NULL, KILO, SNI, "www.phares.example", UNTOLD, .address = RESOLVER,
		  .port = 443, TLS},
		 "C4 medium kilo/kilo/- - web-generic us-direct by asn"},
		{"a hidden one that dns tells",
		 {NULL, NULL, NULL, KILO, DNS, "www.phares.example", TOLD, .address = RESOLVER,
		  .port = 443, TLS, .outer = "ech.charlie.example", .ech = true},
		 "C4 medium kilo/kilo/- - web-generic us-direct by asn as ech"},
		{"a hidden one",
		 {NULL, NULL, NULL, KILO, SNI, "ech.charlie.example", UNTOLD, .address = RESOLVER,
		  .port = 443, TLS, .ech = true},
		 "C9 medium kilo/kilo/- - - us-direct by asn as ech"},
		{"another protocol",
		 {NAMELESS, .address = RESOLVER, .alpn = "imap", .port = 443, TLS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"nothing that is known",
		 {NAMELESS, .address = RESOLVER, .port = 443, .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"another port",
		 {NAMELESS, .address = RESOLVER, .port = 8443, TLS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"a tenancy of another operator",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .address = "203.0.113.5", .port = 443,
		  TLS},
		 "C1 high bravo/bravo/bravo vault backup eu-sovereign by tenancy tenancy "
		 "bravo-vault"},
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
		CASE(dns_over_tls_and_quic_say_so_on_any_port),
		CASE(dns_over_https_is_known_by_the_resolvers_address),
		CASE(what_may_be_something_else_at_that_address_is_not_taken_for_it),
	};
	return attribution_rows_run("attribution_kind", policy_yaml, cases, COUNT(cases));
}
