/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_hello.h"
#include "classifier/names/tls_records.h"

/*
 * RFC 6066 3: a server that does not know the name may warn of it (an alert of level 1, description
 * 112) and go on. NOT_MINE: the stream does not begin so.
 */
static enum parse_result
take_warning(struct cursor *c)
{
	uint8_t type = cursor_u8(c);
	if (!c->failed && type != TLS_RECORD_ALERT)
		return PARSE_NOT_MINE;
	uint8_t major = cursor_u8(c);
	if (!c->failed && major != TLS_RECORD_VERSION_MAJOR)
		return PARSE_NOT_MINE;
	cursor_skip(c, 1);
	uint16_t len = cursor_be16(c);
	if (!c->failed && len != 2)
		return PARSE_NOT_MINE;
	uint8_t level = cursor_u8(c);
	if (!c->failed && level != 1)
		return PARSE_NOT_MINE;
	uint8_t description = cursor_u8(c);
	if (!c->failed && description != 112)
		return PARSE_NOT_MINE;
	return c->failed ? PARSE_NEED_MORE : PARSE_FOUND;
}

/* Begins to read the records and takes the ServerHello. */
static enum parse_result
take_server_hello(struct slice stream, struct tls_records *records, uint8_t *scratch,
		  size_t scratch_len, struct tls_server_hello *out)
{
	struct cursor c = cursor_over(stream);
	struct slice body;
	uint8_t type;
	size_t body_len;

	if (stream.len == 0)
		return PARSE_NEED_MORE;
	if (stream.data[0] == TLS_RECORD_ALERT) {
		enum parse_result r = take_warning(&c);
		if (r != PARSE_FOUND)
			return r;
	}
	struct slice rest = cursor_take(&c, cursor_left(&c));
	enum parse_result r = tls_records_begin(rest, TLS_HANDSHAKE_SERVER_HELLO, records);
	if (r == PARSE_FOUND)
		r = tls_records_take_header(records, &type, &body_len);
	if (r == PARSE_FOUND && body_len > TLS_SERVER_HELLO_MAX - TLS_HANDSHAKE_HEADER_LEN)
		r = PARSE_MALFORMED;
	if (r == PARSE_FOUND)
		r = tls_records_take(records, body_len, scratch, scratch_len, &body);
	return r != PARSE_FOUND ? r : tls_server_hello_body_parse(body, TLS_CARRIER_TCP, out);
}

enum parse_result
tls_server_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
			struct tls_server_hello *out)
{
	struct tls_records records;

	return take_server_hello(stream, &records, scratch, scratch_len, out);
}

/* RFC 5246 7.4.2: certificate_list<0..2^24-1> of ASN.1Cert<1..2^24-1>, the server's own first. */
static enum parse_result
take_leaf(struct tls_records *records, size_t body_len, uint8_t *scratch, size_t scratch_len,
	  struct slice *der)
{
	uint8_t lengths[6];
	struct slice here;

	if (body_len == 3)
		return PARSE_NOT_MINE;
	if (body_len < sizeof(lengths))
		return PARSE_MALFORMED;
	enum parse_result r =
		tls_records_take(records, sizeof(lengths), lengths, sizeof(lengths), &here);
	if (r != PARSE_FOUND)
		return r;
	struct cursor c = cursor_over(here);
	size_t list_len = cursor_be24(&c);
	size_t leaf_len = cursor_be24(&c);
	if (list_len != body_len - 3 || leaf_len == 0 || leaf_len > list_len - 3 ||
	    leaf_len > TLS_CERTIFICATE_MAX)
		return PARSE_MALFORMED;
	return tls_records_take(records, leaf_len, scratch, scratch_len, der);
}

enum parse_result
tls_server_certificate(struct slice stream, uint8_t *scratch, size_t scratch_len, struct slice *der)
{
	struct tls_server_hello hello;
	struct tls_records records;
	uint8_t type;
	size_t body_len;

	enum parse_result r = take_server_hello(stream, &records, scratch, scratch_len, &hello);
	if (r != PARSE_FOUND)
		return r;
	if (hello.version > TLS_VERSION_1_2)
		return PARSE_NOT_MINE;
	/* A record of another type, or another message: resumed, anonymous or a shared key. */
	r = tls_records_take_header(&records, &type, &body_len);
	if (r == PARSE_MALFORMED || (r == PARSE_FOUND && type != TLS_HANDSHAKE_CERTIFICATE))
		return PARSE_NOT_MINE;
	if (r != PARSE_FOUND)
		return r;
	return take_leaf(&records, body_len, scratch, scratch_len, der);
}
