/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start of a TCP stream as the client's and as the server's. An answer given for fewer bytes
 * must hold when more have come: only "need more" may change.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	enum parse_result client, server;
	uint16_t version;
	size_t name_len, consumed;
	uint8_t name_sum; /* reads every byte, so that a slice pointing outside is seen */
};

static struct outcome
parse(const uint8_t *data, size_t size, size_t scratch_len)
{
	struct outcome o = {0};
	struct tls_client_hello hello;
	uint8_t *copy = malloc(size > 0 ? size : 1);
	uint8_t *scratch = malloc(scratch_len > 0 ? scratch_len : 1);

	if (copy == NULL || scratch == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	o.client = tls_client_stream_parse(slice_of(copy, size), scratch, scratch_len, &hello);
	if (o.client == PARSE_FOUND) {
		o.name_len = hello.server_name.len;
		for (size_t i = 0; i < hello.server_name.len; i++)
			o.name_sum = (uint8_t)(o.name_sum + hello.server_name.data[i]);
		for (size_t i = 0; i < hello.alpn.len; i++)
			o.name_sum = (uint8_t)(o.name_sum + hello.alpn.data[i]);
		if (hello.consumed == 0 || hello.consumed > size)
			abort();
		o.consumed = hello.consumed;
	}
	struct tls_server_hello answer;
	o.server = tls_server_stream_parse(slice_of(copy, size), scratch, scratch_len, &answer);
	o.version = o.server == PARSE_FOUND ? answer.version : 0;
	(void)tls_is_midstream(slice_of(copy, size));
	free(scratch);
	free(copy);
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t scratch_len = size > 0 && data[size - 1] % 2 == 0 ? 300 : 16384;
	struct outcome whole = parse(data, size, scratch_len);
	struct outcome half = parse(data, size / 2, scratch_len);

	if (half.client != PARSE_NEED_MORE &&
	    (half.client != whole.client || half.name_len != whole.name_len ||
	     half.consumed != whole.consumed || half.name_sum != whole.name_sum))
		abort();
	if (half.server != PARSE_NEED_MORE &&
	    (half.server != whole.server || half.version != whole.version))
		abort();
	return 0;
}
