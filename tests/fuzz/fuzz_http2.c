/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first request of HTTP/2 in clear: frames, and field compression in memory of a fixed size. An
 * answer for fewer bytes must hold when more have come.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/http2.h"

#define HOST_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum parse_result
parse(const uint8_t *data, size_t size, struct http2_request *out, uint8_t *host)
{
	static struct http2_reader *reader;
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (reader == NULL)
		reader = http2_reader_create();
	if (copy == NULL || reader == NULL)
		abort();
	memcpy(copy, data, size);
	enum parse_result r = http2_request_parse(reader, slice_of(copy, size), out);
	if (r == PARSE_NEED_MORE && out->wanted <= size)
		abort();
	if (r == PARSE_FOUND && (out->len > size || out->host.len > HOST_MAX))
		abort();
	if (r == PARSE_FOUND && out->host.len != 0)
		memcpy(host, out->host.data, out->host.len);
	free(copy);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t host[HOST_MAX], host_of_half[HOST_MAX];
	struct http2_request whole, half;
	enum parse_result early = parse(data, size / 2, &half, host_of_half);
	enum parse_result r = parse(data, size, &whole, host);

	if (early == PARSE_NEED_MORE) {
		if (size < half.wanted && r != PARSE_NEED_MORE)
			abort();
		return 0;
	}
	if (early != r)
		abort();
	if (r == PARSE_FOUND && (half.len != whole.len || half.host.len != whole.host.len ||
				 memcmp(host, host_of_half, whole.host.len) != 0))
		abort();
	return 0;
}
