/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server's first flight: its hello and its certificate. An answer given for fewer bytes must hold
 * when more have come, and the same must be found when the flight is cut into other records, also
 * within the hello.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/tls.h"

#define RECORD_HEADER_LEN 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	enum parse_result hello_result, certificate_result;
	struct tls_server_hello hello;
	size_t der_len;
	uint32_t sum; /* reads every byte, so that a slice pointing outside is seen */
};

static uint32_t
sum_of(struct slice s)
{
	uint32_t sum = (uint32_t)s.len;

	for (size_t i = 0; i < s.len; i++)
		sum = sum * 31 + s.data[i];
	return sum;
}

static struct outcome
parse(const uint8_t *data, size_t size, size_t scratch_len)
{
	struct outcome o = {0};
	struct slice der = {0};
	uint8_t *copy = malloc(size > 0 ? size : 1);
	uint8_t *scratch = malloc(scratch_len);

	if (copy == NULL || scratch == NULL)
		abort();
	memcpy(copy, data, size);
	o.hello_result =
		tls_server_stream_parse(slice_of(copy, size), scratch, scratch_len, &o.hello);
	if (o.hello_result == PARSE_FOUND)
		o.sum = sum_of(o.hello.alpn) + sum_of(o.hello.session_id);
	o.certificate_result =
		tls_server_certificate(slice_of(copy, size), scratch, scratch_len, &der);
	if (o.certificate_result == PARSE_FOUND) {
		if (der.len == 0 || der.len > TLS_CERTIFICATE_MAX)
			abort();
		o.der_len = der.len;
		o.sum += sum_of(der);
	}
	free(scratch);
	free(copy);
	return o;
}

static void
require_same(const struct outcome *a, const struct outcome *b)
{
	if (a->hello_result != PARSE_NEED_MORE &&
	    (a->hello_result != b->hello_result ||
	     (a->hello_result == PARSE_FOUND && a->hello.version != b->hello.version)))
		abort();
	if (a->certificate_result == PARSE_NEED_MORE)
		return;
	if (a->certificate_result != b->certificate_result || a->der_len != b->der_len ||
	    (a->certificate_result == PARSE_FOUND && a->sum != b->sum))
		abort();
}

static const uint8_t server_hello[] = {
	2, 0, 0, 38, 3, 3,                                              /* ServerHello, TLS 1.2 */
	1, 2, 3, 4,  5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6,                /* random */
	1, 2, 3, 4,  5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 0, 0xc0, 0x2f, /* suite */
	0,
};

/*
 * The input as messages behind a ServerHello, in records: the first of `first_len` bytes, the
 * others of `record_len`.
 */
static struct outcome
parse_in_records(const uint8_t *data, size_t size, size_t first_len, size_t record_len)
{
	size_t all = sizeof(server_hello) + size, len = 0, n;
	uint8_t *messages = malloc(all), *stream = malloc(all * (1 + RECORD_HEADER_LEN));

	if (messages == NULL || stream == NULL)
		abort();
	memcpy(messages, server_hello, sizeof(server_hello));
	memcpy(messages + sizeof(server_hello), data, size);
	for (size_t at = 0; at < all; at += n) {
		n = at == 0 ? first_len : record_len;
		n = all - at < n ? all - at : n;
		const uint8_t header[RECORD_HEADER_LEN] = {22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n};
		memcpy(stream + len, header, sizeof(header));
		memcpy(stream + len + sizeof(header), messages + at, n);
		len += sizeof(header) + n;
	}
	struct outcome o = parse(stream, len, TLS_CERTIFICATE_MAX);
	free(stream);
	free(messages);
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 16384)
		return 0;
	size_t scratch_len = data[size - 1] % 2 == 0 ? 300 : TLS_CERTIFICATE_MAX;
	struct outcome half = parse(data, size / 2, scratch_len);
	struct outcome whole = parse(data, size, scratch_len);
	require_same(&half, &whole);

	half = parse_in_records(data, size, sizeof(server_hello), size);
	whole = parse_in_records(data, size, 1 + data[0] % 64u, 1 + data[size - 1] * 3u);
	if (half.hello_result != PARSE_FOUND || whole.certificate_result != half.certificate_result)
		abort();
	require_same(&half, &whole);
	return 0;
}
