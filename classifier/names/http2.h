/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first request of HTTP/2 in clear with prior knowledge (RFC 9113 3.3): preface, frames up to
 * the first header block, its :authority (RFC 9113 8.3.1). Field compression (RFC 7541) is the
 * library's; its memory comes out of the reader, never from the heap. A reader belongs to one
 * thread and keeps nothing from one stream to the next.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/** Longest frame and longest header block that are read: what a client may send unasked (RFC 9113
 * 4.2). */
#define HTTP2_BLOCK_MAX 16384

struct http2_reader;

struct http2_request {
	struct slice host; /**< :authority, else the Host field; may be empty. In the reader: valid
			      until its next use */
	bool is_connect;   /**< a proxy is asked to reach `host` (RFC 9113 8.5) */
	size_t len;        /**< bytes up to the end of the frame that told it */
	size_t wanted;     /**< with NEED_MORE: length of the stream from which more can be known */
};

/** NULL with errno ENOMEM when out of memory. Free with http2_reader_destroy. */
struct http2_reader *http2_reader_create(void);

/** NULL is allowed. */
void http2_reader_destroy(struct http2_reader *reader);

/**
 * Reads the stream of a client. NEED_MORE until the first header block is there, or as much of it
 * as holds its pseudo-header fields; NOT_MINE
 * without the preface; MALFORMED for frames or fields against the rules, and for longer ones.
 */
enum parse_result
http2_request_parse(struct http2_reader *reader, struct slice stream, struct http2_request *out);
