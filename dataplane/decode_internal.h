/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoder's files share: the part of a frame still to be read. Nobody else includes it. */
#pragma once

#include <stdint.h>

#include "dataplane/decode.h"

/** The rest of a frame: captured bytes, and how many there were on the wire. */
struct frame {
	const uint8_t *at;
	uint32_t captured;
	uint32_t wire; /**< at least `captured` */
};

/** Passes over a header that is known to be captured. */
static inline void
frame_advance(struct frame *f, uint32_t len)
{
	f->at += len;
	f->captured -= len;
	f->wire -= len;
}

/** Cuts what lies behind a length given by a header: padding, trailers. */
static inline void
frame_cut(struct frame *f, uint32_t len)
{
	if (f->wire > len)
		f->wire = len;
	if (f->captured > len)
		f->captured = len;
}

static inline uint16_t
read_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
read_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/** Reads the header of `transport` at the frame's start; fills key ports, flags and payload. */
enum decode_result decode_transport(struct frame *f, uint8_t transport, struct decoded *out);
