/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_records.h"

#include <string.h>

#include "classifier/names/tls_hello.h"

/*
 * Goes to the next record (RFC 8446 5.1; fragments of length zero are forbidden). The minor version
 * is not judged: clients write 0x0300 to 0x0304 there.
 */
static enum parse_result
next_record(struct tls_records *records)
{
	struct cursor *c = &records->stream;
	uint8_t type = cursor_u8(c);
	if (!c->failed && type != TLS_RECORD_HANDSHAKE)
		return PARSE_MALFORMED;
	uint8_t major = cursor_u8(c);
	if (!c->failed && major != TLS_RECORD_VERSION_MAJOR)
		return PARSE_MALFORMED;
	cursor_skip(c, 1);
	size_t len = cursor_be16(c);
	if (c->failed)
		return PARSE_NEED_MORE;
	if (len == 0 || len > TLS_FRAGMENT_MAX)
		return PARSE_MALFORMED;

	size_t left = cursor_left(c);
	size_t here = len < left ? len : left;
	records->fragment = cursor_over(cursor_take(c, here));
	records->missing = len - here;
	return PARSE_FOUND;
}

enum parse_result
tls_records_begin(struct slice stream, uint8_t message_type, struct tls_records *out)
{
	struct cursor c = cursor_over(stream);
	uint8_t type = cursor_u8(&c);
	if (!c.failed && type != TLS_RECORD_HANDSHAKE)
		return PARSE_NOT_MINE;
	uint8_t major = cursor_u8(&c);
	if (!c.failed && major != TLS_RECORD_VERSION_MAJOR)
		return PARSE_NOT_MINE;

	*out = (struct tls_records){.stream = cursor_over(stream)};
	enum parse_result r = next_record(out);
	if (r != PARSE_FOUND)
		return r;
	c = out->fragment;
	type = cursor_u8(&c);
	if (c.failed)
		return PARSE_NEED_MORE;
	return type == message_type ? PARSE_FOUND : PARSE_NOT_MINE;
}

/* Joins `len` bytes, of which the current record does not hold all. */
static enum parse_result
join(struct tls_records *records, size_t len, uint8_t *room, struct slice *out)
{
	size_t joined = 0;

	for (;;) {
		size_t left = cursor_left(&records->fragment);
		struct slice piece =
			cursor_take(&records->fragment, len - joined < left ? len - joined : left);
		if (piece.len > 0)
			memcpy(room + joined, piece.data, piece.len);
		joined += piece.len;
		if (joined == len) {
			*out = slice_of(room, len);
			return PARSE_FOUND;
		}
		if (records->missing > 0)
			return PARSE_NEED_MORE;
		enum parse_result r = next_record(records);
		if (r != PARSE_FOUND)
			return r;
	}
}

enum parse_result
tls_records_take(struct tls_records *records, size_t len, uint8_t *room, size_t room_len,
		 struct slice *out)
{
	size_t left = cursor_left(&records->fragment);

	if (len == 0) {
		*out = (struct slice){0};
		return PARSE_FOUND;
	}
	if (left == 0 && records->missing == 0) {
		enum parse_result r = next_record(records);
		if (r != PARSE_FOUND)
			return r;
		left = cursor_left(&records->fragment);
	}
	/* Nearly every message lies in one record and is read where it is. */
	if (len <= left) {
		*out = cursor_take(&records->fragment, len);
		return PARSE_FOUND;
	}
	if (len <= left + records->missing)
		return PARSE_NEED_MORE;
	if (len > room_len)
		return PARSE_MALFORMED;
	return join(records, len, room, out);
}

enum parse_result
tls_records_take_header(struct tls_records *records, uint8_t *type, size_t *body_len)
{
	uint8_t room[TLS_HANDSHAKE_HEADER_LEN];
	struct slice header;

	enum parse_result r = tls_records_take(records, sizeof(room), room, sizeof(room), &header);
	if (r != PARSE_FOUND)
		return r;
	struct cursor c = cursor_over(header);
	*type = cursor_u8(&c);
	*body_len = cursor_be24(&c);
	return PARSE_FOUND;
}
