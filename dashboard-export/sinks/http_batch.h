/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all transports over HTTP have in common: a batch of messages becomes requests of bounded
 * size, smaller ones where the server finds them too large, and single ones where it finds fault
 * with what is in them. What a body looks like and what an answer means is the transport's.
 */
#pragma once

#include "dashboard-export/sinks/http_client.h"
#include "dashboard-export/sinks/request_split.h"

/** Bytes of a request's body; one message may be longer. */
#define HTTP_BATCH_BODY_MAX ((size_t)1 << 20)

/** Bytes that grow. All zero is empty. */
struct http_body {
	char *bytes;
	size_t len, size;
};

/** What became of a request. */
struct http_outcome {
	/**
	 * 0: every message is settled. -EMSGSIZE: too large as a whole. -EBADMSG: refused for what
	 * is in it. Any other: the batch ends here.
	 */
	int error;
	size_t settled; /**< leading messages settled; with error 0 all of them */
	size_t refused; /**< of these, refused one by one */
	size_t blamed;  /**< with -EBADMSG: the message the server named; SIZE_MAX: none */
};

struct http_batch {
	struct http_client *client;
	void *transport; /**< handed to the functions */
	/** Appends a message to the body. False: out of memory. */
	bool (*append)(void *transport, struct http_body *body, const struct outgoing *message);
	/** Sends the body, of `count` messages. Words go to report->answer. */
	struct http_outcome (*post)(void *transport, const struct http_body *body,
				    const struct outgoing *messages, size_t count,
				    struct transport_report *report);
	struct http_body body;
	size_t prefix; /**< bytes at the body's beginning that `post` fills in */
	size_t body_max;
	bool proven; /**< of struct request_split */
};

/** Grows the body by `len` bytes. False: out of memory. */
bool http_body_append(struct http_body *body, const char *bytes, size_t len);

/** The same with bytes of anybody, as a text of JSON with its quotes. Bytes that are no UTF-8
 * become U+FFFD, NUL becomes a space. */
bool http_body_append_text(struct http_body *body, const char *bytes, size_t len);
void http_body_fini(struct http_body *body);

/** Whether the messages of the sink are objects of JSON. */
bool http_batch_is_json(const struct sink_config *config);

/** Forgets what a server said about sizes; for every new connection. */
void http_batch_reset(struct http_batch *batch);

/**
 * Sends the messages in order. Returns 0 or -errno, and in `report` how many are settled; -EINVAL
 * where the receiver refuses all and has never taken any.
 */
int http_batch_send(struct http_batch *batch, const struct outgoing *messages, size_t count,
		    struct transport_report *report);
