/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as the lines of a POST. Who shares the secret can tell that a request is ours and not an
 * old one played again:
 *
 *     X-Vigie-Signature: sha256=HEX   HMAC-SHA-256(secret, TIMESTAMP "." BODY)
 *     X-Vigie-Timestamp: SECONDS      since 1970 UTC
 *     X-Vigie-Delivery: HEX           the same for the same messages: a repetition
 */
#include "dashboard-export/sinks/http_batch.h"
#include "dashboard-export/sinks/transport.h"

#include "dashboard-export/keyed_hash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Digits of a time and the point: until the year 2286. */
#define STAMP_DIGITS 10
#define STAMP_LEN (STAMP_DIGITS + 1)

/* Bytes of a hash that name a delivery. */
#define DELIVERY_LEN 16

struct transport {
	const struct sink_config *config;
	struct http_batch batch;
	struct keyed_hash *signature; /* NULL: there is no secret */
	struct keyed_hash *delivery;  /* under a key that everybody knows */
};

static void
write_hex(const uint8_t *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool
append(void *context, struct http_body *body, const struct outgoing *message)
{
	(void)context;
	return http_body_append(body, message->bytes, message->len) &&
	       http_body_append(body, "\n", 1);
}

/* The fields, in `texts` of at least 128 bytes each. False where libcrypto fails. */
static bool
make_headers(struct transport *t, const struct http_body *body, char texts[4][128],
	     const char *headers[5])
{
	uint8_t hash[KEYED_HASH_LEN];
	size_t at = 0;

	snprintf(texts[at++], 128, "Content-Type: %s",
		 http_batch_is_json(t->config) ? "application/x-ndjson"
					       : "text/plain; charset=utf-8");
	snprintf(texts[at++], 128, "X-Vigie-Timestamp: %.*s", STAMP_DIGITS, body->bytes);
	if (!keyed_hash_compute(t->delivery, body->bytes + STAMP_LEN, body->len - STAMP_LEN, hash))
		return false;
	int len = snprintf(texts[at], 128, "X-Vigie-Delivery: ");
	write_hex(hash, DELIVERY_LEN, texts[at++] + len);
	if (t->signature != NULL) {
		if (!keyed_hash_compute(t->signature, body->bytes, body->len, hash))
			return false;
		len = snprintf(texts[at], 128, "X-Vigie-Signature: sha256=");
		write_hex(hash, sizeof(hash), texts[at++] + len);
	}
	for (size_t i = 0; i < at; i++)
		headers[i] = texts[i];
	headers[at] = NULL;
	return true;
}

/* "1764576000." in front of the lines, where the batch has left room: it is signed with them. */
static void
write_stamp(char *bytes)
{
	char text[32];

	snprintf(text, sizeof(text), "%0*" PRIu64 ".", STAMP_DIGITS, (uint64_t)time(NULL));
	memcpy(bytes, text, STAMP_LEN);
}

static struct http_outcome
post(void *context, const struct http_body *body, const struct outgoing *messages, size_t count,
     struct transport_report *report)
{
	struct transport *t = context;
	struct http_outcome outcome = {.blamed = SIZE_MAX};
	char texts[4][128];
	const char *headers[5];
	struct http_answer answer;

	(void)messages;
	write_stamp(body->bytes);
	if (!make_headers(t, body, texts, headers)) {
		snprintf(report->answer, sizeof(report->answer), "libcrypto makes no hash");
		outcome.error = -EIO;
		return outcome;
	}
	const struct http_request request = {
		.headers = headers,
		.body = body->bytes + STAMP_LEN,
		.len = body->len - STAMP_LEN,
	};
	outcome.error = http_client_exchange(t->batch.client, &request, &answer);
	if (outcome.error != 0) {
		memcpy(report->answer, answer.why, sizeof(report->answer));
		/* Too large is the answer, not what was sent. */
		if (outcome.error == -EMSGSIZE)
			outcome.error = -EPROTO;
		return outcome;
	}
	outcome.error = http_verdict_error(http_verdict_of(answer.status));
	outcome.settled = outcome.error == 0 ? count : 0;
	http_answer_tell(&answer, NULL, report->answer);
	return outcome;
}

static void
webhook_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	http_client_destroy(t->batch.client);
	http_body_fini(&t->batch.body);
	keyed_hash_destroy(t->signature);
	keyed_hash_destroy(t->delivery);
	free(t);
}

static struct transport *
webhook_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	static const char delivery_key[] = "vigie webhook delivery";
	struct transport *t = calloc(1, sizeof(*t));
	bool has_secret = config->secret != NULL && *config->secret != '\0';

	snprintf(why, 256, "out of memory");
	if (t == NULL)
		return NULL;
	t->config = config;
	t->batch = (struct http_batch){
		.client = http_client_create(config, stop, why),
		.transport = t,
		.append = append,
		.post = post,
		.prefix = STAMP_LEN,
		.body_max = HTTP_BATCH_BODY_MAX,
	};
	t->delivery = keyed_hash_create(delivery_key, sizeof(delivery_key) - 1);
	if (has_secret)
		t->signature = keyed_hash_create(config->secret, strlen(config->secret));
	if (t->batch.client != NULL && t->delivery != NULL &&
	    (t->signature != NULL || !has_secret)) {
		why[0] = '\0';
		return t;
	}
	webhook_destroy(t);
	return NULL;
}

static int
webhook_connect(struct transport *t, struct transport_report *report)
{
	struct http_answer answer;

	http_client_disconnect(t->batch.client);
	http_batch_reset(&t->batch);
	int error = http_client_probe(t->batch.client, &answer);
	if (error != 0)
		memcpy(report->answer, answer.why, sizeof(report->answer));
	return error;
}

static int
webhook_send(struct transport *t, const struct outgoing *messages, size_t count,
	     struct transport_report *report)
{
	return http_batch_send(&t->batch, messages, count, report);
}

static void
webhook_disconnect(struct transport *t)
{
	http_client_disconnect(t->batch.client);
}

const struct transport_kind transport_webhook = {
	.name = "webhook",
	.acknowledges = true,
	.stays_connected = true,
	.create = webhook_create,
	.destroy = webhook_destroy,
	.connect = webhook_connect,
	.send = webhook_send,
	.disconnect = webhook_disconnect,
};
