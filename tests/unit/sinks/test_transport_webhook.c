/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "dashboard-export/keyed_hash.h"
#include "tests/unit/sinks/http_server.h"
#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECRET "shared secret"
#define MESSAGES_MAX 4096

/* A receiver that checks what its manual tells it to check. */
static struct {
	unsigned status;
	size_t largest; /* of a body; 0: any */
	unsigned bad;   /* number of a message that gets 422; 0: none */
	unsigned arrived[MESSAGES_MAX];
	unsigned requests, bad_signatures;
	char delivery[64], type[64];
	bool has_signature;
	char body[256];
} hook;

static struct sink_config config;
static struct transport_stop stop;
static struct transport_report report;
static struct http_server *server;
static struct transport *transport;

static bool
is_signed(const struct http_server_request *request)
{
	struct keyed_hash *hash = keyed_hash_create(SECRET, strlen(SECRET));
	const char *stamp = http_server_field(request, "X-Vigie-Timestamp");
	uint8_t bytes[KEYED_HASH_LEN];
	char expected[80] = "sha256=";

	CU_ASSERT_PTR_NOT_NULL_FATAL(stamp);
	CU_ASSERT_TRUE(llabs(strtoll(stamp, NULL, 10) - (long long)time(NULL)) < 60);
	size_t len = strlen(stamp) + 1 + request->len;
	char *text = malloc(len + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	int head = snprintf(text, len + 1, "%s.", stamp);
	memcpy(text + head, request->body, request->len);
	CU_ASSERT_TRUE(keyed_hash_compute(hash, text, len, bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(expected + 7 + 2 * i, "%02x", bytes[i]);
	free(text);
	keyed_hash_destroy(hash);
	const char *given = http_server_field(request, "X-Vigie-Signature");
	return given != NULL && strcmp(given, expected) == 0;
}

static void
count_lines(const char *body)
{
	unsigned number;

	for (const char *at = body; (at = strstr(at, "{\"number\":")) != NULL; at++) {
		if (sscanf(at, "{\"number\":%u", &number) == 1 && number < MESSAGES_MAX)
			hook.arrived[number]++;
	}
}

static bool
has_bad(const char *body)
{
	char text[32];

	snprintf(text, sizeof(text), "{\"number\":%u,", hook.bad);
	return hook.bad != 0 && strstr(body, text) != NULL;
}

static void
respond(void *context, const struct http_server_request *request,
	struct http_server_response *response)
{
	(void)context;
	hook.requests++;
	hook.has_signature = http_server_field(request, "X-Vigie-Signature") != NULL;
	if (hook.has_signature)
		hook.bad_signatures += !is_signed(request);
	snprintf(hook.delivery, sizeof(hook.delivery), "%s",
		 http_server_field(request, "X-Vigie-Delivery"));
	snprintf(hook.type, sizeof(hook.type), "%s", http_server_field(request, "Content-Type"));
	snprintf(hook.body, sizeof(hook.body), "%s", request->body);
	response->status = hook.status;
	if (hook.largest != 0 && request->len > hook.largest)
		response->status = 413;
	else if (has_bad(request->body))
		response->status = 422;
	else if (hook.status < 300)
		count_lines(request->body);
}

static void
begin(void)
{
	char why[256];

	memset(&hook, 0, sizeof(hook));
	hook.status = 202;
	sample_config_init(&config);
	sample_stop_init(&stop);
	config.secret = SECRET;
	server = http_server_start(respond, NULL);
	config.url = http_server_url(server, "/hook?key=1");
	transport = transport_webhook.create(&config, &stop, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL_FATAL(transport_webhook.connect(transport, &report), 0);
	CU_ASSERT_EQUAL(hook.requests, 0);
}

static void
end(void)
{
	transport_webhook.destroy(transport);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static int
send_samples(size_t count, size_t len)
{
	struct outgoing *messages = sample_messages(count, len, 1);

	report = (struct transport_report){0};
	int error = transport_webhook.send(transport, messages, count, &report);
	sample_messages_free(messages, count);
	return error;
}

static void
requests_are_signed_lines(void)
{
	begin();
	CU_ASSERT_EQUAL(send_samples(3000, 1024), 0);
	CU_ASSERT_EQUAL(report.accepted, 3000);
	CU_ASSERT_EQUAL(report.refused, 0);
	for (size_t i = 1; i <= 3000; i++)
		CU_ASSERT_EQUAL(hook.arrived[i], 1);
	CU_ASSERT_EQUAL(hook.requests, 3);
	CU_ASSERT_TRUE(hook.has_signature);
	CU_ASSERT_EQUAL(hook.bad_signatures, 0);
	CU_ASSERT_STRING_EQUAL(hook.type, "application/x-ndjson");
	CU_ASSERT_PTR_NOT_NULL(strstr(hook.body, "{\"number\":"));
	CU_ASSERT_EQUAL(hook.body[0], '{');
	end();
}

static void
a_repetition_has_the_same_delivery(void)
{
	char first[64], other[64];

	begin();
	hook.status = 503;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EAGAIN);
	CU_ASSERT_EQUAL(report.accepted, 0);
	strcpy(first, hook.delivery);
	CU_ASSERT_EQUAL(strlen(first), 32);
	hook.status = 200;
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_STRING_EQUAL(hook.delivery, first);
	CU_ASSERT_EQUAL(send_samples(11, 100), 0);
	strcpy(other, hook.delivery);
	CU_ASSERT_STRING_NOT_EQUAL(other, first);
	end();
}

static void
without_a_secret_nothing_is_signed(void)
{
	begin();
	transport_webhook.destroy(transport);
	config.secret = NULL;
	config.format = &sample_text;
	transport = transport_webhook.create(&config, &stop, report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL(send_samples(1, 100), 0);
	CU_ASSERT_FALSE(hook.has_signature);
	CU_ASSERT_STRING_EQUAL(hook.type, "text/plain; charset=utf-8");
	end();
}

static void
one_bad_message_is_passed_over(void)
{
	begin();
	for (hook.bad = 1; hook.bad <= 64; hook.bad += 21) {
		memset(hook.arrived, 0, sizeof(hook.arrived));
		CU_ASSERT_EQUAL(send_samples(64, 100), 0);
		CU_ASSERT_EQUAL(report.accepted, 64);
		CU_ASSERT_EQUAL(report.refused, 1);
		for (unsigned i = 1; i <= 64; i++)
			CU_ASSERT_EQUAL(hook.arrived[i], i != hook.bad);
	}
	hook.bad = 0;
	hook.largest = 300;
	CU_ASSERT_EQUAL(send_samples(64, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 64);
	CU_ASSERT_EQUAL(report.refused, 0);
	hook.largest = 50;
	CU_ASSERT_EQUAL(send_samples(2, 100), 0);
	CU_ASSERT_EQUAL(report.refused, 2);
	end();
}

static void
statuses_are_told_apart(void)
{
	static const struct {
		unsigned status;
		int error;
	} rows[] = {
		{301, -EACCES}, {401, -EACCES}, {403, -EACCES}, {404, -EINVAL},
		{407, -EACCES}, {408, -EAGAIN}, {409, -EAGAIN}, {429, -EAGAIN},
		{500, -EAGAIN}, {503, -EAGAIN}, {400, -EINVAL}, /* of every message, and nothing was
								   ever taken */
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char words[32];
		begin();
		hook.status = rows[i].status;
		CU_ASSERT_EQUAL(send_samples(4, 100), rows[i].error);
		CU_ASSERT_EQUAL(report.accepted, 0);
		CU_ASSERT_EQUAL(report.refused, 0);
		snprintf(words, sizeof(words), "HTTP %u", rows[i].status);
		CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, words));
		end();
	}
}

static const struct unit_case cases[] = {
	{"requests_are_signed_lines", requests_are_signed_lines},
	{"a_repetition_has_the_same_delivery", a_repetition_has_the_same_delivery},
	{"without_a_secret_nothing_is_signed", without_a_secret_nothing_is_signed},
	{"one_bad_message_is_passed_over", one_bad_message_is_passed_over},
	{"statuses_are_told_apart", statuses_are_told_apart},
};

int
main(void)
{
	return unit_run("transport_webhook", cases, sizeof(cases) / sizeof(*cases));
}
