/* SPDX-License-Identifier: Apache-2.0 */
/* A datagram of coalesced packets, opened with the keys of its own first connection id, or with
 * those that its unknown version may stand for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/quic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct quic_opener *opener;
static void
open_initial(const struct quic_long_header *h)
{
	uint32_t versions[QUIC_TRIALS_MAX] = {h->version};
	size_t count = h->type == QUIC_PACKET_INITIAL ? 1 : quic_trial_versions(h, versions);
	uint8_t *plain = malloc(h->packet.len);

	if (plain == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		struct quic_keys keys;
		struct slice frames;
		if (!quic_keys_derive(opener, versions[i], h->dcid, &keys))
			abort();
		if (quic_initial_open(opener, &keys, h, plain, h->packet.len, &frames) ==
			    PARSE_FOUND &&
		    (frames.data < plain || frames.len > h->packet.len - h->number_offset))
			abort();
	}
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
	if (size > 0)
		memcpy(copy, data, size);

	struct quic_long_header h;
	struct slice rest = slice_of(copy, size);
	bool google = quic_is_google(rest);
	while (quic_long_header_parse(rest, &h) == PARSE_FOUND) {
		if (h.packet.data != rest.data || h.packet.len == 0 || h.packet.len > rest.len ||
		    h.number_offset > h.packet.len)
			abort();
		if (google && rest.data == copy && h.type != QUIC_PACKET_UNKNOWN)
			abort();
		open_initial(&h);
		rest = slice_of(rest.data + h.packet.len, rest.len - h.packet.len);
	}
	free(copy);
	return 0;
}
