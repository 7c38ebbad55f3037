/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP/1 request of a connection: method, target and Host (RFC 9112 3, RFC 9110 7.2).
 * No allocation; slices point into the stream.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest request head that is read. */
#define HTTP_HEAD_MAX 16384

/** Where a request's head ends, and what comes behind it. */
struct http_head {
	size_t len;    /**< with the empty lines in front and the one that ends it */
	bool has_body; /**< or may have one: the next request does not begin right behind */
};

struct http_request {
	struct slice method;
	struct slice host;     /**< Host field, or the authority of an absolute-form target or of
				  CONNECT; may be empty */
	bool is_connect;       /**< `host` is the target that a proxy is asked to reach */
	bool host_in_target;   /**< absolute-form or CONNECT: the target goes before the Host field
				  (RFC 9112 3.2.2) */
	uint16_t target_port;  /**< of a host in the target, by its scheme if it is not written; 0:
				  none */
	struct http_head head; /**< `len` 0 where it was not read: of a host in the target */
};

/**
 * Reads the request at the start of a client's stream. NEED_MORE while the head is incomplete; then
 * `host` is what it has so far. FOUND when the head has ended, with a host or without one, or as
 * soon as the host in the target is known; NOT_MINE for anything that does not begin like a request
 * of a registered method; MALFORMED for hosts that servers have to refuse (RFC 9112 3.2), as two
 * that differ, and behind HTTP_HEAD_MAX bytes.
 */
enum parse_result http_request_parse(struct slice stream, struct http_request *out);

/**
 * Finds the end of the head of the request at the start of the stream, which http_request_parse has
 * found there. NEED_MORE while its end is not there; MALFORMED behind HTTP_HEAD_MAX bytes.
 */
enum parse_result http_head_parse(struct slice stream, struct http_head *out);

/** The port written behind a host; 0: none. */
uint16_t http_host_port(struct slice host);

/** Whether the stream begins like an HTTP/1 response ("HTTP/1."). */
bool http_response_begins(struct slice stream);
