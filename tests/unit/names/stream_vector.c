/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define SCRATCH_LEN 65536

static uint8_t scratch[SCRATCH_LEN];

/* A ClientHello of TLS 1.3 in one record, as short as the rules allow. */
static void
add_client_hello(struct wire *w, const char *sni)
{
	wire_hex(w, "160301");
	size_t record = wire_begin(w, 2);
	wire_hex(w, "01");
	size_t message = wire_begin(w, 3);
	wire_hex(w, "0303");
	wire_fill(w, 0x5a, 32);
	wire_hex(w, "00 0002 1301 0100");
	size_t extensions = wire_begin(w, 2);
	wire_hex(w, "002b 0003 02 0304");
	if (*sni != '\0') {
		wire_hex(w, "0000");
		size_t extension = wire_begin(w, 2);
		size_t list = wire_begin(w, 2);
		wire_hex(w, "00");
		size_t name = wire_begin(w, 2);
		wire_text(w, sni);
		wire_end(w, name, 2);
		wire_end(w, list, 2);
		wire_end(w, extension, 2);
	}
	wire_end(w, extensions, 2);
	wire_end(w, message, 3);
	wire_end(w, record, 2);
}

static bool
is_address(const struct ip_address *a, const char *text)
{
	char found[IP_ADDRESS_TEXT_MAX] = "";

	if (text == NULL || a->version == 0)
		return (text == NULL) == (a->version == 0);
	ip_address_format(a, found);
	return strcmp(found, text) == 0;
}

/* What must be the same in every answer but NEED_MORE. */
static bool
is_expected(const struct stream_vector *v, const struct client_stream *s)
{
	const char *name = v->name != NULL ? v->name : "";

	return s->protocol == v->protocol && strcmp(s->name, name) == 0 &&
	       s->name_len == strlen(name) && s->name_source == v->source &&
	       s->via_proxy == v->via_proxy && s->names_differ == v->names_differ &&
	       s->name_refused == v->refused && s->has_proxy_header == v->has_proxy_header &&
	       is_address(&s->inner_source, v->inner_source) &&
	       is_address(&s->inner_destination, v->inner_destination) &&
	       s->inner_source_port == v->inner_source_port &&
	       s->inner_destination_port == v->inner_destination_port;
}

static void
tell(const struct stream_vector *v, size_t len, enum parse_result r, const struct client_stream *s)
{
	printf("# wrong: '%.40s' sni %s, %zu bytes: result %d protocol %d name '%s' source %d "
	       "proxy %d differ %d refused %d header %d ports %u %u others %u wanted %zu\n",
	       v->len > 0 ? v->bytes : "", v->sni != NULL ? v->sni : "-", len, r, s->protocol,
	       s->name, s->name_source, s->via_proxy, s->names_differ, s->name_refused,
	       s->has_proxy_header, s->inner_source_port, s->inner_destination_port, s->other_names,
	       s->wanted);
}

/* Bytes of exactly their own length, so that reading one too far is seen. */
static enum parse_result
parse(struct client_reader *reader, struct slice stream, struct client_stream *out)
{
	uint8_t *copy = wire_exact_copy(stream);

	memset(out, 0xa5, sizeof(*out));
	enum parse_result r =
		client_stream_parse(reader, slice_of(copy, stream.len), scratch, SCRATCH_LEN, out);
	free(copy);
	return r;
}

/* One cut: NEED_MORE that promises no more than it keeps, or the answer of the whole stream. */
static bool
is_right_when_cut(const struct stream_vector *v, enum parse_result r, size_t len,
		  const struct client_stream *s, size_t *wanted)
{
	if (r == PARSE_NEED_MORE) {
		*wanted = s->wanted > *wanted ? s->wanted : *wanted;
		return s->wanted > len && s->consumed <= len;
	}
	return r == v->result && is_expected(v, s) && len >= *wanted && s->consumed <= len &&
	       s->message_end <= s->consumed;
}

/* Once the end of a message is there it stays where it is. */
static bool
is_same_end(enum parse_result r, const struct client_stream *s, size_t *end)
{
	bool is_same = *end == 0 || s->message_end == *end;

	if (r == PARSE_FOUND)
		*end = s->message_end;
	return is_same;
}

void
stream_vector_check(const struct stream_vector *v, struct slice stream)
{
	struct client_reader *reader = client_reader_create();
	struct client_stream s;
	size_t wanted = 0, end = 0;
	bool is_decided = false;

	for (size_t len = 0; len <= stream.len; len++) {
		enum parse_result r = parse(reader, slice_of(stream.data, len), &s);
		bool right = is_right_when_cut(v, r, len, &s, &wanted) &&
			     !(is_decided && r == PARSE_NEED_MORE) && is_same_end(r, &s, &end);
		is_decided |= r != PARSE_NEED_MORE;
		if (len == stream.len)
			right &= r == v->result && is_expected(v, &s) &&
				 s.other_names == v->other_names;
		CU_ASSERT(right);
		if (!right) {
			tell(v, len, r, &s);
			break;
		}
	}
	client_reader_destroy(reader);
}

void
stream_vectors_check(const struct stream_vector *vectors, size_t count)
{
	static struct wire w;

	for (size_t i = 0; i < count; i++) {
		const struct stream_vector *v = &vectors[i];
		w.len = 0;
		wire_bytes(&w, v->bytes, v->len);
		if (v->sni != NULL)
			add_client_hello(&w, v->sni);
		if (v->tail != NULL)
			wire_text(&w, v->tail);
		stream_vector_check(v, wire_slice(&w));
	}
}
