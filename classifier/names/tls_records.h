/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handshake bytes of a TCP stream, read across the records that carry them (RFC 8446 5.1). Only
 * for the parsers of tls.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum tls_record_type {
	TLS_RECORD_CHANGE_CIPHER_SPEC = 20,
	TLS_RECORD_ALERT = 21,
	TLS_RECORD_HANDSHAKE = 22,
	TLS_RECORD_APPLICATION_DATA = 23,
	TLS_RECORD_HEARTBEAT = 24,
};

#define TLS_RECORD_VERSION_MAJOR 3
#define TLS_FRAGMENT_MAX 16384 /* bytes of a TLSPlaintext fragment (RFC 8446 5.1) */

struct tls_records {
	struct cursor stream;   /**< behind what is here of the current record */
	struct cursor fragment; /**< what is here of the current record, and not taken */
	size_t missing;         /**< bytes of the current record that have not come */
};

/**
 * Begins to read a stream whose first message is of `message_type`. NOT_MINE at the first byte that
 * tells another protocol or another message, MALFORMED when the record's header breaks the rules.
 */
enum parse_result
tls_records_begin(struct slice stream, uint8_t message_type, struct tls_records *out);

/**
 * Takes `len` bytes of handshake messages: a slice into the stream, or into `room` (`room_len`
 * bytes) where they lie in several records. MALFORMED when they do not fit there, and at a record
 * that may not stand there. After anything but FOUND the records are not to be read further.
 */
enum parse_result tls_records_take(struct tls_records *records, size_t len, uint8_t *room,
				   size_t room_len, struct slice *out);

/** Takes the header of the message that comes next: its type and the length of its body. */
enum parse_result
tls_records_take_header(struct tls_records *records, uint8_t *type, size_t *body_len);

/** Bytes of the stream behind what was taken. */
static inline size_t
tls_records_left(const struct tls_records *records)
{
	return cursor_left(&records->stream) + cursor_left(&records->fragment);
}
