/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet as every stage of a worker sees it, whatever it came from: borrowed bytes with their
 * time. Sources fill it; the bytes are valid until the source is asked for the next burst.
 */
#pragma once

#include <stdint.h>

/** How the bytes begin. */
enum link_type {
	LINK_TYPE_ETHERNET,
	LINK_TYPE_RAW_IP,      /**< IPv4 or IPv6 header first */
	LINK_TYPE_LINUX_SLL,   /**< Linux cooked capture v1 */
	LINK_TYPE_LINUX_SLL2,  /**< Linux cooked capture v2 */
	LINK_TYPE_NULL,        /**< BSD loopback: address family, in either byte order */
	LINK_TYPE_PPP,         /**< RFC 1662: address and control, where they are there */
	LINK_TYPE_PPP_PPPD,    /**< the same, with a direction in place of the address */
	LINK_TYPE_PPPOE,       /**< PPPoE session header first */
	LINK_TYPE_NFLOG,       /**< Linux netfilter log: attributes, one of them the packet */
	LINK_TYPE_UNSUPPORTED, /**< counted, not decoded */
};

/** Packets handled at a time. */
#define PACKET_BURST_MAX 32

struct packet {
	const uint8_t *data;
	uint64_t time_ns;      /**< since 1970 UTC; 0 where the capture has no time */
	uint32_t captured_len; /**< bytes at `data` */
	uint32_t wire_len;     /**< bytes the packet had on the wire, at least captured_len */
	uint16_t port;         /**< index of the interface (pcapng) or port (live) */
	uint8_t link;          /**< enum link_type */
};
