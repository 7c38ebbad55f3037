/* SPDX-License-Identifier: Apache-2.0 */
/* The clear payload of an Initial: every CRYPTO frame lies within it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/quic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);

	struct cursor c = cursor_over(slice_of(copy, size));
	struct quic_crypto_frame f;
	size_t count = 0;
	while (quic_crypto_frame_next(&c, &f)) {
		/* A frame has three bytes at least; its end stays below 2^62 (RFC 9000 19.6). */
		if (++count > size / 3 || f.offset + f.data.len >= UINT64_C(1) << 62)
			abort();
		for (size_t i = 0; i < f.data.len; i++)
			sink = (uint8_t)(sink + f.data.data[i]);
	}
	free(copy);
	return 0;
}
