/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP/1.1 server for tests, on a free port of 127.0.0.1, with a thread for every connection. A
 * function of the test makes the answers; it is called by one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;

struct http_server_request {
	unsigned number;     /**< of the server's requests, from 0 */
	unsigned connection; /**< from 0 */
	char method[16], target[1024];
	char head[16384]; /**< request line and fields, with their line ends */
	char *body;       /**< with a NUL behind it */
	size_t len;
};

struct http_server_response {
	unsigned status;    /**< 200 to begin with */
	char fields[1024];  /**< further fields, each with "\r\n" */
	char *body;         /**< to be freed by the server; NULL: empty */
	size_t len;         /**< of the body; 0: to its NUL */
	const char *raw;    /**< sent as it is in place of all that, and the connection closed */
	size_t raw_repeats; /**< so often, or once */
	bool silent;        /**< nothing is answered, and the connection stays */
	bool close;         /**< the connection is closed behind the answer */
};

typedef void (*http_server_function)(void *context, const struct http_server_request *request,
				     struct http_server_response *response);

/** Starts; the test ends where it cannot. */
struct http_server *http_server_start(http_server_function answer, void *context);
void http_server_stop(struct http_server *server);

unsigned http_server_port(const struct http_server *server);

/** "http://127.0.0.1:PORT" and `path`; valid until the next call. */
const char *http_server_url(const struct http_server *server, const char *path);

/** Connections and requests so far. */
unsigned http_server_connections(struct http_server *server);
unsigned http_server_requests(struct http_server *server);

/** The value of a field of the request; NULL: not there. Valid until the next call. */
const char *http_server_field(const struct http_server_request *request, const char *name);
