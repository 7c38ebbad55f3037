/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A datagram of coalesced packets, opened with the keys of its own first connection id. No change
 * to a sealed packet survives its tag, so the input is read as clear frames as well.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/quic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct quic_opener *opener;
static volatile uint8_t sink;

static void
read_frames(struct slice frames)
{
	struct cursor c = cursor_over(frames);
	struct quic_crypto_frame f;

	while (quic_crypto_frame_next(&c, &f)) {
		if (f.offset + f.data.len >= UINT64_C(1) << 62)
			abort();
		for (size_t i = 0; i < f.data.len; i++)
			sink = (uint8_t)(sink + f.data.data[i]);
	}
}

static void
open_initial(const struct quic_long_header *h)
{
	struct quic_keys keys;
	struct slice frames;
	uint8_t *plain = malloc(h->packet.len);

	if (plain == NULL || !quic_keys_derive(opener, h->version, h->dcid, &keys))
		abort();
	if (quic_initial_open(opener, &keys, h, plain, h->packet.len, &frames) == PARSE_FOUND)
		read_frames(frames);
	free(plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (opener == NULL)
		opener = quic_opener_create();
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (opener == NULL || copy == NULL)
		abort();
	memcpy(copy, data, size);

	struct quic_long_header h;
	struct slice rest = slice_of(copy, size);
	while (quic_long_header_parse(rest, &h) == PARSE_FOUND) {
		if (h.packet.data != rest.data || h.packet.len == 0 || h.packet.len > rest.len)
			abort();
		if (h.is_initial)
			open_initial(&h);
		rest = slice_of(rest.data + h.packet.len, rest.len - h.packet.len);
	}
	read_frames(slice_of(copy, size));
	free(copy);
	return 0;
}
