/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what the library found in a packet may be told. Most of its rules are believed; those
 * with little proof only where the payload looks like it (protocol_check.h), or where they find the
 * same again, from nothing, in a later packet.
 */
#pragma once

#include "classifier/protocol/protocol_detector.h"

enum protocol_belief {
	PROTOCOL_BELIEVED,
	PROTOCOL_NOT_YET, /**< it may be, if a later packet says the same by itself */
	PROTOCOL_NEVER,
};

/** RTP's header is compared with the one before. */
#define PROTOCOL_HEAD_MAX 12u

/** What is kept of a flow's packets for that; all zero at first. */
struct protocol_doubt {
	const char *found; /**< last, and how many times in a row */
	uint8_t times;
	uint8_t packets;
	bool saw_tls; /**< one of them began with a TLS record */
	uint8_t head_len;
	bool head_from_high;
	uint8_t head[PROTOCOL_HEAD_MAX];
};

/** Call for each packet, before the library sees it. */
void protocol_doubt_note(struct protocol_doubt *doubt, const struct protocol_packet *packet);

/** `protocol` is the word of what was found in `packet`, and lives as long as the doubt. */
enum protocol_belief protocol_believe(struct protocol_doubt *doubt, const char *protocol,
				      const struct protocol_packet *packet);
