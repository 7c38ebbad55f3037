/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ClientHello message; what is found in it must be found again when the message comes cut into
 * records, whatever their size.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/tls.h"

#define RECORD_HEADER_LEN 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_same(struct slice a, struct slice b)
{
	if (a.len != b.len || (a.len > 0 && memcmp(a.data, b.data, a.len) != 0))
		abort();
}

static struct slice
cut_into_records(struct slice message, size_t record_len, uint8_t *out)
{
	size_t len = 0;

	for (size_t at = 0; at < message.len; at += record_len) {
		size_t left = message.len - at;
		size_t n = left < record_len ? left : record_len;
		const uint8_t header[RECORD_HEADER_LEN] = {22, 3, 1, (uint8_t)(n >> 8), (uint8_t)n};
		memcpy(out + len, header, sizeof(header));
		memcpy(out + len + sizeof(header), message.data + at, n);
		len += sizeof(header) + n;
	}
	return slice_of(out, len);
}

static void
compare_with_stream(struct slice message, const struct tls_client_hello *expected)
{
	size_t record_len = 1 + message.data[message.len - 1] * 17u;
	uint8_t *bytes = malloc(message.len * (1 + RECORD_HEADER_LEN));
	uint8_t *scratch = malloc(message.len);
	struct tls_client_hello hello;

	if (bytes == NULL || scratch == NULL)
		abort();
	struct slice stream = cut_into_records(message, record_len, bytes);
	if (tls_client_stream_parse(stream, scratch, message.len, &hello) != PARSE_FOUND)
		abort();
	require_same(hello.server_name, expected->server_name);
	require_same(hello.alpn, expected->alpn);
	if (hello.max_version != expected->max_version || hello.has_ech != expected->has_ech)
		abort();
	free(scratch);
	free(bytes);
}

/* Cut anywhere, a hello gives the name it has, or none. */
static void
compare_with_cut(struct slice message, const struct tls_client_hello *expected)
{
	size_t len = message.len - message.data[message.len - 1] % message.len;
	uint8_t *copy = malloc(len);
	struct tls_client_hello hello;

	if (copy == NULL)
		abort();
	memcpy(copy, message.data, len);
	enum parse_result r =
		tls_client_hello_cut_parse(slice_of(copy, len), TLS_CARRIER_QUIC, &hello);
	if (r == PARSE_FOUND)
		require_same(hello.server_name, expected->server_name);
	else if (r != PARSE_NEED_MORE)
		abort();
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_client_hello hello;
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	(void)tls_client_hello_cut_parse(slice_of(copy, size), TLS_CARRIER_TCP, &hello);
	if (tls_client_hello_parse(slice_of(copy, size), &hello) == PARSE_FOUND) {
		compare_with_stream(slice_of(copy, size), &hello);
		compare_with_cut(slice_of(copy, hello.consumed), &hello);
	}
	free(copy);
	return 0;
}
