/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_packing.h"

#include <errno.h>
#include <stdlib.h>

#include <zlib.h>

/*
 * gzip, RFC 1952: members follow one another; zero bytes after the last one are padding of a tape
 * or block device.
 */

struct gzip_state {
	z_stream stream;
	bool between_members;
	bool padding; /* a member never starts with zero */
};

static bool
gzip_recognises(struct slice head)
{
	return head.len >= 3 && head.data[0] == 0x1f && head.data[1] == 0x8b && head.data[2] == 8;
}

static void *
gzip_open(void)
{
	struct gzip_state *gzip = calloc(1, sizeof(*gzip));

	/* 15: the largest window; 16 more: a gzip header and nothing else. */
	if (gzip == NULL || inflateInit2(&gzip->stream, 15 + 16) != Z_OK) {
		free(gzip);
		errno = ENOMEM;
		return NULL;
	}
	return gzip;
}

static void
skip_padding(struct gzip_state *gzip, struct packed_input *input)
{
	while (input->left > 0 && *input->at == 0) {
		gzip->padding = true;
		input->at++;
		input->left--;
	}
}

static const char *
gzip_step(void *state, struct packed_input *input, struct unpacked_room *room)
{
	struct gzip_state *gzip = state;
	int result;

	if (gzip->between_members) {
		skip_padding(gzip, input);
		if (input->left == 0)
			return NULL;
		if (gzip->padding || *input->at != 0x1f)
			return "bytes that are no gzip follow the gzip stream";
		(void)inflateReset(&gzip->stream);
		gzip->between_members = false;
	}
	gzip->stream.next_in = (uint8_t *)input->at;
	gzip->stream.avail_in = (unsigned)input->left;
	gzip->stream.next_out = room->at;
	gzip->stream.avail_out = (unsigned)room->left;
	result = inflate(&gzip->stream, Z_NO_FLUSH);
	*input = (struct packed_input){gzip->stream.next_in, gzip->stream.avail_in};
	*room = (struct unpacked_room){gzip->stream.next_out, gzip->stream.avail_out};
	gzip->between_members = result == Z_STREAM_END;
	if (result == Z_MEM_ERROR)
		return "no memory to unpack gzip";
	return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR
		       ? NULL
		       : "gzip stream is corrupt";
}

static bool
gzip_whole(const void *state)
{
	const struct gzip_state *gzip = state;

	return gzip->between_members;
}

static void
gzip_close(void *state)
{
	struct gzip_state *gzip = state;

	(void)inflateEnd(&gzip->stream);
	free(gzip);
}

const struct capture_packing capture_gzip = {
	.recognises = gzip_recognises,
	.open = gzip_open,
	.step = gzip_step,
	.whole = gzip_whole,
	.close = gzip_close,
	.cut = "gzip stream is cut",
};
