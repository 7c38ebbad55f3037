/* SPDX-License-Identifier: Apache-2.0 */
#include "base/flow_record.h"

#include <stddef.h>

static const char *const name_sources[] = {
	[NAME_SOURCE_NONE] = "",
	[NAME_SOURCE_TLS_SNI] = "tls-sni",
	[NAME_SOURCE_QUIC_SNI] = "quic-sni",
	[NAME_SOURCE_HTTP_HOST] = "http-host",
	[NAME_SOURCE_HTTP_CONNECT] = "http-connect",
	[NAME_SOURCE_SOCKS] = "socks",
	[NAME_SOURCE_STARTTLS_SNI] = "starttls-sni",
	[NAME_SOURCE_DNS] = "dns",
	[NAME_SOURCE_CERTIFICATE] = "certificate",
};

static const char *const app_protocols[] = {
	[APP_PROTOCOL_UNKNOWN] = "",    [APP_PROTOCOL_TLS] = "tls",
	[APP_PROTOCOL_QUIC] = "quic",   [APP_PROTOCOL_HTTP] = "http",
	[APP_PROTOCOL_DNS] = "dns",     [APP_PROTOCOL_SSH] = "ssh",
	[APP_PROTOCOL_DTLS] = "dtls",   [APP_PROTOCOL_GQUIC] = "gquic",
	[APP_PROTOCOL_SOCKS] = "socks", [APP_PROTOCOL_SMTP] = "smtp",
	[APP_PROTOCOL_IMAP] = "imap",   [APP_PROTOCOL_POP3] = "pop3",
	[APP_PROTOCOL_FTP] = "ftp",     [APP_PROTOCOL_XMPP] = "xmpp",
	[APP_PROTOCOL_LDAP] = "ldap",   [APP_PROTOCOL_POSTGRESQL] = "postgresql",
	[APP_PROTOCOL_MYSQL] = "mysql",
};

static const char *const directions[] = {
	[FLOW_DIRECTION_EGRESS] = "egress",
	[FLOW_DIRECTION_INGRESS] = "ingress",
	[FLOW_DIRECTION_INTERNAL] = "internal",
	[FLOW_DIRECTION_TRANSIT] = "transit",
};

const char *
name_source_text(enum name_source source)
{
	return (size_t)source < sizeof(name_sources) / sizeof(*name_sources) ? name_sources[source]
									     : "";
}

const char *
app_protocol_text(enum app_protocol protocol)
{
	return (size_t)protocol < sizeof(app_protocols) / sizeof(*app_protocols)
		       ? app_protocols[protocol]
		       : "";
}

const char *
flow_direction_text(enum flow_direction direction)
{
	return (size_t)direction < sizeof(directions) / sizeof(*directions) ? directions[direction]
									    : "";
}

static const struct {
	enum flow_flag flag;
	const char *text;
} flags[] = {
	{FLOW_FLAG_MIDSTREAM, "midstream"},
	{FLOW_FLAG_ECH_OR_GREASE, "ech-or-grease"},
	{FLOW_FLAG_NO_SNI, "no-sni"},
	{FLOW_FLAG_NAME_INCOMPLETE, "name-incomplete"},
	{FLOW_FLAG_NAME_REFUSED, "name-refused"},
	{FLOW_FLAG_EVICTED, "evicted"},
	{FLOW_FLAG_OVERLAP_CONFLICT, "overlap-conflict"},
	{FLOW_FLAG_CUT_BUFFER, "cut-buffer-full"},
	{FLOW_FLAG_CUT_POOL, "cut-pool-empty"},
	{FLOW_FLAG_CUT_SNAPLEN, "cut-snaplen"},
	{FLOW_FLAG_CUT_GAP, "cut-gap"},
	{FLOW_FLAG_ENCRYPTED, "encrypted"},
	{FLOW_FLAG_VIA_PROXY, "via-proxy"},
	{FLOW_FLAG_PROXY_PROTOCOL, "proxy-protocol"},
	{FLOW_FLAG_NAMES_DIFFER, "names-differ"},
	{FLOW_FLAG_TLS_RESUMED, "tls-resumed"},
	{FLOW_FLAG_TLS_RETRIED, "tls-retried"},
	{FLOW_FLAG_TUNNELLED, "tunnelled"},
};

const char *
flow_tunnel_text(enum flow_tunnel tunnel)
{
	static const char *const texts[] = {
		[FLOW_TUNNEL_NONE] = "",         [FLOW_TUNNEL_4IN4] = "4in4",
		[FLOW_TUNNEL_6IN4] = "6in4",     [FLOW_TUNNEL_4IN6] = "4in6",
		[FLOW_TUNNEL_6IN6] = "6in6",     [FLOW_TUNNEL_GRE] = "gre",
		[FLOW_TUNNEL_VXLAN] = "vxlan",   [FLOW_TUNNEL_VXLAN_GPE] = "vxlan-gpe",
		[FLOW_TUNNEL_GENEVE] = "geneve", [FLOW_TUNNEL_GTP_U] = "gtp-u",
		[FLOW_TUNNEL_TEREDO] = "teredo",
	};

	return (unsigned)tunnel < sizeof(texts) / sizeof(*texts) ? texts[tunnel] : "";
}

const char *
flow_flag_text(enum flow_flag flag)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (flags[i].flag == flag)
			return flags[i].text;
	}
	return "";
}

const char *
transport_text(enum transport transport)
{
	switch (transport) {
	case TRANSPORT_ICMP:
		return "icmp";
	case TRANSPORT_TCP:
		return "tcp";
	case TRANSPORT_UDP:
		return "udp";
	case TRANSPORT_ESP:
		return "esp";
	case TRANSPORT_ICMPV6:
		return "ipv6-icmp";
	case TRANSPORT_SCTP:
		return "sctp";
	}
	/* Followed without being understood; the words are IANA's, in lower case. */
	switch ((unsigned)transport) {
	case 2:
		return "igmp";
	case 4:
		return "ipv4";
	case 41:
		return "ipv6";
	case 47:
		return "gre";
	case 51:
		return "ah";
	case 89:
		return "ospfigp";
	case 97:
		return "etherip";
	case 115:
		return "l2tp";
	case 136:
		return "udplite";
	default:
		return "";
	}
}
