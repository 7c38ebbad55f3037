/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client says in clear before its TLS, one opening at a time. An answer for fewer bytes must
 * hold when more have come; a start of TLS at the very end of the bytes is the exception, since
 * what follows may show that the server refused.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/opening.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static enum parse_result
parse(const uint8_t *data, size_t size, struct opening *out)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	enum parse_result r = opening_parse(slice_of(copy, size), out);
	if (r == PARSE_FOUND && (out->len == 0 || out->len > size))
		abort();
	if (out->asked.len != 0 &&
	    (out->asked.data < copy || out->asked.data + out->asked.len > copy + size))
		abort();
	for (size_t i = 0; i < out->asked.len; i++)
		sink = (uint8_t)(sink + out->asked.data[i]);
	free(copy);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct opening whole, half;
	enum parse_result early = parse(data, size / 2, &half);
	enum parse_result r = parse(data, size, &whole);

	if (early == PARSE_NEED_MORE)
		return 0;
	if (early == PARSE_FOUND && half.tls_follows && half.len == size / 2)
		return 0;
	if (early != r || half.protocol != whole.protocol || half.len != whole.len ||
	    half.asked.len != whole.asked.len || !ip_address_equal(&half.source, &whole.source) ||
	    !ip_address_equal(&half.destination, &whole.destination))
		abort();
	return 0;
}
