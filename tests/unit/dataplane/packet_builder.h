/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets for tests, written from the outside in: every header tells the one before it what
 * follows, and build_end fills in the lengths. A mistake in a test's own table ends the program.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dataplane/packet.h"

#define BUILD_MAX 131072

struct builder {
	uint8_t bytes[BUILD_MAX];
	size_t len;
	uint8_t link;
	/* Where the type of the next header has to be written; width 0: nowhere. */
	size_t next_at;
	unsigned next_width;
	/* Lengths still to be written: a 16-bit field, and what it counts from. */
	struct {
		size_t field, from;
	} lengths[32];
	unsigned length_count;
};

/** Begins with the header of `link`. */
void build_begin(struct builder *b, enum link_type link);

/** A tag with the given TPID (0x8100, 0x88a8, ...). */
void build_vlan(struct builder *b, uint16_t tpid, uint16_t id);

/** Writes `ethertype` where the next header's type is expected, for what is no IP. */
void build_ethertype(struct builder *b, uint16_t ethertype);

/** For headers that only one test writes: the next header's type belongs at `at`, `width` bytes. */
void build_next(struct builder *b, size_t at, unsigned width);

/** The 16-bit field at `field` is to hold the number of bytes from `from` to the packet's end. */
void build_length(struct builder *b, size_t field, size_t from);

/** IPv4 or IPv6 by the text of the addresses; `options_len` bytes of IPv4 options (a multiple of
 * 4). */
void build_ip_options(struct builder *b, const char *from, const char *to, unsigned options_len);
void build_ip(struct builder *b, const char *from, const char *to);

/** Offset of the last IP header in the packet, for tests that spoil it. */
size_t build_last_ip(const struct builder *b);

/** An IPv6 extension header of `type` and `len` bytes (0: the shortest), filled with zeros. */
void build_extension(struct builder *b, uint8_t type, unsigned len);

/** An IPv6 fragment header; `offset` in bytes. */
void build_fragment(struct builder *b, unsigned offset, unsigned more);

/** A transport whose number is known and whose header is whatever the test writes. */
void build_protocol(struct builder *b, uint8_t protocol);

struct build_tcp {
	uint16_t source, destination;
	uint32_t seq, ack;
	uint8_t flags;
	unsigned options_len;
};

void build_tcp(struct builder *b, const struct build_tcp *tcp);
void build_udp(struct builder *b, uint16_t source, uint16_t destination);
void build_sctp(struct builder *b, uint16_t source, uint16_t destination);
/** ICMP or ICMPv6 by the IP header before. */
void build_icmp(struct builder *b, uint8_t type, uint8_t code, uint16_t identifier);
void build_esp(struct builder *b);

/** VXLAN behind a UDP header; build_inner_ethernet follows. */
void build_vxlan(struct builder *b, uint32_t vni);
void build_inner_ethernet(struct builder *b);

void build_bytes(struct builder *b, const void *bytes, size_t len);
void build_fill(struct builder *b, uint8_t byte, size_t len);

/** Fills lengths and checksums of IPv4 in and gives the packet; it borrows the builder's bytes. */
struct packet build_end(struct builder *b);
