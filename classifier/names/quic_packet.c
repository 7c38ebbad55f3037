/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUIC packets as they stand in a datagram, without keys. What every version has in common is
 * little (RFC 8999): the form bit, the version, two connection ids. All else is the version's.
 */
#include "classifier/names/quic.h"

#include <string.h>

#include "classifier/names/quic_varint.h"
#include "classifier/names/quic_version.h"

#define FORM_LONG 0x80
#define FIXED_BIT 0x40
#define VERSION_NEGOTIATION 0
#define TYPE_OF(first) ((first) >> 4 & 3)

static struct slice
take_connection_id(struct cursor *c)
{
	struct slice id = cursor_vec8(c);
	c->failed |= id.len > QUIC_CID_MAX;
	return id;
}

/* What follows the connection ids of an Initial, or of a 0-RTT or Handshake packet. */
static void
read_protected(struct cursor *c, struct slice datagram, struct quic_long_header *out)
{
	if (out->type == QUIC_PACKET_INITIAL || out->type == QUIC_PACKET_UNKNOWN)
		out->token = cursor_take_varint(c);
	struct slice protected = cursor_take_varint(c);
	if (c->failed)
		return;
	out->number_offset = (size_t)(protected.data - datagram.data);
	out->packet = slice_of(datagram.data, out->number_offset + protected.len);
}

/* A version that servers offer: one of ours, another draft, or one that only tests the peer. */
static bool
is_offered_version(uint32_t number)
{
	return quic_version_find(number) != NULL || number >> 8 == 0xff0000 ||
	       quic_version_is_reserved(number);
}

/*
 * RFC 9000 17.2.1: two ids of any length, and versions up to the end. It is told from chance by the
 * versions: at least one has to be known.
 */
static enum parse_result
read_negotiation(struct cursor *c, struct slice datagram, struct quic_long_header *out)
{
	bool known = false;

	out->type = QUIC_PACKET_NEGOTIATION;
	out->dcid = cursor_vec8(c);
	out->scid = cursor_vec8(c);
	while (cursor_left(c) > 0)
		known |= is_offered_version(cursor_be32(c));
	out->packet = datagram;
	out->number_offset = datagram.len;
	return !c->failed && known ? PARSE_FOUND : PARSE_NOT_MINE;
}

/* Of a version that we do not know, we say only that it could be an Initial of v1's or v2's form.
 */
static enum parse_result
read_unknown(struct cursor *c, uint8_t first, struct slice datagram, struct quic_long_header *out)
{
	if ((first & FIXED_BIT) == 0 || TYPE_OF(first) > 1)
		return PARSE_NOT_MINE;
	out->type = QUIC_PACKET_UNKNOWN;
	out->dcid = take_connection_id(c);
	out->scid = take_connection_id(c);
	read_protected(c, datagram, out);
	return c->failed ? PARSE_NOT_MINE : PARSE_FOUND;
}

static enum quic_packet_type
type_of(uint8_t first, const struct quic_version *version)
{
	if (TYPE_OF(first) == version->types.initial)
		return QUIC_PACKET_INITIAL;
	return TYPE_OF(first) == version->types.retry ? QUIC_PACKET_RETRY : QUIC_PACKET_PROTECTED;
}

enum parse_result
quic_long_header_parse(struct slice datagram, struct quic_long_header *out)
{
	struct cursor c = cursor_over(datagram);
	uint8_t first = cursor_u8(&c);
	uint32_t number = cursor_be32(&c);

	if (c.failed || (first & FORM_LONG) == 0)
		return PARSE_NOT_MINE;
	const struct quic_version *version = quic_version_find(number);
	*out = (struct quic_long_header){.version = number};
	if (number == VERSION_NEGOTIATION)
		return read_negotiation(&c, datagram, out);
	if (version == NULL)
		return read_unknown(&c, first, datagram, out);

	out->type = type_of(first, version);
	if ((first & FIXED_BIT) == 0 && out->type != QUIC_PACKET_INITIAL)
		return PARSE_NOT_MINE;
	out->dcid = take_connection_id(&c);
	out->scid = take_connection_id(&c);
	if (out->type == QUIC_PACKET_RETRY) {
		/* RFC 9000 17.2.5: neither Length nor packet number. */
		out->packet = datagram;
		out->number_offset = datagram.len;
	} else {
		read_protected(&c, datagram, out);
	}
	if ((first & FIXED_BIT) == 0 && (c.failed || out->token.len == 0))
		return PARSE_NOT_MINE;
	return c.failed ? PARSE_MALFORMED : PARSE_FOUND;
}

size_t
quic_trial_versions(const struct quic_long_header *header, uint32_t versions[QUIC_TRIALS_MAX])
{
	/* One for each salt of v1's form, and the only one of v2's: the newest first. */
	static const uint32_t of_v1[QUIC_TRIALS_MAX] = {0x00000001, 0xff00001d, 0xff00001b};
	static const uint32_t of_v2 = 0x6b3343cf;

	if (header->type != QUIC_PACKET_UNKNOWN)
		return 0;
	if (TYPE_OF(header->packet.data[0]) == quic_version_find(of_v2)->types.initial) {
		versions[0] = of_v2;
		return 1;
	}
	memcpy(versions, of_v1, sizeof(of_v1));
	return QUIC_TRIALS_MAX;
}

/* Four characters: Q or T, and a number of three digits. */
static bool
is_google_version(struct slice v)
{
	if (v.len != 4 || v.data[1] != '0' || v.data[2] < '2' || v.data[2] > '5' ||
	    v.data[3] < '0' || v.data[3] > '9')
		return false;
	return v.data[0] == 'Q' || (v.data[0] == 'T' && v.data[2] == '5');
}

bool
quic_is_google(struct slice datagram)
{
	const uint8_t with_version = 0x01, with_cid = 0x08, never = 0xc2;
	struct cursor c = cursor_over(datagram);
	uint8_t first = cursor_u8(&c);

	/* From Q044 on it has a long header; before, flags and an id of 8 bytes stand in front of
	 * the version, and a packet number and a hash of 12 bytes behind it. */
	if ((first & FORM_LONG) != 0)
		return is_google_version(cursor_take(&c, 4));
	if ((first & never) != 0 || (first & with_version) == 0 || (first & with_cid) == 0)
		return false;
	cursor_skip(&c, 8);
	return is_google_version(cursor_take(&c, 4)) && cursor_left(&c) > 12;
}
