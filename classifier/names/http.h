/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first HTTP/1 request of a connection: method, target and Host (RFC 9112 3, RFC 9110 7.2).
 * No allocation; slices point into the stream.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/** Longest request head that is read. */
#define HTTP_HEAD_MAX 16384

struct http_request {
	struct slice method;
	struct slice host;   /**< Host field, or the authority of an absolute-form target or of
				CONNECT; may be empty */
	bool is_connect;     /**< `host` is the target that a proxy is asked to reach */
	bool host_in_target; /**< absolute-form or CONNECT: the target goes before the Host field
				(RFC 9112 3.2.2) */
};

/**
 * Reads the request at the start of a client's stream. NEED_MORE while the head is incomplete and
 * Host was not seen; FOUND as soon as the host is known or the head ended without one; NOT_MINE for
 * anything that does not begin like a request of a registered method.
 */
enum parse_result http_request_parse(struct slice stream, struct http_request *out);

/** Whether the stream begins like an HTTP/1 response ("HTTP/1."). */
bool http_response_begins(struct slice stream);
