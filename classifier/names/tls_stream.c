/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_hello.h"
#include "classifier/names/tls_records.h"

/* Longest hello in SSL 2.0's form: some hundred cipher suites. Longer ones are other protocols. */
#define SSL2_HELLO_MAX 1024

static enum parse_result
parse_records(struct slice stream, uint8_t *scratch, size_t scratch_len,
	      struct tls_client_hello *out)
{
	struct tls_records records;
	struct slice body;
	uint8_t type;
	size_t body_len;

	enum parse_result r = tls_records_begin(stream, TLS_HANDSHAKE_CLIENT_HELLO, &records);
	if (r == PARSE_FOUND)
		r = tls_records_take_header(&records, &type, &body_len);
	if (r != PARSE_FOUND)
		return r;
	if (body_len > TLS_CLIENT_HELLO_MAX - TLS_HANDSHAKE_HEADER_LEN)
		return PARSE_MALFORMED;
	r = tls_records_take(&records, body_len, scratch, scratch_len, &body);
	if (r != PARSE_FOUND)
		return r;
	r = tls_client_hello_body_parse(body, TLS_CARRIER_TCP, out);
	out->consumed = stream.len - tls_records_left(&records);
	return r;
}

/* RFC 8446 D.4: the one form of change_cipher_spec, a byte of value 1. */
static enum parse_result
take_change_cipher_spec(struct cursor *c)
{
	static const uint8_t form[] = {
		TLS_RECORD_CHANGE_CIPHER_SPEC, TLS_RECORD_VERSION_MAJOR, 0, 0, 1, 1};

	for (size_t i = 0; i < sizeof(form); i++) {
		uint8_t byte = cursor_u8(c);
		if (c->failed)
			return PARSE_NEED_MORE;
		if (byte != form[i] && i != 2) /* any minor version */
			return PARSE_NOT_MINE;
	}
	return PARSE_FOUND;
}

/*
 * In TLS up to 1.2 this record is followed by Finished, encrypted: what looks like a broken hello
 * behind it is none.
 */
static enum parse_result
parse_behind_change_cipher_spec(struct slice stream, uint8_t *scratch, size_t scratch_len,
				struct tls_client_hello *out)
{
	struct cursor c = cursor_over(stream);
	enum parse_result r = take_change_cipher_spec(&c);
	if (r != PARSE_FOUND)
		return r;
	struct slice rest = cursor_take(&c, cursor_left(&c));
	r = parse_records(rest, scratch, scratch_len, out);
	if (r == PARSE_FOUND)
		out->consumed += stream.len - rest.len;
	return r == PARSE_MALFORMED ? PARSE_NOT_MINE : r;
}

/*
 * RFC 5246 E.2: a ClientHello in the form of SSL 2.0, for servers that know nothing newer. It holds
 * no extensions and so no name. All its lengths have to agree, since its beginning says little.
 */
static enum parse_result
parse_ssl2_format(struct slice stream, struct tls_client_hello *out)
{
	struct cursor c = cursor_over(stream);
	size_t len = cursor_be16(&c) & 0x7fff;
	uint8_t type = cursor_u8(&c);
	if (!c.failed && (type != TLS_HANDSHAKE_CLIENT_HELLO || len > SSL2_HELLO_MAX))
		return PARSE_NOT_MINE;
	uint16_t version = cursor_be16(&c);
	if (!c.failed && (version >> 8 != TLS_RECORD_VERSION_MAJOR || version > TLS_VERSION_1_2))
		return PARSE_NOT_MINE;
	size_t ciphers = cursor_be16(&c); /* three bytes each */
	size_t session_id = cursor_be16(&c);
	size_t challenge = cursor_be16(&c);
	if (c.failed)
		return PARSE_NEED_MORE;
	if (ciphers == 0 || ciphers % 3 != 0 || (session_id != 0 && session_id != 16) ||
	    challenge < 16 || challenge > 32 || len != 9 + ciphers + session_id + challenge)
		return PARSE_NOT_MINE;
	cursor_skip(&c, ciphers + session_id + challenge);
	if (c.failed)
		return PARSE_NEED_MORE;
	*out = (struct tls_client_hello){
		.carrier = TLS_CARRIER_TCP,
		.legacy_version = version,
		.max_version = version,
		.is_ssl2_format = true,
		.consumed = 2 + len,
	};
	return PARSE_FOUND;
}

enum parse_result
tls_client_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
			struct tls_client_hello *out)
{
	if (stream.len == 0)
		return PARSE_NEED_MORE;
	if (stream.data[0] == TLS_RECORD_CHANGE_CIPHER_SPEC)
		return parse_behind_change_cipher_spec(stream, scratch, scratch_len, out);
	/* The first bit of SSL 2.0's two-byte record header; the length is bounded. */
	if (stream.data[0] >= 0x80 && stream.data[0] <= 0x80 + (SSL2_HELLO_MAX >> 8))
		return parse_ssl2_format(stream, out);
	return parse_records(stream, scratch, scratch_len, out);
}

enum parse_result
tls_client_stream_cut_parse(struct slice stream, struct tls_client_hello *out)
{
	struct tls_records records;
	enum parse_result r = tls_records_begin(stream, TLS_HANDSHAKE_CLIENT_HELLO, &records);

	if (r != PARSE_FOUND)
		return r;
	size_t here = cursor_left(&records.fragment);
	return tls_client_hello_cut_parse(cursor_take(&records.fragment, here), TLS_CARRIER_TCP,
					  out);
}

/* Whether a fragment's first bytes, as far as they are here, are other than a handshake's begin. */
static bool
is_midstream_fragment(uint8_t type, size_t len, struct slice here)
{
	switch (type) {
	case TLS_RECORD_CHANGE_CIPHER_SPEC:
		return len == 1 && here.len == 1 && here.data[0] == 1;
	case TLS_RECORD_ALERT:
		/* In clear a level and a description; encrypted, with a tag or a MAC and padding.
		 */
		return len >= 2 && len <= 256;
	case TLS_RECORD_HANDSHAKE:
		return here.len > 0 && here.data[0] != TLS_HANDSHAKE_CLIENT_HELLO &&
		       here.data[0] != TLS_HANDSHAKE_SERVER_HELLO;
	case TLS_RECORD_APPLICATION_DATA:
		return len > 0;
	default:
		return false;
	}
}

bool
tls_is_midstream(struct slice stream)
{
	struct cursor c = cursor_over(stream);
	uint8_t type = cursor_u8(&c);
	uint16_t version = cursor_be16(&c);
	size_t len = cursor_be16(&c);

	/* RFC 8446 5.1 and 5.2, RFC 5246 6.2.3: SSL 3.0 to TLS 1.3; 2^14 bytes, and 2,048 more
	 * where encrypted. */
	if (c.failed || version < 0x0300 || version > TLS_VERSION_1_3 ||
	    len > TLS_FRAGMENT_MAX + 2048)
		return false;
	size_t left = cursor_left(&c);
	struct slice here = cursor_take(&c, len < left ? len : left);
	if (!is_midstream_fragment(type, len, here))
		return false;
	/* What is here of the next record must be one, too. */
	if (cursor_left(&c) == 0)
		return true;
	uint8_t next = cursor_u8(&c);
	return next >= TLS_RECORD_CHANGE_CIPHER_SPEC && next <= TLS_RECORD_HEARTBEAT &&
	       (cursor_left(&c) == 0 || cursor_u8(&c) == TLS_RECORD_VERSION_MAJOR);
}
