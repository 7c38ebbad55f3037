/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls.h"

#include <string.h>

#include "classifier/names/tls_hello.h"

#define RECORD_HANDSHAKE 22
#define RECORD_VERSION_MAJOR 3
#define RECORD_MAX 16384 /* bytes of a TLSPlaintext fragment (RFC 8446 5.1) */

/* What a record header leaves: the fragment's length on the wire and as much of it as is here. */
struct fragment {
	size_t wire_len;
	struct slice here;
};

/*
 * Takes a handshake record (RFC 8446 5.1; fragments of length zero are forbidden). The minor
 * version is not judged: clients write 0x0300 to 0x0304 there.
 */
static enum parse_result
take_fragment(struct cursor *c, struct fragment *out)
{
	uint8_t type = cursor_u8(c);
	if (!c->failed && type != RECORD_HANDSHAKE)
		return PARSE_MALFORMED;
	uint8_t major = cursor_u8(c);
	if (!c->failed && major != RECORD_VERSION_MAJOR)
		return PARSE_MALFORMED;
	cursor_skip(c, 1);
	out->wire_len = cursor_be16(c);
	if (c->failed)
		return PARSE_NEED_MORE;
	if (out->wire_len == 0 || out->wire_len > RECORD_MAX)
		return PARSE_MALFORMED;
	size_t left = cursor_left(c);
	out->here = cursor_take(c, out->wire_len < left ? out->wire_len : left);
	return PARSE_FOUND;
}

/*
 * Takes the record a stream begins with. NOT_MINE at the first byte that tells another protocol, or
 * a message of another type.
 */
static enum parse_result
take_first_fragment(struct slice stream, uint8_t message_type, struct fragment *out)
{
	struct cursor c = cursor_over(stream);

	if ((stream.len > 0 && stream.data[0] != RECORD_HANDSHAKE) ||
	    (stream.len > 1 && stream.data[1] != RECORD_VERSION_MAJOR))
		return PARSE_NOT_MINE;
	enum parse_result r = take_fragment(&c, out);
	if (r != PARSE_FOUND)
		return r;
	if (out->here.len == 0)
		return PARSE_NEED_MORE;
	return out->here.data[0] == message_type ? PARSE_FOUND : PARSE_NOT_MINE;
}

/* Joins the fragments of a message that does not end in its first record. */
static enum parse_result
join_and_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
	       struct tls_client_hello *out)
{
	struct cursor c = cursor_over(stream);
	struct slice joined = slice_of(scratch, 0);

	for (;;) {
		struct fragment f;
		enum parse_result r = take_fragment(&c, &f);
		if (r != PARSE_FOUND)
			return r;

		size_t room = scratch_len - joined.len;
		size_t n = f.here.len < room ? f.here.len : room;
		if (n > 0)
			memcpy(scratch + joined.len, f.here.data, n);
		joined.len += n;

		size_t length = tls_handshake_length(joined);
		if (length > TLS_CLIENT_HELLO_MAX || length > scratch_len ||
		    (length == 0 && joined.len == scratch_len))
			return PARSE_MALFORMED;
		if (length != 0 && joined.len >= length)
			return tls_client_hello_parse(joined, out);
		if (f.here.len < f.wire_len)
			return PARSE_NEED_MORE;
	}
}

enum parse_result
tls_client_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
			struct tls_client_hello *out)
{
	struct fragment first;
	enum parse_result r = take_first_fragment(stream, TLS_HANDSHAKE_CLIENT_HELLO, &first);
	if (r != PARSE_FOUND)
		return r;

	size_t length = tls_handshake_length(first.here);
	if (length > TLS_CLIENT_HELLO_MAX)
		return PARSE_MALFORMED;
	/* Nearly every hello fits into its first record and is read where it lies. */
	if (length != 0 && length <= first.wire_len)
		return tls_client_hello_parse(first.here, out);
	if (length > scratch_len)
		return PARSE_MALFORMED;
	if (first.here.len < first.wire_len)
		return PARSE_NEED_MORE;
	return join_and_parse(stream, scratch, scratch_len, out);
}

enum parse_result
tls_server_stream_parse(struct slice stream, uint16_t *version)
{
	struct fragment first;
	enum parse_result r = take_first_fragment(stream, TLS_HANDSHAKE_SERVER_HELLO, &first);
	if (r != PARSE_FOUND)
		return r;
	size_t length = tls_handshake_length(first.here);
	if (length > first.wire_len || first.wire_len < TLS_HANDSHAKE_HEADER_LEN)
		return PARSE_MALFORMED;
	if (length == 0 || first.here.len < length)
		return PARSE_NEED_MORE;

	struct cursor message = cursor_over(first.here);
	cursor_skip(&message, TLS_HANDSHAKE_HEADER_LEN);
	struct slice body = cursor_take(&message, length - TLS_HANDSHAKE_HEADER_LEN);
	return tls_server_hello_parse(body, version) ? PARSE_FOUND : PARSE_MALFORMED;
}
