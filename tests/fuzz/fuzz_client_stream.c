/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start of a client's stream with all that may stand in front of its TLS or HTTP. An answer for
 * fewer bytes must hold when more have come, and "need more" must not promise less than it keeps.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/client_stream.h"

#define SCRATCH_LEN 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t scratch[SCRATCH_LEN];
static volatile uint8_t sink;

static bool
is_inside(struct slice part, const uint8_t *from, size_t len)
{
	return part.data >= from && part.data + part.len <= from + len;
}

/* Slices of the hello lie in the stream or in the scratch, and can be read. */
static void
require_readable(struct slice part, struct slice stream)
{
	if (part.len == 0)
		return;
	if (!is_inside(part, stream.data, stream.len) && !is_inside(part, scratch, SCRATCH_LEN))
		abort();
	for (size_t i = 0; i < part.len; i++)
		sink = (uint8_t)(sink + part.data[i]);
}

/* A name is its own canonical form, and there is a source exactly where there is a name. */
static void
require_canonical(const char *name, size_t len)
{
	char again[DOMAIN_NAME_MAX];

	if (strlen(name) != len)
		abort();
	if (len != 0 &&
	    (domain_name_canonical(slice_of(name, len), again) != len || strcmp(again, name) != 0))
		abort();
}

static void
require_sound(enum parse_result r, const struct client_stream *s, struct slice stream)
{
	require_canonical(s->name, s->name_len);
	if ((s->name_len == 0) != (s->name_source == NAME_SOURCE_NONE))
		abort();
	if (s->consumed > stream.len || (r == PARSE_NEED_MORE && s->wanted <= stream.len))
		abort();
	if (r == PARSE_FOUND && s->message_end > s->consumed)
		abort();
	if (s->names_differ && s->name_len == 0)
		abort();
	if (s->has_hello) {
		require_readable(s->hello.server_name, stream);
		require_readable(s->hello.cipher_suites, stream);
		require_readable(s->hello.extensions, stream);
	}
}

static enum parse_result
parse(struct client_reader *reader, const uint8_t *data, size_t size, struct client_stream *out)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	memset(out, 0xa5, sizeof(*out));
	enum parse_result r =
		client_stream_parse(reader, slice_of(copy, size), scratch, SCRATCH_LEN, out);
	require_sound(r, out, slice_of(copy, size));
	free(copy);
	return r;
}

static bool
is_same(const struct client_stream *a, const struct client_stream *b)
{
	return a->protocol == b->protocol && a->name_source == b->name_source &&
	       strcmp(a->name, b->name) == 0 && a->name_refused == b->name_refused &&
	       a->names_differ == b->names_differ && a->via_proxy == b->via_proxy &&
	       a->has_proxy_header == b->has_proxy_header && a->has_hello == b->has_hello &&
	       ip_address_equal(&a->inner_source, &b->inner_source) &&
	       ip_address_equal(&a->inner_destination, &b->inner_destination) &&
	       a->inner_destination_port == b->inner_destination_port;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct client_reader *reader;
	static struct client_stream whole, half;
	char name[DOMAIN_NAME_MAX];
	size_t name_len;

	if (reader == NULL)
		reader = client_reader_create();
	if (reader == NULL)
		abort();
	enum parse_result early = parse(reader, data, size / 2, &half);
	enum parse_result r = parse(reader, data, size, &whole);
	if (early != PARSE_NEED_MORE && (early != r || !is_same(&whole, &half)))
		abort();
	if (early == PARSE_FOUND && half.message_end != 0 && half.message_end != whole.message_end)
		abort();
	/* That it is malformed may show before. */
	if (early == PARSE_NEED_MORE && size < half.wanted && r == PARSE_FOUND)
		abort();
	(void)client_next_request(slice_of(data, size), name, &name_len);
	require_canonical(name, name_len);
	return 0;
}
