/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The QUIC versions whose Initial packets can be read, one row each: what differs between them is
 * the number, the salt, the labels and the packet type bits. Constant data; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUIC_SALT_LEN 20

/** Values of the two type bits of a long header, shifted down (RFC 9000 17.2, RFC 9369 3.2). */
struct quic_packet_types {
	uint8_t initial;
	uint8_t retry;
};

/** Labels of HKDF-Expand-Label without the "tls13 " in front (RFC 9001 5.1, RFC 9369 3.3.2). */
struct quic_labels {
	const char *key;
	const char *iv;
	const char *hp;
};

struct quic_version {
	uint32_t number;
	uint8_t salt[QUIC_SALT_LEN];
	const struct quic_labels *labels;
	struct quic_packet_types types;
};

#define QUIC_VERSION_COUNT 12
extern const struct quic_version quic_versions[QUIC_VERSION_COUNT];

/** Row of a version number, or NULL for versions we do not know; 0 (Version Negotiation) is none.
 */
const struct quic_version *quic_version_find(uint32_t number);

/** Versions that nobody speaks, which exercise Version Negotiation (RFC 9000 15). */
static inline bool
quic_version_is_reserved(uint32_t number)
{
	return (number & 0x0f0f0f0f) == 0x0a0a0a0a;
}
