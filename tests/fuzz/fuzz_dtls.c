/* SPDX-License-Identifier: Apache-2.0 */
/* A datagram of DTLS records: every fragment lies within it and within its message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
read_fragments(struct slice datagram, struct dtls_reader *reader)
{
	struct dtls_fragment f;
	size_t count = 0;

	while (dtls_fragment_next(reader, &f)) {
		require(++count <= datagram.len / 12);
		require(f.message_len <= DTLS_MESSAGE_MAX && f.offset <= f.message_len);
		require(f.data.len <= f.message_len - f.offset);
		for (size_t i = 0; i < f.data.len; i++)
			sink = (uint8_t)(sink + f.data.data[i]);
	}
	/* What was found sound is read to its end. */
	require(count > 0 && !reader->records.failed && !reader->fragments.failed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);

	struct slice datagram = slice_of(copy, size);
	struct dtls_reader reader;
	enum parse_result result = dtls_datagram_parse(datagram, &reader);
	require(result != PARSE_NEED_MORE);
	if (result == PARSE_FOUND)
		read_fragments(datagram, &reader);
	require(!dtls_is_midstream(datagram) || result == PARSE_NOT_MINE);
	free(copy);
	return 0;
}
