/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packet that the library gets to see: written around the payload, with the ports and sequence
 * numbers of the one that was captured, between two addresses of the documentation. So no rule
 * about whose an address is can fire, IPv6 is the same as IPv4, and odd headers do not reach the
 * library.
 */
#pragma once

#include "classifier/protocol/protocol_detector.h"

/** Room for the longest packet and for zeros behind it: some dissectors read past the end. */
#define PROTOCOL_FRAME_ROOM (65535u + 64u)

/** Of a TCP flow, of the low and the high end: one past the last byte written. All zero at first.
 */
struct protocol_sequence {
	bool is_known[2];
	uint32_t next[2];
};

/** Writes IPv4, TCP or UDP, and the payload; returns the length, 0 when there is no payload or too
 * much.
 */
uint16_t
protocol_frame_write(uint8_t frame[PROTOCOL_FRAME_ROOM], const struct protocol_packet *packet,
		     struct protocol_sequence *sequence);
