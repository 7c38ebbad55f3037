/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a frame to the innermost conversation it belongs to: link header, VLAN tags, IPv4 or IPv6
 * with its extension headers, one level of VXLAN, transport header. Every frame leaves by exactly
 * one way out: tracked, or refused for one named reason. Reads headers only; knows no flow. Pure,
 * no allocation.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/flow_key.h"
#include "dataplane/packet.h"

/**
 * The ways out of the decoder. Everything but TRACKED refuses the packet; each has its counter.
 * What later becomes decodable (other tunnels, fragments) leaves its reason here and gets its own
 * case.
 */
enum decode_result {
	DECODE_TRACKED,
	DECODE_LINK_UNSUPPORTED,
	DECODE_LINK_TRUNCATED,
	DECODE_NOT_IP,
	DECODE_VLAN_TOO_DEEP,
	DECODE_IPV4_TRUNCATED,
	DECODE_IPV4_MALFORMED,
	DECODE_IPV4_FRAGMENT, /**< a later one, without the transport header; a first one is tracked
			       */
	DECODE_IPV6_TRUNCATED,
	DECODE_IPV6_MALFORMED,
	DECODE_IPV6_FRAGMENT, /**< likewise */
	DECODE_EXTENSION_TRUNCATED,
	DECODE_TRANSPORT_UNSUPPORTED,
	DECODE_TRANSPORT_TRUNCATED,
	DECODE_TCP_MALFORMED,
	DECODE_UDP_MALFORMED,
	DECODE_RESULT_COUNT,
};

/** The name of the way out, as counters show it: "not-ip", "ipv4-fragment", ... */
const char *decode_result_text(enum decode_result result);

/** TCP flag bits (RFC 9293 3.1). */
#define TCP_FIN 0x01u
#define TCP_SYN 0x02u
#define TCP_RST 0x04u
#define TCP_PSH 0x08u
#define TCP_ACK 0x10u

/** What the decoder found; lengths named wire_* are the wire's, the payload slice is what was
 * captured. */
struct decoded {
	struct flow_key key;
	bool from_high; /**< the sender is the key's high end */
	uint8_t tcp_flags;
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint16_t vlan; /**< outermost tag's id, or FLOW_NO_VLAN */
	uint16_t inner_vlan;
	uint32_t tcp_seq;
	uint32_t wire_ip_len;      /**< IP header and all behind it */
	uint32_t wire_payload_len; /**< transport payload; ESP: IP payload */
	uint32_t payload_len;      /**< captured bytes at `payload` */
	const uint8_t *payload;
};

/** Decodes one packet. `out` is meaningful only for DECODE_TRACKED; its payload points into the
 * packet. */
enum decode_result decode_packet(const struct packet *packet, struct decoded *out);
