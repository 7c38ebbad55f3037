/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/http_client.h"

#include "tests/unit/sinks/http_server.h"
#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sink_config config;
static struct transport_stop stop;
static struct http_answer answer;
static char body[256]; /* of an answer whose client is gone */
static char why[256];

/* What the server answers, and what it was last asked. */
static struct http_server_response scripted;
static struct http_server_request last;
static char last_field[256];
static const char *watched = "Authorization";

static void
respond(void *context, const struct http_server_request *request,
	struct http_server_response *response)
{
	const char *field = http_server_field(request, watched);

	(void)context;
	snprintf(last_field, sizeof(last_field), "%s", field != NULL ? field : "(none)");
	last = *request;
	*response = scripted;
	if (scripted.body != NULL)
		response->body = strdup(scripted.body);
}

static struct http_client *
open_client(const char *url)
{
	config.url = url;
	struct http_client *client = http_client_create(&config, &stop, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(client);
	return client;
}

static void
begin(void)
{
	sample_config_init(&config);
	sample_stop_init(&stop);
	scripted = (struct http_server_response){.status = 200, .body = (char *)(uintptr_t) "fine"};
	watched = "Authorization";
}

static const char *const fields[] = {"X-One: 1", "X-Two: 2", NULL};

static void
requests_share_a_connection(void)
{
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, "/base/"));
	const struct http_request request = {
		.path = "/events", .headers = fields, .body = "hello", .len = 5};

	watched = "X-Two";
	for (unsigned i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL_FATAL(http_client_exchange(client, &request, &answer), 0);
		CU_ASSERT_EQUAL(answer.status, 200);
		CU_ASSERT_STRING_EQUAL(answer.body, "fine");
	}
	CU_ASSERT_STRING_EQUAL(last.method, "POST");
	CU_ASSERT_STRING_EQUAL(last.target, "/base/events");
	CU_ASSERT_STRING_EQUAL(last_field, "2");
	CU_ASSERT_EQUAL(last.len, 5);
	CU_ASSERT_PTR_NULL(strstr(last.head, "Expect"));
	CU_ASSERT_EQUAL(http_server_connections(server), 1);
	/* A new one where that is wanted, and where the server closes. */
	http_client_disconnect(client);
	scripted.close = true;
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_STRING_EQUAL(last.method, "GET");
	CU_ASSERT_STRING_EQUAL(last.target, "/base");
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_EQUAL(http_server_connections(server), 3);
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
user_and_password_are_sent_as_basic(void)
{
	begin();
	config.user = "vigie";
	config.password = "se:cret";
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, ""));

	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_STRING_EQUAL(last_field, "Basic dmlnaWU6c2U6Y3JldA==");
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
proxies_of_the_environment_are_not_used(void)
{
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	struct http_client *client = open_client(http_server_url(server, ""));

	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
redirects_are_not_followed(void)
{
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, "/a"));
	char text[256];

	scripted.status = 302;
	snprintf(scripted.fields, sizeof(scripted.fields), "Location: %s\r\n",
		 http_server_url(server, "/b"));
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_EQUAL(answer.status, 302);
	CU_ASSERT_EQUAL(http_server_requests(server), 1);
	CU_ASSERT_EQUAL(http_verdict_of(answer.status), HTTP_VERDICT_DENIED);
	http_answer_tell(&answer, NULL, text);
	CU_ASSERT_STRING_EQUAL(text, "HTTP 302 (redirects are not followed): fine");
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
retry_after_is_told(void)
{
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, ""));
	char text[256];

	scripted.status = 503;
	scripted.body = (char *)(uintptr_t) "too\nbusy \033[31m";
	strcpy(scripted.fields, "Retry-After: 30\r\n");
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_EQUAL(answer.retry_after_s, 30);
	http_answer_tell(&answer, NULL, text);
	CU_ASSERT_STRING_EQUAL(text, "HTTP 503: too busy \\x1b[31m (asks to wait 30 s)");
	http_answer_tell(&answer, "Server is busy", text);
	CU_ASSERT_STRING_EQUAL(text, "HTTP 503: Server is busy (asks to wait 30 s)");
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

/* Answers that break rules or bounds; `error` is what comes of them. */
static void
hostile_answers_end_in_an_error(void)
{
	static char large[HTTP_CLIENT_ANSWER_MAX + 2];
	static char largest[HTTP_CLIENT_ANSWER_MAX + 1];
	memset(large, 'x', sizeof(large) - 1);
	memset(largest, 'x', sizeof(largest) - 1);
	const struct {
		struct http_server_response response;
		int error;
	} rows[] = {
		{{.status = 200, .body = largest}, 0},
		{{.status = 200, .body = large}, -EMSGSIZE},
		{{.raw = "X-Padding: 0123456789012345678901234567890123456789\r\n",
		  .raw_repeats = 10000},
		 -EPROTO}, /* HTTP/0.9, or none */
		{{.raw = "HTTP/1.1 100 Continue\r\n\r\n", .raw_repeats = 100000}, -EPROTO},
		{{.raw = ""}, -ECONNRESET},
		{{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}, -ECONNRESET},
		{{.raw = "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc"}, 0},
		{{.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}, -EPROTO},
		{{.raw = "\0"}, -ECONNRESET},
	};
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, ""));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scripted = rows[i].response;
		int error = http_client_exchange(client, &(struct http_request){0}, &answer);
		/* Which rule is broken is curl's to say; that it does not pass is ours. */
		CU_ASSERT_TRUE(error == rows[i].error || (rows[i].error == -EPROTO && error != 0) ||
			       rows[i].error == 0);
		CU_ASSERT_EQUAL(error == 0, answer.why[0] == '\0');
	}
	/* And it still works. */
	scripted = (struct http_server_response){.status = 204};
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer), 0);
	CU_ASSERT_EQUAL(answer.status, 204);
	CU_ASSERT_EQUAL(answer.len, 0);
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
a_silent_server_is_given_up(void)
{
	char text[128];

	begin();
	config.timeout_s = 1;
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, ""));

	scripted.silent = true;
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer),
			-ETIMEDOUT);
	snprintf(text, sizeof(text), "127.0.0.1:%u: no whole answer within 1 s",
		 http_server_port(server));
	CU_ASSERT_STRING_EQUAL(answer.why, text);
	/* TLS to a server that waits for a request. */
	http_client_destroy(client);
	snprintf(text, sizeof(text), "https://127.0.0.1:%u", http_server_port(server));
	client = open_client(text);
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer),
			-ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "does the receiver speak TLS at this port?"));
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
stop_ends_a_request_at_once(void)
{
	begin();
	config.timeout_s = 3600;
	struct http_server *server = http_server_start(respond, NULL);
	struct http_client *client = open_client(http_server_url(server, ""));

	scripted.silent = true;
	sample_stop_later(&stop, 100);
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer),
			-ECANCELED);
	CU_ASSERT_EQUAL(http_client_pause(client, 3600000), -ECANCELED);
	CU_ASSERT_EQUAL(http_client_probe(client, &answer), -ECANCELED);
	http_client_destroy(client);
	http_server_stop(server);
	sample_stop_fini(&stop);
}

static void
nobody_there_is_told(void)
{
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	char url[128];
	snprintf(url, sizeof(url), "%s", http_server_url(server, ""));
	struct http_client *client = open_client(url);

	CU_ASSERT_EQUAL(http_client_probe(client, &answer), 0);
	CU_ASSERT_EQUAL(http_server_requests(server), 0);
	http_server_stop(server);
	CU_ASSERT_EQUAL(http_client_probe(client, &answer), -ECONNREFUSED);
	CU_ASSERT_EQUAL(http_client_exchange(client, &(struct http_request){0}, &answer),
			-ECONNREFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "127.0.0.1"));
	http_client_destroy(client);
	sample_stop_fini(&stop);
}

static void
urls_are_checked(void)
{
	static const struct {
		const char *url, *why; /* NULL: it is good */
	} rows[] = {
		{"https://siem.example:8088/base", NULL},
		{"http://[2001:db8::1]:9200", NULL},
		{"https://siem.example/hook?key=1", NULL},
		{"ftp://siem.example/", "begins with neither"},
		{"file:///etc/passwd", "begins with neither"},
		{"siem.example", "is no URL"},
		{"", "is no URL"},
		{"https://user:secret@siem.example/", "has a user"},
		{"https://siem.example/#x", "has a fragment"},
	};
	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		config.url = rows[i].url;
		struct http_client *client = http_client_create(&config, &stop, why);
		CU_ASSERT_EQUAL(client != NULL, rows[i].why == NULL);
		if (rows[i].why != NULL)
			CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].why));
		if (client != NULL)
			CU_ASSERT_EQUAL(http_client_has_query(client),
					strchr(rows[i].url, '?') != NULL);
		http_client_destroy(client);
	}
	sample_stop_fini(&stop);
}

static void
verdicts_are_those_of_the_table(void)
{
	static const struct {
		unsigned status;
		int error;
	} rows[] = {
		{200, 0},        {201, 0},        {204, 0},       {301, -EACCES}, {307, -EACCES},
		{400, -EBADMSG}, {401, -EACCES},  {403, -EACCES}, {404, -EINVAL}, {405, -EINVAL},
		{407, -EACCES},  {408, -EAGAIN},  {409, -EAGAIN}, {410, -EINVAL}, {413, -EMSGSIZE},
		{415, -EINVAL},  {422, -EBADMSG}, {425, -EAGAIN}, {429, -EAGAIN}, {500, -EAGAIN},
		{502, -EAGAIN},  {503, -EAGAIN},  {504, -EAGAIN}, {999, -EAGAIN},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(http_verdict_error(http_verdict_of(rows[i].status)), rows[i].error);
}

/* A file of the folder of certificates; valid until the end. */
static const char *
in_folder(const char *name)
{
	static char paths[32][160];
	static size_t count;
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", sample_folder(), name);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(paths[i], path) == 0)
			return paths[i];
	}
	CU_ASSERT_FATAL(count < sizeof(paths) / sizeof(*paths));
	return strcpy(paths[count++], path);
}

/* Asks an HTTPS server with that certificate, by `host`. */
static int
ask_https(const char *certificate, const char *clients, const char *host)
{
	char name[64], port[16], url[128];

	snprintf(name, sizeof(name), "%s.pem", certificate);
	const char *pem = in_folder(name);
	snprintf(name, sizeof(name), "%s.key", certificate);
	pid_t pid = sample_start(
		(const char *const[]){"python3",
				      unit_source_path("tests/unit/sinks/https_server.py"), pem,
				      in_folder(name), clients, NULL},
		port, sizeof(port));
	snprintf(url, sizeof(url), "https://%s:%s", host, port);
	struct http_client *client = open_client(url);
	int probe = http_client_probe(client, &answer);
	int error = http_client_exchange(client, &(struct http_request){.body = "x", .len = 1},
					 &answer);
	/* With TLS 1.3 the server speaks of our certificate only behind the handshake. */
	CU_ASSERT_TRUE(probe == error || (clients != NULL && probe == 0));
	snprintf(body, sizeof(body), "%s", answer.body);
	http_client_destroy(client);
	sample_end(pid);
	return error;
}

static void
certificates_are_checked(void)
{
	begin();
	CU_ASSERT_TRUE_FATAL(sample_run((const char *const[]){
		"sh", unit_source_path("tests/unit/sinks/https_certificates.sh"), sample_folder(),
		NULL}));
	config.tls.ca = in_folder("ca.pem");
	CU_ASSERT_EQUAL(ask_https("good", NULL, "127.0.0.1"), 0);
	CU_ASSERT_EQUAL(ask_https("good", NULL, "localhost"), 0);
	CU_ASSERT_EQUAL(ask_https("expired", NULL, "127.0.0.1"), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "expired"));
	CU_ASSERT_EQUAL(ask_https("named", NULL, "127.0.0.1"), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "127.0.0.1"));
	/* The system's authorities do not know it, nor does another one. */
	config.tls.ca = NULL;
	CU_ASSERT_EQUAL(ask_https("good", NULL, "127.0.0.1"), -EACCES);
	CU_ASSERT_EQUAL(strncmp(answer.why, "127.0.0.1:", 10), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "name the file of its authority as `ca`"));
	config.tls.ca = in_folder("other-ca.pem");
	CU_ASSERT_EQUAL(ask_https("good", NULL, "127.0.0.1"), -EACCES);
	config.tls.ca = in_folder("missing.pem");
	CU_ASSERT_EQUAL(ask_https("good", NULL, "127.0.0.1"), -EACCES);
	sample_stop_fini(&stop);
}

static void
the_name_in_the_certificate_can_be_set(void)
{
	begin();
	config.tls.ca = in_folder("ca.pem");
	config.tls.server_name = "siem.example";
	CU_ASSERT_EQUAL_FATAL(ask_https("named", NULL, "127.0.0.1"), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(body, "host siem.example:"));
	CU_ASSERT_EQUAL(ask_https("good", NULL, "127.0.0.1"), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, "siem.example"));
	sample_stop_fini(&stop);
}

/* The server's alert, or only that it closed, where that came first. */
static bool
is_turned_away(int error)
{
	return error == -EACCES || error == -ECONNRESET;
}

static void
servers_may_want_a_certificate(void)
{
	begin();
	const char *ca = in_folder("ca.pem");
	config.tls.ca = ca;
	CU_ASSERT_TRUE(is_turned_away(ask_https("good", ca, "127.0.0.1")));
	config.tls.certificate = in_folder("client.pem");
	config.tls.key = in_folder("client.key");
	CU_ASSERT_EQUAL(ask_https("good", ca, "127.0.0.1"), 0);
	CU_ASSERT_TRUE(is_turned_away(ask_https("good", in_folder("other-ca.pem"), "127.0.0.1")));
	config.tls.key = in_folder("good.key");
	CU_ASSERT_EQUAL(ask_https("good", ca, "127.0.0.1"), -EACCES);
	sample_stop_fini(&stop);
	sample_folder_remove();
}

static const struct unit_case cases[] = {
	{"requests_share_a_connection", requests_share_a_connection},
	{"user_and_password_are_sent_as_basic", user_and_password_are_sent_as_basic},
	{"proxies_of_the_environment_are_not_used", proxies_of_the_environment_are_not_used},
	{"redirects_are_not_followed", redirects_are_not_followed},
	{"retry_after_is_told", retry_after_is_told},
	{"hostile_answers_end_in_an_error", hostile_answers_end_in_an_error},
	{"a_silent_server_is_given_up", a_silent_server_is_given_up},
	{"stop_ends_a_request_at_once", stop_ends_a_request_at_once},
	{"nobody_there_is_told", nobody_there_is_told},
	{"urls_are_checked", urls_are_checked},
	{"verdicts_are_those_of_the_table", verdicts_are_those_of_the_table},
	{"certificates_are_checked", certificates_are_checked},
	{"the_name_in_the_certificate_can_be_set", the_name_in_the_certificate_can_be_set},
	{"servers_may_want_a_certificate", servers_may_want_a_certificate},
};

int
main(void)
{
	return unit_run("http_client", cases, sizeof(cases) / sizeof(*cases));
}
