/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/sinks/tls_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct socket_peer peer;
static struct sink_config config;
static struct transport_report report;

/* What a receiver has read to the end. */
static struct {
	size_t len;
	char *bytes;
} received;

static void
keep(const char *bytes, size_t len)
{
	received.bytes = realloc(received.bytes, received.len + len + 1);
	memcpy(received.bytes + received.len, bytes, len);
	received.len += len;
	received.bytes[received.len] = '\0';
}

static void
keep_all(struct socket_peer *p, int fd)
{
	char bytes[65536];
	ssize_t got;

	while ((got = socket_peer_read(p, fd, bytes, sizeof(bytes))) > 0)
		keep(bytes, (size_t)got);
}

static void
keep_all_tls(struct socket_peer *p, int fd)
{
	char bytes[16384];
	ssize_t got;
	struct tls_peer *tls = tls_peer_accept(fd, p->context);

	if (tls == NULL)
		return;
	while ((got = tls_peer_read(tls, bytes, sizeof(bytes))) > 0)
		keep(bytes, (size_t)got);
	tls_peer_close(tls, true);
}

static struct transport *
start(const struct transport_kind *kind, enum sink_framing framing, socket_peer_function serve,
      void *context)
{
	free(received.bytes);
	received.bytes = NULL;
	received.len = 0;
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, serve, context));
	config = sink_sample_config(peer.port);
	config.framing = framing;
	config.tls.ca = tls_peer_file(TLS_PEER_CA);
	memset(&report, 0, sizeof(report));
	struct transport *t = kind->create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL_FATAL(kind->connect(t, &report), 0);
	return t;
}

static void
end(const struct transport_kind *kind, struct transport *t)
{
	kind->destroy(t);
	socket_peer_stop(&peer);
}

static int
send_messages(const struct transport_kind *kind, struct transport *t,
	      const struct outgoing *messages, size_t count)
{
	memset(&report, 0, sizeof(report));
	return kind->send(t, messages, count, &report);
}

/* What has to arrive. */
static char *
frame_all(const struct outgoing *messages, size_t count, enum sink_framing framing, size_t *len)
{
	char *all = malloc(count * (messages[0].len + 16) + 1), *at = all;

	for (size_t i = 0; i < count; i++) {
		if (framing == SINK_FRAMING_OCTET_COUNTING)
			at += sprintf(at, "%zu ", messages[i].len);
		memcpy(at, messages[i].bytes, messages[i].len);
		at += messages[i].len;
		if (framing == SINK_FRAMING_NEWLINE)
			*at++ = '\n';
	}
	*len = (size_t)(at - all);
	return all;
}

static void
require_arrival(const struct transport_kind *kind, enum sink_framing framing, size_t count,
		size_t size)
{
	struct tls_peer_settings settings = {TLS_PEER_GOOD};
	bool is_tls = kind == &transport_syslog_tls;
	struct outgoing *messages = sink_sample_messages(count, size);
	size_t len;
	char *expected = frame_all(messages, count, framing, &len);
	struct transport *t = start(kind, framing, is_tls ? keep_all_tls : keep_all, &settings);

	CU_ASSERT_EQUAL(send_messages(kind, t, messages, count), 0);
	CU_ASSERT_EQUAL(report.accepted, count);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(kind->check(t, &report), 0);
	CU_ASSERT_EQUAL(kind->finish(t, &report), 0);
	CU_ASSERT_EQUAL(kind->pending(t), 0);
	end(kind, t);
	CU_ASSERT_EQUAL_FATAL(received.len, len);
	CU_ASSERT_EQUAL(memcmp(received.bytes, expected, len), 0);
	sink_sample_free(messages);
	free(expected);
}

static void
every_message_arrives_in_its_frame(void)
{
	static const struct {
		size_t count, size;
	} rows[] = {{1, 20}, {100, 300}, {3, FORMAT_MESSAGE_MAX}, {5000, 1000}};
	const struct transport_kind *kinds[] = {&transport_syslog_tcp, &transport_syslog_tls};

	for (size_t kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			require_arrival(kinds[kind], SINK_FRAMING_OCTET_COUNTING, rows[i].count,
					rows[i].size);
			require_arrival(kinds[kind], SINK_FRAMING_NEWLINE, rows[i].count,
					rows[i].size);
		}
	}
}

static void
nothing_is_promised_beyond_what_was_written(void)
{
	CU_ASSERT_FALSE(transport_syslog_tcp.acknowledges);
	CU_ASSERT_FALSE(transport_syslog_tls.acknowledges);
	CU_ASSERT_TRUE(transport_syslog_tcp.envelope);
	CU_ASSERT_TRUE(transport_syslog_tls.envelope);
}

static void
never_read(struct socket_peer *p, int fd)
{
	const int little = 4096;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little));
	socket_peer_await_stop(p);
}

static void
what_waits_for_the_receiver_is_told(void)
{
	struct outgoing *messages = sink_sample_messages(16000, 4000);
	struct transport *t =
		start(&transport_syslog_tcp, SINK_FRAMING_OCTET_COUNTING, never_read, NULL);

	transport_syslog_tcp.destroy(t);
	config.timeout_s = 1;
	t = transport_syslog_tcp.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_EQUAL_FATAL(transport_syslog_tcp.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(&transport_syslog_tcp, t, messages, 16000), -ETIMEDOUT);
	CU_ASSERT_TRUE(report.accepted < 16000);
	CU_ASSERT_TRUE(transport_syslog_tcp.pending(t) > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "no progress for 1 s"));
	end(&transport_syslog_tcp, t);
	sink_sample_free(messages);
}

/* Reads one message and closes. */
static void
take_one(struct socket_peer *p, int fd)
{
	char bytes[104];
	size_t got = 0;
	ssize_t more = 1;

	while (got < sizeof(bytes) && more > 0) {
		more = socket_peer_read(p, fd, bytes + got, sizeof(bytes) - got);
		got += more > 0 ? (size_t)more : 0;
	}
}

static bool
has_closed(void *context)
{
	memset(&report, 0, sizeof(report));
	return transport_syslog_tcp.check(context, &report) != 0;
}

static void
a_receiver_that_closes_after_each_message_is_seen(void)
{
	struct outgoing *messages = sink_sample_messages(100000, 100);
	struct transport *t =
		start(&transport_syslog_tcp, SINK_FRAMING_OCTET_COUNTING, take_one, NULL);

	/* Several MB cannot be under way before its reset arrives. */
	CU_ASSERT_NOT_EQUAL(send_messages(&transport_syslog_tcp, t, messages, 100000), 0);
	CU_ASSERT_TRUE(report.accepted < 100000);
	CU_ASSERT_TRUE(has_closed(t));
	/* One by one: the end is seen before the next is written. */
	CU_ASSERT_EQUAL_FATAL(transport_syslog_tcp.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(&transport_syslog_tcp, t, messages, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, t));
	CU_ASSERT_NOT_EQUAL(send_messages(&transport_syslog_tcp, t, messages, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 0);
	end(&transport_syslog_tcp, t);
	sink_sample_free(messages);
}

static void
refuse_by_tls(struct socket_peer *p, int fd)
{
	struct tls_peer *tls = tls_peer_accept(fd, p->context);

	if (tls != NULL)
		tls_peer_close(tls, false);
	socket_peer_drain(p, fd);
}

static void
a_certificate_that_is_refused_is_told_by_connecting(void)
{
	struct tls_peer_settings settings = {TLS_PEER_GOOD, true};

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, refuse_by_tls, &settings));
	config = sink_sample_config(peer.port);
	config.tls.ca = tls_peer_file(TLS_PEER_CA);
	struct transport *t =
		transport_syslog_tls.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL(transport_syslog_tls.connect(t, &report), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "asks for a certificate of ours"));
	CU_ASSERT_EQUAL(transport_syslog_tls.finish(t, &report), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_syslog_tls.pending(t), 0);
	end(&transport_syslog_tls, t);
}

static void
messages_that_no_format_makes_are_refused(void)
{
	struct outgoing *messages = sink_sample_messages(3, FORMAT_MESSAGE_MAX + 1);
	struct transport *t =
		start(&transport_syslog_tcp, SINK_FRAMING_OCTET_COUNTING, keep_all, NULL);

	messages[0].len = messages[2].len = 30;
	CU_ASSERT_EQUAL(send_messages(&transport_syslog_tcp, t, messages, 3), 0);
	CU_ASSERT_EQUAL(report.accepted, 3);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_EQUAL(transport_syslog_tcp.finish(t, &report), 0);
	end(&transport_syslog_tcp, t);
	CU_ASSERT_EQUAL(received.len, 2 * 33);
	sink_sample_free(messages);
}

static void
an_address_is_needed(void)
{
	struct sink_config empty = {.name = "x"};

	memset(&report, 0, sizeof(report));
	CU_ASSERT_PTR_NULL(transport_syslog_tcp.create(&empty, sink_sample_stop(), report.answer));
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "`address` is missing"));
	transport_syslog_tcp.destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_message_arrives_in_its_frame", every_message_arrives_in_its_frame},
		{"nothing_is_promised_beyond_what_was_written",
		 nothing_is_promised_beyond_what_was_written},
		{"what_waits_for_the_receiver_is_told", what_waits_for_the_receiver_is_told},
		{"a_receiver_that_closes_after_each_message_is_seen",
		 a_receiver_that_closes_after_each_message_is_seen},
		{"a_certificate_that_is_refused_is_told_by_connecting",
		 a_certificate_that_is_refused_is_told_by_connecting},
		{"messages_that_no_format_makes_are_refused",
		 messages_that_no_format_makes_are_refused},
		{"an_address_is_needed", an_address_is_needed},
	};
	int status = unit_run("transport_syslog_stream", cases, sizeof(cases) / sizeof(*cases));
	free(received.bytes);
	return status;
}
