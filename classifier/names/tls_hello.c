/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_hello.h"

#include "classifier/names/tls.h"

#define RANDOM_LEN 32
#define SESSION_ID_MAX 32

#define VERSION_MAJOR 3 /* SSL 3.0 is 0x0300, TLS 1.3 is 0x0304 */
#define VERSION_TLS12 0x0303
#define VERSION_TLS13 0x0304
#define VERSION_TLS13_DRAFT_MAJOR 0x7f
#define VERSION_TLS13_FIZZ_MAJOR 0xfb

#define EXTENSION_SUPPORTED_VERSIONS 43

/* RFC 8701 2: reserved values that a client offers so that servers stay used to unknown ones. */
static bool
is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/*
 * A draft of TLS 1.3 (0x7f12 is draft 18, 0xfb1a is draft 26 between Meta's clients and servers)
 * is TLS 1.3; 0 for what is no version of TLS.
 */
static uint16_t
version_known(uint16_t wire)
{
	if (wire >> 8 == VERSION_TLS13_DRAFT_MAJOR || wire >> 8 == VERSION_TLS13_FIZZ_MAJOR)
		return VERSION_TLS13;
	return wire >> 8 == VERSION_MAJOR ? wire : 0;
}

static void
read_server_name(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 6066 3: ServerNameList<1..2^16-1>; host_name (0) is the only type there ever was. */
	struct cursor list = cursor_over(cursor_vec16(c));

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		uint8_t type = cursor_u8(&list);
		struct slice name = cursor_vec16(&list);
		list.failed |= name.len == 0;
		if (type == 0 && out->server_name.len == 0 && !list.failed)
			out->server_name = name;
	}
	c->failed |= list.failed;
}

static void
read_alpn(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 7301 3.1: ProtocolName<1..2^8-1> protocol_name_list<2..2^16-1> */
	struct cursor list = cursor_over(cursor_vec16(c));

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		struct slice name = cursor_vec8(&list);
		if (name.len == 0) {
			list.failed = true;
			break;
		}
		bool grease = name.len == 2 &&
			      is_grease((uint16_t)((unsigned)name.data[0] << 8 | name.data[1]));
		if (!grease && out->alpn.len == 0)
			out->alpn = name;
	}
	c->failed |= list.failed;
}

static void
read_supported_versions(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 8446 4.2.1: ProtocolVersion versions<2..254>; the legacy field counts no more. */
	struct cursor list = cursor_over(cursor_vec8(c));
	uint16_t highest = 0;

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		uint16_t offered = cursor_be16(&list);
		uint16_t version = is_grease(offered) ? 0 : version_known(offered);
		if (version > highest)
			highest = version;
	}
	if (highest != 0)
		out->max_version = highest;
	c->failed |= list.failed;
}

/* For extensions of which only the presence matters: their content is not looked at. */
static void
pass_over(struct cursor *c)
{
	cursor_skip(c, cursor_left(c));
}

static void
note_ech(struct cursor *c, struct tls_client_hello *out)
{
	out->has_ech = true;
	pass_over(c);
}

static void
note_esni(struct cursor *c, struct tls_client_hello *out)
{
	out->has_esni = true;
	pass_over(c);
}

static void
note_quic_parameters(struct cursor *c, struct tls_client_hello *out)
{
	out->has_quic_parameters = true;
	pass_over(c);
}

static const struct {
	uint16_t type;
	void (*read)(struct cursor *c, struct tls_client_hello *out);
} client_extensions[] = {
	{0, read_server_name},
	{16, read_alpn},
	{EXTENSION_SUPPORTED_VERSIONS, read_supported_versions},
	{0x39, note_quic_parameters},
	{0xffa5, note_quic_parameters}, /* the same in QUIC drafts up to 32 */
	{0xfe0d, note_ech},
	{0xffce, note_esni},
};

/*
 * RFC 8446 4.2: no extension comes twice. It is held to here for those we read: of two names nobody
 * could say which one the server takes.
 */
static void
read_client_extensions(struct cursor *c, struct tls_client_hello *out)
{
	struct cursor list = cursor_over(cursor_vec16(c));
	unsigned seen = 0;

	while (cursor_left(&list) > 0) {
		uint16_t type = cursor_be16(&list);
		struct cursor data = cursor_over(cursor_vec16(&list));
		for (unsigned i = 0; i < sizeof(client_extensions) / sizeof(*client_extensions);
		     i++) {
			if (client_extensions[i].type != type || list.failed)
				continue;
			client_extensions[i].read(&data, out);
			list.failed |=
				data.failed || cursor_left(&data) > 0 || (seen & 1u << i) != 0;
			seen |= 1u << i;
		}
	}
	c->failed |= list.failed;
}

/* RFC 8446 4.1.2, RFC 5246 7.4.1.2; a hello of SSL 3.0 may end after the compression methods. */
static bool
read_client_hello(struct cursor *c, struct tls_client_hello *out)
{
	uint16_t legacy_version = cursor_be16(c);
	cursor_skip(c, RANDOM_LEN);
	struct slice session_id = cursor_vec8(c);
	struct slice cipher_suites = cursor_vec16(c);
	struct slice compression = cursor_vec8(c);

	if (c->failed || legacy_version >> 8 != VERSION_MAJOR || session_id.len > SESSION_ID_MAX ||
	    cipher_suites.len == 0 || cipher_suites.len % 2 != 0 || compression.len == 0)
		return false;
	/* RFC 8446 4.2.1: without supported_versions it is TLS 1.2 at most, whatever this field
	 * says. */
	out->max_version = legacy_version > VERSION_TLS12 ? VERSION_TLS12 : legacy_version;
	if (cursor_left(c) > 0)
		read_client_extensions(c, out);
	return !c->failed && cursor_left(c) == 0;
}

size_t
tls_handshake_length(struct slice start)
{
	struct cursor c = cursor_over(start);

	cursor_skip(&c, 1);
	size_t body_len = cursor_be24(&c);
	return c.failed ? 0 : TLS_HANDSHAKE_HEADER_LEN + body_len;
}

enum parse_result
tls_client_hello_parse(struct slice message, struct tls_client_hello *out)
{
	struct cursor c = cursor_over(message);
	if (message.len == 0)
		return PARSE_NEED_MORE;
	if (cursor_u8(&c) != TLS_HANDSHAKE_CLIENT_HELLO)
		return PARSE_NOT_MINE;

	size_t length = tls_handshake_length(message);
	if (length == 0)
		return PARSE_NEED_MORE;
	if (length > TLS_CLIENT_HELLO_MAX)
		return PARSE_MALFORMED;
	if (message.len < length)
		return PARSE_NEED_MORE;

	*out = (struct tls_client_hello){0};
	cursor_skip(&c, TLS_HANDSHAKE_HEADER_LEN - 1);
	c = cursor_over(cursor_take(&c, length - TLS_HANDSHAKE_HEADER_LEN));
	return read_client_hello(&c, out) ? PARSE_FOUND : PARSE_MALFORMED;
}

/* The extension that TLS 1.3 answers with; what else stands in the list is of no interest. */
static void
read_chosen_version(struct cursor *c, uint16_t *chosen)
{
	struct cursor list = cursor_over(cursor_vec16(c));

	while (cursor_left(&list) > 0) {
		uint16_t type = cursor_be16(&list);
		struct cursor data = cursor_over(cursor_vec16(&list));
		if (type != EXTENSION_SUPPORTED_VERSIONS || list.failed)
			continue;
		*chosen = cursor_be16(&data);
		list.failed |= data.failed || cursor_left(&data) > 0;
	}
	c->failed |= list.failed;
}

bool
tls_server_hello_parse(struct slice body, uint16_t *version)
{
	struct cursor c = cursor_over(body);
	uint16_t chosen = cursor_be16(&c);
	cursor_skip(&c, RANDOM_LEN);
	struct slice session_id = cursor_vec8(&c);
	cursor_skip(&c, 3); /* cipher_suite and legacy_compression_method */

	if (c.failed || session_id.len > SESSION_ID_MAX)
		return false;
	if (cursor_left(&c) > 0)
		read_chosen_version(&c, &chosen);
	chosen = version_known(chosen);
	if (c.failed || cursor_left(&c) > 0 || chosen == 0)
		return false;
	*version = chosen;
	return true;
}
