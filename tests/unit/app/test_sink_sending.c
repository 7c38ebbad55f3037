/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_sending.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dashboard-export/sinks/transport.h"
#include "tests/unit/app/alert_rows.h"
#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ID(digit) "0000000000000000000000000000000" digit

static struct journal_fixture fixture;
static char file_path[128];
static struct sink_sending_result result;

static struct sink_config
sink_of(const struct transport_kind *kind)
{
	return (struct sink_config){
		.name = "test",
		.kind = kind,
		.format = &format_ecs,
		.alerts = true,
		.path = file_path,
		.host = "127.0.0.1",
		.framing = SINK_FRAMING_NEWLINE,
		.context = {.sensor = "vigie-1",
			    .version = "1",
			    .enterprise_number = 32473,
			    .facility = 20},
		.limit = 8192,
		.batch = 2,
		.timeout_s = 10,
	};
}

/* Four alerts, of which the third is low and the fourth no alert at all. */
static struct journal_reader *
begin(void)
{
	static const struct alert_row rows[] = {
		{ID("1"), SEVERITY_HIGH, "ECO-USA", "licences", "a", "m"},
		{ID("2"), SEVERITY_MEDIUM, "ECO-USA", "licences", "b", "m"},
		{ID("3"), SEVERITY_LOW, "INT-USA", "rh", "c", "m"},
	};
	struct journal_opening opening;
	char why[256];

	journal_fixture_init(&fixture);
	snprintf(file_path, sizeof(file_path), "%s/sent", fixture.folder);
	struct journal *journal = journal_fixture_open(&fixture, &opening);
	for (size_t i = 0; i < COUNT(rows); i++)
		alert_row_append(journal, &rows[i]);
	journal_fixture_append(journal, 3, 3);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	struct journal_reader *reader = journal_reader_open(fixture.path, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	return reader;
}

static void
end(struct journal_reader *reader)
{
	journal_reader_close(reader);
	journal_fixture_fini(&fixture);
}

/* What the file has; free it. */
static char *
sent_text(void)
{
	char *text = calloc(1, 65536);
	FILE *in = fopen(file_path, "r");

	if (in != NULL) {
		CU_ASSERT_FATAL(fread(text, 1, 65535, in) < 65535);
		fclose(in);
	}
	return text;
}

static void
rows_go_to_the_sink_and_are_counted(void)
{
	struct journal_reader *reader = begin();
	const struct sink_config sink = sink_of(&transport_file);
	const struct sink_sending_rows rows = {.through = 4};

	CU_ASSERT_EQUAL(sink_sending_rows(&sink, reader, &rows, &result), 0);
	CU_ASSERT_EQUAL(result.rows, 4);
	CU_ASSERT_EQUAL(result.taken, 3);
	CU_ASSERT_EQUAL(result.unreadable, 1);
	CU_ASSERT_EQUAL(result.filtered + result.refused, 0);
	CU_ASSERT_EQUAL(result.last, 4);
	char *text = sent_text();
	static const char *const parts[] = {ID("1"), "\"sequence\":1", ID("2"), ID("3"),
					    "\"sequence\":3"};
	for (size_t i = 0; i < COUNT(parts); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, parts[i]));
	free(text);
	end(reader);
}

static void
only_the_rows_that_are_meant_are_sent(void)
{
	struct journal_reader *reader = begin();
	struct sink_config sink = sink_of(&transport_file);
	const struct sink_sending_rows rows = {.after = 1, .through = 3};

	sink.minimum = SEVERITY_MEDIUM;
	sink.rate = 1000;
	CU_ASSERT_EQUAL(sink_sending_rows(&sink, reader, &rows, &result), 0);
	CU_ASSERT_EQUAL(result.rows, 2);
	CU_ASSERT_EQUAL(result.taken, 1);
	CU_ASSERT_EQUAL(result.filtered, 1);
	char *text = sent_text();
	CU_ASSERT_PTR_NULL(strstr(text, ID("1")));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ID("2")));
	CU_ASSERT_PTR_NULL(strstr(text, ID("3")));
	free(text);
	const struct sink_sending_rows none = {.after = 4, .through = 4};
	CU_ASSERT_EQUAL(sink_sending_rows(&sink, reader, &none, &result), 0);
	CU_ASSERT_EQUAL(result.rows, 0);
	end(reader);
}

/* A receiver of syslog that reads until the sender has gone. */
struct receiver {
	int socket;
	char port[8];
	pthread_t thread;
	char text[16384];
};

static void *
receive(void *context)
{
	struct receiver *r = context;
	int connection = accept(r->socket, NULL, NULL);
	size_t used = 0;
	ssize_t got;

	while (connection >= 0 &&
	       (got = read(connection, r->text + used, sizeof(r->text) - 1 - used)) > 0)
		used += (size_t)got;
	close(connection);
	return NULL;
}

static void
listen_on_any_port(struct receiver *r)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	*r = (struct receiver){.socket = socket(AF_INET, SOCK_STREAM, 0)};
	CU_ASSERT_FATAL(r->socket >= 0);
	CU_ASSERT_EQUAL_FATAL(bind(r->socket, (struct sockaddr *)&address, len), 0);
	CU_ASSERT_EQUAL_FATAL(listen(r->socket, 1), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(r->socket, (struct sockaddr *)&address, &len), 0);
	snprintf(r->port, sizeof(r->port), "%u", ntohs(address.sin_port));
}

static void
a_line_goes_through_the_real_path(void)
{
	static const struct alert_row row = {ID("7"), SEVERITY_INFORMATIONAL, "SYS-TEST", "rh", "a",
					     "m"};
	struct sink_config sink = sink_of(&transport_syslog_tcp);
	static struct receiver receiver;
	char line[ALERT_ROW_MAX];
	size_t len = alert_row_format(&row, line);

	listen_on_any_port(&receiver);
	sink.port = receiver.port;
	sink.minimum = SEVERITY_CRITICAL; /* does not hold for it */
	CU_ASSERT_EQUAL_FATAL(pthread_create(&receiver.thread, NULL, receive, &receiver), 0);
	CU_ASSERT_EQUAL(sink_sending_line(&sink, line, len, &result), 0);
	pthread_join(receiver.thread, NULL);
	close(receiver.socket);
	CU_ASSERT_EQUAL(result.taken, 1);
	CU_ASSERT_FALSE(result.acknowledged);
	CU_ASSERT_EQUAL(strncmp(receiver.text, "<", 1), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(receiver.text, " vigie-1 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(receiver.text, ID("7")));
}

static void
what_cannot_be_sent_is_told(void)
{
	struct journal_reader *reader = begin();
	struct sink_config sink = sink_of(&transport_syslog_tcp);
	struct receiver nobody;
	const struct sink_sending_rows rows = {.after = 1, .through = 4};

	listen_on_any_port(&nobody);
	close(nobody.socket);
	sink.port = nobody.port;
	CU_ASSERT_EQUAL(sink_sending_line(&sink, "{}", 2, &result), -ECONNREFUSED);
	CU_ASSERT_NOT_EQUAL(result.answer[0], '\0');
	CU_ASSERT_NOT_EQUAL(sink_sending_rows(&sink, reader, &rows, &result), 0);
	CU_ASSERT_EQUAL(result.taken, 0);
	CU_ASSERT_EQUAL(result.last, 1);
	sink = sink_of(&transport_file);
	CU_ASSERT_EQUAL(sink_sending_line(&sink, "no JSON", 7, &result), -EINVAL);
	CU_ASSERT_NOT_EQUAL(result.answer[0], '\0');
	end(reader);
}

/* Comes last: what is cancelled stays so. */
static void
whoever_is_told_to_stop_sends_no_more(void)
{
	struct journal_reader *reader = begin();
	const struct sink_config sink = sink_of(&transport_file);
	const struct sink_sending_rows rows = {.through = 4};

	sink_sending_cancel();
	CU_ASSERT_EQUAL(sink_sending_rows(&sink, reader, &rows, &result), -ECANCELED);
	CU_ASSERT_EQUAL(result.taken, 0);
	CU_ASSERT_NOT_EQUAL(result.answer[0], '\0');
	end(reader);
}

static struct transport *
echo_create(const struct sink_config *sink, const struct transport_stop *stop, char why[256])
{
	(void)stop;
	(void)snprintf(why, 256, "HTTP 403: Authorization: Splunk %s", sink->token);
	return NULL;
}

static void
echo_destroy(struct transport *transport)
{
	(void)transport;
}

static void
a_secret_that_is_said_back_is_not_told(void)
{
	static const struct transport_kind echo = {
		.name = "echo", .create = echo_create, .destroy = echo_destroy};
	struct sink_config sink = sink_of(&echo);

	sink.token = "user-token-SECRET";
	CU_ASSERT_NOT_EQUAL(sink_sending_line(&sink, "{}", 2, &result), 0);
	CU_ASSERT_STRING_EQUAL(result.answer, "HTTP 403: Authorization: Splunk ***");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_secret_that_is_said_back_is_not_told", a_secret_that_is_said_back_is_not_told},
		{"rows_go_to_the_sink_and_are_counted", rows_go_to_the_sink_and_are_counted},
		{"only_the_rows_that_are_meant_are_sent", only_the_rows_that_are_meant_are_sent},
		{"a_line_goes_through_the_real_path", a_line_goes_through_the_real_path},
		{"what_cannot_be_sent_is_told", what_cannot_be_sent_is_told},
		{"whoever_is_told_to_stop_sends_no_more", whoever_is_told_to_stop_sends_no_more},
	};
	return unit_run("sink_sending", cases, COUNT(cases));
}
