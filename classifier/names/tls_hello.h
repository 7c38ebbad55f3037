/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parsers of ClientHello and ServerHello share; what the rest of the program calls is in
 * tls.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "classifier/names/tls.h"

enum tls_handshake_type {
	TLS_HANDSHAKE_CLIENT_HELLO = 1,
	TLS_HANDSHAKE_SERVER_HELLO = 2,
	TLS_HANDSHAKE_CERTIFICATE = 11,
};

enum tls_extension {
	TLS_EXTENSION_SERVER_NAME = 0,
	TLS_EXTENSION_SIGNATURE_ALGORITHMS = 13,
	TLS_EXTENSION_ALPN = 16,
	TLS_EXTENSION_PRE_SHARED_KEY = 41,
	TLS_EXTENSION_SUPPORTED_VERSIONS = 43,
	TLS_EXTENSION_QUIC_PARAMETERS = 0x39,
	TLS_EXTENSION_QUIC_PARAMETERS_DRAFT = 0xffa5, /* up to draft 32 */
	TLS_EXTENSION_ECH = 0xfe0d,
	TLS_EXTENSION_ESNI = 0xffce,
};

enum {
	TLS_VERSION_1_2 = 0x0303,
	TLS_VERSION_1_3 = 0x0304,
	DTLS_VERSION_1_2 = 0xfefd,
	DTLS_VERSION_1_3 = 0xfefc,
};

/** Bytes of the type and the length in front of every handshake message (RFC 8446 4). */
#define TLS_HANDSHAKE_HEADER_LEN 4
#define TLS_RANDOM_LEN 32
#define TLS_SESSION_ID_MAX 32

/** RFC 8701 2: values that a client offers so that servers stay used to unknown ones. */
static inline bool
tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/**
 * The version that a value on the wire stands for: a draft of TLS 1.3 (0x7f12 is draft 18, 0xfb1a
 * is draft 26 between Meta's clients and servers) is TLS 1.3; 0 for what is none of the carrier's.
 */
uint16_t tls_version_known(uint16_t wire, enum tls_carrier carrier);

/** Whether `version` is later than `other`, both of the carrier. */
bool tls_version_later(uint16_t version, uint16_t other, enum tls_carrier carrier);
