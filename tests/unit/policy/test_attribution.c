/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

#include "tests/unit/policy/attribution_rows.h"

static const char policy_yaml[] =
	"policy: {version: 1, name: rows, time_zone: UTC}\n"
	"tenancies:\n"
	"  - {id: bravo-vault, operator: bravo, service: vault, match: {cidr: [203.0.113.0/28]}}\n";

static void
c11_tunnels_are_known_by_protocol_and_port(void)
{
	static const struct row rows[] = {
		{"ssh by what it speaks",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 2222,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_SSH},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"ssh by its port",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 22,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"port 22 over UDP is none",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 22,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"esp",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .transport = TRANSPORT_ESP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"ike",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 500,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"port 500 over TCP is none",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 500,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"ipsec through translators",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 4500,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"wireguard",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 51820,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"wireguard is never TCP",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 51820,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"openvpn",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 1194,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"openvpn over TCP",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 1194,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"dns over tls",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 853,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"dns over quic",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 853,
		  .transport = TRANSPORT_UDP},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"sctp has ports of its own",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 22,
		  .transport = TRANSPORT_SCTP},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
		{"with a name and its class",
		 {NULL, NULL, NULL, BRAVO, DNS, "vault.bravo.example", TOLD, .port = 22,
		  .transport = TRANSPORT_TCP},
		 "C2 high bravo/bravo/bravo vault tunnel eu-sovereign by asn dns"},
		{"to an unknown address",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 51820,
		  .transport = TRANSPORT_UDP},
		 "C13 low -/-/- - tunnel unknown"},
		{"to a tenancy",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 22,
		  .transport = TRANSPORT_TCP, .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo vault tunnel eu-sovereign by tenancy tenancy "
		 "bravo-vault"},
	};
	check(rows, COUNT(rows));
}

static void
c11_dns_over_https_is_a_tunnel_and_no_low_sink(void)
{
	static const struct row rows[] = {
		{"tls",
		 {NULL, NULL, NULL, KILO, SNI, "dns.kilo.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C2 high kilo/kilo/kilo - tunnel us-direct by asn sni"},
		{"quic",
		 {NULL, NULL, NULL, KILO, NAME_SOURCE_QUIC_SNI, "dns.kilo.example", UNTOLD,
		  .port = 443, .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_QUIC},
		 "C2 high kilo/kilo/kilo - tunnel us-direct by asn sni"},
		{"http",
		 {NULL, NULL, NULL, KILO, HOST, "dns.kilo.example", UNTOLD, .port = 80,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_HTTP},
		 "C2 high kilo/kilo/kilo - tunnel us-direct by asn host"},
		{"claimed on another's address",
		 {NULL, NULL, NULL, BRAVO, SNI, "dns.kilo.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C8 low bravo/bravo/kilo - tunnel us-direct by asn not sni as "
		 "name-address-mismatch"},
		{"claimed on a tenancy's address it is only shown",
		 {NULL, NULL, NULL, 0, SNI, "dns.kilo.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS,
		  .address = "203.0.113.5"},
		 "C1 high bravo/bravo/bravo vault backup eu-sovereign by tenancy not sni named "
		 "kilo tenancy bravo-vault"},
		{"a look-alike",
		 {NULL, NULL, NULL, KILO, SNI, "notdns.kilo.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C4 medium kilo/kilo/- - web-generic us-direct by asn"},
		{"the resolver's name without such a protocol",
		 {NULL, NULL, NULL, KILO, DNS, "dns.kilo.example", TOLD, .port = 4443,
		  .transport = TRANSPORT_TCP},
		 "C2 high kilo/kilo/kilo - dns-resolver us-direct by asn dns low-sink"},
	};
	check(rows, COUNT(rows));
}

static void
dns_on_its_port_is_a_low_sink(void)
{
	static const struct row rows[] = {
		{"udp",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 53,
		  .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_DNS},
		 "C4 medium kilo/kilo/- - dns-resolver us-direct by asn low-sink"},
		{"tcp",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 53,
		  .transport = TRANSPORT_TCP},
		 "C4 medium kilo/kilo/- - dns-resolver us-direct by asn low-sink"},
		{"to nobody known",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 53,
		  .transport = TRANSPORT_UDP},
		 "C13 low -/-/- - dns-resolver unknown low-sink"},
		{"what is plainly no dns is not taken for it",
		 {NULL, NULL, NULL, KILO, SNI, "metrics.kilo.example", UNTOLD, .port = 53,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C2 high kilo/kilo/kilo - telemetry us-direct by asn sni low-sink"},
		{"nor is ssh",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 53,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_SSH},
		 "C4 medium kilo/kilo/- - tunnel us-direct by asn"},
		{"the protocol on another port",
		 {NULL, NULL, NULL, KILO, NO_NAME, NULL, UNTOLD, .port = 5353,
		  .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_DNS},
		 "C4 medium kilo/kilo/- - - us-direct by asn"},
	};
	check(rows, COUNT(rows));
}

static void
a_kind_that_nothing_tells_is_the_webs_where_that_is_spoken(void)
{
	static const struct row rows[] = {
		{"cleartext http to an address",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 80,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_HTTP},
		 "C13 low -/-/- - web-generic unknown"},
		{"tls with an unlisted name",
		 {NULL, NULL, NULL, 0, SNI, "www.phares.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C13 low -/-/- - web-generic unknown"},
		{"quic with one",
		 {NULL, NULL, NULL, BRAVO, SNI, "www.phares.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_QUIC},
		 "C4 medium bravo/bravo/- - web-generic eu-sovereign by asn"},
		{"tls with an address for a name",
		 {NULL, NULL, NULL, 0, SNI, "192.0.2.1", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C13 low -/-/- - - unknown"},
		{"tls without a name",
		 {NULL, NULL, NULL, BRAVO, NO_NAME, NULL, UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C4 medium bravo/bravo/- - - eu-sovereign by asn"},
		{"tls with a hidden name",
		 {NULL, NULL, NULL, BRAVO, SNI, "ech.charlie.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS, .ech = true},
		 "C9 medium bravo/bravo/- - - eu-sovereign by asn as ech"},
		{"tls named by dns",
		 {NULL, NULL, NULL, BRAVO, DNS, "www.phares.example", TOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C4 medium bravo/bravo/- - web-generic eu-sovereign by asn"},
		{"mail by its port",
		 {NULL, NULL, NULL, BRAVO, DNS, "mx.phares.example", TOLD, .port = 25,
		  .transport = TRANSPORT_TCP},
		 "C4 medium bravo/bravo/- - mail eu-sovereign by asn"},
		{"calls by their port",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 5060,
		  .transport = TRANSPORT_UDP},
		 "C13 low -/-/- - messaging-video unknown"},
		{"no mail over udp",
		 {NULL, NULL, NULL, 0, NO_NAME, NULL, UNTOLD, .port = 25,
		  .transport = TRANSPORT_UDP},
		 "C13 low -/-/- - - unknown"},
		{"a kind that is known stays",
		 {NULL, NULL, NULL, BRAVO, SNI, "vault.bravo.example", UNTOLD, .port = 443,
		  .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
		 "C2 high bravo/bravo/bravo vault backup eu-sovereign by asn sni"},
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
		CASE(c11_tunnels_are_known_by_protocol_and_port),
		CASE(c11_dns_over_https_is_a_tunnel_and_no_low_sink),
		CASE(dns_on_its_port_is_a_low_sink),
		CASE(a_kind_that_nothing_tells_is_the_webs_where_that_is_spoken),
	};
	return attribution_rows_run("attribution", policy_yaml, cases, COUNT(cases));
}
