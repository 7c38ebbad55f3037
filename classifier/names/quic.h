/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUIC Initial packets: header, keys that the standard makes public, and the CRYPTO frames inside
 * (RFC 9000 17.2, 19; RFC 9001 5; RFC 9369). Reading them decrypts nothing that was secret. The
 * opener keeps library contexts only, and belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest connection id (RFC 9000 17.2). */
#define QUIC_CID_MAX 20

/** Client Initial keys of one connection; derived once from the first Destination Connection ID. */
struct quic_keys {
	uint8_t key[16];
	uint8_t iv[12];
	uint8_t hp[16];
};

/** Bytes that a datagram with a client's Initial has at least (RFC 9000 14.1). */
#define QUIC_INITIAL_DATAGRAM_MIN 1200
/** Bytes that the id has at least which a client makes up for its first Initials (RFC 9000 7.2). */
#define QUIC_FIRST_CID_MIN 8

enum quic_packet_type {
	QUIC_PACKET_INITIAL,
	QUIC_PACKET_PROTECTED,   /**< 0-RTT and Handshake: nobody else has their keys */
	QUIC_PACKET_RETRY,       /**< RFC 9000 17.2.5: fills the datagram */
	QUIC_PACKET_NEGOTIATION, /**< RFC 9000 17.2.1: fills the datagram */
	QUIC_PACKET_UNKNOWN,     /**< in the form of an Initial, of a version that we do not know */
};

/** A long-header packet as far as it is readable without keys. Slices point into the datagram. */
struct quic_long_header {
	enum quic_packet_type type;
	uint32_t version;
	struct slice dcid;
	struct slice scid;
	struct slice token; /**< of an Initial; the client has it from a Retry or from earlier */
	struct slice
		packet; /**< from first byte to the end given by Length; coalesced ones follow */
	size_t number_offset; /**< of the protected packet number, in `packet` */
};

/**
 * Reads the long-header packet at the start of `datagram` (RFC 9000 17.2). `packet` tells where the
 * next coalesced one begins. NOT_MINE for short headers, bytes that are no QUIC and versions we do
 * not know, unless the packet has the form of an Initial; MALFORMED for lengths of a known version
 * beyond the datagram. The fixed bit may be missing only where RFC 9287 lets it: behind a token.
 */
enum parse_result quic_long_header_parse(struct slice datagram, struct quic_long_header *out);

/** Versions under whose keys an Initial of an unknown version is worth a try, at most. */
#define QUIC_TRIALS_MAX 3

/**
 * The versions whose keys may open a packet of type UNKNOWN: a client that wants to be told the
 * server's versions (RFC 9000 6.3) keeps the keys of the one it implements. Returns how many.
 */
size_t
quic_trial_versions(const struct quic_long_header *header, uint32_t versions[QUIC_TRIALS_MAX]);

/** Whether a datagram begins with a packet of Google's QUIC, Q024 to Q050 and T050 to T059. */
bool quic_is_google(struct slice datagram);

struct quic_opener;

/** Library contexts fetched once. Returns NULL with errno when the library fails; free with
 * destroy. */
struct quic_opener *quic_opener_create(void);
void quic_opener_destroy(struct quic_opener *opener);

/** Derives the client's Initial keys (RFC 9001 5.2, RFC 9369 3.3.1). False when the version is
 * unknown. */
bool quic_keys_derive(struct quic_opener *opener, uint32_t version, struct slice dcid,
		      struct quic_keys *out);

/**
 * Removes header protection and opens the packet with the client's keys into `plain` (`plain_len`
 * bytes, borrowed, at least the packet's length). FOUND: `frames` is the clear payload inside
 * `plain`. NOT_MINE: the tag does not fit (a server's packet, other keys). MALFORMED: too short for
 * a packet.
 */
enum parse_result quic_initial_open(struct quic_opener *opener, const struct quic_keys *keys,
				    const struct quic_long_header *header, uint8_t *plain,
				    size_t plain_len, struct slice *frames);

/** One CRYPTO frame (RFC 9000 19.6). `data` points into the frames. */
struct quic_crypto_frame {
	uint64_t offset;
	struct slice data;
};

/**
 * Takes the next CRYPTO frame, passing over PADDING, PING, ACK and CONNECTION_CLOSE (the frames
 * that RFC 9000 12.4 allows in an Initial). Returns false at the end; a forbidden or cut frame sets
 * `frames->failed` and returns false.
 */
bool quic_crypto_frame_next(struct cursor *frames, struct quic_crypto_frame *out);
