/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How clients of PostgreSQL (documentation, 55.2.10 and 55.7) and of MySQL and MariaDB
 * (Protocol::SSLRequest, Protocol::HandshakeResponse41) ask for TLS, or log in without.
 * PostgreSQL 17's direct TLS is plain TLS.
 */
#include "classifier/names/opening_rows.h"

#define PG_REQUEST_LEN 8
#define PG_SSL_REQUEST 80877103u
#define PG_GSSENC_REQUEST 80877104u
#define PG_CANCEL_REQUEST 80877102u
#define PG_CANCEL_LEN_MAX 272 /* 16 bytes; a key of up to 256 since protocol 3.2 */
#define PG_STARTUP_LEN_MAX 10000
#define PG_REQUESTS_MAX 4

#define MYSQL_HEADER_LEN 4
#define MYSQL_SEQUENCE_ANSWER 1 /* the server's greeting was 0 */
#define MYSQL_SSL_REQUEST_LEN 32
#define MYSQL_LOGIN_LEN_MAX 1023 /* more is possible, but not certain enough */
#define MYSQL_USER_MAX 128
#define CLIENT_PROTOCOL_41 0x0200u
#define CLIENT_SSL 0x0800u
#define CLIENT_SECURE_CONNECTION 0x8000u

/* Whether a message of that length and number is one that a client begins with. */
static bool
is_postgresql(uint32_t length, uint32_t code)
{
	if (code == PG_SSL_REQUEST || code == PG_GSSENC_REQUEST)
		return length == PG_REQUEST_LEN;
	if (code == PG_CANCEL_REQUEST)
		return length > PG_REQUEST_LEN && length <= PG_CANCEL_LEN_MAX;
	/* StartupMessage: protocol 2.0 or 3.x, then names and values. */
	return (code == 0x00020000 || code >> 8 == 0x000300) && length > PG_REQUEST_LEN &&
	       length <= PG_STARTUP_LEN_MAX;
}

/* A start that cannot become a message is told by its first bytes: lengths are short. */
static bool
can_be_postgresql(struct slice rest)
{
	static const struct slice zeros = OPENING_TEXT("\0\0");

	return opening_agrees(rest, zeros) &&
	       (rest.len < 5 || rest.data[4] == 0 || rest.data[4] == 4);
}

enum parse_result
opening_postgresql_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);

	for (unsigned i = 0; i < PG_REQUESTS_MAX; i++) {
		if (!can_be_postgresql(opening_rest(&c)))
			return PARSE_NOT_MINE;
		uint32_t length = cursor_be32(&c);
		uint32_t code = cursor_be32(&c);
		if (c.failed)
			return PARSE_NEED_MORE;
		if (!is_postgresql(length, code))
			return PARSE_NOT_MINE;
		out->protocol = APP_PROTOCOL_POSTGRESQL;
		out->len = stream.len - cursor_left(&c);
		if (code != PG_SSL_REQUEST && code != PG_GSSENC_REQUEST)
			return PARSE_NOT_MINE;
		if (code == PG_SSL_REQUEST && opening_tls_can_follow(&c))
			return opening_before_tls(out, stream, &c);
	}
	return PARSE_NOT_MINE;
}

static bool
is_zero(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] != 0)
			return false;
	}
	return true;
}

/* Capabilities, longest packet, character set, 23 zeros; of these the last four hold further
 * capabilities in MariaDB. Of a packet that is cut, as much as there is. */
static bool
can_be_capabilities(struct slice payload)
{
	struct cursor c = cursor_over(payload);

	cursor_skip(&c, 1);
	uint8_t second = cursor_u8(&c);
	if (!c.failed && (second & CLIENT_PROTOCOL_41 >> 8) == 0)
		return false;
	cursor_skip(&c, 7);
	size_t left = cursor_left(&c);
	return is_zero(cursor_take(&c, left < 19 ? left : 19));
}

/* A login in clear: behind the capabilities the user's name and its NUL. */
static bool
is_login(struct cursor *payload, uint32_t capabilities)
{
	struct slice rest = opening_rest(payload);
	size_t limit = rest.len < MYSQL_USER_MAX ? rest.len : MYSQL_USER_MAX;
	const uint8_t *end = limit > 0 ? memchr(rest.data, '\0', limit) : NULL;

	if (end == NULL || (capabilities & CLIENT_SECURE_CONNECTION) == 0)
		return false;
	for (const uint8_t *at = rest.data; at < end; at++) {
		if (*at < 0x20)
			return false;
	}
	return true;
}

/* Three bytes of length and the number of the packet; then so many bytes. */
static enum parse_result
take_mysql_packet(struct cursor *c, struct slice *payload)
{
	struct slice header = opening_rest(c);
	size_t length = header.len > 1 ? (size_t)header.data[1] << 8 | header.data[0] : 0;

	if ((header.len > 1 && (length < MYSQL_SSL_REQUEST_LEN || length > MYSQL_LOGIN_LEN_MAX)) ||
	    (header.len > 2 && header.data[2] != 0) ||
	    (header.len > 3 && header.data[3] != MYSQL_SEQUENCE_ANSWER))
		return PARSE_NOT_MINE;
	cursor_skip(c, MYSQL_HEADER_LEN);
	struct slice here = opening_rest(c);
	if (!c->failed && !can_be_capabilities(here))
		return PARSE_NOT_MINE;
	*payload = cursor_take(c, length);
	return c->failed ? PARSE_NEED_MORE : PARSE_FOUND;
}

enum parse_result
opening_mysql_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);
	struct slice packet;

	enum parse_result r = take_mysql_packet(&c, &packet);
	if (r != PARSE_FOUND)
		return r;
	struct cursor payload = cursor_over(packet);
	uint32_t capabilities = __builtin_bswap32(cursor_be32(&payload)); /* little-endian */
	cursor_skip(&payload, MYSQL_SSL_REQUEST_LEN - 4);
	bool asks_tls = (capabilities & CLIENT_SSL) != 0 && packet.len == MYSQL_SSL_REQUEST_LEN;
	if (!asks_tls && !is_login(&payload, capabilities))
		return PARSE_NOT_MINE;
	out->protocol = APP_PROTOCOL_MYSQL;
	return asks_tls && opening_tls_can_follow(&c) ? opening_before_tls(out, stream, &c)
						      : PARSE_NOT_MINE;
}
