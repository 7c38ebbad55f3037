/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to one HTTP server, one after the other over a connection that is kept: the only file
 * that knows curl. HTTP/1.1; no redirects, no proxies (not even those of the environment), no
 * cookies, no compression. TLS 1.2 at least, and the server's certificate and name are always
 * checked. One object, one thread; it may wait, and ends at once when it is told to stop.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/transport.h"

/** Longest body of an answer; a longer one is an error (EMSGSIZE). */
#define HTTP_CLIENT_ANSWER_MAX ((size_t)1 << 20)

/** Longest status line and header fields of an answer, all together. */
#define HTTP_CLIENT_HEADERS_MAX ((size_t)64 << 10)

struct http_client;

/** What is asked. Borrowed for the call. */
struct http_request {
	const char *path;           /**< put behind the base URL, with its '/'; NULL: as it is */
	const char *const *headers; /**< "Name: value", NULL behind the last; or NULL */
	const char *body;           /**< of a POST; NULL: a GET */
	size_t len;
};

/** What was answered. */
struct http_answer {
	unsigned status;        /**< 200 ... 599 */
	const char *body;       /**< with a NUL behind it; valid until the next request */
	size_t len;             /**< without it */
	uint32_t retry_after_s; /**< as the server asks; 0: it does not */
	char why[256];          /**< where there was no answer: what failed, as clean text */
};

/** What a status means for a message that was sent. */
enum http_verdict {
	HTTP_VERDICT_TAKEN,     /**< 2xx */
	HTTP_VERDICT_DENIED,    /**< 401, 403, 407; 3xx too, since nobody is followed elsewhere */
	HTTP_VERDICT_MISTAKEN,  /**< 404, 405, ...: this is no place for any message */
	HTTP_VERDICT_BUSY,      /**< 408, 409, 425, 429, 5xx: later */
	HTTP_VERDICT_TOO_LARGE, /**< 413 */
	HTTP_VERDICT_REFUSED,   /**< other 4xx: it does not like what was in it */
};

/**
 * For requests to `config->url`, with its user, TLS and time-out. Borrows both. Nothing is
 * connected yet. NULL with `why`: no http(s) URL, or one with user or fragment (both forms of a URL
 * that would be ignored or logged), out of memory.
 */
struct http_client *http_client_create(const struct sink_config *config,
				       const struct transport_stop *stop, char why[256]);

/** Closes and wipes secrets. NULL is allowed. */
void http_client_destroy(struct http_client *client);

/** Closes the connection; the next request opens another one. */
void http_client_disconnect(struct http_client *client);

/**
 * Sends a request and waits for its answer. The deadline is config->timeout_s without a byte that
 * moved, and ten times that in all. Returns 0 with an answer, whatever its status; otherwise
 * -errno with `answer->why`: EACCES for certificates, EMSGSIZE where the answer is too large,
 * ETIMEDOUT, ECANCELED where it was told to stop, others by their usual meaning.
 */
int http_client_exchange(struct http_client *client, const struct http_request *request,
			 struct http_answer *answer);

/** Whether the server can be reached, TLS included: opens a connection of its own and closes it.
 * Returns as http_client_exchange, without an answer. */
int http_client_probe(struct http_client *client, struct http_answer *answer);

/** Waits. Returns 0, or -ECANCELED as soon as it is told to stop. */
int http_client_pause(struct http_client *client, unsigned milliseconds);

/** The base URL has a query, behind which no path can be put. */
bool http_client_has_query(const struct http_client *client);

enum http_verdict http_verdict_of(unsigned status);

/**
 * The -errno that a transport returns for the verdict: 0, -EACCES, -EINVAL, -EAGAIN, -EMSGSIZE,
 * -EBADMSG in the order of the enum.
 */
int http_verdict_error(enum http_verdict verdict);

/**
 * Writes "HTTP 503: WORDS (asks to wait 30 s)" into `out` as clean text of one line; `words` NULL
 * or empty: the beginning of the body.
 */
void http_answer_tell(const struct http_answer *answer, const char *words, char out[256]);
