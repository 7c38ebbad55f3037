/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Some of the library's rules are content with few bits of proof, or a port with hardly any
 * content: random bytes pass them once in a hundred flows. Here is what a payload has to look like
 * besides, before such a rule is believed. Pure; each takes the payload of the transport.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/** Over UDP: uTP version 1 (BEP 29), the hash table (BEP 5), or a search on the local network (BEP
 * 14). */
bool protocol_check_bittorrent(struct slice payload);

/** The head of a message with few questions and records (RFC 1035 4.1.1), also behind the two bytes
 * of TCP. */
bool protocol_check_dns(struct slice payload);

/** Begins as the lines of HTTP and RTSP do, with a capital letter. */
bool protocol_check_line(struct slice payload);

/** The same, or with a frame of voice or pictures between the lines (RFC 2326 10.12). */
bool protocol_check_rtsp(struct slice payload);

/** Over TCP: has a brace, as the pools' JSON-RPC has, or begins with the magic number of one of
 * Bitcoin's networks, or is as long as Ethereum's first message and has the mark of one. */
bool protocol_check_mining(struct slice payload);

/** A whole header whose stratum, poll and precision are in their ranges (RFC 5905 7.3). */
bool protocol_check_ntp(struct slice payload);

/** A reset of the client or the server, with the first key. */
bool protocol_check_openvpn(struct slice payload, bool is_udp);

/** A line of RESP, by its first character and its end. */
bool protocol_check_redis(struct slice payload);

/** An RTP header (RFC 3550 5.1) that goes on from `last`, of the same sender: same source, the next
 * numbers. */
bool protocol_check_rtp(struct slice payload, struct slice last);

/** The cookie (RFC 8489 5), or for the older form a length that fits; also framed in TCP. */
bool protocol_check_stun(struct slice payload);

/** IPv6 of the right length, behind Teredo's indicators (RFC 4380 5.1.1). */
bool protocol_check_teredo(struct slice payload);

/** The head of a TLS record. */
bool protocol_check_tls(struct slice payload);
