/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SOCKS 4 and 4a (the texts of NEC and of Ying-Da Lee, never an RFC) and SOCKS 5 (RFC 1928, user
 * and password by RFC 1929). The server's choice of a method is not in these bytes and need not be:
 * what the client sends next tells it.
 */
#include "classifier/names/opening_rows.h"

#define COMMAND_CONNECT 1
#define COMMAND_LAST_4 2 /* BIND */
#define COMMAND_LAST_5 3 /* UDP ASSOCIATE */

#define ADDRESS_IPV4 1
#define ADDRESS_NAME 3
#define ADDRESS_IPV6 4

#define VERSION_5 5
#define VERSION_PASSWORD 1
#define METHOD_PASSWORD 2

#define TEXT_MAX 255 /* longest user and host name of SOCKS 4 */

/* Takes a text and its NUL. */
static enum parse_result
take_text(struct cursor *c, struct slice *out)
{
	size_t left = cursor_left(c);
	size_t limit = left <= TEXT_MAX ? left : TEXT_MAX + 1;
	const uint8_t *end = left > 0 ? memchr(c->at, '\0', limit) : NULL;
	size_t len = end != NULL ? (size_t)(end - c->at) : limit;

	for (size_t i = 0; i < len; i++) {
		if (c->at[i] < 0x20)
			return PARSE_NOT_MINE;
	}
	if (end == NULL)
		return left <= TEXT_MAX ? PARSE_NEED_MORE : PARSE_NOT_MINE;
	*out = cursor_take(c, len);
	cursor_skip(c, 1);
	return PARSE_FOUND;
}

static void
set_destination(struct opening *out, struct slice address)
{
	memcpy(out->destination.bytes, address.data, address.len);
	out->destination.version = address.len == 4 ? 4 : 6;
}

/* The request is read: a proxy that shall listen or relay datagrams is asked for nobody. */
static enum parse_result
asked_of_proxy(struct opening *out, uint8_t command, size_t len)
{
	out->protocol = APP_PROTOCOL_SOCKS;
	out->asks_proxy = true;
	out->len = len;
	if (command == COMMAND_CONNECT)
		return PARSE_FOUND;
	out->asked = (struct slice){0};
	out->destination = (struct ip_address){0};
	out->destination_port = 0;
	return PARSE_NOT_MINE;
}

enum parse_result
opening_socks4_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);
	struct slice user, name = {0};

	cursor_skip(&c, 1);
	uint8_t command = cursor_u8(&c);
	if (!c.failed && (command == 0 || command > COMMAND_LAST_4))
		return PARSE_NOT_MINE;
	out->destination_port = cursor_be16(&c);
	struct slice address = cursor_take(&c, 4);
	if (c.failed)
		return PARSE_NEED_MORE;
	/* 4a: 0.0.0.x with another x than 0 says that a name follows. */
	bool has_name = address.data[0] == 0 && address.data[1] == 0 && address.data[2] == 0 &&
			address.data[3] != 0;
	if (out->destination_port == 0 || (address.data[0] == 0 && !has_name))
		return PARSE_NOT_MINE;
	enum parse_result r = take_text(&c, &user);
	if (r == PARSE_FOUND && has_name)
		r = take_text(&c, &name);
	if (r != PARSE_FOUND)
		return r;
	if (has_name && name.len == 0)
		return PARSE_NOT_MINE;
	out->asked = name;
	if (!has_name)
		set_destination(out, address);
	return asked_of_proxy(out, command, stream.len - cursor_left(&c));
}

/* RFC 1928 4: VER CMD RSV ATYP DST.ADDR DST.PORT. */
static enum parse_result
read_request(struct cursor *c, uint8_t *command, struct opening *out)
{
	struct slice start = opening_rest(c);

	if (start.len > 0 && start.data[0] != VERSION_5)
		return PARSE_NOT_MINE;
	if (start.len > 1 && (start.data[1] == 0 || start.data[1] > COMMAND_LAST_5))
		return PARSE_NOT_MINE;
	if (start.len > 2 && start.data[2] != 0)
		return PARSE_NOT_MINE;
	cursor_skip(c, 1);
	*command = cursor_u8(c);
	cursor_skip(c, 1);
	uint8_t type = cursor_u8(c);
	if (c->failed)
		return PARSE_NEED_MORE;
	if (type != ADDRESS_IPV4 && type != ADDRESS_NAME && type != ADDRESS_IPV6)
		return PARSE_NOT_MINE;
	struct slice address = type == ADDRESS_NAME ? cursor_vec8(c)
						    : cursor_take(c, type == ADDRESS_IPV4 ? 4 : 16);
	uint16_t port = cursor_be16(c);
	if (c->failed)
		return PARSE_NEED_MORE;
	out->protocol = APP_PROTOCOL_SOCKS;
	if (address.len == 0)
		return PARSE_MALFORMED;
	out->destination_port = port;
	if (type == ADDRESS_NAME)
		out->asked = address;
	else
		set_destination(out, address);
	return PARSE_FOUND;
}

enum parse_result
opening_socks5_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);
	uint8_t command;

	cursor_skip(&c, 1);
	struct slice methods = cursor_vec8(&c);
	if (stream.len > 1 && stream.data[1] == 0)
		return PARSE_NOT_MINE;
	if (c.failed || cursor_left(&c) == 0)
		return PARSE_NEED_MORE;
	/* RFC 1929 2: VER ULEN UNAME PLEN PASSWD. GSSAPI (RFC 1961) begins with the same byte, and
	 * whatever method else there is: its bytes are followed by no request, and that is the end.
	 */
	if (*c.at == VERSION_PASSWORD &&
	    memchr(methods.data, METHOD_PASSWORD, methods.len) != NULL) {
		cursor_skip(&c, 1);
		(void)cursor_vec8(&c);
		(void)cursor_vec8(&c);
		if (c.failed)
			return PARSE_NEED_MORE;
	}
	enum parse_result r = read_request(&c, &command, out);
	return r == PARSE_FOUND ? asked_of_proxy(out, command, stream.len - cursor_left(&c)) : r;
}
