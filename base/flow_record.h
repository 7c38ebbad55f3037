/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract between the packet half and the judging half: all that a worker says of one flow.
 * A record is cumulative and self-contained: the one with the highest `seq` of a `flow_id` replaces
 * the others. A worker fills it, the analysis thread reads it; nobody else writes it. It holds
 * facts of the wire only - whose address it is and what that means is found out on the other side.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/domain_name.h"
#include "base/ip_address.h"

/** Where the shown name comes from; JSON `vigie.name_source`. */
enum name_source {
	NAME_SOURCE_NONE,
	NAME_SOURCE_TLS_SNI,
	NAME_SOURCE_QUIC_SNI,
	NAME_SOURCE_HTTP_HOST,
	NAME_SOURCE_HTTP_CONNECT,
	NAME_SOURCE_SOCKS,        /**< asked of a SOCKS proxy */
	NAME_SOURCE_STARTTLS_SNI, /**< SNI behind STARTTLS and its like */
	NAME_SOURCE_DNS, /**< given on the analysis side, from an answer seen for this client */
	NAME_SOURCE_CERTIFICATE, /**< given on the analysis side, from the server's certificate */
};

/** What is spoken inside the transport, where a parser of ours recognised it; JSON
 * `network.protocol`. */
enum app_protocol {
	APP_PROTOCOL_UNKNOWN,
	APP_PROTOCOL_TLS,
	APP_PROTOCOL_QUIC,
	APP_PROTOCOL_HTTP,
	APP_PROTOCOL_DNS,
	APP_PROTOCOL_SSH,
	APP_PROTOCOL_DTLS,
	APP_PROTOCOL_GQUIC, /**< Google's QUIC before the IETF's: no name is read */
	APP_PROTOCOL_SOCKS,
	APP_PROTOCOL_SMTP,
	APP_PROTOCOL_IMAP,
	APP_PROTOCOL_POP3,
	APP_PROTOCOL_FTP,
	APP_PROTOCOL_XMPP,
	APP_PROTOCOL_LDAP,
	APP_PROTOCOL_POSTGRESQL,
	APP_PROTOCOL_MYSQL,
};

/** Which way a flow goes; JSON `vigie.direction` (domain: inside is our side of the tap). */
enum flow_direction {
	FLOW_DIRECTION_EGRESS,   /**< the initiator is inside, the other end is not */
	FLOW_DIRECTION_INGRESS,  /**< the initiator is outside, the other end is inside */
	FLOW_DIRECTION_INTERNAL, /**< both ends inside */
	FLOW_DIRECTION_TRANSIT,  /**< neither end inside */
};

/** IANA protocol numbers of the transports that the decoder tracks. */
enum transport {
	TRANSPORT_ICMP = 1,
	TRANSPORT_TCP = 6,
	TRANSPORT_UDP = 17,
	TRANSPORT_ESP = 50,
	TRANSPORT_ICMPV6 = 58,
	TRANSPORT_SCTP = 132,
};

/** What carries a conversation in another one; JSON `vigie.outer.tunnel`. */
enum flow_tunnel {
	FLOW_TUNNEL_NONE,
	FLOW_TUNNEL_4IN4, /**< IP in IP, by what is in what */
	FLOW_TUNNEL_6IN4,
	FLOW_TUNNEL_4IN6,
	FLOW_TUNNEL_6IN6,
	FLOW_TUNNEL_GRE, /**< and what GRE carries: ERSPAN, PPTP */
	FLOW_TUNNEL_VXLAN,
	FLOW_TUNNEL_VXLAN_GPE,
	FLOW_TUNNEL_GENEVE,
	FLOW_TUNNEL_GTP_U,
	FLOW_TUNNEL_TEREDO,
};

/** Facts that qualify a record; several may hold. JSON `vigie.flags`. */
enum flow_flag {
	FLOW_FLAG_MIDSTREAM = 1 << 0,       /**< TCP without its SYN: the beginning was not seen */
	FLOW_FLAG_ECH_OR_GREASE = 1 << 1,   /**< ClientHello carries extension 0xfe0d */
	FLOW_FLAG_NO_SNI = 1 << 2,          /**< complete ClientHello without a server name */
	FLOW_FLAG_NAME_INCOMPLETE = 1 << 3, /**< a ClientHello or request began and never ended */
	FLOW_FLAG_NAME_REFUSED = 1
				 << 4, /**< the name on the wire breaks the rules for host names */
	FLOW_FLAG_EVICTED = 1 << 5,    /**< sent off early because the flow table was full */
	FLOW_FLAG_OVERLAP_CONFLICT = 1 << 6, /**< bytes sent again with another content */
	FLOW_FLAG_CUT_BUFFER = 1 << 7,       /**< first bytes given up: longer than is kept */
	FLOW_FLAG_CUT_POOL = 1 << 8,         /**< first bytes given up: no room for more flows */
	FLOW_FLAG_CUT_SNAPLEN = 1 << 9,      /**< first bytes that the capture cut */
	FLOW_FLAG_CUT_GAP = 1 << 10,         /**< first bytes of which a part never came */
	FLOW_FLAG_ENCRYPTED = 1 << 11, /**< encrypted where the name would be: joined later, or keys
					  not known */
	FLOW_FLAG_VIA_PROXY = 1 << 12, /**< an explicit proxy was asked: the address is the proxy's
					*/
	FLOW_FLAG_PROXY_PROTOCOL = 1 << 13, /**< a PROXY header gave addresses in front */
	FLOW_FLAG_NAMES_DIFFER = 1 << 14,   /**< two names of one conversation contradict */
	FLOW_FLAG_TLS_RESUMED = 1 << 15,
	FLOW_FLAG_TLS_RETRIED = 1 << 16, /**< HelloRetryRequest */
	FLOW_FLAG_TUNNELLED = 1 << 17,   /**< came in a tunnel over IP: there are outer ends */
};

/** What one side sent. Lengths are those of the wire, not of a cut capture. */
struct flow_side {
	uint64_t packets;
	uint64_t bytes;   /**< IP length: header, extension headers and payload */
	uint64_t payload; /**< transport payload, each TCP byte counted once; ESP: IP payload */
};

/** No VLAN tag, no VXLAN network. */
#define FLOW_NO_VLAN UINT16_MAX
#define FLOW_NO_VNI UINT32_MAX

/** Length of a JA4 fingerprint, and room for ALPN ids and protocol names with their NUL. */
#define FLOW_JA4_LEN 36
#define FLOW_ALPN_MAX 16
#define FLOW_PROTOCOL_MAX 24

/** What the first packets told beside the name; zero and empty where they did not. */
struct flow_detail {
	uint64_t certificate; /**< id of the leaf certificate, told in a message of its own */
	uint64_t risks;       /**< as classifier/protocol numbers them */
	/** PROXY header: who is behind the load balancer. Version 0: none. */
	struct ip_address inner_source;
	/** PROXY header, or the address that a proxy was asked for. Version 0: none. */
	struct ip_address inner_destination;
	/**
	 * Of the IP packets that carried it in a tunnel: the end behind which the initiator is, and
	 * the other. Of several the pair that leaves the inside, else one that enters it, else the
	 * first. Version 0: none.
	 */
	struct ip_address outer_source;
	struct ip_address outer_destination;
	uint8_t tunnel;              /**< enum flow_tunnel, that the outer ends are of */
	uint8_t outer_source_inside; /**< 1: that end is on our side */
	uint8_t outer_destination_inside;
	uint16_t inner_source_port;
	uint16_t inner_destination_port;  /**< of a name asked of a proxy too */
	uint16_t other_names;             /**< further requests to other hosts on the connection */
	char ja4[FLOW_JA4_LEN + 1];       /**< of the first ClientHello */
	char alpn[FLOW_ALPN_MAX];         /**< chosen by the server, else the client's first */
	char protocol[FLOW_PROTOCOL_MAX]; /**< a second opinion's name for it, lower case */
	char category[FLOW_PROTOCOL_MAX]; /**< the second opinion's kind of protocol, lower case */
};

struct flow_record {
	uint64_t flow_id; /**< the same in every record of the flow and for any number of workers */
	uint64_t start_ns; /**< packet time of the first packet, nanoseconds since 1970 UTC */
	uint64_t end_ns;   /**< latest packet time seen, never before start_ns */
	struct ip_address source; /**< the initiator; innermost addresses */
	struct ip_address destination;
	struct flow_side from_source;
	struct flow_side from_destination;
	uint32_t seq;              /**< 0 for the first record of the flow */
	uint32_t vni;              /**< VXLAN or GENEVE network, or FLOW_NO_VNI */
	uint16_t vlan;             /**< outermost VLAN id of the first packet, or FLOW_NO_VLAN */
	uint16_t inner_vlan;       /**< next VLAN id, or FLOW_NO_VLAN */
	uint16_t source_port;      /**< host order; ICMP: type of the first packet */
	uint16_t destination_port; /**< host order; ICMP: code of the first packet */
	uint16_t capture_port;     /**< index of the interface or port the first packet came from */
	uint32_t flags;            /**< enum flow_flag, or-ed */
	uint16_t tls_version;  /**< chosen version, 0x0301 to 0x0304 (of DTLS the TLS behind it); 0
				  if the ServerHello was not seen */
	uint8_t transport;     /**< enum transport */
	uint8_t protocol;      /**< enum app_protocol */
	uint8_t name_source;   /**< enum name_source */
	uint8_t final;         /**< 1: no further record of this flow follows */
	uint8_t source_inside; /**< 1: the initiator is on our side */
	uint8_t destination_inside;
	struct flow_detail detail;
	uint8_t name_len;           /**< 0: no name */
	char name[DOMAIN_NAME_MAX]; /**< canonical, NUL-terminated; last, so that a ring may cut it
				     */
};

/** Length of the record up to the end of its name: where it is kept, there need not be more. */
static inline size_t
flow_record_len(const struct flow_record *r)
{
	return offsetof(struct flow_record, name) + r->name_len + 1u;
}

static inline enum flow_direction
flow_direction_of(bool source_inside, bool destination_inside)
{
	if (source_inside)
		return destination_inside ? FLOW_DIRECTION_INTERNAL : FLOW_DIRECTION_EGRESS;
	return destination_inside ? FLOW_DIRECTION_INGRESS : FLOW_DIRECTION_TRANSIT;
}

/** Whether its packets cross the border in a tunnel. */
static inline bool
flow_record_crosses_in_tunnel(const struct flow_record *r)
{
	return r->detail.outer_source_inside != r->detail.outer_destination_inside;
}

/** Which way the ends say that it goes, whatever carries it. */
static inline enum flow_direction
flow_record_inner_direction(const struct flow_record *r)
{
	return flow_direction_of(r->source_inside, r->destination_inside);
}

/**
 * Which way the flow goes, by who is inside. Where a tunnel carries it over the border that is the
 * tunnel's way: the inner ends are what the sender wrote.
 */
static inline enum flow_direction
flow_record_direction(const struct flow_record *r)
{
	return flow_record_crosses_in_tunnel(r)
		       ? flow_direction_of(r->detail.outer_source_inside,
					   r->detail.outer_destination_inside)
		       : flow_record_inner_direction(r);
}

/** The words of the JSON contract; never NULL for a value of the enumeration. Unknown gives "". */
const char *name_source_text(enum name_source source);
const char *app_protocol_text(enum app_protocol protocol);
const char *flow_direction_text(enum flow_direction direction);
const char *flow_tunnel_text(enum flow_tunnel tunnel);
/** The text of exactly one flag. */
const char *flow_flag_text(enum flow_flag flag);
/** "tcp", "udp", "icmp", "ipv6-icmp", "sctp", "esp" (IANA keywords in lower case). */
const char *transport_text(enum transport transport);
