/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_packing.h"

#include <errno.h>
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

/* zstd, RFC 8878: data frames and skippable frames follow one another. */

struct zstd_state {
	ZSTD_DStream *stream;
	size_t last; /* 0: between frames */
};

static bool
zstd_recognises(struct slice head)
{
	if (head.len < 4 || head.data[3] != (head.data[2] == 0x2f ? 0xfd : 0x18))
		return false;
	return (head.data[0] == 0x28 && head.data[1] == 0xb5) ||
	       ((head.data[0] & 0xf0) == 0x50 && head.data[1] == 0x2a && head.data[2] == 0x4d);
}

static void *
zstd_open(void)
{
	struct zstd_state *zstd = calloc(1, sizeof(*zstd));

	if (zstd != NULL)
		zstd->stream = ZSTD_createDStream();
	if (zstd == NULL || zstd->stream == NULL) {
		free(zstd);
		errno = ENOMEM;
		return NULL;
	}
	return zstd;
}

static const char *
zstd_step(void *state, struct packed_input *input, struct unpacked_room *room)
{
	struct zstd_state *zstd = state;
	ZSTD_inBuffer in = {.src = input->at, .size = input->left};
	ZSTD_outBuffer out = {.dst = room->at, .size = room->left};

	/*
	 * Asked with nothing, the library would already wait for the header of a frame that may not
	 * come.
	 */
	if (input->left == 0 && zstd->last == 0)
		return NULL;
	zstd->last = ZSTD_decompressStream(zstd->stream, &out, &in);
	if (!ZSTD_isError(zstd->last)) {
		*input = (struct packed_input){input->at + in.pos, input->left - in.pos};
		*room = (struct unpacked_room){room->at + out.pos, room->left - out.pos};
		return NULL;
	}
	switch (ZSTD_getErrorCode(zstd->last)) {
	case ZSTD_error_frameParameter_windowTooLarge:
		return "zstd stream needs more than 128 MiB to unpack (packed with --long)";
	case ZSTD_error_memory_allocation:
		return "no memory to unpack zstd";
	default:
		return "zstd stream is corrupt";
	}
}

static bool
zstd_whole(const void *state)
{
	const struct zstd_state *zstd = state;

	return zstd->last == 0;
}

static void
zstd_close(void *state)
{
	struct zstd_state *zstd = state;

	(void)ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

const struct capture_packing capture_zstd = {
	.recognises = zstd_recognises,
	.open = zstd_open,
	.step = zstd_step,
	.whole = zstd_whole,
	.close = zstd_close,
	.cut = "zstd stream is cut",
};
