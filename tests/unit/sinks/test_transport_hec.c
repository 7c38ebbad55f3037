/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/http_server.h"
#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "0b1c5e2f-9d1f-4d55-9c62-4dd6b7a3a1aa"
#define MESSAGES_MAX 4096

/* An event collector as far as its manual tells. */
static struct {
	bool acks;
	unsigned polls_needed;           /* until a request is indexed */
	unsigned indexed_limit;          /* requests from this one on never are */
	bool wrong_index, busy, is_none; /* is_none: a web server that takes everything */
	size_t largest;                  /* of a body; 0: any */
	uint64_t bad;                    /* number of the message that is no event; 0: none */
	bool names_bad;
	/* What it was sent. */
	unsigned arrived[MESSAGES_MAX];
	unsigned requests, polls, health;
	char channel[64], ack_channel[64];
	char first_event[1024];
	size_t most_body;
} hec;

static struct sink_config config;
static struct transport_stop stop;
static struct transport_report report;
static struct http_server *server;
static struct transport *transport;

static void
say(struct http_server_response *response, unsigned status, const char *text)
{
	response->status = status;
	response->body = strdup(text);
}

static void
answer_acks(const struct http_server_request *request, struct http_server_response *response)
{
	json_t *root = json_loads(request->body, 0, NULL), *acks = json_object();
	size_t i;
	json_t *id;

	hec.polls++;
	sscanf(request->target, "/base/services/collector/ack?channel=%63s", hec.ack_channel);
	json_array_foreach(json_object_get(root, "acks"), i, id)
	{
		char key[32];
		snprintf(key, sizeof(key), "%lld", (long long)json_integer_value(id));
		bool indexed = hec.polls >= hec.polls_needed &&
			       json_integer_value(id) < (json_int_t)hec.indexed_limit;
		json_object_set_new(acks, key, json_boolean(indexed));
	}
	json_t *whole = json_pack("{so}", "acks", acks);
	response->body = json_dumps(whole, JSON_COMPACT);
	json_decref(whole);
	json_decref(root);
}

/* Takes events that stand one behind the other. Returns the place of the bad one, or -1. */
static int
take_events(const char *body, size_t len)
{
	size_t at = 0;

	for (int place = 0; at < len; place++) {
		json_error_t error;
		json_t *event = json_loadb(body + at, len - at, JSON_DISABLE_EOF_CHECK, &error);
		if (event == NULL)
			return strspn(body + at, "\n") == len - at ? -1 : place;
		const json_t *content = json_object_get(event, "event");
		json_int_t number = json_is_object(content)
					    ? json_integer_value(json_object_get(content, "number"))
					    : 0;
		if (hec.first_event[0] == '\0')
			snprintf(hec.first_event, sizeof(hec.first_event), "%.*s",
				 error.position < 1023 ? error.position : 1023, body + at);
		json_decref(event);
		if (number != 0 && (uint64_t)number == hec.bad)
			return place;
		if (number > 0 && number < MESSAGES_MAX)
			hec.arrived[number]++;
		at += (size_t)error.position;
	}
	return -1;
}

static void
answer_events(const struct http_server_request *request, struct http_server_response *response)
{
	char text[128];
	const char *token = http_server_field(request, "Authorization");

	if (token == NULL || strcmp(token, "Splunk " TOKEN) != 0) {
		say(response, 403, "{\"text\":\"Invalid token\",\"code\":4}");
		return;
	}
	if (hec.largest != 0 && request->len > hec.largest) {
		say(response, 413, "<html>Request Entity Too Large</html>");
		return;
	}
	if (hec.is_none) {
		say(response, 200, "ok");
		return;
	}
	if (hec.busy) {
		say(response, 503, "{\"text\":\"Server is busy\",\"code\":9}");
		return;
	}
	if (hec.wrong_index) {
		say(response, 400, "{\"text\":\"Incorrect index\",\"code\":7}");
		return;
	}
	snprintf(hec.channel, sizeof(hec.channel), "%s",
		 http_server_field(request, "X-Splunk-Request-Channel"));
	int bad = take_events(request->body, request->len);
	if (bad >= 0) {
		snprintf(text, sizeof(text), "{\"text\":\"Invalid data format\",\"code\":6}");
		if (hec.names_bad)
			snprintf(text, sizeof(text),
				 "{\"text\":\"Invalid data format\",\"code\":6,"
				 "\"invalid-event-number\":%d}",
				 bad);
		say(response, 400, text);
		return;
	}
	if (request->len > hec.most_body)
		hec.most_body = request->len;
	if (hec.acks)
		snprintf(text, sizeof(text), "{\"text\":\"Success\",\"code\":0,\"ackId\":%u}",
			 hec.requests);
	else
		snprintf(text, sizeof(text), "{\"text\":\"Success\",\"code\":0}");
	hec.requests++;
	say(response, 200, text);
}

static void
respond(void *context, const struct http_server_request *request,
	struct http_server_response *response)
{
	(void)context;
	if (strcmp(request->target, "/base/services/collector/health") == 0) {
		hec.health++;
		say(response, hec.busy ? 503 : 200, "{\"text\":\"HEC is healthy\",\"code\":17}");
	} else if (strncmp(request->target, "/base/services/collector/ack", 28) == 0)
		answer_acks(request, response);
	else if (strcmp(request->target, "/base/services/collector/event") == 0)
		answer_events(request, response);
	else
		say(response, 404, "");
}

static void
begin(void)
{
	memset(&hec, 0, sizeof(hec));
	hec.acks = true;
	hec.indexed_limit = UINT32_MAX;
	sample_config_init(&config);
	sample_stop_init(&stop);
	config.token = TOKEN;
	config.index = "security";
	server = http_server_start(respond, NULL);
	config.url = http_server_url(server, "/base");
}

static void
open_transport(void)
{
	char why[256];

	transport = transport_hec.create(&config, &stop, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL_FATAL(transport_hec.connect(transport, &report), 0);
}

static void
end(void)
{
	transport_hec.destroy(transport);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static int
send_messages(const struct outgoing *messages, size_t count)
{
	report = (struct transport_report){0};
	return transport_hec.send(transport, messages, count, &report);
}

/* Sends `count` new alerts numbered from 1. */
static int
send_samples(size_t count, size_t len)
{
	struct outgoing *messages = sample_messages(count, len, 1);
	int error = send_messages(messages, count);

	sample_messages_free(messages, count);
	return error;
}

static void
require_arrived(size_t count)
{
	for (size_t i = 1; i <= count; i++)
		CU_ASSERT_TRUE(hec.arrived[i] >= 1 || i == hec.bad);
}

static void
events_are_delivered_once_indexed(void)
{
	begin();
	hec.polls_needed = 3;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(1000, 4096), 0);
	CU_ASSERT_EQUAL(report.accepted, 1000);
	CU_ASSERT_EQUAL(report.refused, 0);
	require_arrived(1000);
	CU_ASSERT_EQUAL(hec.health, 1);
	CU_ASSERT_EQUAL(hec.requests, 5); /* some 4 MiB */
	CU_ASSERT_TRUE(hec.most_body <= 1u << 20);
	CU_ASSERT_EQUAL(hec.polls, 3);
	CU_ASSERT_EQUAL(strlen(hec.channel), 36);
	CU_ASSERT_STRING_EQUAL(hec.channel, hec.ack_channel);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		hec.first_event,
		"{\"time\":1764576000.123,\"host\":\"sensor-1\",\"source\":\"vigie\","
		"\"sourcetype\":\"vigie:alert\",\"index\":\"security\",\"event\":{\"number\":1"));
	end();
}

static void
what_is_not_indexed_is_not_accepted(void)
{
	begin();
	config.timeout_s = 1;
	hec.indexed_limit = 2;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(1000, 4096), -ETIMEDOUT);
	/* Two requests of some 250 messages each. */
	CU_ASSERT_TRUE(report.accepted > 400 && report.accepted < 600);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "not confirmed as indexed within 1 s"));
	end();
}

static void
without_acknowledgement_received_is_delivered(void)
{
	begin();
	hec.acks = false;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 10);
	CU_ASSERT_EQUAL(hec.polls, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "acknowledgement is off"));
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_PTR_NULL(strstr(report.answer, "acknowledgement is off"));
	end();
}

static void
one_bad_event_is_passed_over(void)
{
	for (unsigned names = 0; names < 2; names++) {
		begin();
		hec.names_bad = names;
		open_transport();
		for (hec.bad = 1; hec.bad <= 100; hec.bad += 33) {
			memset(hec.arrived, 0, sizeof(hec.arrived));
			CU_ASSERT_EQUAL(send_samples(100, 100), 0);
			CU_ASSERT_EQUAL(report.accepted, 100);
			CU_ASSERT_EQUAL(report.refused, 1);
			require_arrived(100);
			CU_ASSERT_EQUAL(hec.arrived[hec.bad], 0);
		}
		end();
	}
}

static void
a_refused_event_before_unindexed_ones_is_settled(void)
{
	begin();
	config.timeout_s = 1;
	hec.bad = 1;
	hec.indexed_limit = 0;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(20, 100), -ETIMEDOUT);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_EQUAL(report.refused, 1);
	end();
}

static void
large_requests_become_smaller(void)
{
	begin();
	hec.largest = 50000;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(1000, 1000), 0);
	CU_ASSERT_EQUAL(report.accepted, 1000);
	CU_ASSERT_EQUAL(report.refused, 0);
	require_arrived(1000);
	CU_ASSERT_TRUE(hec.most_body <= 50000);
	/* A message that is too large alone. */
	hec.largest = 500;
	CU_ASSERT_EQUAL(send_samples(1, 1000), 0);
	CU_ASSERT_EQUAL(report.refused, 1);
	end();
}

static void
wrong_settings_lose_nothing(void)
{
	begin();
	config.token = "another";
	open_transport();
	CU_ASSERT_EQUAL(send_samples(10, 100), -EACCES);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_STRING_EQUAL(report.answer, "HTTP 403: Invalid token");
	end();
	begin();
	hec.wrong_index = true;
	open_transport();
	CU_ASSERT_EQUAL(send_samples(10, 100), -EACCES);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_STRING_EQUAL(report.answer, "HTTP 400: Incorrect index");
	end();
	begin();
	open_transport();
	hec.busy = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EAGAIN);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_STRING_EQUAL(report.answer, "HTTP 503: Server is busy");
	CU_ASSERT_EQUAL(transport_hec.connect(transport, &report), -EAGAIN);
	end();
	begin();
	open_transport();
	hec.is_none = true;
	CU_ASSERT_NOT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "HTTP 200: this is no answer of a HEC"));
	end();
}

/* What refuses every event from the first on is not believed. */
static void
a_collector_that_only_refuses_is_wrong(void)
{
	begin();
	open_transport();
	struct outgoing *messages = sample_messages(20, 100, 1);
	for (size_t i = 0; i < 20; i++)
		messages[i].len = 50; /* half an object */
	CU_ASSERT_EQUAL(send_messages(messages, 20), -EINVAL);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "refuses every message"));
	sample_messages_free(messages, 20);
	end();
}

static void
other_formats_travel_as_text(void)
{
	static const char bytes[] = "CEF:0|a|\"b\"\\\x01\xff\0z";
	static const char as_text[] = "\"event\":\"CEF:0|a|\\\"b\\\"\\\\\\u0001\xef\xbf\xbd z\"}";

	begin();
	config.format = &sample_text;
	config.source_type = "a \"type\"";
	config.index = NULL;
	open_transport();
	const struct outgoing message = {.bytes = bytes, .len = sizeof(bytes) - 1, .id = "1"};
	CU_ASSERT_EQUAL(send_messages(&message, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(hec.first_event, as_text));
	CU_ASSERT_PTR_NOT_NULL(strstr(hec.first_event, "{\"host\":\"sensor-1\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(hec.first_event, "\"sourcetype\":\"a \\\"type\\\"\""));
	CU_ASSERT_PTR_NULL(strstr(hec.first_event, "\"index\""));
	end();
}

static void
stop_ends_the_wait_for_indexing(void)
{
	begin();
	config.timeout_s = 3600;
	hec.indexed_limit = 0;
	open_transport();
	sample_stop_later(&stop, 200);
	CU_ASSERT_EQUAL(send_samples(10, 100), -ECANCELED);
	CU_ASSERT_EQUAL(report.accepted, 0);
	end();
}

static void
settings_are_checked(void)
{
	char why[256];

	begin();
	config.token = NULL;
	CU_ASSERT_PTR_NULL(transport_hec.create(&config, &stop, why));
	CU_ASSERT_STRING_EQUAL(why, "no token");
	config.token = "a\r\nX-Other: b";
	CU_ASSERT_PTR_NULL(transport_hec.create(&config, &stop, why));
	config.token = TOKEN;
	config.url = "http://127.0.0.1/?channel=1";
	CU_ASSERT_PTR_NULL(transport_hec.create(&config, &stop, why));
	CU_ASSERT_STRING_EQUAL(why, "url has a query (?...)");
	transport = NULL;
	end();
}

static void
many_messages_a_second(void)
{
	begin();
	open_transport();
	struct outgoing *messages = sample_messages(1024, 1024, 1);
	double start = sample_seconds();
	for (unsigned i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(send_messages(messages, 1024), 0);
	printf("# %.0f messages of 1 KiB a second, acknowledged\n",
	       20 * 1024 / (sample_seconds() - start));
	sample_messages_free(messages, 1024);
	end();
}

static const struct unit_case cases[] = {
	{"events_are_delivered_once_indexed", events_are_delivered_once_indexed},
	{"what_is_not_indexed_is_not_accepted", what_is_not_indexed_is_not_accepted},
	{"without_acknowledgement_received_is_delivered",
	 without_acknowledgement_received_is_delivered},
	{"one_bad_event_is_passed_over", one_bad_event_is_passed_over},
	{"a_refused_event_before_unindexed_ones_is_settled",
	 a_refused_event_before_unindexed_ones_is_settled},
	{"large_requests_become_smaller", large_requests_become_smaller},
	{"wrong_settings_lose_nothing", wrong_settings_lose_nothing},
	{"a_collector_that_only_refuses_is_wrong", a_collector_that_only_refuses_is_wrong},
	{"other_formats_travel_as_text", other_formats_travel_as_text},
	{"stop_ends_the_wait_for_indexing", stop_ends_the_wait_for_indexing},
	{"settings_are_checked", settings_are_checked},
	{"many_messages_a_second", many_messages_a_second},
};

int
main(void)
{
	return unit_run("transport_hec", cases, sizeof(cases) / sizeof(*cases));
}
