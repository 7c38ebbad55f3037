/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_hello.h"

static void
read_server_name(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 6066 3: ServerNameList<1..2^16-1>, of each type one name at most; host_name (0) is
	 * the only type there ever was. */
	struct cursor list = cursor_over(cursor_vec16(c));

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		uint8_t type = cursor_u8(&list);
		struct slice name = cursor_vec16(&list);
		list.failed |= name.len == 0 || (type == 0 && out->server_name.len != 0);
		if (type == 0 && !list.failed)
			out->server_name = name;
	}
	c->failed |= list.failed;
}

static void
read_alpn(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 7301 3.1: ProtocolName<1..2^8-1> protocol_name_list<2..2^16-1> */
	c->failed |= out->alpn_list.len != 0;
	out->alpn_list = cursor_vec16(c);
	struct cursor list = cursor_over(out->alpn_list);

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		struct slice name = cursor_vec8(&list);
		if (name.len == 0) {
			list.failed = true;
			break;
		}
		bool grease = name.len == 2 &&
			      tls_is_grease((uint16_t)((unsigned)name.data[0] << 8 | name.data[1]));
		if (!grease && out->alpn.len == 0)
			out->alpn = name;
	}
	c->failed |= list.failed;
}

static void
read_supported_versions(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 8446 4.2.1: ProtocolVersion versions<2..254>; the legacy field counts no more. */
	c->failed |= out->supported_versions.len != 0;
	out->supported_versions = cursor_vec8(c);
	struct cursor list = cursor_over(out->supported_versions);
	uint16_t latest = 0;

	c->failed |= cursor_left(&list) == 0;
	while (cursor_left(&list) > 0) {
		uint16_t offered = cursor_be16(&list);
		uint16_t version =
			tls_is_grease(offered) ? 0 : tls_version_known(offered, out->carrier);
		if (version != 0 &&
		    (latest == 0 || tls_version_later(version, latest, out->carrier)))
			latest = version;
	}
	if (latest != 0)
		out->max_version = latest;
	c->failed |= list.failed;
}

static void
read_signature_algorithms(struct cursor *c, struct tls_client_hello *out)
{
	/* RFC 8446 4.2.3: SignatureScheme<2..2^16-2> */
	c->failed |= out->signature_algorithms.len != 0;
	out->signature_algorithms = cursor_vec16(c);
	c->failed |= out->signature_algorithms.len % 2 != 0;
}

/* RFC 9849 5: ECHClientHello; the inner one is its type, 1, and nothing else. */
static void
read_ech(struct cursor *c, struct tls_client_hello *out)
{
	c->failed |= out->has_ech;
	out->has_ech = true;
	out->ech_is_inner = cursor_left(c) == 1 && cursor_u8(c) == 1;
	cursor_skip(c, cursor_left(c));
}

/* Of this extension only the presence matters. */
static void
note(bool *presence, struct cursor *c)
{
	c->failed |= *presence;
	*presence = true;
	cursor_skip(c, cursor_left(c));
}

/*
 * RFC 8446 4.2: no extension comes twice. It is held to by the readers, for what they read: of two
 * names nobody could say which one the server takes. A switch takes 15 % less of a hello's time
 * than a loop over a table of readers.
 */
static void
read_extension(uint16_t type, struct cursor *c, struct tls_client_hello *out)
{
	switch (type) {
	case TLS_EXTENSION_SERVER_NAME:
		read_server_name(c, out);
		break;
	case TLS_EXTENSION_ALPN:
		read_alpn(c, out);
		break;
	case TLS_EXTENSION_SUPPORTED_VERSIONS:
		read_supported_versions(c, out);
		break;
	case TLS_EXTENSION_SIGNATURE_ALGORITHMS:
		read_signature_algorithms(c, out);
		break;
	case TLS_EXTENSION_PRE_SHARED_KEY:
		note(&out->has_psk, c);
		break;
	case TLS_EXTENSION_QUIC_PARAMETERS:
	case TLS_EXTENSION_QUIC_PARAMETERS_DRAFT:
		out->has_quic_parameters = true;
		cursor_skip(c, cursor_left(c));
		break;
	case TLS_EXTENSION_ECH:
		read_ech(c, out);
		break;
	case TLS_EXTENSION_ESNI:
		note(&out->has_esni, c);
		break;
	default:
		cursor_skip(c, cursor_left(c));
		break;
	}
	c->failed |= cursor_left(c) > 0;
}

static void
read_extensions(struct cursor *list, struct tls_client_hello *out)
{
	while (cursor_left(list) > 0) {
		uint16_t type = cursor_be16(list);
		struct cursor data = cursor_over(cursor_vec16(list));
		read_extension(type, &data, out);
		list->failed |= data.failed;
	}
}

/* The highest version that the legacy field stands for; 0: none of the carrier's. */
static uint16_t
legacy_max(uint16_t legacy_version, enum tls_carrier carrier)
{
	/* RFC 8446 4.2.1, RFC 9147 5.3: without supported_versions it is 1.2 at most, whatever
	 * this field says. It never held a draft's number. */
	uint16_t newest = carrier == TLS_CARRIER_DTLS ? DTLS_VERSION_1_2 : TLS_VERSION_1_2;

	if (legacy_version >> 8 != newest >> 8)
		return 0;
	return tls_version_later(legacy_version, newest, carrier) ? newest : legacy_version;
}

/* What stands in front of the extensions (RFC 8446 4.1.2, RFC 5246 7.4.1.2). False when it breaks
 * the rules; where it is cut, the cursor has failed. */
static bool
read_front(struct cursor *c, enum tls_carrier carrier, struct tls_client_hello *out)
{
	out->carrier = carrier;
	out->legacy_version = cursor_be16(c);
	cursor_skip(c, TLS_RANDOM_LEN);
	out->session_id = cursor_vec8(c);
	if (carrier == TLS_CARRIER_DTLS)
		(void)cursor_vec8(c); /* cookie */
	out->cipher_suites = cursor_vec16(c);
	struct slice compression = cursor_vec8(c);
	out->max_version = legacy_max(out->legacy_version, carrier);
	return c->failed || (out->max_version != 0 && out->session_id.len <= TLS_SESSION_ID_MAX &&
			     out->cipher_suites.len != 0 && out->cipher_suites.len % 2 == 0 &&
			     compression.len != 0);
}

enum parse_result
tls_client_hello_body_parse(struct slice body, enum tls_carrier carrier,
			    struct tls_client_hello *out)
{
	struct cursor c = cursor_over(body);

	/* One of SSL 3.0 may end after the compression methods. */
	*out = (struct tls_client_hello){.consumed = body.len};
	if (!read_front(&c, carrier, out) || c.failed)
		return PARSE_MALFORMED;

	if (cursor_left(&c) > 0) {
		out->extensions = cursor_vec16(&c);
		struct cursor list = cursor_over(out->extensions);
		read_extensions(&list, out);
		c.failed |= list.failed;
	}
	return !c.failed && cursor_left(&c) == 0 ? PARSE_FOUND : PARSE_MALFORMED;
}

enum parse_result
tls_client_hello_parse(struct slice message, struct tls_client_hello *out)
{
	struct cursor c = cursor_over(message);
	if (message.len == 0)
		return PARSE_NEED_MORE;
	if (cursor_u8(&c) != TLS_HANDSHAKE_CLIENT_HELLO)
		return PARSE_NOT_MINE;

	size_t body_len = cursor_be24(&c);
	if (c.failed)
		return PARSE_NEED_MORE;
	if (body_len > TLS_CLIENT_HELLO_MAX - TLS_HANDSHAKE_HEADER_LEN)
		return PARSE_MALFORMED;
	struct slice body = cursor_take(&c, body_len);
	if (c.failed)
		return PARSE_NEED_MORE;
	enum parse_result r = tls_client_hello_body_parse(body, TLS_CARRIER_QUIC, out);
	out->consumed = TLS_HANDSHAKE_HEADER_LEN + body_len;
	return r;
}

/* The extensions that are whole. */
static enum parse_result
read_whole_extensions(struct cursor *list, struct tls_client_hello *out)
{
	for (;;) {
		uint16_t type = cursor_be16(list);
		struct cursor data = cursor_over(cursor_vec16(list));
		if (list->failed)
			return out->server_name.len != 0 ? PARSE_FOUND : PARSE_NEED_MORE;
		read_extension(type, &data, out);
		if (data.failed)
			return PARSE_MALFORMED;
	}
}

enum parse_result
tls_client_hello_cut_parse(struct slice message, enum tls_carrier carrier,
			   struct tls_client_hello *out)
{
	struct cursor c = cursor_over(message);
	uint8_t type = cursor_u8(&c);
	size_t body_len = cursor_be24(&c);

	*out = (struct tls_client_hello){.consumed = message.len};
	if (!c.failed && type != TLS_HANDSHAKE_CLIENT_HELLO)
		return PARSE_NOT_MINE;
	if (c.failed)
		return PARSE_NEED_MORE;
	size_t left = cursor_left(&c);
	struct slice body = cursor_take(&c, body_len < left ? body_len : left);
	c = cursor_over(body);
	if (body_len > TLS_CLIENT_HELLO_MAX - TLS_HANDSHAKE_HEADER_LEN ||
	    !read_front(&c, carrier, out))
		return PARSE_MALFORMED;
	size_t extensions_len = cursor_be16(&c);
	if (c.failed)
		return PARSE_NEED_MORE;
	if (body.len - cursor_left(&c) + extensions_len != body_len)
		return PARSE_MALFORMED;
	return read_whole_extensions(&c, out);
}
