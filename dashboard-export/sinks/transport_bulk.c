/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elasticsearch and OpenSearch. An alert is one document, whose versions are the rows of the
 * journal: `external` takes a later one, and answers 409 to the same and to an earlier one, so that
 * an alert that is sent twice or late is stored once and never goes back in time. Rows of two
 * journals do not compare, so the journal's id is part of the document's.
 *
 * A data stream takes `create` alone: there every row is a document of its own.
 */
#include "dashboard-export/sinks/bulk_answer.h"
#include "dashboard-export/sinks/http_batch.h"
#include "dashboard-export/sinks/transport.h"

#include "base/rfc3339.h"
#include "dashboard-export/json_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Times that documents which the cluster had no room for are sent again before the batch ends. */
#define ROUNDS 4
#define ROUND_PAUSE_MS 200

/* Digits of the journal's id that keep documents of two journals apart. */
#define JOURNAL_DIGITS 16

#define ACTION_MAX 2048
#define PATH_MAX_BYTES 1024

struct transport {
	const struct sink_config *config;
	struct http_batch batch;
	char path[PATH_MAX_BYTES];
	const char *headers[2];
	bool create_only; /* the index turned out to be a data stream */
	/* Of one request, with room for `size` documents. */
	enum bulk_result *results, *fresh;
	size_t *open; /* documents that are still to be taken */
	size_t size;
	struct http_body again;
};

/* "ID-JOURNAL", of a data stream "ID-JOURNAL-ROW". */
static void
document_id(const struct transport *t, const struct outgoing *message, char out[512])
{
	int len = snprintf(out, 512, "%.400s", message->id);

	if (message->journal != NULL)
		len += snprintf(out + len, 512 - (size_t)len, "-%.*s", JOURNAL_DIGITS,
				message->journal);
	if (t->create_only)
		snprintf(out + len, 512 - (size_t)len, "-%" PRIu64, message->sequence);
}

static size_t
write_action(const struct transport *t, const struct outgoing *message, char out[ACTION_MAX])
{
	struct json_writer w;
	bool create = t->create_only || message->is_flow;
	char id[512];

	json_writer_init(&w, out, ACTION_MAX);
	json_writer_open(&w, '{');
	json_writer_open_object(&w, create ? "create" : "index");
	if (message->id != NULL && !message->is_flow) {
		document_id(t, message, id);
		json_writer_text_member(&w, "_id", id, sizeof(id));
		if (!create && message->sequence != 0) {
			json_writer_uint_member(&w, "version", message->sequence);
			json_writer_plain_member(&w, "version_type", "external");
		}
	}
	json_writer_close(&w, '}');
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	return w.overflow ? 0 : json_writer_len(&w);
}

/* A message in another language than JSON becomes the text of a small document. */
static bool
append_wrapped(struct http_body *body, const struct outgoing *message)
{
	char time_text[RFC3339_LEN + 1], head[640];
	struct json_writer w;

	rfc3339_format(message->time_ns, time_text);
	json_writer_init(&w, head, sizeof(head));
	json_writer_open(&w, '{');
	json_writer_plain_member(&w, "@timestamp", time_text);
	json_writer_open_object(&w, "event");
	if (message->id != NULL)
		json_writer_text_member(&w, "id", message->id, 400);
	json_writer_uint_member(&w, "sequence", message->sequence);
	json_writer_close(&w, '}');
	json_writer_key(&w, "message");
	return !w.overflow && http_body_append(body, head, json_writer_len(&w)) &&
	       http_body_append_text(body, message->bytes, message->len) &&
	       http_body_append(body, "}", 1);
}

static bool
append(void *context, struct http_body *body, const struct outgoing *message)
{
	struct transport *t = context;
	char action[ACTION_MAX];
	size_t len = write_action(t, message, action);

	return len > 0 && http_body_append(body, action, len) &&
	       (http_batch_is_json(t->config) ? http_body_append(body, message->bytes, message->len)
					      : append_wrapped(body, message)) &&
	       http_body_append(body, "\n", 1);
}

static bool
make_room(struct transport *t, size_t count)
{
	if (count <= t->size)
		return true;
	free(t->results);
	free(t->fresh);
	free(t->open);
	t->results = calloc(count, sizeof(*t->results));
	t->fresh = calloc(count, sizeof(*t->fresh));
	t->open = calloc(count, sizeof(*t->open));
	t->size = t->results != NULL && t->fresh != NULL && t->open != NULL ? count : 0;
	return t->size != 0;
}

/* An answer about the whole request. -EBADMSG only where Elasticsearch itself finds fault. */
static int
error_of(const struct http_answer *answer, char words[160])
{
	bool parsed = bulk_error_parse(answer->body, answer->len, words);
	int error = http_verdict_error(http_verdict_of(answer->status));

	return error == -EBADMSG && !parsed ? -EINVAL : error;
}

/* Sends `count` documents, of which results go to t->fresh. */
static int
exchange(struct transport *t, const struct http_body *body, size_t count,
	 struct transport_report *report)
{
	const struct http_request request = {
		.path = t->path, .headers = t->headers, .body = body->bytes, .len = body->len};
	struct http_answer answer;
	struct bulk_answer bulk;
	char words[160] = "";
	int error = http_client_exchange(t->batch.client, &request, &answer);

	if (error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		/* A smaller request has a smaller answer; of one document it is nonsense. */
		return error == -EMSGSIZE && count == 1 ? -EPROTO : error;
	}
	error = error_of(&answer, words);
	if (error == 0) {
		error = bulk_answer_parse(answer.body, answer.len, t->fresh, count, &bulk);
		if (error == 0)
			memcpy(words, bulk.words, sizeof(words));
		else
			snprintf(words, sizeof(words), "no answer to _bulk");
	}
	http_answer_tell(&answer, words, report->answer);
	return error;
}

/* Files the results of the `count` open documents. Returns how many are still open, first in
 * t->open; `error` tells why the batch must end. */
static size_t
file_results(struct transport *t, size_t count, int *error)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		enum bulk_result result = t->fresh[i];
		t->results[t->open[i]] = result;
		if (result == BULK_RESULT_TAKEN || result == BULK_RESULT_REFUSED)
			continue;
		t->open[left++] = t->open[i];
		if (result == BULK_RESULT_DENIED)
			*error = -EACCES;
		else if (result == BULK_RESULT_INDEX && *error == 0)
			*error = -EINVAL;
		else if (result == BULK_RESULT_CREATE_ONLY)
			t->create_only = true;
	}
	return left;
}

/* Sends those that the cluster had no room for a few times more. */
static int
send_open(struct transport *t, const struct outgoing *messages, size_t left,
	  struct transport_report *report)
{
	int error = 0;

	for (unsigned round = 1; round < ROUNDS && left > 0 && error == 0; round++) {
		bool busy = false;
		t->again.len = 0;
		for (size_t i = 0; i < left; i++) {
			busy |= t->results[t->open[i]] == BULK_RESULT_BUSY;
			if (!append(t, &t->again, &messages[t->open[i]]))
				return -ENOMEM;
		}
		if (busy && http_client_pause(t->batch.client, ROUND_PAUSE_MS << round) != 0) {
			snprintf(report->answer, sizeof(report->answer), "told to stop");
			return -ECANCELED;
		}
		error = exchange(t, &t->again, left, report);
		if (error == 0)
			left = file_results(t, left, &error);
	}
	/* Here it is no longer one document that is to blame. */
	if (error == -EBADMSG || error == -EMSGSIZE)
		return -EPROTO;
	return error != 0 ? error : left > 0 ? -EAGAIN : 0;
}

static bool
is_settled(enum bulk_result result)
{
	return result == BULK_RESULT_TAKEN || result == BULK_RESULT_REFUSED;
}

static struct http_outcome
post(void *context, const struct http_body *body, const struct outgoing *messages, size_t count,
     struct transport_report *report)
{
	struct transport *t = context;
	struct http_outcome outcome = {.blamed = SIZE_MAX, .error = -ENOMEM};

	if (!make_room(t, count))
		return outcome;
	outcome.error = exchange(t, body, count, report);
	if (outcome.error != 0)
		return outcome;
	for (size_t i = 0; i < count; i++)
		t->open[i] = i;
	size_t left = file_results(t, count, &outcome.error);
	if (outcome.error == 0 && left > 0)
		outcome.error = send_open(t, messages, left, report);
	while (outcome.settled < count && is_settled(t->results[outcome.settled])) {
		outcome.refused += t->results[outcome.settled] == BULK_RESULT_REFUSED;
		outcome.settled++;
	}
	return outcome;
}

static int
bulk_send(struct transport *t, const struct outgoing *messages, size_t count,
	  struct transport_report *report)
{
	return http_batch_send(&t->batch, messages, count, report);
}

static int
bulk_connect(struct transport *t, struct transport_report *report)
{
	const struct http_request request = {.path = "/"};
	struct http_answer answer;

	http_client_disconnect(t->batch.client);
	http_batch_reset(&t->batch);
	int error = http_client_exchange(t->batch.client, &request, &answer);
	if (error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		return error == -EMSGSIZE ? -EPROTO : error;
	}
	http_answer_tell(&answer, NULL, report->answer);
	/* A user that may only write is not let in here, so 403 says nothing; but 401 does. */
	if (answer.status == 401)
		return -EACCES;
	return http_verdict_of(answer.status) == HTTP_VERDICT_BUSY ? -EAGAIN : 0;
}

static void
bulk_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	http_client_destroy(t->batch.client);
	http_body_fini(&t->batch.body);
	http_body_fini(&t->again);
	free(t->results);
	free(t->fresh);
	free(t->open);
	free(t);
}

/* Into a path: what RFC 3986 2.3 reserves nothing for stays, all else is %XX. */
static bool
set_path(struct transport *t)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *index = t->config->index != NULL ? t->config->index : "vigie-alerts";
	char name[PATH_MAX_BYTES / 2];
	size_t len = 0;

	for (; *index != '\0'; index++) {
		bool plain = (*index >= 'a' && *index <= 'z') || (*index >= 'A' && *index <= 'Z') ||
			     (*index >= '0' && *index <= '9') || strchr("-_.~", *index) != NULL;
		if (len + 4 > sizeof(name))
			return false;
		if (plain) {
			name[len++] = *index;
			continue;
		}
		name[len++] = '%';
		name[len++] = hex[(uint8_t)*index >> 4];
		name[len++] = hex[(uint8_t)*index & 0xf];
	}
	name[len] = '\0';
	/* Of 10,000 results the answer has what is needed, some 250 KB instead of 2 MB. */
	snprintf(t->path, sizeof(t->path),
		 "/%s/_bulk?filter_path=errors,items.*.status,items.*.error.type,"
		 "items.*.error.reason",
		 name);
	return len > 0;
}

static struct transport *
bulk_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	struct transport *t = calloc(1, sizeof(*t));

	snprintf(why, 256, "out of memory");
	if (t == NULL)
		return NULL;
	t->config = config;
	t->headers[0] = "Content-Type: application/x-ndjson";
	t->batch = (struct http_batch){
		.client = http_client_create(config, stop, why),
		.transport = t,
		.append = append,
		.post = post,
		.body_max = HTTP_BATCH_BODY_MAX,
	};
	if (t->batch.client != NULL && http_client_has_query(t->batch.client))
		snprintf(why, 256, "url has a query (?...)");
	else if (t->batch.client != NULL && !set_path(t))
		snprintf(why, 256, "index is empty or too long");
	else if (t->batch.client != NULL) {
		why[0] = '\0';
		return t;
	}
	bulk_destroy(t);
	return NULL;
}

static void
bulk_disconnect(struct transport *t)
{
	http_client_disconnect(t->batch.client);
}

const struct transport_kind transport_bulk = {
	.name = "bulk",
	.acknowledges = true,
	.stays_connected = true,
	.create = bulk_create,
	.destroy = bulk_destroy,
	.connect = bulk_connect,
	.send = bulk_send,
	.disconnect = bulk_disconnect,
};
