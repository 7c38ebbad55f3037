/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a QUIC Initial once it is open: frames (RFC 9000 12.4, 19). */
#include "classifier/names/quic.h"

#include <string.h>

#include "classifier/names/quic_varint.h"

enum frame_type {
	FRAME_PADDING = 0x00,
	FRAME_PING = 0x01,
	FRAME_ACK = 0x02,
	FRAME_ACK_ECN = 0x03,
	FRAME_CRYPTO = 0x06,
	FRAME_CONNECTION_CLOSE = 0x1c,
};

/* Three quarters of a client's Initial are PADDING, a zero byte each: passed over by the block. */
static void
skip_padding(struct cursor *c)
{
	static const uint8_t zeros[64];

	while (cursor_left(c) >= sizeof(zeros) && memcmp(c->at, zeros, sizeof(zeros)) == 0)
		cursor_skip(c, sizeof(zeros));
	while (cursor_left(c) > 0 && *c->at == FRAME_PADDING)
		cursor_skip(c, 1);
}

/* RFC 9000 19.3. Each range takes at least two bytes, so a huge count runs into the end. */
static void
skip_ack(struct cursor *c, bool has_ecn_counts)
{
	(void)cursor_varint(c); /* Largest Acknowledged */
	(void)cursor_varint(c); /* ACK Delay */
	uint64_t ranges = cursor_varint(c);
	(void)cursor_varint(c); /* First ACK Range */
	for (; ranges > 0 && !c->failed; ranges--) {
		(void)cursor_varint(c); /* Gap */
		(void)cursor_varint(c); /* ACK Range Length */
	}
	for (int i = 0; has_ecn_counts && i < 3; i++)
		(void)cursor_varint(c);
}

/* RFC 9000 19.19; the form of the transport, the only one that may stand in an Initial. */
static void
skip_connection_close(struct cursor *c)
{
	(void)cursor_varint(c);      /* Error Code */
	(void)cursor_varint(c);      /* Frame Type */
	(void)cursor_take_varint(c); /* Reason Phrase */
}

static bool
read_crypto(struct cursor *c, struct quic_crypto_frame *out)
{
	const uint64_t end_max = (UINT64_C(1) << 62) - 1; /* RFC 9000 19.6: of offset and length */

	out->offset = cursor_varint(c);
	out->data = cursor_take_varint(c);
	c->failed |= out->data.len > end_max - out->offset;
	return !c->failed;
}

bool
quic_crypto_frame_next(struct cursor *frames, struct quic_crypto_frame *out)
{
	while (cursor_left(frames) > 0) {
		/* RFC 9000 12.4: a type is written in its shortest form, here always one byte. */
		switch (cursor_u8(frames)) {
		case FRAME_PADDING:
			skip_padding(frames);
			break;
		case FRAME_PING:
			break;
		case FRAME_ACK:
			skip_ack(frames, false);
			break;
		case FRAME_ACK_ECN:
			skip_ack(frames, true);
			break;
		case FRAME_CRYPTO:
			return read_crypto(frames, out);
		case FRAME_CONNECTION_CLOSE:
			skip_connection_close(frames);
			break;
		default:
			frames->failed = true;
		}
	}
	return false;
}
