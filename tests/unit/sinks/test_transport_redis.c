/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/http_server.h"
#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/sinks/redis_server.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define STREAM "vigie:alerts"
#define FLOWS "vigie:flows"

static struct sink_config config;
static struct transport_stop stop;
static struct transport_report report;
static struct transport *transport;

static void
begin(void)
{
	sample_config_init(&config);
	sample_stop_init(&stop);
	config.host = "localhost";
	config.port = redis_server_port();
	config.user = "writer";
	config.password = "w";
	config.stream = STREAM;
	config.flow_stream = FLOWS;
	config.max_len = 100000;
	report = (struct transport_report){0};
	transport = transport_redis.create(&config, &stop, report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	REDIS_ASK("FLUSHALL");
}

static void
end(void)
{
	transport_redis.destroy(transport);
	sample_stop_fini(&stop);
}

static int
connect_again(void)
{
	report = (struct transport_report){0};
	return transport_redis.connect(transport, &report);
}

static int
send_messages(const struct outgoing *messages, size_t count)
{
	report = (struct transport_report){0};
	return transport_redis.send(transport, messages, count, &report);
}

static int
send_samples(size_t count, size_t len, uint64_t first)
{
	struct outgoing *messages = sample_messages(count, len, first);
	int error = send_messages(messages, count);

	sample_messages_free(messages, count);
	return error;
}

static int64_t
length_of(const char *stream)
{
	return REDIS_ASK("XLEN", stream).integer;
}

/* Field `name` of the newest entry. */
static const char *
newest(const char *stream, const char *name)
{
	static char value[1024];
	struct redis_reply all = REDIS_ASK("XREVRANGE", stream, "+", "-", "COUNT", "1");

	CU_ASSERT_EQUAL_FATAL(all.count, 1);
	struct redis_reply entry = redis_reply_element(&all, 0);
	struct redis_reply fields = redis_reply_element(&entry, 1);
	for (size_t i = 0; i + 1 < fields.count; i += 2) {
		if (strcmp(redis_reply_element(&fields, i).text, name) != 0)
			continue;
		struct redis_reply text = redis_reply_element(&fields, i + 1);
		snprintf(value, sizeof(value), "%s", text.text);
		return value;
	}
	return NULL;
}

static void
entries_have_all_fields(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(3000, 300, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 3000);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(length_of(STREAM), 3000);
	CU_ASSERT_STRING_EQUAL(newest(STREAM, "journal"), SAMPLE_JOURNAL);
	CU_ASSERT_STRING_EQUAL(newest(STREAM, "seq"), "3000");
	CU_ASSERT_STRING_EQUAL(newest(STREAM, "id"), "00000000000000000000000000000bb8");
	CU_ASSERT_STRING_EQUAL(newest(STREAM, "format"), "ecs");
	CU_ASSERT_EQUAL(strncmp(newest(STREAM, "message"), "{\"number\":3000,", 15), 0);
	/* Flows go elsewhere; any byte goes through. */
	const struct outgoing flow = {.bytes = "a\r\n\0b", .len = 5, .id = "f1", .is_flow = true};
	CU_ASSERT_EQUAL(send_messages(&flow, 1), 0);
	CU_ASSERT_EQUAL(length_of(FLOWS), 1);
	CU_ASSERT_PTR_NULL(newest(FLOWS, "seq"));
	CU_ASSERT_STRING_EQUAL(newest(FLOWS, "id"), "f1");
	CU_ASSERT_EQUAL(length_of(STREAM), 3000);
	CU_ASSERT_EQUAL(transport_redis.check(transport, &report), 0);
	end();
}

static void
streams_stay_bounded(void)
{
	begin();
	transport_redis.destroy(transport);
	config.max_len = 500;
	transport = transport_redis.create(&config, &stop, report.answer);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(5000, 100, 1), 0);
	/* "~": whole nodes of the stream, of 100 entries, are removed. */
	CU_ASSERT_TRUE(length_of(STREAM) >= 500 && length_of(STREAM) < 700);
	/* 0 keeps everything. */
	transport_redis.destroy(transport);
	config.max_len = 0;
	REDIS_ASK("DEL", STREAM);
	transport = transport_redis.create(&config, &stop, report.answer);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(2000, 100, 1), 0);
	CU_ASSERT_EQUAL(length_of(STREAM), 2000);
	end();
}

static void
unix_socket_and_database(void)
{
	begin();
	config.path = redis_server_socket();
	config.host = config.port = NULL;
	config.database = 3;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 100, 1), 0);
	CU_ASSERT_EQUAL(length_of(STREAM), 0);
	REDIS_ASK("SELECT", "3");
	CU_ASSERT_EQUAL(length_of(STREAM), 10);
	REDIS_ASK("SELECT", "0");
	config.database = 77777;
	CU_ASSERT_EQUAL(connect_again(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "DB index"));
	end();
}

static void
restart_repeats_nothing(void)
{
	uint64_t sequence = 99;

	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(transport_redis.resume(transport, SAMPLE_JOURNAL, &sequence, &report), 0);
	CU_ASSERT_EQUAL(sequence, 0);
	CU_ASSERT_EQUAL(send_samples(1200, 100, 1), 0);
	CU_ASSERT_EQUAL(transport_redis.resume(transport, SAMPLE_JOURNAL, &sequence, &report), 0);
	CU_ASSERT_EQUAL(sequence, 1200);
	/* Behind entries of another sensor, and of somebody else. */
	struct outgoing *others = sample_messages(1000, 100, 5000);
	for (size_t i = 0; i < 1000; i++)
		others[i].journal = "ffffffffffffffffffffffffffffffff";
	CU_ASSERT_EQUAL(send_messages(others, 1000), 0);
	sample_messages_free(others, 1000);
	REDIS_ASK("XADD", STREAM, "*", "seq", "not ours");
	REDIS_ASK("XADD", STREAM, "*", "journal", SAMPLE_JOURNAL, "sink", "sample", "seq", "x");
	/* Of another sink of ours, and sent by hand. */
	REDIS_ASK("XADD", STREAM, "*", "journal", SAMPLE_JOURNAL, "sink", "other", "seq", "9000");
	REDIS_ASK("XADD", STREAM, "*", "journal", SAMPLE_JOURNAL, "seq", "9000");
	CU_ASSERT_EQUAL(transport_redis.resume(transport, SAMPLE_JOURNAL, &sequence, &report), 0);
	CU_ASSERT_EQUAL(sequence, 1200);
	CU_ASSERT_EQUAL(transport_redis.resume(transport, "00000000000000000000000000000000",
					       &sequence, &report),
			0);
	CU_ASSERT_EQUAL(sequence, 0);
	/* Who may not read is not told; who may not add is refused before. */
	config.user = "adder";
	config.password = "a";
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(transport_redis.resume(transport, SAMPLE_JOURNAL, &sequence, &report), 0);
	CU_ASSERT_EQUAL(sequence, 0);
	CU_ASSERT_EQUAL(send_samples(1, 100, 1), 0);
	end();
}

static void
log_in_is_checked(void)
{
	static const struct {
		const char *user, *password;
		int error;
	} rows[] = {
		{"writer", "w", 0},       {NULL, "d", 0},        {"writer", "wrong", -EACCES},
		{"nobody", "w", -EACCES}, {NULL, NULL, -EACCES}, {NULL, "wrong", -EACCES},
	};
	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		config.user = rows[i].user;
		config.password = rows[i].password;
		CU_ASSERT_EQUAL(connect_again(), rows[i].error);
		CU_ASSERT_EQUAL(rows[i].error != 0, report.answer[0] != '\0');
	}
	end();
}

static void
errors_are_told_apart(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	REDIS_ASK("SET", STREAM, "a text");
	CU_ASSERT_EQUAL(send_samples(10, 100, 1), -EINVAL);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "WRONGTYPE"));
	REDIS_ASK("DEL", STREAM);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	/* Out of memory half-way through: nothing of the transaction is there. */
	CU_ASSERT_EQUAL(send_samples(5, 100, 1), 0);
	REDIS_ASK("CONFIG", "SET", "maxmemory", "1");
	CU_ASSERT_EQUAL(send_samples(10, 100, 6), -EAGAIN);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "OOM"));
	REDIS_ASK("CONFIG", "SET", "maxmemory", "0");
	CU_ASSERT_EQUAL(length_of(STREAM), 5);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	REDIS_ASK("REPLICAOF", "127.0.0.1", "1");
	CU_ASSERT_EQUAL(send_samples(10, 100, 6), -EAGAIN);
	CU_ASSERT_TRUE(strstr(report.answer, "READONLY") != NULL ||
		       strstr(report.answer, "MASTERDOWN") != NULL);
	REDIS_ASK("REPLICAOF", "NO", "ONE");
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	transport_redis.disconnect(transport);
	config.stream = "not:vigie";
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 100, 6), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "NOPERM"));
	end();
}

static void
a_restarted_server_is_noticed(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 100, 1), 0);
	redis_server_restart();
	CU_ASSERT_EQUAL(transport_redis.check(transport, &report), -ECONNRESET);
	CU_ASSERT_EQUAL(send_samples(10, 100, 11), -ENOTCONN);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 100, 11), 0);
	CU_ASSERT_EQUAL(length_of(STREAM), 10);
	end();
}

static struct http_server_response scripted;

static void
respond(void *context, const struct http_server_request *request,
	struct http_server_response *response)
{
	(void)context;
	(void)request;
	*response = scripted;
}

/* The server of a test of HTTP says what it is told to anything that has an empty line in it. */
static void
hostile_servers_end_in_an_error(void)
{
	static const struct {
		const char *raw;
		size_t repeats;
	} rows[] = {
		{"HTTP/1.1 400 Bad Request\r\n\r\n", 1},
		{"+OK\r\n", 0},
		{"$536870912\r\n0123456789", 1},
		{"$20000000\r\n0123456789", 1},
		{"*1000000\r\n*1000000\r\n*1000000\r\n", 1},
		{"*-2\r\n", 1},
		{"$-5\r\n", 1},
		{":99999999999999999999999\r\n", 1},
		{"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", 1},
	};
	begin();
	struct http_server *server = http_server_start(respond, NULL);
	char port[16];
	snprintf(port, sizeof(port), "%u", http_server_port(server));
	config.port = port;
	/* Its password is the empty line that ends a request. */
	config.user = "GET / x";
	config.password = "\r\n\r\n\r\n";
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scripted = (struct http_server_response){.raw = rows[i].raw,
							 .raw_repeats = rows[i].repeats};
		CU_ASSERT_NOT_EQUAL(connect_again(), 0);
		CU_ASSERT_NOT_EQUAL(report.answer[0], '\0');
	}
	/* More than anybody asked for. */
	scripted = (struct http_server_response){.raw = "$9000000\r\n0123456789012345678901234567",
						 .raw_repeats = 1000000};
	CU_ASSERT_NOT_EQUAL(connect_again(), 0);
	http_server_stop(server);
	end();
}

/* Says its text to the first that is read. */
static void
say_text(struct socket_peer *peer, int fd)
{
	char bytes[4096];

	if (socket_peer_read(peer, fd, bytes, sizeof(bytes)) > 0)
		socket_peer_write(fd, peer->context);
	socket_peer_drain(peer, fd);
}

/* Elements without end, of 50 KiB each. */
static void
say_elements(struct socket_peer *peer, int fd)
{
	char element[51300], bytes[4096];
	int len = snprintf(element, sizeof(element), "$51200\r\n%051200d\r\n", 0);

	if (socket_peer_read(peer, fd, bytes, sizeof(bytes)) <= 0)
		return;
	socket_peer_write(fd, peer->context);
	for (unsigned i = 0; i < 1000 && send(fd, element, (size_t)len, MSG_NOSIGNAL) == len; i++)
		;
	socket_peer_drain(peer, fd);
}

/* Neither what is promised nor what comes fills the memory, long before the time is up. */
static void
replies_are_bounded(void)
{
	static char large[] = "*1000\r\n", promised[] = "*1000000000\r\n";
	struct socket_peer peer;

	begin();
	config.host = "127.0.0.1";
	config.timeout_s = 60;
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, say_elements, large));
	config.port = peer.port;
	CU_ASSERT_EQUAL(connect_again(), -EMSGSIZE);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "the server's reply is larger than 1 MiB"));
	socket_peer_stop(&peer);
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, say_text, promised));
	config.port = peer.port;
	CU_ASSERT_EQUAL(connect_again(), -EPROTO);
	socket_peer_stop(&peer);
	end();
}

/* The longest messages, in a look back at a stream of them. */
static void
long_messages_of_others_are_looked_through(void)
{
	uint64_t sequence = 0;

	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(7, 100, 1), 0);
	struct outgoing *others = sample_messages(40, FORMAT_MESSAGE_MAX, 5000);
	for (size_t i = 0; i < 40; i++)
		others[i].journal = "ffffffffffffffffffffffffffffffff";
	CU_ASSERT_EQUAL(send_messages(others, 40), 0);
	sample_messages_free(others, 40);
	CU_ASSERT_EQUAL(transport_redis.resume(transport, SAMPLE_JOURNAL, &sequence, &report), 0);
	CU_ASSERT_EQUAL(sequence, 7);
	end();
}

/* As Redis 7 does where AUTH was renamed. */
static void
an_answer_to_the_password_is_not_told(void)
{
	static char echo[] = "-ERR unknown command 'AUTH', with args beginning with: 's3cret'\r\n";
	struct socket_peer peer;

	begin();
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, say_text, echo));
	config.host = "127.0.0.1";
	config.port = peer.port;
	config.user = NULL;
	config.password = "s3cret";
	CU_ASSERT_EQUAL(connect_again(), -EACCES);
	CU_ASSERT_PTR_NULL(strstr(report.answer, "s3cret"));
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "ERR: the server refuses AUTH"));
	transport_redis.disconnect(transport);
	socket_peer_stop(&peer);
	end();
}

static void
failures_say_where(void)
{
	begin();
	config.host = "127.0.0.1";
	config.port = "1";
	CU_ASSERT_EQUAL(connect_again(), -ECONNREFUSED);
	CU_ASSERT_STRING_EQUAL(report.answer, "127.0.0.1:1: Connection refused");
	config.path = "/nowhere/redis";
	CU_ASSERT_EQUAL(connect_again(), -ENOENT);
	CU_ASSERT_STRING_EQUAL(report.answer, "/nowhere/redis: No such file or directory");
	end();
}

static void
silence_ends_by_time_or_stop(void)
{
	begin();
	scripted = (struct http_server_response){.silent = true};
	struct http_server *server = http_server_start(respond, NULL);
	char port[16];
	snprintf(port, sizeof(port), "%u", http_server_port(server));
	config.port = port;
	config.timeout_s = 1;
	CU_ASSERT_EQUAL(connect_again(), -ETIMEDOUT);
	config.timeout_s = 3600;
	sample_stop_later(&stop, 100);
	CU_ASSERT_EQUAL(connect_again(), -ECANCELED);
	http_server_stop(server);
	end();
}

static void
many_messages_a_second(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	struct outgoing *messages = sample_messages(1024, 1024, 1);
	double start = sample_seconds();
	for (unsigned i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(send_messages(messages, 1024), 0);
	printf("# %.0f messages of 1 KiB a second\n", 100 * 1024 / (sample_seconds() - start));
	sample_messages_free(messages, 1024);
	end();
}

static const struct unit_case cases[] = {
	{"entries_have_all_fields", entries_have_all_fields},
	{"streams_stay_bounded", streams_stay_bounded},
	{"unix_socket_and_database", unix_socket_and_database},
	{"restart_repeats_nothing", restart_repeats_nothing},
	{"log_in_is_checked", log_in_is_checked},
	{"errors_are_told_apart", errors_are_told_apart},
	{"a_restarted_server_is_noticed", a_restarted_server_is_noticed},
	{"hostile_servers_end_in_an_error", hostile_servers_end_in_an_error},
	{"an_answer_to_the_password_is_not_told", an_answer_to_the_password_is_not_told},
	{"replies_are_bounded", replies_are_bounded},
	{"long_messages_of_others_are_looked_through", long_messages_of_others_are_looked_through},
	{"failures_say_where", failures_say_where},
	{"silence_ends_by_time_or_stop", silence_ends_by_time_or_stop},
	{"many_messages_a_second", many_messages_a_second},
};

static void
cannot_run(void)
{
	unit_skip("redis-server is not installed");
}

int
main(void)
{
	static const struct unit_case skipped[] = {{"everything", cannot_run}};

	if (!redis_server_start())
		return unit_run("transport_redis", skipped, 1);
	int status = unit_run("transport_redis", cases, sizeof(cases) / sizeof(*cases));
	redis_server_stop();
	return status;
}
