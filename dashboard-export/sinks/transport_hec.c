/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splunk's HTTP Event Collector. A 200 says no more than that the events were received; what counts
 * is the acknowledgement that they are indexed, which is asked for behind a batch. Where it is not
 * enabled for the token, the 200 has to do.
 */
#include "dashboard-export/sinks/hec_answer.h"
#include "dashboard-export/sinks/http_batch.h"
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Requests whose indexing may be waited for at a time. */
#define IN_FLIGHT_MAX 256

/* Splunk indexes within seconds and asks not to be asked too often. */
#define POLL_FIRST_MS 20
#define POLL_MOST_MS 2000

#define CHANNEL_LEN 36
#define HEADER_MAX 1024

/* Of a web server that takes everything. */
#define NO_HEC "this is no answer of a HEC: look at the host and port of `url`"

struct transport {
	const struct sink_config *config;
	struct http_batch batch;
	char channel[CHANNEL_LEN + 1]; /* a GUID */
	char authorization[HEADER_MAX], channel_header[96];
	const char *headers[4];
	struct http_body fields; /* of every event: "host" to "event" */
	/* Of the batch that is being sent. */
	const struct outgoing *first;
	struct hec_pending pending[IN_FLIGHT_MAX];
	struct {
		size_t first, count; /* messages of the batch */
	} sent[IN_FLIGHT_MAX];
	size_t sent_count;
	size_t confirmed; /* messages of requests that are no longer in `sent` */
	bool unconfirmed; /* a request has no acknowledgement to wait for */
	bool unconfirmed_told;
};

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* {"time":1733040902.123,"host":...,"event":MESSAGE} */
static bool
append(void *context, struct http_body *body, const struct outgoing *message)
{
	struct transport *t = context;
	char time_text[64] = "{";
	bool is_json = http_batch_is_json(t->config);

	if (message->time_ns != 0)
		snprintf(time_text, sizeof(time_text), "{\"time\":%" PRIu64 ".%03u,",
			 message->time_ns / 1000000000,
			 (unsigned)(message->time_ns / 1000000 % 1000));
	return http_body_append(body, time_text, strlen(time_text)) &&
	       http_body_append(body, t->fields.bytes, t->fields.len) &&
	       (is_json ? http_body_append(body, message->bytes, message->len)
			: http_body_append_text(body, message->bytes, message->len)) &&
	       http_body_append(body, "}\n", 2);
}

/* What an answer other than 200 means. */
static int
error_of(const struct http_answer *answer, const struct hec_answer *hec)
{
	enum http_verdict verdict = http_verdict_of(answer->status);

	if (hec_code_blames_settings(hec->code))
		return -EACCES;
	if (hec_code_blames_event(hec->code))
		return -EBADMSG;
	/* Without a code of Splunk's it is not the collector that found fault with an event. */
	if (verdict == HTTP_VERDICT_REFUSED || verdict == HTTP_VERDICT_TAKEN)
		return -EINVAL;
	return http_verdict_error(verdict);
}

/* Asks once which requests are indexed. Returns how many newly are, or -errno. */
static int
ask_acks(struct transport *t, struct transport_report *report)
{
	char path[128], body[IN_FLIGHT_MAX * 21 + 32];
	struct http_answer answer;
	size_t len = (size_t)snprintf(body, sizeof(body), "{\"acks\":[");
	const char *comma = "";

	for (size_t i = 0; i < t->sent_count; i++) {
		if (t->pending[i].done)
			continue;
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s%" PRIu64, comma,
					t->pending[i].ack);
		comma = ",";
	}
	len += (size_t)snprintf(body + len, sizeof(body) - len, "]}");
	snprintf(path, sizeof(path), "/services/collector/ack?channel=%s", t->channel);
	const struct http_request request = {
		.path = path, .headers = t->headers, .body = body, .len = len};
	int error = http_client_exchange(t->batch.client, &request, &answer);
	if (error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		return error == -EMSGSIZE ? -EPROTO : error;
	}
	if (http_verdict_of(answer.status) == HTTP_VERDICT_BUSY)
		return 0;
	int fresh = answer.status == 200
			    ? hec_acks_parse(answer.body, answer.len, t->pending, t->sent_count)
			    : -1;
	if (fresh >= 0)
		return fresh;
	http_answer_tell(&answer,
			 http_verdict_of(answer.status) == HTTP_VERDICT_TAKEN ? NO_HEC : NULL,
			 report->answer);
	error = http_verdict_error(http_verdict_of(answer.status));
	return error == -EACCES ? error : -EPROTO;
}

/* Leading requests that are indexed. */
static size_t
leading_done(const struct transport *t)
{
	size_t done = 0;

	while (done < t->sent_count && t->pending[done].done)
		done++;
	return done;
}

static bool
all_done(const struct transport *t)
{
	for (size_t i = 0; i < t->sent_count; i++) {
		if (!t->pending[i].done)
			return false;
	}
	return true;
}

/* Waits until every request in flight is indexed. */
static int
wait_acks(struct transport *t, struct transport_report *report)
{
	uint64_t limit_ms = (uint64_t)t->config->timeout_s * 1000;
	uint64_t moved_ms = now_ms();
	unsigned pause_ms = POLL_FIRST_MS;

	while (!all_done(t)) {
		if (now_ms() - moved_ms >= limit_ms) {
			snprintf(report->answer, sizeof(report->answer),
				 "not confirmed as indexed within %u s: %zu of %zu requests",
				 t->config->timeout_s, t->sent_count - leading_done(t),
				 t->sent_count);
			return -ETIMEDOUT;
		}
		if (http_client_pause(t->batch.client, pause_ms) != 0) {
			snprintf(report->answer, sizeof(report->answer), "told to stop");
			return -ECANCELED;
		}
		int fresh = ask_acks(t, report);
		if (fresh < 0)
			return fresh;
		if (fresh > 0)
			moved_ms = now_ms();
		pause_ms = pause_ms < POLL_MOST_MS / 2 ? pause_ms * 2 : POLL_MOST_MS;
	}
	for (size_t i = 0; i < t->sent_count; i++)
		t->confirmed += t->sent[i].count;
	t->sent_count = 0;
	return 0;
}

static void
remember(struct transport *t, const struct hec_answer *hec, const struct outgoing *messages,
	 size_t count)
{
	size_t at = t->sent_count++;

	t->pending[at] = (struct hec_pending){.ack = hec->ack, .done = !hec->has_ack};
	t->sent[at].first = (size_t)(messages - t->first);
	t->sent[at].count = count;
	if (!hec->has_ack)
		t->unconfirmed = true;
}

static struct http_outcome
post(void *context, const struct http_body *body, const struct outgoing *messages, size_t count,
     struct transport_report *report)
{
	struct transport *t = context;
	struct http_outcome outcome = {.blamed = SIZE_MAX};
	struct http_answer answer;
	struct hec_answer hec;

	if (t->sent_count == IN_FLIGHT_MAX && (outcome.error = wait_acks(t, report)) != 0)
		return outcome;
	const struct http_request request = {
		.path = "/services/collector/event",
		.headers = t->headers,
		.body = body->bytes,
		.len = body->len,
	};
	outcome.error = http_client_exchange(t->batch.client, &request, &answer);
	if (outcome.error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		/* Too large is the answer, not what was sent. */
		if (outcome.error == -EMSGSIZE)
			outcome.error = -EPROTO;
		return outcome;
	}
	bool parsed = hec_answer_parse(answer.body, answer.len, &hec);
	const char *words = parsed                                                 ? hec.text
			    : http_verdict_of(answer.status) == HTTP_VERDICT_TAKEN ? NO_HEC
										   : NULL;
	http_answer_tell(&answer, words, report->answer);
	if (answer.status == 200 && hec.code == 0) {
		outcome.settled = count;
		remember(t, &hec, messages, count);
		return outcome;
	}
	outcome.error = error_of(&answer, &hec);
	if (hec.has_invalid)
		outcome.blamed = hec.invalid;
	return outcome;
}

/*
 * Takes back what is not indexed: everything from the first such request on. What is settled before
 * it was either in another request or refused.
 */
static void
take_back(struct transport *t, struct transport_report *report)
{
	size_t done = leading_done(t);

	if (done == t->sent_count)
		return;
	size_t taken = t->confirmed;
	for (size_t i = 0; i < done; i++)
		taken += t->sent[i].count;
	size_t settled = t->sent[done].first;
	if (settled < report->accepted) {
		report->accepted = settled;
		report->refused = settled - taken;
	}
}

static int
hec_send(struct transport *t, const struct outgoing *messages, size_t count,
	 struct transport_report *report)
{
	struct transport_report acks = {0};

	t->first = messages;
	t->sent_count = t->confirmed = 0;
	t->unconfirmed = false;
	int error = http_batch_send(&t->batch, messages, count, report);
	if (error != -ECANCELED) {
		int acks_error = wait_acks(t, &acks);
		if (acks_error != 0) {
			memcpy(report->answer, acks.answer, sizeof(report->answer));
			error = acks_error;
		}
	}
	take_back(t, report);
	if (error == 0 && t->unconfirmed && !t->unconfirmed_told) {
		t->unconfirmed_told = true;
		snprintf(report->answer, sizeof(report->answer),
			 "indexer acknowledgement is off for this token: received counts as "
			 "delivered");
	}
	return error;
}

static int
hec_connect(struct transport *t, struct transport_report *report)
{
	const struct http_request request = {
		.path = "/services/collector/health",
		.headers = t->headers,
	};
	struct http_answer answer;

	http_client_disconnect(t->batch.client);
	http_batch_reset(&t->batch);
	int error = http_client_exchange(t->batch.client, &request, &answer);
	if (error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		return error;
	}
	http_answer_tell(&answer, NULL, report->answer);
	/* Not every collector knows the path, and not every proxy lets it through: only that it is
	 * busy is believed. Events will show the rest. */
	return http_verdict_of(answer.status) == HTTP_VERDICT_BUSY ? -EAGAIN : 0;
}

static void
hec_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	http_client_destroy(t->batch.client);
	http_body_fini(&t->batch.body);
	http_body_fini(&t->fields);
	explicit_bzero(t->authorization, sizeof(t->authorization));
	free(t);
}

static bool
add_field(struct http_body *fields, const char *key, const char *value)
{
	char name[32];

	if (value == NULL)
		return true;
	snprintf(name, sizeof(name), "\"%s\":", key);
	return http_body_append(fields, name, strlen(name)) &&
	       http_body_append_text(fields, value, strlen(value)) &&
	       http_body_append(fields, ",", 1);
}

static bool
set_fields(struct transport *t)
{
	const struct sink_config *config = t->config;
	const char *type = config->source_type != NULL ? config->source_type : "vigie:alert";

	return add_field(&t->fields, "host", config->context.sensor) &&
	       add_field(&t->fields, "source", "vigie") &&
	       add_field(&t->fields, "sourcetype", type) &&
	       add_field(&t->fields, "index", config->index) &&
	       http_body_append(&t->fields, "\"event\":", 8);
}

/* RFC 4122 4.4: version 4. */
static bool
set_channel(struct transport *t)
{
	uint8_t b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		return false;
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(t->channel, sizeof(t->channel),
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
	return true;
}

static bool
set_headers(struct transport *t, char why[256])
{
	const char *token = t->config->token != NULL ? t->config->token : "";
	int len = snprintf(t->authorization, sizeof(t->authorization), "Authorization: Splunk %s",
			   token);

	if (*token == '\0' || len < 0 || (size_t)len >= sizeof(t->authorization) ||
	    strpbrk(token, "\r\n") != NULL) {
		snprintf(why, 256, "%s", *token == '\0' ? "no token" : "the token is no token");
		return false;
	}
	snprintf(t->channel_header, sizeof(t->channel_header), "X-Splunk-Request-Channel: %s",
		 t->channel);
	t->headers[0] = t->authorization;
	t->headers[1] = t->channel_header;
	t->headers[2] = "Content-Type: application/json";
	t->headers[3] = NULL;
	return true;
}

static struct transport *
hec_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	struct transport *t = calloc(1, sizeof(*t));

	snprintf(why, 256, "out of memory");
	if (t == NULL)
		return NULL;
	t->config = config;
	t->batch = (struct http_batch){
		.client = http_client_create(config, stop, why),
		.transport = t,
		.append = append,
		.post = post,
		.body_max = HTTP_BATCH_BODY_MAX,
	};
	if (t->batch.client != NULL && http_client_has_query(t->batch.client))
		snprintf(why, 256, "url has a query (?...)");
	else if (t->batch.client != NULL && set_channel(t) && set_headers(t, why) &&
		 set_fields(t)) {
		why[0] = '\0';
		return t;
	}
	hec_destroy(t);
	return NULL;
}

static void
hec_disconnect(struct transport *t)
{
	http_client_disconnect(t->batch.client);
}

const struct transport_kind transport_hec = {
	.name = "hec",
	.acknowledges = true,
	.stays_connected = true,
	.create = hec_create,
	.destroy = hec_destroy,
	.connect = hec_connect,
	.send = hec_send,
	.disconnect = hec_disconnect,
};
