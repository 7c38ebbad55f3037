/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start of a client's stream as an HTTP request. An answer given for fewer bytes must hold when
 * more have come: only "need more" may change.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static void
require_inside(struct slice part, struct slice whole)
{
	if (part.len == 0)
		return;
	if (part.data < whole.data || part.data + part.len > whole.data + whole.len)
		abort();
	for (size_t i = 0; i < part.len; i++)
		sink = (uint8_t)(sink + part.data[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request whole, half;
	uint8_t *copy = malloc(size > 0 ? size : 1);
	uint8_t *start = malloc(size / 2 > 0 ? size / 2 : 1);

	if (copy == NULL || start == NULL)
		abort();
	memcpy(copy, data, size);
	memcpy(start, data, size / 2);
	enum parse_result r = http_request_parse(slice_of(copy, size), &whole);
	enum parse_result early = http_request_parse(slice_of(start, size / 2), &half);
	if (early != PARSE_NEED_MORE && early != r)
		abort();
	struct http_head head, early_head;
	enum parse_result head_early = http_head_parse(slice_of(start, size / 2), &early_head);
	enum parse_result head_result = http_head_parse(slice_of(copy, size), &head);
	if (head_early != PARSE_NEED_MORE &&
	    (head_early != head_result || head.len != early_head.len || head.len > size))
		abort();
	if (r == PARSE_FOUND) {
		require_inside(whole.method, slice_of(copy, size));
		require_inside(whole.host, slice_of(copy, size));
	}
	if (early == PARSE_FOUND &&
	    (half.host.len != whole.host.len ||
	     memcmp(half.method.data, whole.method.data, half.method.len) != 0))
		abort();
	if (http_response_begins(slice_of(copy, size)) && r != PARSE_NOT_MINE)
		abort();
	free(start);
	free(copy);
	return 0;
}
