/* SPDX-License-Identifier: Apache-2.0 */
/* Writes TLS messages and records, for the tests of their parsers. */
#pragma once

#include "tests/unit/names/wire.h"

#define SNI_EXAMPLE "0000 0010 000e 00 000b 6578616d706c652e636f6d" /* example.com */
#define ALPN_H2 "0010 0005 0003 02 6832"
#define VERSIONS_1_3 "002b 0005 04 0304 0303"

/* A ClientHello from its legacy version and its extensions; NULL: none, as SSL 3.0 clients do. */
static inline void
write_client_hello(struct wire *w, uint16_t version, const char *extensions)
{
	wire_number(w, 1, 1);
	size_t body = wire_begin(w, 3);
	wire_number(w, version, 2);
	wire_fill(w, 0xab, 32);
	wire_hex(w, "04 01020304 0004 1301c02f 01 00");
	if (extensions != NULL) {
		size_t list = wire_begin(w, 2);
		wire_hex(w, extensions);
		wire_end(w, list, 2);
	}
	wire_end(w, body, 3);
}

static inline void
write_record(struct wire *w, uint16_t version, struct slice fragment)
{
	wire_number(w, 22, 1);
	wire_number(w, version, 2);
	wire_number(w, fragment.len, 2);
	wire_bytes(w, fragment.data, fragment.len);
}

/* Cuts `message` into records of `size` bytes. */
static inline void
write_records(struct wire *w, struct slice message, size_t size)
{
	for (size_t at = 0; at < message.len; at += size) {
		size_t left = message.len - at;
		write_record(w, 0x0301, slice_of(message.data + at, left < size ? left : size));
	}
}

/* `extensions` NULL: none. */
static inline void
write_server_hello(struct wire *w, uint16_t version, const char *random, const char *extensions)
{
	size_t record = (wire_hex(w, "16 0303"), wire_begin(w, 2));
	wire_number(w, 2, 1);
	size_t body = wire_begin(w, 3);
	wire_number(w, version, 2);
	wire_hex(w, random);
	wire_hex(w, "00 1301 00");
	if (extensions != NULL) {
		size_t list = wire_begin(w, 2);
		wire_hex(w, extensions);
		wire_end(w, list, 2);
	}
	wire_end(w, body, 3);
	wire_end(w, record, 2);
}

#define RANDOM_ANY "000102030405060708090a0b0c0d0e0f 000102030405060708090a0b0c0d0e0f"
/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" */
#define RANDOM_RETRY "cf21ad74e59a6111be1d8c021e65b891 c2a211167abb8c5e079e09e2c8a8339c"
