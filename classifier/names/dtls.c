/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dtls.h"

enum content_type {
	CONTENT_CHANGE_CIPHER_SPEC = 20,
	CONTENT_HANDSHAKE = 22,
	CONTENT_APPLICATION_DATA = 23,
};

#define DTLS_1_0 0xfeff
#define DTLS_1_2 0xfefd
#define DTLS_1_3 0xfefc
#define RECORD_MAX (16384 + 2048) /* RFC 6347 4.1, of a protected one */
#define PLAIN_RECORD_MAX 16384
#define EPOCH_MAX 16
#define MESSAGE_SEQ_MAX                                                           \
	15 /* of the handshake in clear: a few messages each way, some sent twice \
	    */
#define HANDSHAKE_TYPE_MAX 24 /* key_update; RFC 8446 B.3 */

struct record {
	uint8_t type;
	uint16_t epoch;
	uint16_t len;
};

/*
 * RFC 6347 4.1. RFC 9147 5.1: a record in clear of DTLS 1.3 says that it is 1.2, a first
 * ClientHello may say 1.0.
 */
static bool
read_record_header(struct cursor *c, struct record *out)
{
	*out = (struct record){.type = cursor_u8(c)};
	uint16_t version = cursor_be16(c);
	out->epoch = cursor_be16(c);
	cursor_skip(c, 6); /* sequence number */
	out->len = cursor_be16(c);
	c->failed |= out->type < CONTENT_CHANGE_CIPHER_SPEC ||
		     out->type > CONTENT_APPLICATION_DATA ||
		     (version != DTLS_1_0 && version != DTLS_1_2) || out->len == 0 ||
		     out->len > RECORD_MAX;
	return !c->failed;
}

static bool
is_handshake_in_clear(const struct record *r)
{
	return r->type == CONTENT_HANDSHAKE && r->epoch == 0 && r->len <= PLAIN_RECORD_MAX;
}

/* RFC 9147 4: the short header of DTLS 1.3's protected records; its length may be left out. */
static bool
is_unified_header(const struct cursor *c)
{
	return cursor_left(c) > 0 && (*c->at & 0xe0) == 0x20;
}

/* RFC 6347 4.2.2. Only an empty message has an empty fragment. Returns the fragment's length. */
static uint32_t
read_fragment_header(struct cursor *c, struct dtls_fragment *out)
{
	*out = (struct dtls_fragment){.type = cursor_u8(c)};
	out->message_len = cursor_be24(c);
	out->message_seq = cursor_be16(c);
	out->offset = cursor_be24(c);
	uint32_t len = cursor_be24(c);
	c->failed |= out->type > HANDSHAKE_TYPE_MAX || out->message_len > DTLS_MESSAGE_MAX ||
		     out->message_seq > MESSAGE_SEQ_MAX || out->offset > out->message_len ||
		     len > out->message_len - out->offset || (len == 0 && out->message_len != 0);
	return len;
}

static bool
take_fragment(struct cursor *c, struct dtls_fragment *out)
{
	uint32_t len = read_fragment_header(c, out);
	out->data = cursor_take(c, len);
	return !c->failed;
}

/* Whether a datagram, however it goes on, begins with a message that opens a handshake. */
static bool
begins_as_hello(struct slice datagram)
{
	struct cursor c = cursor_over(datagram);
	struct record record;
	struct dtls_fragment f;

	if (!read_record_header(&c, &record) || !is_handshake_in_clear(&record))
		return false;
	(void)read_fragment_header(&c, &f);
	return !c.failed && f.type >= DTLS_CLIENT_HELLO && f.type <= DTLS_HELLO_VERIFY_REQUEST;
}

/* Takes the bytes of the next record; false behind the last one that has a length, or `c` failed.
 */
static bool
take_record(struct cursor *c, struct record *header, struct slice *bytes)
{
	if (cursor_left(c) == 0 || is_unified_header(c) || !read_record_header(c, header))
		return false;
	*bytes = cursor_take(c, header->len);
	return !c->failed;
}

enum parse_result
dtls_datagram_parse(struct slice datagram, struct dtls_reader *out)
{
	struct cursor c = cursor_over(datagram);
	struct record record;
	struct dtls_fragment f;
	struct slice bytes;

	if (!begins_as_hello(datagram))
		return PARSE_NOT_MINE;
	*out = (struct dtls_reader){.records = c};
	while (take_record(&c, &record, &bytes)) {
		struct cursor fragments = cursor_over(bytes);
		while (is_handshake_in_clear(&record) && cursor_left(&fragments) > 0)
			(void)take_fragment(&fragments, &f);
		c.failed |= fragments.failed;
	}
	return c.failed ? PARSE_MALFORMED : PARSE_FOUND;
}

bool
dtls_fragment_next(struct dtls_reader *reader, struct dtls_fragment *out)
{
	struct record record;
	struct slice bytes;

	while (cursor_left(&reader->fragments) == 0) {
		if (!take_record(&reader->records, &record, &bytes))
			return false;
		if (is_handshake_in_clear(&record))
			reader->fragments = cursor_over(bytes);
	}
	return take_fragment(&reader->fragments, out);
}

bool
dtls_is_midstream(struct slice datagram)
{
	struct cursor c = cursor_over(datagram);
	struct record record;
	struct slice bytes;

	/* Epoch 0 is in clear, and up to 1.2 each renegotiation adds one: far from chance. */
	while (take_record(&c, &record, &bytes))
		c.failed |= record.epoch == 0 || record.epoch > EPOCH_MAX;
	return !c.failed && datagram.len > 0 && cursor_left(&c) == 0;
}

uint16_t
dtls_tls_version(uint16_t version)
{
	switch (version) {
	case DTLS_1_0:
		return 0x0302;
	case DTLS_1_2:
		return 0x0303;
	case DTLS_1_3:
		return 0x0304;
	default:
		return 0;
	}
}
