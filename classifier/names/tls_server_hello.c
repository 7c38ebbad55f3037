/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "classifier/names/tls_hello.h"

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest". */
static const uint8_t retry_random[TLS_RANDOM_LEN] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
	0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
	0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* RFC 7301 3.1: the server's list holds exactly one name. */
static void
read_chosen_alpn(struct cursor *c, struct tls_server_hello *out)
{
	struct cursor list = cursor_over(cursor_vec16(c));

	out->alpn = cursor_vec8(&list);
	c->failed |= list.failed || out->alpn.len == 0 || cursor_left(&list) > 0;
}

/* The extensions that choose something; what else stands in the list is of no interest. */
static void
read_extensions(struct cursor *c, struct tls_server_hello *out)
{
	struct cursor list = cursor_over(cursor_vec16(c));
	bool has_version = false, has_alpn = false;

	while (cursor_left(&list) > 0) {
		uint16_t type = cursor_be16(&list);
		struct cursor data = cursor_over(cursor_vec16(&list));
		if (list.failed)
			break;
		if (type == TLS_EXTENSION_SUPPORTED_VERSIONS) {
			data.failed |= has_version;
			out->version = cursor_be16(&data);
			has_version = true;
		} else if (type == TLS_EXTENSION_ALPN) {
			data.failed |= has_alpn;
			read_chosen_alpn(&data, out);
			has_alpn = true;
		} else if (type == TLS_EXTENSION_PRE_SHARED_KEY) {
			/* RFC 8446 4.2.11: the number of the key chosen. */
			out->psk_chosen = true;
			cursor_skip(&data, 2);
		} else {
			continue;
		}
		list.failed |= data.failed || cursor_left(&data) > 0;
	}
	c->failed |= list.failed;
}

enum parse_result
tls_server_hello_body_parse(struct slice body, enum tls_carrier carrier,
			    struct tls_server_hello *out)
{
	uint16_t newest = carrier == TLS_CARRIER_DTLS ? DTLS_VERSION_1_2 : TLS_VERSION_1_2;
	struct cursor c = cursor_over(body);

	*out = (struct tls_server_hello){.version = cursor_be16(&c)};
	struct slice random = cursor_take(&c, TLS_RANDOM_LEN);
	out->session_id = cursor_vec8(&c);
	cursor_skip(&c, 3); /* cipher_suite and legacy_compression_method */
	if (c.failed || out->session_id.len > TLS_SESSION_ID_MAX)
		return PARSE_MALFORMED;
	if (cursor_left(&c) > 0)
		read_extensions(&c, out);
	out->version = tls_version_known(out->version, carrier);
	if (c.failed || cursor_left(&c) > 0 || out->version == 0)
		return PARSE_MALFORMED;
	if (tls_version_later(out->version, newest, carrier))
		out->alpn = (struct slice){0}; /* RFC 8446 4.2: not here, it comes encrypted */
	out->is_retry = memcmp(random.data, retry_random, sizeof(retry_random)) == 0;
	return PARSE_FOUND;
}
