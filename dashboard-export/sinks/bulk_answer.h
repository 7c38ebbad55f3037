/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Elasticsearch and OpenSearch answer to `_bulk`: one result for each document, in the order
 * of the request. The bytes are not trusted. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/** What became of one document. */
enum bulk_result {
	BULK_RESULT_TAKEN,       /**< 2xx, or 409: this version or a later one is there already */
	BULK_RESULT_BUSY,        /**< 429, 5xx: later */
	BULK_RESULT_REFUSED,     /**< it does not fit into the index, and never will */
	BULK_RESULT_DENIED,      /**< 401, 403: not for this user */
	BULK_RESULT_INDEX,       /**< the index is closed, missing, wrongly named */
	BULK_RESULT_CREATE_ONLY, /**< it is a data stream, which takes `create` alone */
};

struct bulk_answer {
	size_t taken, refused, later; /**< `later`: all others */
	char words[160];              /**< "type: reason" of the first that was not taken, clean */
};

/**
 * Reads the answer to a request of `count` documents into `results`. Returns 0, or -EPROTO where it
 * is no such answer, or has not as many results; nothing is known of any document then.
 */
int bulk_answer_parse(const char *body, size_t len, enum bulk_result *results, size_t count,
		      struct bulk_answer *out);

/** "type: reason" of an answer that refuses a whole request, clean; false, and "", where it is no
 * answer of an Elasticsearch. */
bool bulk_error_parse(const char *body, size_t len, char words[160]);
