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

#define DOCUMENTS_MAX 4096

/* An Elasticsearch with one index, as far as _bulk goes. */
static struct {
	bool data_stream, closed, forbidden, unauthorized, malformed;
	unsigned rejections; /* every third document is rejected, so many times */
	json_int_t bad;      /* number of a document that does not fit; 0: none */
	bool all_bad;
	size_t largest; /* of a body; 0: any */
	struct {
		char id[128];
		json_int_t version, number;
	} documents[DOCUMENTS_MAX];
	size_t count;
	unsigned requests;
	size_t most_body;
	char target[1024], first_lines[1024];
} elastic;

static struct sink_config config;
static struct transport_stop stop;
static struct transport_report report;
static struct http_server *server;
static struct transport *transport;

static json_t *
result_of(const char *op, int status, const char *type, const char *reason)
{
	return type == NULL ? json_pack("{s{si}}", op, "status", status)
			    : json_pack("{s{sis{ssss}}}", op, "status", status, "error", "type",
					type, "reason", reason);
}

static size_t
find_document(const char *id)
{
	size_t at = 0;

	while (at < elastic.count && strcmp(elastic.documents[at].id, id) != 0)
		at++;
	return at;
}

/* Keeps a document, by the rules of version_type external. */
static json_t *
keep(const char *op, const json_t *action, json_int_t number)
{
	const char *id = json_string_value(json_object_get(action, "_id"));
	json_int_t version = json_integer_value(json_object_get(action, "version"));
	size_t at = id != NULL ? find_document(id) : elastic.count;

	if (at < elastic.count &&
	    (strcmp(op, "create") == 0 || version <= elastic.documents[at].version))
		return result_of(op, 409, "version_conflict_engine_exception", "there already");
	int status = at < elastic.count ? 200 : 201;
	CU_ASSERT_FATAL(at < DOCUMENTS_MAX);
	snprintf(elastic.documents[at].id, sizeof(elastic.documents[at].id), "%s",
		 id != NULL ? id : "");
	elastic.documents[at].version = version;
	elastic.documents[at].number = number;
	if (at == elastic.count)
		elastic.count++;
	return result_of(op, status, NULL, NULL);
}

static json_t *
take_document(const char *op, const json_t *action, const json_t *document)
{
	json_int_t number = json_integer_value(json_object_get(document, "number"));

	if (elastic.closed)
		return result_of(op, 400, "index_closed_exception", "closed");
	if (elastic.forbidden)
		return result_of(op, 403, "security_exception", "not for you");
	if (elastic.data_stream && strcmp(op, "create") != 0)
		return result_of(op, 400, "illegal_argument_exception",
				 "only write ops with an op_type of create are allowed in data "
				 "streams");
	if (elastic.all_bad || (number == elastic.bad && number != 0))
		return result_of(op, 400, "document_parsing_exception", "failed to parse");
	if (elastic.rejections > 0 && number % 3 == 2)
		return result_of(op, 429, "es_rejected_execution_exception", "queue is full");
	return keep(op, action, number);
}

/* The next line as JSON; NULL at the end. */
static json_t *
next_line(const char **at)
{
	size_t len = strcspn(*at, "\n");
	json_t *line = len > 0 ? json_loadb(*at, len, 0, NULL) : NULL;

	*at += len + ((*at)[len] == '\n');
	return line;
}

static char *
take_bulk(const char *body)
{
	json_t *items = json_array(), *action;

	while ((action = next_line(&body)) != NULL) {
		json_t *document = next_line(&body);
		void *member = json_object_iter(action);
		CU_ASSERT_PTR_NOT_NULL_FATAL(document);
		json_array_append_new(items,
				      take_document(json_object_iter_key(member),
						    json_object_iter_value(member), document));
		json_decref(document);
		json_decref(action);
	}
	if (elastic.rejections > 0)
		elastic.rejections--;
	json_t *whole = json_pack("{sbso}", "errors", 0, "items", items);
	char *text = json_dumps(whole, JSON_COMPACT);
	json_decref(whole);
	return text;
}

static void
respond(void *context, const struct http_server_request *request,
	struct http_server_response *response)
{
	(void)context;
	if (elastic.unauthorized) {
		response->status = 401;
		response->body = strdup("{\"error\":{\"type\":\"security_exception\",\"reason\":"
					"\"missing credentials\"},\"status\":401}");
		return;
	}
	if (strcmp(request->method, "GET") == 0) {
		response->body = strdup("{\"tagline\":\"You Know, for Search\"}");
		return;
	}
	elastic.requests++;
	snprintf(elastic.target, sizeof(elastic.target), "%s", request->target);
	if (elastic.first_lines[0] == '\0')
		snprintf(elastic.first_lines, sizeof(elastic.first_lines), "%s", request->body);
	if (elastic.largest != 0 && request->len > elastic.largest) {
		response->status = 413;
		return;
	}
	if (request->len > elastic.most_body)
		elastic.most_body = request->len;
	if (elastic.malformed)
		response->body = strdup("<html>portal</html>");
	else
		response->body = take_bulk(request->body);
}

static void
begin(void)
{
	char why[256];

	memset(&elastic, 0, sizeof(elastic));
	sample_config_init(&config);
	sample_stop_init(&stop);
	config.index = "vigie-alerts";
	server = http_server_start(respond, NULL);
	config.url = http_server_url(server, "/");
	transport = transport_bulk.create(&config, &stop, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL_FATAL(transport_bulk.connect(transport, &report), 0);
}

static void
end(void)
{
	transport_bulk.destroy(transport);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static int
send_messages(const struct outgoing *messages, size_t count)
{
	report = (struct transport_report){0};
	return transport_bulk.send(transport, messages, count, &report);
}

static int
send_samples(size_t count, size_t len)
{
	struct outgoing *messages = sample_messages(count, len, 1);
	int error = send_messages(messages, count);

	sample_messages_free(messages, count);
	return error;
}

static void
documents_have_id_and_version(void)
{
	begin();
	CU_ASSERT_EQUAL(send_samples(2000, 1024), 0);
	CU_ASSERT_EQUAL(report.accepted, 2000);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(elastic.count, 2000);
	CU_ASSERT_TRUE(elastic.most_body <= 1u << 20);
	CU_ASSERT_EQUAL(strncmp(elastic.target, "/vigie-alerts/_bulk?filter_path=errors,", 39), 0);
	static const char first[] =
		"{\"index\":{\"_id\":\"00000000000000000000000000000001-0123456789abcdef\","
		"\"version\":1,\"version_type\":\"external\"}}\n{\"number\":1,";
	CU_ASSERT_EQUAL(strncmp(elastic.first_lines, first, strlen(first)), 0);
	end();
}

/* Sent twice, and an old row behind a new one: nothing is there twice, nothing goes back. */
static void
an_alert_never_goes_back(void)
{
	begin();
	struct outgoing *messages = sample_messages(2, 100, 1);
	const char *own = messages[1].id;
	messages[1].id = messages[0].id;
	CU_ASSERT_EQUAL(send_messages(messages, 2), 0);
	CU_ASSERT_EQUAL(elastic.count, 1);
	CU_ASSERT_EQUAL(elastic.documents[0].number, 2);
	CU_ASSERT_EQUAL(send_messages(messages, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(elastic.documents[0].number, 2);
	CU_ASSERT_EQUAL(send_messages(messages + 1, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_EQUAL(elastic.count, 1);
	/* Rows of another journal begin anew and are not older. */
	messages[0].journal = "fedcba9876543210fedcba9876543210";
	CU_ASSERT_EQUAL(send_messages(messages, 1), 0);
	CU_ASSERT_EQUAL(elastic.count, 2);
	CU_ASSERT_EQUAL(elastic.documents[1].number, 1);
	messages[1].id = own;
	sample_messages_free(messages, 2);
	end();
}

static void
a_document_that_does_not_fit_is_passed_over(void)
{
	begin();
	elastic.bad = 7;
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 10);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_EQUAL(elastic.count, 9);
	CU_ASSERT_EQUAL(elastic.requests, 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(report.answer, "document_parsing_exception: failed to parse"));
	end();
}

static void
rejected_documents_are_sent_again(void)
{
	begin();
	elastic.rejections = 2;
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 10);
	CU_ASSERT_EQUAL(elastic.count, 10);
	CU_ASSERT_EQUAL(elastic.requests, 3);
	/* Not for ever: then what comes before the first of them counts. */
	elastic.rejections = 1000;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EAGAIN);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "es_rejected_execution_exception"));
	end();
}

static void
data_streams_get_every_row(void)
{
	begin();
	elastic.data_stream = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 10);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(elastic.count, 10);
	CU_ASSERT_STRING_EQUAL(elastic.documents[9].id,
			       "0000000000000000000000000000000a-0123456789abcdef-10");
	CU_ASSERT_EQUAL(elastic.requests, 2);
	CU_ASSERT_EQUAL(send_samples(10, 100), 0);
	CU_ASSERT_EQUAL(report.accepted, 10);
	CU_ASSERT_EQUAL(elastic.count, 10);
	CU_ASSERT_EQUAL(elastic.requests, 3);
	end();
}

static void
large_requests_become_smaller(void)
{
	begin();
	elastic.largest = 20000;
	CU_ASSERT_EQUAL(send_samples(100, 1000), 0);
	CU_ASSERT_EQUAL(report.accepted, 100);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(elastic.count, 100);
	end();
}

static void
faults_of_the_index_lose_nothing(void)
{
	begin();
	elastic.closed = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EINVAL);
	CU_ASSERT_EQUAL(report.accepted, 0);
	elastic.closed = false;
	elastic.forbidden = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EACCES);
	CU_ASSERT_EQUAL(report.accepted, 0);
	elastic.forbidden = false;
	elastic.malformed = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EPROTO);
	CU_ASSERT_EQUAL(report.accepted, 0);
	elastic.malformed = false;
	elastic.all_bad = true;
	CU_ASSERT_EQUAL(send_samples(100, 100), -EINVAL);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "refuses every message"));
	elastic.all_bad = false;
	CU_ASSERT_EQUAL(send_samples(100, 100), 0);
	CU_ASSERT_EQUAL(elastic.count, 100);
	elastic.unauthorized = true;
	CU_ASSERT_EQUAL(send_samples(10, 100), -EACCES);
	CU_ASSERT_STRING_EQUAL(report.answer, "HTTP 401: security_exception: missing credentials");
	CU_ASSERT_EQUAL(transport_bulk.connect(transport, &report), -EACCES);
	end();
}

static void
other_formats_become_a_document(void)
{
	begin();
	config.format = &sample_text;
	const struct outgoing message = {.bytes = "CEF:0|\"a\"",
					 .len = 9,
					 .id = "1f",
					 .sequence = 5,
					 .journal = SAMPLE_JOURNAL,
					 .time_ns = UINT64_C(1764576000000000001)};
	CU_ASSERT_EQUAL(send_messages(&message, 1), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		elastic.first_lines,
		"\n{\"@timestamp\":\"2025-12-01T08:00:00.000000001Z\",\"event\":{\"id\":\"1f\","
		"\"sequence\":5},\"message\":\"CEF:0|\\\"a\\\"\"}\n"));
	end();
}

static void
names_of_indexes_are_escaped(void)
{
	begin();
	transport_bulk.destroy(transport);
	config.index = "<vigie-{now/d}>";
	config.url = http_server_url(server, "/es/");
	transport = transport_bulk.create(&config, &stop, report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL(send_samples(1, 100), 0);
	CU_ASSERT_EQUAL(strncmp(elastic.target, "/es/%3Cvigie-%7Bnow%2Fd%7D%3E/_bulk?", 36), 0);
	end();
}

static void
many_messages_a_second(void)
{
	begin();
	struct outgoing *messages = sample_messages(1024, 1024, 1);
	double start = sample_seconds();
	for (unsigned i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(send_messages(messages, 1024), 0);
	printf("# %.0f messages of 1 KiB a second\n", 10 * 1024 / (sample_seconds() - start));
	sample_messages_free(messages, 1024);
	end();
}

static const struct unit_case cases[] = {
	{"documents_have_id_and_version", documents_have_id_and_version},
	{"an_alert_never_goes_back", an_alert_never_goes_back},
	{"a_document_that_does_not_fit_is_passed_over",
	 a_document_that_does_not_fit_is_passed_over},
	{"rejected_documents_are_sent_again", rejected_documents_are_sent_again},
	{"data_streams_get_every_row", data_streams_get_every_row},
	{"large_requests_become_smaller", large_requests_become_smaller},
	{"faults_of_the_index_lose_nothing", faults_of_the_index_lose_nothing},
	{"other_formats_become_a_document", other_formats_become_a_document},
	{"names_of_indexes_are_escaped", names_of_indexes_are_escaped},
	{"many_messages_a_second", many_messages_a_second},
};

int
main(void)
{
	return unit_run("transport_bulk", cases, sizeof(cases) / sizeof(*cases));
}
