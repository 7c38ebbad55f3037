/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/http2.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <nghttp2/nghttp2.h>

/*
 * The library takes about 1.5 KiB for the table of a connection, and for each field up to twice its
 * length and 150 bytes: a header block of a browser takes some 8 KiB. One that would take more than
 * there is here is given up.
 */
#define ARENA_LEN 65536
#define ARENA_ALIGN alignof(max_align_t)

#define FRAME_HEADER_LEN 9
#define FIELDS_MAX 256 /* of the block; an indexed one is a single byte, and costs 25 ns */
#define FRAMES_MAX 32  /* frames before the first request's header block; clients send 1 to 8 */

/* RFC 9113 6 and 6.2. */
enum frame_type {
	FRAME_DATA = 0,
	FRAME_HEADERS = 1,
	FRAME_SETTINGS = 4,
	FRAME_PUSH_PROMISE = 5,
	FRAME_CONTINUATION = 9,
};
#define FLAG_ACK 0x01
#define FLAG_END_HEADERS 0x04
#define FLAG_PADDED 0x08
#define FLAG_PRIORITY 0x20

struct http2_reader {
	nghttp2_mem memory; /* the library keeps a pointer to it */
	size_t used;
	alignas(max_align_t) uint8_t arena[ARENA_LEN];
};

struct frame {
	uint8_t type;
	uint8_t flags;
	uint32_t stream_id;
	struct slice payload;
};

/* The fields of a block that matter. */
struct block {
	nghttp2_hd_inflater *inflater;
	size_t len;
	unsigned fields;
	bool is_decided; /* pseudo-header fields come first (RFC 9113 8.3): all that matter are here
			  */
	struct slice authority;
	struct slice host;
	bool is_connect;
	bool is_contradicted;
	bool has_protocol; /* RFC 8441 4: CONNECT that asks no proxy */
};

/* A piece has its size in front, for arena_realloc. Nothing is given back before the next stream.
 */
static void *
arena_take(size_t size, void *user_data)
{
	struct http2_reader *reader = user_data;

	if (size > ARENA_LEN)
		return NULL;
	size_t len = ARENA_ALIGN + (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (len > ARENA_LEN - reader->used)
		return NULL;
	uint8_t *piece = reader->arena + reader->used;
	memcpy(piece, &size, sizeof(size));
	reader->used += len;
	return piece + ARENA_ALIGN;
}

static void
arena_free(void *piece, void *user_data)
{
	(void)piece;
	(void)user_data;
}

static void *
arena_calloc(size_t count, size_t size, void *user_data)
{
	if (size != 0 && count > ARENA_LEN / size)
		return NULL;
	void *piece = arena_take(count * size, user_data);
	return piece != NULL ? memset(piece, 0, count * size) : NULL;
}

static void *
arena_realloc(void *piece, size_t size, void *user_data)
{
	size_t had = 0;

	if (piece != NULL)
		memcpy(&had, (const uint8_t *)piece - ARENA_ALIGN, sizeof(had));
	if (piece != NULL && size <= had)
		return piece;
	void *larger = arena_take(size, user_data);
	return larger != NULL && had != 0 ? memcpy(larger, piece, had) : larger;
}

struct http2_reader *
http2_reader_create(void)
{
	struct http2_reader *reader = malloc(sizeof(*reader));

	if (reader != NULL)
		reader->memory = (nghttp2_mem){.mem_user_data = reader,
					       .malloc = arena_take,
					       .free = arena_free,
					       .calloc = arena_calloc,
					       .realloc = arena_realloc};
	return reader;
}

void
http2_reader_destroy(struct http2_reader *reader)
{
	free(reader);
}

/* Takes a frame (RFC 9113 4.1). With NEED_MORE, `wanted` is how many bytes it still lacks. */
static enum parse_result
take_frame(struct cursor *c, struct frame *out, size_t *wanted)
{
	size_t left = cursor_left(c);
	size_t len = cursor_be24(c);
	out->type = cursor_u8(c);
	out->flags = cursor_u8(c);
	out->stream_id = cursor_be32(c) & INT32_MAX;

	if (c->failed) {
		*wanted = FRAME_HEADER_LEN - left;
		return PARSE_NEED_MORE;
	}
	if (len > HTTP2_BLOCK_MAX)
		return PARSE_MALFORMED;
	*wanted = FRAME_HEADER_LEN + len - left;
	out->payload = cursor_take(c, len);
	return c->failed ? PARSE_NEED_MORE : PARSE_FOUND;
}

/* Cuts padding and priority off the fragment in a HEADERS frame (RFC 9113 6.2). */
static bool
cut_fragment(const struct frame *frame, struct slice *fragment)
{
	struct cursor c = cursor_over(frame->payload);
	size_t padding = (frame->flags & FLAG_PADDED) != 0 ? cursor_u8(&c) : 0;

	if ((frame->flags & FLAG_PRIORITY) != 0)
		cursor_skip(&c, 5);
	if (c.failed || padding > cursor_left(&c))
		return false;
	*fragment = cursor_take(&c, cursor_left(&c) - padding);
	return true;
}

static bool
is_text(const uint8_t *data, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(data, text, len) == 0;
}

/* RFC 9113 8.3: no pseudo-header field comes twice. Of two nobody could say which one counts. */
static void
take_authority(struct block *block, struct slice value)
{
	if (block->authority.len == 0)
		block->authority = value;
	else if (block->authority.len != value.len ||
		 memcmp(block->authority.data, value.data, value.len) != 0)
		block->is_contradicted = true;
}

static void
take_field(struct block *block, const nghttp2_nv *field)
{
	struct slice value = slice_of(field->value, field->valuelen);
	bool is_pseudo = field->namelen != 0 && field->name[0] == ':';

	block->fields++;
	block->is_decided = block->authority.len != 0 && !is_pseudo;

	if (is_text(field->name, field->namelen, ":authority"))
		take_authority(block, value);
	else if (is_text(field->name, field->namelen, "host") && block->host.len == 0)
		block->host = value;
	else if (is_text(field->name, field->namelen, ":method"))
		block->is_connect = is_text(value.data, value.len, "CONNECT");
	else if (is_text(field->name, field->namelen, ":protocol"))
		block->has_protocol = true;
}

/* Reads one fragment of the block. False when it breaks the rules or takes too much memory. */
static bool
inflate(struct block *block, struct slice fragment, bool is_last)
{
	block->len += fragment.len;
	if (block->len > HTTP2_BLOCK_MAX)
		return false;
	for (;;) {
		nghttp2_nv field;
		int flags = 0;
		ssize_t taken = nghttp2_hd_inflate_hd2(block->inflater, &field, &flags,
						       fragment.data, fragment.len, is_last);
		if (taken < 0 || (size_t)taken > fragment.len)
			return false;
		fragment = slice_of(fragment.data + taken, fragment.len - (size_t)taken);
		if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
			take_field(block, &field);
		if (block->is_contradicted)
			return false;
		if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0 || block->is_decided)
			return true;
		if (block->fields > FIELDS_MAX)
			return false;
		if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && fragment.len == 0)
			return !is_last;
	}
}

/* Reads the block that `frame` begins and CONTINUATION frames go on with (RFC 9113 6.10). */
static enum parse_result
read_block(struct cursor *c, struct frame *frame, struct block *block, size_t *wanted)
{
	uint32_t stream_id = frame->stream_id;
	struct slice fragment;

	/* RFC 9113 5.1.1: a client's streams have odd numbers. */
	if (stream_id % 2 == 0 || !cut_fragment(frame, &fragment))
		return PARSE_MALFORMED;
	for (unsigned i = 0; i < FRAMES_MAX; i++) {
		bool is_last = (frame->flags & FLAG_END_HEADERS) != 0;
		if (!inflate(block, fragment, is_last))
			return PARSE_MALFORMED;
		if (is_last || block->is_decided)
			return PARSE_FOUND;
		enum parse_result r = take_frame(c, frame, wanted);
		if (r != PARSE_FOUND)
			return r;
		if (frame->type != FRAME_CONTINUATION || frame->stream_id != stream_id)
			return PARSE_MALFORMED;
		fragment = frame->payload;
	}
	return PARSE_MALFORMED;
}

/* Passes over what comes before the first request, and reads that. */
static enum parse_result
read_frames(struct cursor *c, struct block *block, size_t *wanted)
{
	for (unsigned i = 0; i < FRAMES_MAX; i++) {
		struct frame frame;
		enum parse_result r = take_frame(c, &frame, wanted);
		if (r != PARSE_FOUND)
			return r;
		/* RFC 9113 3.4: the preface is followed by SETTINGS. */
		if (i == 0 && (frame.type != FRAME_SETTINGS || (frame.flags & FLAG_ACK) != 0))
			return PARSE_MALFORMED;
		if (frame.type == FRAME_HEADERS)
			return read_block(c, &frame, block, wanted);
		if (frame.type == FRAME_DATA || frame.type == FRAME_CONTINUATION ||
		    frame.type == FRAME_PUSH_PROMISE)
			return PARSE_MALFORMED;
	}
	return PARSE_MALFORMED;
}

enum parse_result
http2_request_parse(struct http2_reader *reader, struct slice stream, struct http2_request *out)
{
	static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
	size_t preface_len = sizeof(preface) - 1;
	size_t common = stream.len < preface_len ? stream.len : preface_len;
	struct cursor c = cursor_over(stream);
	struct block block = {0};
	size_t lacking = 0;

	*out = (struct http2_request){.wanted = stream.len + 1};
	if (common != 0 && memcmp(stream.data, preface, common) != 0)
		return PARSE_NOT_MINE;
	if (stream.len < preface_len)
		return PARSE_NEED_MORE;
	cursor_skip(&c, preface_len);
	reader->used = 0; /* what the library took for the last stream is gone */
	if (nghttp2_hd_inflate_new2(&block.inflater, &reader->memory) != 0)
		return PARSE_MALFORMED;
	enum parse_result r = read_frames(&c, &block, &lacking);
	out->wanted = stream.len + lacking;
	out->len = stream.len - cursor_left(&c);
	out->host = block.authority.len != 0 ? block.authority : block.host;
	out->is_connect = block.is_connect && !block.has_protocol;
	return r;
}
