/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/http_batch.h"

#include "dashboard-export/json_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A byte may be written as \u00XX. */
#define ESCAPE_MAX 6

static bool
reserve(struct http_body *body, size_t len)
{
	if (len <= body->size - body->len)
		return true;
	size_t size = body->size + len + body->size / 2 + 4096;
	char *grown = realloc(body->bytes, size);
	if (grown == NULL)
		return false;
	body->bytes = grown;
	body->size = size;
	return true;
}

bool
http_body_append(struct http_body *body, const char *bytes, size_t len)
{
	if (!reserve(body, len))
		return false;
	if (len > 0)
		memcpy(body->bytes + body->len, bytes, len);
	body->len += len;
	return true;
}

bool
http_body_append_text(struct http_body *body, const char *bytes, size_t len)
{
	struct json_writer w;
	/* Behind the room for what is written stands a copy that ends in NUL. */
	size_t room = len * ESCAPE_MAX + 2;

	if (!reserve(body, room + len + 1))
		return false;
	char *copy = body->bytes + body->len + room;
	for (size_t i = 0; i < len; i++)
		copy[i] = bytes[i] != '\0' ? bytes[i] : ' ';
	copy[len] = '\0';
	json_writer_init(&w, body->bytes + body->len, room);
	json_writer_text(&w, copy, room);
	body->len += json_writer_len(&w);
	return !w.overflow;
}

void
http_body_fini(struct http_body *body)
{
	free(body->bytes);
	*body = (struct http_body){0};
}

bool
http_batch_is_json(const struct sink_config *config)
{
	return strstr(config->format->content_type, "json") != NULL;
}

void
http_batch_reset(struct http_batch *batch)
{
	batch->body_max = HTTP_BATCH_BODY_MAX;
}

/* Fills the body with up to `most` messages, one at least. Returns how many; 0: out of memory. */
static size_t
fill(struct http_batch *batch, const struct outgoing *messages, size_t most)
{
	static const char zeros[64];
	struct http_body *body = &batch->body;
	size_t count = 0;

	body->len = 0;
	if (!http_body_append(body, zeros, batch->prefix))
		return 0;
	while (count < most) {
		size_t before = body->len;
		if (!batch->append(batch->transport, body, &messages[count])) {
			body->len = before;
			break;
		}
		if (count > 0 && body->len - batch->prefix > batch->body_max) {
			body->len = before;
			break;
		}
		count++;
	}
	return count;
}

/* Returns 0 where the batch goes on. */
static int
take_outcome(struct http_batch *batch, struct request_split *split, size_t count,
	     const struct http_outcome *outcome)
{
	switch (outcome->error) {
	case 0:
		request_split_settle(split, count, outcome->refused);
		return 0;
	case -EMSGSIZE:
		if (count > 1)
			batch->body_max = (batch->body.len - batch->prefix) / 2;
		else
			request_split_refused(split, 1);
		return 0;
	case -EBADMSG:
		request_split_refused(split, count);
		if (count > 1)
			request_split_blame(split, outcome->blamed);
		return 0;
	default:
		request_split_settle(split, outcome->settled, outcome->refused);
		return outcome->error;
	}
}

/* All that is known of the receiver is that it refuses. */
static int
tell_implausible(struct transport_report *report)
{
	char words[sizeof(report->answer)];

	memcpy(words, report->answer, sizeof(words));
	snprintf(report->answer, sizeof(report->answer),
		 "it refuses every message, so address or settings must be wrong: %.180s", words);
	return -EINVAL;
}

int
http_batch_send(struct http_batch *batch, const struct outgoing *messages, size_t count,
		struct transport_report *report)
{
	struct request_split split;
	size_t most;
	int error = 0;

	request_split_init(&split, count, batch->proven);
	while (error == 0 && request_split_is_plausible(&split) &&
	       (most = request_split_next(&split, SIZE_MAX)) > 0) {
		size_t filled = fill(batch, messages + split.at, most);
		if (filled == 0) {
			snprintf(report->answer, sizeof(report->answer), "out of memory");
			error = -ENOMEM;
			break;
		}
		struct http_outcome outcome = batch->post(batch->transport, &batch->body,
							  messages + split.at, filled, report);
		error = take_outcome(batch, &split, filled, &outcome);
	}
	batch->proven = split.took;
	report->accepted = request_split_settled(&split);
	report->refused = request_split_is_final(&split) ? split.refused : 0;
	if (error == 0 && !request_split_is_final(&split) && count > 0)
		return tell_implausible(report);
	return error;
}
